"""Numbers, dates and names in words, in both languages."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from districts.models import Unit
from districts.months import Month
from reports.engine.rules import Status
from reports.wording import words
from tests.reports.workbook.synthetic import catalogue


@pytest.fixture
def vietnamese():
    with translation.override("vi"):
        yield


class TestNumbers:
    def test_each_language_separates_its_own_way(self, vietnamese):
        assert words.number(1278316) == "1.278.316"
        assert words.percent(Decimal("98.30")) == "98,3%"
        with translation.override("en"):
            assert words.number(1278316) == "1,278,316"
            assert words.percent(Decimal("98.30")) == "98.3%"

    def test_what_is_below_zero_has_a_true_minus(self, vietnamese):
        assert words.number(-1792) == "−1.792"
        assert words.signed(20131) == "+20.131"
        assert words.signed(0) == "0"

    def test_rounding_is_half_up(self, vietnamese):
        assert words.number(Decimal("0.25"), 1) == "0,3"
        assert words.number(Decimal("-0.25"), 1) == "−0,3"

    @pytest.mark.parametrize(
        "value, said",
        [
            ("99.96", "99,96%"),
            ("100.02", "100,02%"),
            ("100.00", "100,0%"),
            ("101.99", "101,99%"),
            ("96.96", "96,96%"),
            ("98.34", "98,3%"),
        ],
    )
    def test_a_percent_never_reads_as_a_threshold_it_has_not_reached(self, vietnamese, value, said):
        assert words.percent(Decimal(value)) == said

    def test_amounts_carry_their_unit(self, english):
        indicators = catalogue()
        assert words.amount(indicators["HI"], 5) == "5 people"
        assert words.amount(indicators["COLLECT"], 2_499_812_345_678) == "2,499.8 billion VND"
        assert words.amount(indicators["HI_RATE"], Decimal("96.10")) == "96.1%"

    def test_a_flow_says_since_when(self, english):
        assert words.heading(catalogue()["UNIT_NEW"]).endswith("(employers, since January)")
        assert words.heading(catalogue()["HI"]).endswith("(people)")


class TestDates:
    @pytest.mark.parametrize(
        "on, said",
        [
            (date(2024, 3, 7), "Sơn La, 07/3/2024"),
            (date(2024, 1, 26), "Sơn La, 26/01/2024"),
            (date(2024, 2, 5), "Sơn La, 05/02/2024"),
            (date(2024, 11, 10), "Sơn La, 10/11/2024"),
        ],
    )
    def test_only_small_days_and_two_months_take_a_zero(self, english, on, said):
        assert words.decree_day("Sơn La", on) == said

    @pytest.mark.parametrize(
        "month, said",
        [
            (12, "Conference on the results of 2023"),
            (6, "Conference on the first 6 months of 2023"),
            (5, "Conference on the results up to month 05/2023"),
        ],
    )
    def test_a_conference_is_named_after_what_it_looks_back_on(self, english, month, said):
        assert words.occasion(Month.of(2023, month)) == said

    def test_the_map_is_that_of_the_month_or_of_a_day(self, english):
        assert words.map_words(None, Month.of(2023, 12)) == "as it was in 12/2023"
        assert words.map_words(date(2025, 7, 1), Month.of(2023, 12)).endswith("01/07/2025")


class TestNames:
    def test_a_status_is_a_symbol_and_a_word_of_its_own(self, english):
        said = [words.status_word(status) for status in Status]
        assert said[0] == "↑ Exceeded"
        assert len({word[0] for word in said}) == len({word[2:] for word in said}) == len(said)

    def test_a_province_is_spoken_of_as_a_whole(self, english):
        province = Unit(tier="province", name="Sơn La", full_name="Tỉnh Sơn La")
        district = Unit(tier="district", name="Sông Mã", full_name="Huyện Sông Mã")
        assert words.subject(province) == "The whole province"
        assert words.subject(district) == "huyện Sông Mã as a whole"

    def test_the_plan_is_somebodys(self, english):
        province = Unit(tier="province", name="Sơn La", full_name="Tỉnh Sơn La")
        assert words.authority_name("ppc", province) == "People's Committee of tỉnh Sơn La"
        assert words.authority_name("vss", province) == "Vietnam Social Security"

    @pytest.mark.parametrize(
        "names, said", [([], ""), (["A"], "A"), (["A", "B"], "A and B"), ("ABC", "A, B and C")]
    )
    def test_names_are_listed_with_a_last_and(self, english, names, said):
        assert words.listed(list(names)) == said

    def test_operators_have_signs(self):
        signs = [words.operator(name) for name in ("at_least", "more_than", "at_most", None)]
        assert signs == ["≥", ">", "≤", ""]

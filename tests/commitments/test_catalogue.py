"""The catalogue as it is shipped."""

from commitments.actions.reference.catalogue import load_catalogue
from commitments.models import Indicator, ReviewLevel, Rule
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry


def test_loading_makes_every_indicator_rule_and_review_level_once(db):
    assert load_catalogue(actor=COMMAND_LINE) == {
        "indicators": 54,
        "rules": 53,
        "review_levels": 1,
    }
    assert set(load_catalogue(actor=COMMAND_LINE).values()) == {0}
    assert JournalEntry.objects.filter(action="catalogue.loaded").count() == 1


def test_what_the_back_office_changed_stays_and_what_is_missing_is_added(db):
    load_catalogue(actor=COMMAND_LINE)
    Indicator.objects.filter(code="HI").update(maximum=7)
    Indicator.objects.get(code="SI").parts.clear()
    Rule.objects.filter(code="HI_AT_MOST_POP").update(severity="block")
    Rule.objects.get(code="TOTAL_BETWEEN_PARTS").delete()
    ReviewLevel.objects.update(since=Month.of(2024, 1))

    added = load_catalogue(actor=COMMAND_LINE)
    assert added == {"indicators": 0, "rules": 1, "review_levels": 0}
    assert Indicator.objects.get(code="HI").maximum == 7
    assert not Indicator.objects.get(code="SI").parts.exists()
    assert Rule.objects.get(code="HI_AT_MOST_POP").severity == "block"
    assert Rule.objects.get(code="TOTAL_BETWEEN_PARTS").parts.count() == 3
    last = JournalEntry.objects.filter(action="catalogue.loaded").latest("pk")
    assert last.after == {"indicators": [], "rules": ["TOTAL_BETWEEN_PARTS"], "review_levels": []}


def test_sums_and_ratios_know_their_parts(db):
    load_catalogue(actor=COMMAND_LINE)
    assert {part.code for part in Indicator.objects.get(code="SI").parts.all()} == {"SI_C", "SI_V"}
    rate = Indicator.objects.get(code="HI_RATE")
    assert (rate.numerator.code, rate.denominator.code, rate.decimals) == ("HI", "POP", 2)


def test_every_entered_indicator_has_an_upper_bound_and_both_names(db):
    load_catalogue(actor=COMMAND_LINE)
    for indicator in Indicator.objects.all():
        assert indicator.name_vi
        assert indicator.name_en
        assert (indicator.maximum is not None) == indicator.is_entered


def test_the_total_below_its_part_asks_for_an_explanation_and_does_not_block(db):
    load_catalogue(actor=COMMAND_LINE)
    rule = Rule.objects.get(code="TOTAL_BETWEEN_PARTS")
    assert rule.severity == "explain"
    assert {part.code for part in rule.parts.all()} == {"HI", "SI", "UI"}


def test_a_part_that_by_definition_cannot_exceed_its_whole_blocks(db):
    load_catalogue(actor=COMMAND_LINE)
    assert Rule.objects.get(code="KCB_CCCD_AT_MOST_KCB_FAC").severity == "block"
    assert Rule.objects.get(code="HI_AT_MOST_POP").severity == "explain"


def test_districts_verify_until_june_2025(db):
    load_catalogue(actor=COMMAND_LINE)
    level = ReviewLevel.objects.get()
    assert (level.tier, level.until) == ("district", Month.of(2025, 7))

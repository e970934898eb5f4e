"""Prepared questions answer as their querysets do, with what stands when they are asked."""

from datetime import date

import pytest
from django.db.models import CharField, DateField, Q

from districts.models import Renaming, Unit
from districts.months import Month
from steering.accounts.prepared import Given, Prepared
from tests.builders import REFORM_DAY


def in_force(day: date | Given, tier: str | Given):
    units = Unit.objects.in_force_on(day).filter(Q(tier=tier) | Q(kind="none"))
    return units.order_by("code").values_list("code", "established_on")


@pytest.fixture
def question():
    return Prepared(lambda: in_force(Given("day", DateField()), Given("tier", CharField())))


def codes(rows) -> list[str]:
    return [code for code, _day in rows]


@pytest.mark.parametrize("tier", ["commune", "district"])
@pytest.mark.parametrize("day", [date(2025, 6, 30), REFORM_DAY])
def test_the_answer_is_that_of_the_queryset(reformed, question, day, tier):
    expected = codes(in_force(day, tier))
    assert codes(question.ask(day=day, tier=tier)) == expected
    assert expected or (day, tier) == (REFORM_DAY, "district")


def test_what_changed_meanwhile_is_read(province, question):
    day = date(2024, 1, 1)
    before = codes(question.ask(day=day, tier="province"))
    Unit.objects.filter(pk=province.pk).update(code="98")
    assert (before, codes(question.ask(day=day, tier="province"))) == (["99"], ["98"])


def test_the_query_is_built_once(province):
    built = []

    def build():
        built.append(1)
        return in_force(Given("day", DateField()), "commune")

    question = Prepared(build)
    answers = [question.ask(day=date(year, 1, 1)) for year in (1899, 2024)]
    assert [len(rows) for rows in answers] == [0, 5]
    assert built == [1]


def test_what_is_not_given_is_an_error(province, question):
    with pytest.raises(KeyError, match="tier"):
        question.ask(day=date(2024, 1, 1))


@pytest.mark.parametrize("month", [Month.of(2025, 6), Month.of(2025, 7)])
def test_objects_are_those_of_the_queryset_with_what_is_annotated(reformed, communes, month):
    Renaming.objects.create(
        unit=communes[0], since=REFORM_DAY, state="applied", name="Sen", was_name="Lúa"
    )

    def build(day):
        return Unit.objects.in_force_on(day).called_in(month).order_by("code")

    question = Prepared(lambda: build(Given("day", DateField())))
    answered = question.objects(day=month.first_day)
    expected = list(build(month.first_day))
    assert [vars(unit) | {"_state": None} for unit in answered] == [
        vars(unit) | {"_state": None} for unit in expected
    ]
    assert {type(unit.since) for unit in answered} == {Month}
    assert ("Lúa" in {unit.name for unit in answered}) == (month < Month.of(2025, 7))

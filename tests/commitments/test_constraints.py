"""Every constraint of promises and counts, broken once on purpose in the database itself."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from commitments.models import (
    Allocation,
    Base,
    CarriedTotal,
    Commitment,
    CommitmentEvent,
    CommitmentLine,
    CompleteYear,
    Count,
    DecidedDay,
    Decision,
    Explanation,
    Indicator,
    Link,
    Paper,
    PathPoint,
    Period,
    PeriodEvent,
    Portion,
    ReviewLevel,
    Rule,
    Submission,
    Target,
    Task,
    TaskEvent,
    Total,
)
from districts.months import Month
from tests import builders

JANUARY = Month.of(2024, 1)
DAY = date(2024, 1, 26)
NOW = datetime(2024, 2, 1, tzinfo=UTC)


class World:
    """One of each, to be broken."""

    def __init__(self, province, communes, catalogue):
        self.province, self.commune, self.catalogue = province, communes[0], catalogue
        self.hi = catalogue["HI"]

    def indicator(self, **changes):
        fields = {
            "code": "X",
            "name_vi": "X",
            "name_en": "X",
            "group": "test",
            "kind": "stock",
            "unit_of_measure": "person",
            "direction": "up",
            "entered_at": "commune",
            "frequency": "monthly",
            "maximum": 10,
        }
        return Indicator.objects.create(**{**fields, **changes})

    def rule(self, **changes):
        return Rule.objects.create(
            **{"code": "R", "kind": "at_most", "severity": "block", **changes}
        )

    def decision(self, **changes):
        fields = {
            "authority": "ppc",
            "number": "1",
            "number_key": "1",
            "number_year": 2024,
            "unit": self.province,
            "year": 2024,
            "issued_on": DAY,
            "effective_on": DAY,
        }
        return Decision.objects.create(**{**fields, **changes})

    def target(self, **changes):
        fields = {
            "decision": changes.get("decision") or self.decision(number_key="of a target"),
            "unit": self.commune,
            "indicator": self.hi,
            "value": 1,
            "deadline": JANUARY,
        }
        return Target.objects.create(**{**fields, **changes})

    def commitment(self, **changes):
        fields = {
            "committee": builders.committee(self.province),
            "sequence": 1,
            "unit": self.commune,
            "unit_name": "x",
            "year": 2024,
            "signed_on": DAY,
            "signer_post": "x",
            "receiver_post": "x",
            "digest": "0" * 64,
        }
        return Commitment.objects.create(**{**fields, **changes})

    def line(self, **changes):
        fields = {
            "commitment": Commitment.objects.first() or self.commitment(),
            "position": 1,
            "indicator": self.hi,
            "operator": "at_least",
            "value": 1,
        }
        return CommitmentLine.objects.create(**{**fields, **changes})

    def event(self, what):
        return CommitmentEvent.objects.create(
            commitment=Commitment.objects.first() or self.commitment(), what=what, on=DAY
        )

    def paper(self, **changes):
        fields = {
            "committee": builders.committee(self.province),
            "unit": self.commune,
            "year": 2024,
            "code": "x",
            "content": "{}",
            "content_digest": "0" * 64,
            "prepared_on": DAY,
        }
        return Paper.objects.create(**{**fields, **changes})

    def link(self, **changes):
        fields = {
            "committee": builders.committee(self.province),
            "number": 1,
            "kind": "decision",
            "subject": 1,
            "subject_digest": "0" * 64,
            "at": NOW,
            "digest": "0" * 64,
            "key": "x",
            "signature": "x",
        }
        return Link.objects.create(**{**fields, **changes})

    def allocation(self, **changes):
        fields = {
            "decision": Decision.objects.first() or self.decision(),
            "unit": self.province,
            "indicator": self.hi,
        }
        return Allocation.objects.create(**{**fields, **changes})

    def portion(self, **changes):
        fields = {"allocation": Allocation.objects.first() or self.allocation()}
        return Portion.objects.create(**{**fields, "unit": self.commune, **changes})

    def task(self, **changes):
        return Task.objects.create(
            **{"unit": self.commune, "title": "x", "due_on": DAY, "since": DAY, **changes}
        )

    def period(self, **changes):
        fields = {
            "unit": self.province,
            "month": JANUARY,
            "data_from": date(2024, 1, 1),
            "data_to": date(2024, 1, 31),
            "due_on": date(2024, 2, 7),
            "closes_on": date(2024, 2, 21),
        }
        return Period.objects.create(**{**fields, **changes})

    def submission(self, **changes):
        return Submission.objects.create(
            **{"unit": self.commune, "month": JANUARY, "state": "draft", **changes}
        )

    def explanation(self, **changes):
        fields = {"rule": Rule.objects.first() or self.rule(), "read": 1, "expected": "x"}
        return Explanation.objects.create(
            submission=Submission.objects.first() or self.submission(), **{**fields, **changes}
        )

    def count(self, **changes):
        return Count.objects.create(
            **{"month": JANUARY, "unit": self.commune, "indicator": self.hi, **changes}
        )

    def total(self, model=Total, **changes):
        fields = {
            "month": JANUARY,
            "node": self.province,
            "indicator": self.hi,
            "approved": None,
            "reported": 1,
            "units_approved": 0,
            "units_reported": 1,
        }
        return model.objects.create(**{**fields, **changes})

    def base(self, **changes):
        fields = {
            "month": JANUARY,
            "unit": self.commune,
            "indicator": self.catalogue["POP"],
            "source": "x",
            "dated": DAY,
        }
        return Base.objects.create(**{**fields, **changes})

    def path_point(self, **changes):
        target = Target.objects.first() or self.target()
        return PathPoint.objects.create(
            **{"target": target, "month": JANUARY, "value": 1, **changes}
        )


def twice(make):
    make()
    make()


BREAKS = {
    "indicator_kind_known": lambda w: w.indicator(kind="guess"),
    "indicator_ratio_has_two_parts": lambda w: w.indicator(
        kind="ratio", entered_at="", frequency="", maximum=None
    ),
    "indicator_entered_or_computed": lambda w: w.indicator(entered_at=""),
    "indicator_entered_has_maximum": lambda w: w.indicator(maximum=None),
    "indicator_counts_are_integers": lambda w: w.indicator(decimals=1),
    "indicator_until_after_since": lambda w: w.indicator(since=JANUARY, until=JANUARY),
    "rule_severity_known": lambda w: w.rule(severity="shout"),
    "rule_change_has_threshold": lambda w: w.rule(kind="change"),
    "review_level_unique": lambda w: twice(
        lambda: ReviewLevel.objects.create(tier="district", since=JANUARY)
    ),
    "review_level_until_after_since": lambda w: ReviewLevel.objects.create(
        tier="district", since=JANUARY, until=JANUARY
    ),
    "base_unique": lambda w: twice(w.base),
    "base_has_source": lambda w: w.base(source=""),
    "decision_number_unique": lambda w: twice(w.decision),
    "decision_authority_known": lambda w: w.decision(authority="me"),
    "decision_year_in_range": lambda w: w.decision(year=24),
    "decision_changes_published_with_reason": lambda w: w.decision(changed_until=JANUARY),
    "target_unique_in_decision": lambda w: twice(
        lambda: w.target(decision=Decision.objects.first() or w.decision())
    ),
    "target_not_negative": lambda w: w.target(value=-1),
    "target_operator_known": lambda w: w.target(operator="about"),
    "path_point_unique": lambda w: twice(w.path_point),
    "path_point_not_negative": lambda w: w.path_point(value=-1),
    "commitment_sequence_unique": lambda w: (w.commitment(), w.commitment(year=2025)),
    "commitment_version_unique": lambda w: (w.commitment(), w.commitment(sequence=2)),
    "commitment_numbered_from_one": lambda w: w.commitment(sequence=0),
    "commitment_way_known": lambda w: w.commitment(way="by eye"),
    "decision_kind_known": lambda w: w.decision(kind="rumour"),
    "decision_withdrawn_with_reason": lambda w: w.decision(withdrawn_on=DAY),
    "paper_version_from_one": lambda w: w.paper(version=0),
    "link_number_unique": lambda w: twice(w.link),
    "link_numbered_from_one": lambda w: w.link(number=0),
    "link_kind_known": lambda w: w.link(kind="rumour"),
    "allocation_unique": lambda w: twice(w.allocation),
    "allocation_method_known": lambda w: w.allocation(method="lottery"),
    "portion_unique": lambda w: twice(w.portion),
    "portion_not_negative": lambda w: w.portion(value=-1),
    "portion_locked_with_value": lambda w: w.portion(locked=True),
    "task_state_known": lambda w: w.task(state="lost"),
    "task_source_known": lambda w: w.task(source_kind="rumour"),
    "task_of_a_decision_names_it": lambda w: w.task(source_kind="decision"),
    "task_event_known": lambda w: TaskEvent.objects.create(task=w.task(), what="lost", on=DAY),
    "commitment_line_unique": lambda w: twice(w.line),
    "commitment_line_operator_known": lambda w: w.line(operator="about"),
    "commitment_line_not_negative": lambda w: w.line(value=-1),
    "commitment_signed_once": lambda w: twice(lambda: w.event("signed")),
    "commitment_event_known": lambda w: w.event("lost"),
    "period_unit_month_unique": lambda w: twice(w.period),
    "period_dates_in_order": lambda w: w.period(due_on=date(2024, 1, 31)),
    "period_reopened_with_reason": lambda w: PeriodEvent.objects.create(
        period=w.period(), what="reopened"
    ),
    "decided_day_has_source": lambda w: DecidedDay.objects.create(day=DAY, worked=False),
    "complete_year_has_source": lambda w: CompleteYear.objects.create(year=2027),
    "submission_unit_month_unique": lambda w: twice(w.submission),
    "submission_state_known": lambda w: w.submission(state="nonsense", sent_at=NOW),
    "submission_approved_has_time": lambda w: w.submission(state="approved", sent_at=NOW),
    "submission_sent_has_time": lambda w: w.submission(state="submitted"),
    "explanation_once_per_rule": lambda w: twice(w.explanation),
    "count_value_not_negative": lambda w: w.count(value=-1),
    "count_approved_not_negative": lambda w: w.count(approved=-1),
    "total_of_something": lambda w: w.total(reported=None, units_reported=0),
    "total_approved_counted": lambda w: w.total(approved=5),
    "total_reported_counted": lambda w: w.total(reported=None),
    "carriedtotal_of_something": lambda w: w.total(CarriedTotal, reported=None, units_reported=0),
    "carriedtotal_approved_counted": lambda w: w.total(CarriedTotal, approved=5),
    "carriedtotal_reported_counted": lambda w: w.total(CarriedTotal, reported=None),
}

IMPLIED = {"indicator_kind_known": "indicator_entered_or_computed"}
"""What breaks the first breaks the second too, and a database names only one of them."""


@pytest.fixture
def world(province, communes, catalogue):
    return World(province, communes, catalogue)


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses_what_breaks(name, world):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        BREAKS[name](world)
    text = str(error.value)
    assert name in text or IMPLIED.get(name, "UNIQUE constraint failed") in text


def test_every_named_constraint_is_broken_here():
    named = {
        constraint.name
        for model in apps.get_app_config("commitments").get_models()
        for constraint in model._meta.constraints
    }
    assert named == BREAKS.keys()


def test_the_same_count_twice_is_refused(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        twice(
            lambda: Count.objects.bulk_create(
                [Count(month=JANUARY, unit=world.commune, indicator=world.hi, value=1)]
            )
        )

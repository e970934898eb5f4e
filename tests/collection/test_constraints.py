"""Every constraint of data collection, broken once on purpose in the database itself."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from collection.models import Answer, Dispute, DraftAnswer, DraftCell, Receipt, Reminder, Upload
from commitments.models import Rule, Submission
from districts.months import Month

JANUARY = Month.of(2024, 1)
NOW = datetime(2024, 2, 1, tzinfo=UTC)


class World:
    """One of each, to be broken."""

    def __init__(self, communes, catalogue, chair):
        self.commune, self.hi, self.chair = communes[0], catalogue["HI"], chair

    def cell(self, **changes):
        fields = {"month": JANUARY, "unit": self.commune, "indicator": self.hi, "at": NOW}
        return DraftCell.objects.create(**{**fields, **changes})

    def typed_answer(self, **changes):
        rule = Rule.objects.get_or_create(
            code="HI_CHANGE", kind="change", severity="explain", indicator=self.hi, percent=10,
            least=20,
        )[0]  # fmt: skip
        fields = {
            "month": JANUARY, "unit": self.commune, "rule": rule, "read": 5, "expected": "4 ± 10%",
        }  # fmt: skip
        return DraftAnswer.objects.create(**{**fields, **changes})

    def receipt(self, **changes):
        report = Submission.objects.create(unit=self.commune, month=JANUARY)
        fields = {"number": "1", "submission": report, "at": NOW, "values": {}, "digest": "d"}
        return Receipt.objects.create(**{**fields, **changes})

    def upload(self, **changes):
        fields = {"name": "a.xlsx", "digest": "d", "size": 1, "by": self.chair}
        return Upload.objects.create(**{**fields, **changes})

    def reminder(self, **changes):
        fields = {
            "month": JANUARY, "group": self.commune, "units": [], "text": "x", "at": NOW,
        }  # fmt: skip
        return Reminder.objects.create(**{**fields, **changes})

    def dispute(self, **changes):
        fields = {
            "month": JANUARY, "unit": self.commune, "indicator": self.hi, "figure": "5",
            "note": "x", "at": NOW, "by": self.chair,
        }  # fmt: skip
        return Dispute.objects.create(**{**fields, **changes})

    def answer(self, **changes):
        fields = {
            "dispute": self.dispute(), "verdict": "stands", "text": "x", "at": NOW,
            "by": self.chair,
        }  # fmt: skip
        return Answer.objects.create(**{**fields, **changes})


BREAKS = {
    "draft_cell_unique": lambda w: (w.cell(), w.cell()),
    "draft_cell_value_not_negative": lambda w: w.cell(text="-1", value=-1),
    "draft_cell_value_was_typed": lambda w: w.cell(text="", value=1),
    "draft_answer_unique": lambda w: (w.typed_answer(), w.typed_answer()),
    "receipt_has_number_and_digest": lambda w: w.receipt(digest=""),
    "upload_state_known": lambda w: w.upload(state="lost"),
    "upload_form_known": lambda w: w.upload(form="poem"),
    "upload_accepted_has_outcome": lambda w: w.upload(state="accepted", accepted_at=NOW),
    "reminder_says_something": lambda w: w.reminder(text=""),
    "dispute_has_note": lambda w: w.dispute(note=""),
    "answer_has_text": lambda w: w.answer(text=""),
    "answer_verdict_known": lambda w: w.answer(verdict="perhaps"),
}


@pytest.fixture
def world(communes, catalogue, chair):
    return World(communes, catalogue, chair)


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses_what_breaks(name, world):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        BREAKS[name](world)
    text = str(error.value)
    assert name in text or "UNIQUE constraint failed" in text


def test_every_named_constraint_is_broken_here():
    named = {
        constraint.name
        for model in apps.get_app_config("collection").get_models()
        for constraint in model._meta.constraints
    }
    assert named == BREAKS.keys()

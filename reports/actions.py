"""Writes about figures: a person's signed judgement. Figures themselves are never written here."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month
from districts.versions import Touches, raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user
from steering.accounts.faults import Fault, Refused, too_long
from steering.committee import access
from steering.committee.roles import Permission

from .models import Grade, Judgement, Outlook
from .outlook.judging import CRITERIA

LONGEST_NOTE = 200


@transaction.atomic
def record_judgement(
    *,
    unit: Unit,
    indicator: Indicator,
    month: Month,
    grades: Mapping[str, str],
    outlook: str,
    comment: str,
    actor: Actor,
    on: date,
    notes: Mapping[str, str] | None = None,
) -> Judgement:
    """Sign a judgement of whether ``unit`` will meet its target, on the figures of ``month``.

    ``grades`` holds one Grade for each of the four criteria, ``notes`` a sentence for any of them.
    Earlier judgements stay. Raises NotAllowed without the right to judge at the unit, Refused
    without a comment or with a grade or outlook that does not exist.
    """
    access.require(actor, Permission.JUDGE_PROSPECTS, unit, on)
    notes = {field: text.strip() for field, text in (notes or {}).items()}
    comment = comment.strip()
    faults = _faults(grades, notes, outlook, comment)
    if faults:
        raise Refused(faults)
    judgement = Judgement.objects.create(
        unit=unit,
        indicator=indicator,
        month=month,
        outlook=outlook,
        comment=comment,
        signed_on=on,
        by=as_user(actor),
        signer_name=str(actor),
        signer_post=getattr(actor, "post", ""),
        **{criterion.field: grades[criterion.field] for criterion in CRITERIA},
        **{f"{criterion.field}_note": notes.get(criterion.field, "") for criterion in CRITERIA},
    )
    write_journal(
        actor=actor,
        action="judgement.recorded",
        subject=judgement,
        after={"outlook": outlook, "comment": comment, **grades},
    )
    raise_versions([unit.pk], Touches.NONE)
    return judgement


def _faults(
    grades: Mapping[str, str], notes: Mapping[str, str], outlook: str, comment: str
) -> list[Fault]:
    """Everything that keeps a judgement from being signed; ``column`` names the field."""
    found = [
        Fault(
            "grade_missing",
            _("Choose one of the four grades."),
            column=criterion.field,
            read=grades.get(criterion.field) or None,
            expected=", ".join(Grade.values),
        )
        for criterion in CRITERIA
        if grades.get(criterion.field) not in Grade.values
    ]
    for criterion in CRITERIA:
        column = f"{criterion.field}_note"
        found += too_long(notes.get(criterion.field, ""), LONGEST_NOTE, column=column)
    if outlook not in Outlook.values:
        found.append(
            Fault(
                "outlook_missing",
                _("Say overall whether the target will be met."),
                column="outlook",
                read=outlook or None,
                expected=", ".join(Outlook.values),
            )
        )
    if not comment:
        found.append(
            Fault(
                "comment_missing",
                _("A judgement needs a comment: say in a sentence what it rests on."),
                column="comment",
            )
        )
    return found

"""What is older than a chain: taken over into its first links, once, and never afterwards."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from commitments.models import Commitment, CommitmentEvent, Decision, Link, Paper
from commitments.rules import Refused
from districts.models import Ancestry
from districts.months import Month
from steering.accounts.models import JournalEntry
from steering.committee.models import Committee

from .digests import Row, commitment_digest, decision_digest, event_digest


def rows_before(committee: Committee, *, but: Collection[Row] = ()) -> list[Row]:
    """Everything of a committee that has no link yet, as it stands now, ``but`` what happens now.

    Raises Refused if a commitment no longer fits its own digest (mend that first), and if there was
    a chain before: what was removed is not begun anew.
    """
    _refuse_second_chain(committee)
    new = {(kind, subject) for kind, subject, _digest in but}
    rows = [*_decisions(committee), *_commitments(committee, new)]
    return [row for row in rows if row[:2] not in new]


def _decisions(committee: Committee) -> list[Row]:
    linked = Link.objects.filter(kind=Link.Kind.DECISION).values("subject")
    decisions = Decision.objects.exclude(pk__in=linked).order_by("issued_on", "pk")
    decisions = decisions.prefetch_related("targets__indicator", "targets__path")
    committees = committees_of(decisions)
    return [
        (Link.Kind.DECISION, decision.pk, decision_digest(decision, decision.targets.all()))
        for decision in decisions
        if committees.get(decision.pk) == committee
    ]


def _commitments(committee: Committee, new: Collection[tuple[str, int]]) -> list[Row]:
    rows: list[Row] = []
    signed = Commitment.objects.filter(committee=committee).select_related("paper")
    for commitment in signed.prefetch_related("lines__indicator").order_by("sequence"):
        lines = [(line.indicator.code, line) for line in commitment.lines.all()]
        is_new = (Link.Kind.COMMITMENT, commitment.pk) in new
        if not is_new and commitment.digest != commitment_digest(commitment, lines):
            message = _("The commitment %(name)s is not what was signed.")
            raise Refused.because("commitment_changed", message % {"name": commitment})
        rows.append((Link.Kind.COMMITMENT, commitment.pk, commitment.digest))
    events = CommitmentEvent.objects.filter(commitment__committee=committee).order_by("pk")
    return rows + [(Link.Kind.EVENT, event.pk, event_digest(event)) for event in events]


def _refuse_second_chain(committee: Committee) -> None:
    printed = Paper.objects.filter(committee=committee, chain_number__gt=0).exists()
    recorded = JournalEntry.objects.filter(
        action__in=["chain.taken_over", "chain.key_changed"], subject_id=str(committee.pk)
    )
    if printed or recorded.exists():
        message = _(
            "%(committee)s had a chain that is gone. It is not begun anew: put the database back "
            "as it was."
        )
        raise Refused.because("chain_gone", message % {"committee": committee})


def committees_of(decisions: Collection[Decision]) -> dict[int, Committee]:
    """The committee whose chain each decision, by its key, begins in: its unit's or one above.

    As on the day the decision takes effect; decisions without such a committee are left out.
    """
    found = {}
    committees = {committee.unit_id: committee for committee in Committee.objects.all()}
    for decision in decisions:
        own = committees.get(decision.unit_id)
        if own is None:
            above = (
                Ancestry.objects.in_month(Month.containing(decision.effective_on))
                .filter(descendant=decision.unit_id, ancestor__in=committees)
                .order_by("depth")
                .values_list("ancestor", flat=True)
                .first()
            )
            own = committees.get(above)
        if own is not None:
            found[decision.pk] = own
    return found

"""A commitment that was recorded as signed, without a paper, read as if it had one."""

from commitments.models import Commitment, CommitmentEvent, PaperState
from commitments.papers.content import Content, PaperCommittee, PaperUnit, Party
from reports.documents.promised import Promised

_STATES = {
    CommitmentEvent.What.SIGNED: PaperState.SIGNED,
    CommitmentEvent.What.RESUMED: PaperState.SIGNED,
    CommitmentEvent.What.SUPERSEDED: PaperState.SUPERSEDED,
    CommitmentEvent.What.ENDED: PaperState.ENDED,
}


def state_of(commitment: Commitment) -> PaperState:
    """The state of a commitment read ``with_state``, in the words of papers."""
    return _STATES[commitment.state]


def content_of(found: Promised) -> Content:
    """What it says. Nothing covers it but the digest of the commitment; deadlines are not known."""
    return Content(
        unit=PaperUnit(found.unit_code, "", found.unit_name),
        year=found.year,
        version=found.version,
        committee=PaperCommittee("", found.assigning.unit_name),
        decisions=found.decisions,
        assigning=Party(found.assigning.post, found.assigning.unit_name),
        receiving=Party(found.receiving.post, found.receiving.unit_name),
        lines=found.lines,
    )

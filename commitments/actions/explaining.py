"""What the rules ask of reports, kept beside the reporter's answers."""

from collections.abc import Collection, Mapping, Sequence

from commitments.models import Explanation, Submission
from commitments.rules import Finding


def write_explanations(
    reports: Mapping[int, Submission],
    *,
    judged: Collection[int],
    findings: Sequence[Finding],
    answer: str,
) -> set[int]:
    """Keep what the rules ask of each report, with the answers; returns the units still asked.

    ``judged`` are the units that ``findings`` speak of: a question not among them has gone. An
    answer given before stays as long as the rule finds the same.
    """
    chosen = Explanation.objects.filter(submission__in=reports.values())
    before = {(row.submission_id, row.rule_id): row for row in chosen.select_related("submission")}
    after = {}
    for finding in findings:
        if not finding.needs_explanation:
            continue
        report = reports[finding.unit_id]
        old = before.get((report.pk, finding.rule_id))
        same = old and (old.read, old.expected) == (finding.read, finding.expected)
        after[report.pk, finding.rule_id] = Explanation(
            submission=report,
            rule_id=finding.rule_id,
            finding=finding.message[:300],
            read=finding.read,
            expected=finding.expected[:60],
            text=answer or (old.text if same else ""),
        )
    gone = [
        row.pk
        for key, row in before.items()
        if key not in after and row.submission.unit_id in judged
    ]
    if gone:
        Explanation.objects.filter(pk__in=gone).delete()
    Explanation.objects.bulk_create(
        after.values(),
        update_conflicts=True,
        unique_fields=["submission", "rule"],
        update_fields=["finding", "read", "expected", "text"],
    )
    if answer:
        chosen.filter(text="").update(text=answer)
        return set()
    return set(chosen.filter(text="").values_list("submission__unit", flat=True))

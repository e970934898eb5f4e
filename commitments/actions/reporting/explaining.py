"""What the rules ask of reports, kept beside the reporter's answers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from commitments.models import Explanation, Submission
from commitments.rules import Finding
from districts.months import Month


@dataclass(frozen=True)
class Answers:
    """What the reporter explains: one text for whatever a rule asks, or one for each rule.

    ``to_rules`` goes from unit and month to the texts by code of the rule; they come first.
    """

    to_all: str = ""
    to_rules: Mapping[tuple[int, Month], Mapping[str, str]] = field(default_factory=dict)

    def to(self, finding: Finding) -> str:
        own = self.to_rules.get((finding.unit_id, finding.month), {})
        return own.get(finding.rule, "").strip() or self.to_all.strip()

    def told(self, unit: int, month: Month) -> str:
        """Everything explained about one report, each text once."""
        own = self.to_rules.get((unit, month), {}).values()
        texts = dict.fromkeys(text.strip() for text in (self.to_all, *own))
        return " ".join(filter(None, texts))


@dataclass(frozen=True)
class Explained:
    """The units a rule still asks, and the answers that are not as they were.

    ``changed`` goes from unit and code of the rule to the text before and after, blank if none.
    """

    asked: frozenset[int]
    changed: Mapping[tuple[int, str], tuple[str, str]]


def write_explanations(
    reports: Mapping[int, Submission],
    *,
    judged: Collection[int],
    findings: Iterable[Finding],
    answers: Answers,
) -> Explained:
    """Keep what the rules ask of each report, with the answers.

    ``judged`` are the units that ``findings`` speak of: a question not among them has gone. An
    answer given before stays as long as the rule finds the same.
    """
    before = _kept(reports)
    after = {}
    for finding in findings:
        if finding.needs_explanation:
            report, key = reports[finding.unit_id], (finding.unit_id, finding.rule)
            row = before.get(key)
            after[key] = Explanation(
                submission=report,
                rule_id=finding.rule_id,
                finding=finding.message[:300],
                read=finding.read,
                expected=finding.about[-1],
                text=answers.to(finding) or (row.text if _is_same(row, finding) else ""),
            )
    gone = {key: row for key, row in before.items() if key[0] in judged and key not in after}
    if gone:
        Explanation.objects.filter(pk__in=[row.pk for row in gone.values()]).delete()
    Explanation.objects.bulk_create(
        after.values(),
        update_conflicts=True,
        unique_fields=["submission", "rule"],
        update_fields=["finding", "read", "expected", "text"],
    )
    old = {key: row.text for key, row in before.items()}
    new = {key: row.text for key, row in (before | after).items() if key not in gone}
    return Explained(
        asked=frozenset(unit for (unit, _rule), text in new.items() if not text),
        changed={
            key: (old.get(key, ""), new.get(key, ""))
            for key in sorted(old.keys() | new.keys())
            if old.get(key, "") != new.get(key, "")
        },
    )


def unanswered(reports: Mapping[int, Submission], findings: Iterable[Finding]) -> list[Finding]:
    """Which findings ask for an explanation that their report does not hold yet?"""
    asking = [finding for finding in findings if finding.needs_explanation]
    kept = _kept(reports) if asking else {}
    return [
        finding
        for finding in asking
        if not _is_same(row := kept.get((finding.unit_id, finding.rule)), finding) or not row.text
    ]


def _kept(reports: Mapping[int, Submission]) -> dict[tuple[int, str], Explanation]:
    """The questions and answers of some reports, by unit and code of the rule."""
    unit_of = {report.pk: unit for unit, report in reports.items()}
    rows = Explanation.objects.filter(submission__in=unit_of).select_related("rule")
    return {(unit_of[row.submission_id], row.rule.code): row for row in rows}


def _is_same(row: Explanation | None, finding: Finding) -> bool:
    """Whether a kept question is about the very numbers the rule finds now."""
    return row is not None and (row.rule_id, row.read, row.expected) == finding.about

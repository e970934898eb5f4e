"""Import counts from a workbook or a text file, all or nothing.

manage.py import_counts counts.xlsx --month 2024-02 --dry-run
manage.py import_counts counts.csv --approve --explain "..." --format json
"""

from django.utils import timezone

from commitments.intake.command import ImportCommand, find_actor
from commitments.intake.counts import import_counts
from districts.months import Month
from steering.accounts.programs.answers import argument


class Command(ImportCommand):
    help = "Imports counts from a tidy table or a matrix (.xlsx, .csv), all or nothing."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--month", type=argument(Month.parse, "2024-02"))
        parser.add_argument("--approve", action="store_true", help="approve what is imported")

    def answer(self, *, file, month, dry_run, approve, explain, confirm, username, **options):
        imported = import_counts(
            path=file,
            month=month,
            actor=find_actor(username),
            on=timezone.localdate(),
            dry_run=dry_run,
            approve=approve,
            explanation=explain,
            confirm=confirm,
        )
        return {"ok": True, **imported.as_dict()}

"""Import the targets that a decision assigns, from its annex, all or nothing.

manage.py import_targets annex.xlsx --decision 148/QĐ-UBND --issued 2024-01-26 \
    --authority ppc --year 2024 --dry-run
"""

from django.utils import timezone

from commitments.intake.command import ImportCommand, find_actor
from commitments.intake.targets import import_targets
from commitments.models import Authority, DocumentKind
from districts.months import parse_day
from steering.accounts.programs.answers import argument


class Command(ImportCommand):
    help = "Imports targets from the annex of a decision (.xlsx, .csv), all or nothing."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        day = argument(parse_day, "2024-01-31")
        parser.add_argument("--decision", required=True, metavar="NUMBER", help="148/QĐ-UBND")
        parser.add_argument("--issued", required=True, type=day, metavar="YYYY-MM-DD")
        parser.add_argument("--authority", required=True, choices=Authority.values)
        parser.add_argument("--year", required=True, type=argument(_year, "2024"))
        parser.add_argument("--effective", type=day, metavar="YYYY-MM-DD")
        parser.add_argument("--amends", metavar="NUMBER", help="the decision that this one amends")
        parser.add_argument("--replaces", metavar="NUMBER", help="the decision that ends with it")
        parser.add_argument(
            "--passes-on", metavar="NUMBER", help="the decision of above that a district passes on"
        )
        parser.add_argument(
            "--kind", choices=DocumentKind.values, default="", help="else as the number says"
        )
        parser.add_argument("--issuer", default="", metavar="TEXT", help="who issued it, in words")
        parser.add_argument("--signer", default="", metavar="NAME")
        parser.add_argument("--signer-post", default="", metavar="TEXT")
        parser.add_argument(
            "--reason", default="", metavar="TEXT", help="why targets of closed months change"
        )
        parser.add_argument(
            "--unit",
            metavar="CODE",
            help="the province or district that assigns; else the province of the units",
        )

    def answer(self, *, file, dry_run, explain, confirm, username, **options):
        imported = import_targets(
            path=file,
            number=options["decision"],
            issued_on=options["issued"],
            authority=options["authority"],
            year=options["year"],
            effective_on=options["effective"],
            amends=options["amends"],
            replaces=options["replaces"],
            passes_on=options["passes_on"],
            unit=options["unit"],
            kind=options["kind"],
            issuer=options["issuer"],
            signer_name=options["signer"],
            signer_post=options["signer_post"],
            actor=find_actor(username),
            on=timezone.localdate(),
            explanation=explain,
            reason=options["reason"],
            confirm=confirm,
            dry_run=dry_run,
        )
        return {"ok": True, **imported.as_dict()}


def _year(text: str) -> int:
    year = int(text)
    if not 1990 <= year <= 2100:
        raise ValueError(text)
    return year

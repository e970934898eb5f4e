"""Load the catalogue of indicators and rules. Repeatable.

manage.py load_catalogue
"""

from django.core.management.base import BaseCommand

from commitments.actions.reference.catalogue import load_catalogue
from steering.accounts.actors import COMMAND_LINE


class Command(BaseCommand):
    help = "Loads the catalogue of indicators, rules and review levels from the data files."

    def handle(self, *args, **options):
        created = load_catalogue(actor=COMMAND_LINE)
        self.stdout.write(", ".join(f"{count} {name}" for name, count in created.items()))

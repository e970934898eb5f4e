"""Django's ``migrate``, after which the database knows how full its tables are.

manage.py migrate
"""

from django.core.management.commands import migrate

from steering.accounts.statistics import renew_statistics


class Command(migrate.Command):
    def handle(self, *args, **options):
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            renew_statistics(using=options["database"])

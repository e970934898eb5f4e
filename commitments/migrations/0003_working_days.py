"""Days off that the government decides, and which due days somebody set by hand.

Until here due days were the fifth weekday after the month; a stored day that is another was set by
hand. The days stay as they are: ``recompute_due_days`` moves them and says which.
"""

from datetime import date, timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fifth_weekday_after(day: date) -> date:
    weekdays = 0
    while weekdays < 5:
        day += timedelta(days=1)
        weekdays += day.weekday() < 5
    return day


def mark_days_set_by_hand(apps, schema_editor):
    Period = apps.get_model("commitments", "Period")
    by_hand = [
        pk
        for pk, data_to, due_on in Period.objects.values_list("pk", "data_to", "due_on")
        if due_on != fifth_weekday_after(data_to)
    ]
    Period.objects.filter(pk__in=by_hand).update(due_by_hand=True)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("commitments", "0002_append_only_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="period",
            name="due_by_hand",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="due day set by hand"
            ),
        ),
        migrations.CreateModel(
            name="CompleteYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(unique=True, verbose_name="year")),
                ("source", models.CharField(max_length=200, verbose_name="decision")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "year with its days off",
                "verbose_name_plural": "years with their days off",
                "ordering": ["year"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="complete_year_has_source",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DecidedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="day")),
                ("worked", models.BooleanField(verbose_name="worked")),
                ("source", models.CharField(max_length=200, verbose_name="decision")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "decided day",
                "verbose_name_plural": "decided days",
                "ordering": ["day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="decided_day_has_source",
                    )
                ],
            },
        ),
        migrations.RunPython(mark_days_set_by_hand, migrations.RunPython.noop),
    ]

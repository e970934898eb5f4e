from collections import defaultdict

import django.db.models.deletion
from django.db import migrations, models

import districts.months
from districts.rules import allocate

FOREVER = 32767
CELL = ("approved", "reported", "units_approved", "units_reported")


def carry_over(apps, schema_editor):
    """Add up what every unit of the last map has of the months before its area last changed."""
    count = apps.get_model("commitments", "Count")
    carried = apps.get_model("commitments", "CarriedTotal")
    ancestry = apps.get_model("districts", "Ancestry")
    lineage = apps.get_model("districts", "Lineage")
    above, settled = defaultdict(set), defaultdict(int)
    for node, unit, since, until in ancestry.objects.values_list(
        "ancestor", "descendant", "since", "until"
    ):
        settled[node] = max(settled[node], since if until == FOREVER else until)
        if until == FOREVER:
            above[unit].add(node)
    heirs = defaultdict(list)
    for origin, heir, share, since in (
        lineage.objects.filter(until=FOREVER)
        .order_by("origin", "pk")
        .values_list("origin", "heir", "share", "since")
    ):
        if share:
            heirs[origin].append((heir, share))
        if origin != heir:
            for node in above[heir]:
                settled[node] = max(settled[node], since)
    months = count.objects.order_by("month").values_list("month", flat=True).distinct()
    for month in list(months):
        sums = defaultdict(lambda: [None, None, 0, 0])
        numbers = count.objects.filter(month=month).values_list(
            "unit", "indicator", "approved", "value"
        )
        for unit, indicator, *pair in numbers.iterator():
            for place, number in enumerate(pair):
                if number is None or not heirs[unit]:
                    continue
                have = defaultdict(int)
                parts = [number]
                if len(heirs[unit]) > 1:
                    parts = allocate(number, [share for _heir, share in heirs[unit]])
                for (heir, _share), part in zip(heirs[unit], parts, strict=True):
                    for node in above[heir]:
                        have[node] += part
                for node, part in have.items():
                    if month < settled[node]:
                        cell = sums[node, indicator]
                        cell[place] = (cell[place] or 0) + part
                        cell[place + 2] += 1
        carried.objects.bulk_create(
            [
                carried(
                    month=month,
                    node_id=node,
                    indicator_id=indicator,
                    **dict(zip(CELL, cell, strict=True)),
                )
                for (node, indicator), cell in sums.items()
            ],
            batch_size=500,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0006_indexes_that_earn_nothing"),
        ("districts", "0004_data_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="CarriedTotal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "month",
                        "node_id",
                        "indicator_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", districts.months.MonthField(verbose_name="month")),
                ("approved", models.BigIntegerField(null=True, verbose_name="approved sum")),
                ("reported", models.BigIntegerField(null=True, verbose_name="reported sum")),
                ("units_approved", models.PositiveIntegerField(verbose_name="units approved")),
                ("units_reported", models.PositiveIntegerField(verbose_name="units reported")),
                (
                    "indicator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commitments.indicator",
                        verbose_name="indicator",
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="districts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "total carried over",
                "verbose_name_plural": "totals carried over",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("units_approved__gt", 0), ("units_reported__gt", 0), _connector="OR"
                        ),
                        name="carriedtotal_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved__isnull", False), ("units_approved__gt", 0)),
                            models.Q(("approved__isnull", True), ("units_approved", 0)),
                            _connector="OR",
                        ),
                        name="carriedtotal_approved_counted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reported__isnull", False), ("units_reported__gt", 0)),
                            models.Q(("reported__isnull", True), ("units_reported", 0)),
                            _connector="OR",
                        ),
                        name="carriedtotal_reported_counted",
                    ),
                ],
            },
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]

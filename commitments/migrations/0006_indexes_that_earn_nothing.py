import django.db.models.deletion
from django.db import migrations, models


def without_index(index: str, table: str, column: str) -> migrations.RunSQL:
    """Drop one index and nothing else.

    ``AlterField`` would write the table anew on SQLite, and its append-only triggers would be lost.
    """
    return migrations.RunSQL(
        f'DROP INDEX "{index}"',
        reverse_sql=f'CREATE INDEX "{index}" ON "{table}" ("{column}")',
    )


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0005_promises"),
        ("districts", "0003_renaming"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                without_index(
                    "commitments_count_indicator_id_5c656c98",
                    "commitments_count",
                    "indicator_id",
                ),
                without_index(
                    "commitments_revision_indicator_id_382eeaa6",
                    "commitments_revision",
                    "indicator_id",
                ),
                without_index(
                    "commitments_revision_unit_id_53347596",
                    "commitments_revision",
                    "unit_id",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="count",
                    name="indicator",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counts",
                        to="commitments.indicator",
                        verbose_name="indicator",
                    ),
                ),
                migrations.AlterField(
                    model_name="revision",
                    name="indicator",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="commitments.indicator",
                        verbose_name="indicator",
                    ),
                ),
                migrations.AlterField(
                    model_name="revision",
                    name="unit",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
        )
    ]

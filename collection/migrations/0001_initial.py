import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import districts.months


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("commitments", "0002_append_only_tables"),
        ("districts", "0002_no_overlap_on_postgresql"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", districts.months.MonthField(verbose_name="month")),
                ("figure", models.CharField(max_length=60, verbose_name="figure disputed")),
                ("note", models.TextField(verbose_name="note")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="commitments.indicator",
                        verbose_name="indicator",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="districts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "dispute",
                "verbose_name_plural": "disputes",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("stands", "the figure stands"),
                            ("corrected", "the figure is corrected"),
                        ],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                ("text", models.TextField(verbose_name="answer")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "dispute",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="collection.dispute",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
            },
        ),
        migrations.CreateModel(
            name="DraftCell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", districts.months.MonthField(verbose_name="month")),
                ("text", models.CharField(blank=True, max_length=60, verbose_name="as typed")),
                (
                    "value",
                    models.BigIntegerField(blank=True, null=True, verbose_name="number read"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "copied",
                    models.BooleanField(default=False, verbose_name="copied from last month"),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="commitments.indicator",
                        verbose_name="indicator",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft cell",
                "verbose_name_plural": "draft cells",
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("values", models.JSONField(verbose_name="numbers")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="commitments.submission",
                        verbose_name="report",
                    ),
                ),
            ],
            options={
                "verbose_name": "receipt",
                "verbose_name_plural": "receipts",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", districts.months.MonthField(verbose_name="month")),
                ("units", models.JSONField(verbose_name="units reminded")),
                ("recipients", models.JSONField(default=list, verbose_name="sent to")),
                ("text", models.TextField(verbose_name="text")),
                ("at", models.DateTimeField(verbose_name="at")),
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
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="districts.unit",
                        verbose_name="reminded together",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                (
                    "file",
                    models.FileField(
                        max_length=200, upload_to="uploads/%Y/%m/", verbose_name="file"
                    ),
                ),
                ("digest", models.CharField(db_index=True, max_length=64, verbose_name="digest")),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                ("month", districts.months.MonthField(blank=True, null=True, verbose_name="month")),
                (
                    "form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not recognised yet"),
                            ("template", "the template"),
                            ("tidy", "a tidy table"),
                            ("matrix", "a table of units and indicators"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="form",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("recognised", "recognised"),
                            ("checked", "checked"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("discarded", "discarded"),
                        ],
                        default="received",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("mapping", models.JSONField(blank=True, default=dict, verbose_name="columns")),
                (
                    "corrections",
                    models.JSONField(blank=True, default=dict, verbose_name="corrections"),
                ),
                (
                    "explanations",
                    models.JSONField(blank=True, default=dict, verbose_name="explanations"),
                ),
                ("outcome", models.JSONField(blank=True, null=True, verbose_name="outcome")),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="accepted at"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "upload",
                "verbose_name_plural": "uploads",
                "ordering": ["-id"],
            },
        ),
        migrations.AddIndex(
            model_name="dispute",
            index=models.Index(fields=["unit", "indicator", "month"], name="dispute_by_figure"),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("note", ""), _negated=True), name="dispute_has_note"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="answer_has_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["stands", "corrected"])),
                name="answer_verdict_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftcell",
            constraint=models.UniqueConstraint(
                fields=("month", "unit", "indicator"), name="draft_cell_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftcell",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__isnull", True), ("value__gte", 0), _connector="OR"),
                name="draft_cell_value_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftcell",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value__isnull", True), models.Q(("text", ""), _negated=True), _connector="OR"
                ),
                name="draft_cell_value_was_typed",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftcell",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gte", 1)), name="draft_cell_version_counts"
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", ""), _negated=True), models.Q(("digest", ""), _negated=True)
                ),
                name="receipt_has_number_and_digest",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["group", "month"], name="reminder_by_group_month"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="reminder_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["received", "recognised", "checked", "accepted", "refused", "discarded"],
                    )
                ),
                name="upload_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("form__in", ["", "template", "tidy", "matrix"])),
                name="upload_form_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "accepted"), _negated=True),
                    models.Q(("accepted_at__isnull", False), ("outcome__isnull", False)),
                    _connector="OR",
                ),
                name="upload_accepted_has_outcome",
            ),
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import districts.months
from steering.accounts.append_only import AppendOnly


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("commitments", "0002_append_only_tables"),
        ("districts", "0002_no_overlap_on_postgresql"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Judgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", districts.months.MonthField(verbose_name="month")),
                (
                    "difficulty",
                    models.CharField(
                        choices=[
                            ("good", "good"),
                            ("fair", "fair"),
                            ("doubtful", "doubtful"),
                            ("poor", "poor"),
                        ],
                        max_length=10,
                        verbose_name="difficulty of the target",
                    ),
                ),
                (
                    "difficulty_note",
                    models.CharField(blank=True, max_length=200, verbose_name="note"),
                ),
                (
                    "planning",
                    models.CharField(
                        choices=[
                            ("good", "good"),
                            ("fair", "fair"),
                            ("doubtful", "doubtful"),
                            ("poor", "poor"),
                        ],
                        max_length=10,
                        verbose_name="plan of action",
                    ),
                ),
                (
                    "planning_note",
                    models.CharField(blank=True, max_length=200, verbose_name="note"),
                ),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("good", "good"),
                            ("fair", "fair"),
                            ("doubtful", "doubtful"),
                            ("poor", "poor"),
                        ],
                        max_length=10,
                        verbose_name="capacity to deliver",
                    ),
                ),
                (
                    "capacity_note",
                    models.CharField(blank=True, max_length=200, verbose_name="note"),
                ),
                (
                    "progress",
                    models.CharField(
                        choices=[
                            ("good", "good"),
                            ("fair", "fair"),
                            ("doubtful", "doubtful"),
                            ("poor", "poor"),
                        ],
                        max_length=10,
                        verbose_name="progress on the ground",
                    ),
                ),
                (
                    "progress_note",
                    models.CharField(blank=True, max_length=200, verbose_name="note"),
                ),
                (
                    "outlook",
                    models.CharField(
                        choices=[
                            ("likely", "Likely to be met"),
                            ("open", "Open"),
                            ("unlikely", "Unlikely to be met"),
                        ],
                        max_length=10,
                        verbose_name="overall judgement",
                    ),
                ),
                ("comment", models.TextField(verbose_name="comment")),
                ("signed_on", models.DateField(verbose_name="signed on")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                ("signer_name", models.CharField(max_length=150, verbose_name="signer")),
                (
                    "signer_post",
                    models.CharField(blank=True, max_length=200, verbose_name="signer's post"),
                ),
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
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="commitments.indicator",
                        verbose_name="indicator",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="districts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "judgement",
                "verbose_name_plural": "judgements",
                "ordering": ["-month", "-id"],
                "indexes": [
                    models.Index(fields=["unit", "indicator", "month"], name="judgement_by_target")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("comment", ""), _negated=True),
                        name="judgement_has_comment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outlook__in", ["likely", "open", "unlikely"])),
                        name="judgement_outlook_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("difficulty__in", ["good", "fair", "doubtful", "poor"])
                        ),
                        name="judgement_difficulty_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("planning__in", ["good", "fair", "doubtful", "poor"])),
                        name="judgement_planning_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__in", ["good", "fair", "doubtful", "poor"])),
                        name="judgement_capacity_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("progress__in", ["good", "fair", "doubtful", "poor"])),
                        name="judgement_progress_known",
                    ),
                ],
            },
        ),
        AppendOnly("reports_judgement"),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_one_job_a_night"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="cleared_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="files removed at"),
        ),
    ]

"""The version of a cell is what stands in it: how often it was saved is counted no more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("collection", "0004_uploads_looked_at")]

    operations = [
        migrations.RemoveConstraint(model_name="draftcell", name="draft_cell_version_counts"),
        migrations.RemoveField(model_name="draftcell", name="version"),
    ]

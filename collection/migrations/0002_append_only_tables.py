from django.db import migrations

from steering.accounts.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("collection", "0001_initial")]
    operations = [
        AppendOnly("collection_receipt"),
        AppendOnly("collection_reminder"),
        AppendOnly("collection_dispute"),
        AppendOnly("collection_answer"),
    ]

from django.db import migrations

from steering.accounts.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [AppendOnly("accounts_journalentry")]

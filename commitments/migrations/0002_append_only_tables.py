from django.db import migrations

from steering.accounts.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_initial")]
    operations = [
        AppendOnly("commitments_revision"),
        AppendOnly("commitments_move"),
        AppendOnly("commitments_periodevent"),
        AppendOnly("commitments_commitment"),
        AppendOnly("commitments_commitmentline"),
        AppendOnly("commitments_commitmentevent"),
    ]

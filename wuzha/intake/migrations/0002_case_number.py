"""The running part of case numbers comes from a sequence, so that desks do not wait for each other."""

from django.db import migrations


class Migration(migrations.Migration):
    """One sequence."""

    dependencies = [("intake", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE intake_case_number", "DROP SEQUENCE intake_case_number"),
    ]

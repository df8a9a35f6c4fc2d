"""Which accounts of a case were put on the grey list."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracing', '0004_seen_serial'),
    ]

    operations = [
        migrations.AddField(
            model_name='tracedaccount',
            name='listed_at',
            field=models.DateTimeField(null=True),
        ),
    ]

"""Who answers quickly, and who cannot do a kind of order, is found without reading every order there ever was."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('control', '0006_grey_list'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('answered_at__isnull', False), ('kind', 'stop')), fields=['-created_at'], name='order_stop_answered'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('outcome', 'unsupported')), fields=['partner'], name='order_unsupported'),
        ),
    ]

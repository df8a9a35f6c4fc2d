"""What each answer counted stands beside the sum that follows from all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("control", "0004_held_at")]

    operations = [
        migrations.RenameField("order", "held_at", "counted_at"),
        migrations.AddField("order", "counted_minor", models.BigIntegerField(null=True)),
        migrations.RunSQL(
            "UPDATE control_order SET counted_minor = held_minor WHERE counted_at IS NOT NULL", migrations.RunSQL.noop
        ),
    ]

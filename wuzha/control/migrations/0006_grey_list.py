"""The grey list: one live listing an account across cases, its reasons, objections and the payments that wait."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('control', '0005_counted'),
        ('intake', '0003_fraud_kind'),
        ('partners', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HeldPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.CharField(max_length=80)),
                ('seq', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=4)),
                ('kind', models.CharField(max_length=16)),
                ('payee_bank', models.CharField(blank=True, max_length=32)),
                ('payee', models.CharField(blank=True, max_length=128)),
                ('payee_name', models.CharField(blank=True, max_length=200)),
                ('until_at', models.DateTimeField()),
                ('state', models.CharField(max_length=10)),
                ('came', models.JSONField(default=list)),
                ('told_at', models.DateTimeField()),
                ('decision', models.CharField(blank=True, max_length=8)),
                ('decided_by', models.CharField(blank=True, max_length=80)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_why', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='ListingObjection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('text', models.CharField(max_length=2000)),
                ('at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('answered_by', models.CharField(blank=True, max_length=80)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ListingReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('passed_on_minor', models.BigIntegerField()),
                ('currency', models.CharField(default='CNY', max_length=4)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_kind',
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['block-url', 'papers', 'query-holder', 'query-transactions', 'review-extend', 'review-outflows', 'review-pass', 'review-release', 'stop', 'stop-amend', 'stop-extend', 'stop-release', 'suspend-number', 'trace-outflows', 'watch', 'watch-arrivals', 'watch-release'])), name='order_kind'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'review-outflows'), ('state__in', ('proposed', 'queued', 'delivered', 'in_force', 'undelivered', 'unanswered'))), fields=('partner', 'account', 'currency'), name='order_one_live_listing'),
        ),
        migrations.AddField(
            model_name='heldpayment',
            name='listing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='control.order'),
        ),
        migrations.AddField(
            model_name='listingobjection',
            name='listing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='control.order'),
        ),
        migrations.AddField(
            model_name='listingreason',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='intake.case'),
        ),
        migrations.AddField(
            model_name='listingreason',
            name='listing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reasons', to='control.order'),
        ),
        migrations.AddIndex(
            model_name='heldpayment',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['until_at'], name='held_payment_open'),
        ),
        migrations.AddConstraint(
            model_name='heldpayment',
            constraint=models.UniqueConstraint(fields=('listing', 'serial'), name='held_payment_once'),
        ),
        migrations.AddConstraint(
            model_name='heldpayment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['lapsed', 'passed', 'stopped', 'waiting', 'withdrawn'])), name='held_payment_state'),
        ),
        migrations.AddConstraint(
            model_name='heldpayment',
            constraint=models.CheckConstraint(condition=models.Q(('decision__in', ('', 'pass', 'stop'))), name='held_payment_decision'),
        ),
        migrations.AddConstraint(
            model_name='heldpayment',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='held_payment_sum'),
        ),
        migrations.AddIndex(
            model_name='listingobjection',
            index=models.Index(condition=models.Q(('answer', '')), fields=['listing'], name='listing_objection_open'),
        ),
        migrations.AddConstraint(
            model_name='listingobjection',
            constraint=models.UniqueConstraint(fields=('listing', 'seq'), name='listing_objection_once'),
        ),
        migrations.AddConstraint(
            model_name='listingreason',
            constraint=models.UniqueConstraint(fields=('listing', 'case'), name='listing_reason_once'),
        ),
        migrations.AddConstraint(
            model_name='listingreason',
            constraint=models.CheckConstraint(condition=models.Q(('passed_on_minor__gte', 0)), name='listing_reason_sum'),
        ),
    ]

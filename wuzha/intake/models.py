"""Cases, what the victim reported, and the leads that join cases."""

import uuid

from django.db import models


class Case(models.Model):
    """One report and all that follows from it. Its journal chain is also its lock (see journal/append.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=32, unique=True)
    state = models.CharField(max_length=10, default="open")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=80)
    source = models.CharField(max_length=16, default="desk")
    external_id = models.CharField(max_length=64, blank=True)
    digest = models.BinaryField()
    jurisdiction = models.CharField(max_length=60, blank=True)
    victim_kind = models.CharField(max_length=8)
    victim_name = models.CharField(max_length=100)
    victim_phone = models.CharField(max_length=32, blank=True)
    victim_id_number = models.CharField(max_length=32, blank=True)
    narrative = models.TextField(blank=True)
    currency = models.CharField(max_length=4, default="CNY")
    reported_minor = models.BigIntegerField(default=0)  # in `currency`, the currency of the first payment
    reported = models.JSONField(default=dict)  # currency -> minor units
    held_minor = models.BigIntegerField(default=0)
    gone_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    layers = models.PositiveSmallIntegerField(default=0)
    touched_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=("open", "closed")), name="case_state"),
            models.CheckConstraint(condition=models.Q(victim_kind__in=("person", "company")), name="case_victim_kind"),
        )
        indexes = (
            models.Index(fields=("-opened_at",), name="case_opened"),
            models.Index(fields=("state", "-touched_at"), name="case_state_touched"),
            models.Index(fields=("jurisdiction",), name="case_jurisdiction"),
        )

    @property
    def at_risk_minor(self) -> int:
        """Reported money that is neither held, returned nor known to be gone."""
        return max(0, self.reported_minor - self.held_minor - self.gone_minor - self.returned_minor)


class FraudKind(models.Model):
    """The kind of fraud of a case: what was proposed out of its words, and what an officer decided.

    `kind` stays "" until somebody decides; `proposed_kind` is "" when the proposal was unsure. Decided rows are the
    training data of the centre's own model (wuzha kinds train --from-centre); who changed what stands in the journal.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="fraud_kind")
    kind = models.CharField(max_length=32, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    proposed_kind = models.CharField(max_length=32, blank=True)
    proposed = models.JSONField(default=list)  # first three: [{"kind", "p", "words"}]
    proposed_by = models.CharField(max_length=80, blank=True)  # rules, or the name of the trained model
    text_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the narrative that was read

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="", decided_by="", decided_at=None)
                | (~models.Q(kind="") & ~models.Q(decided_by="") & models.Q(decided_at__isnull=False)),
                name="fraud_kind_decided",
            ),
        )
        indexes = (models.Index(fields=("kind", "proposed_kind"), name="fraud_kind_kinds"),)


class ReportedPayment(models.Model):
    """A payment as the victim told it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="payments")
    n = models.PositiveSmallIntegerField()
    payer_bank = models.CharField(max_length=32, blank=True)
    payer_account = models.CharField(max_length=128, blank=True)
    payer_name = models.CharField(max_length=200, blank=True)
    payee_bank = models.CharField(max_length=32, blank=True)
    payee_account = models.CharField(max_length=128)
    payee_name = models.CharField(max_length=200, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=4)
    at = models.DateTimeField()
    channel = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "n"), name="payment_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="payment_positive"),
        )


class Lead(models.Model):
    """An account, number or URL of a case, by which other cases find it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="leads")
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=500)
    source = models.CharField(max_length=16, default="report")  # report, or chase: found on the way of the money
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "kind", "value"), name="lead_once"),)
        indexes = (models.Index(fields=("kind", "value"), name="lead_value"),)


class CaseLink(models.Model):
    """Two cases that share a lead; `earlier` was opened first."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    earlier = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="later_links")
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=500)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "earlier", "kind", "value"), name="case_link_once"),
            models.CheckConstraint(condition=~models.Q(case=models.F("earlier")), name="case_link_other"),
        )

"""Partners, the outbox to them, and what they have sent (for idempotency)."""

from django.db import models

from wuzha.partners.codes import DIALECTS


class Partner(models.Model):
    """A bank, payment institution, operator, platform, clearing house or 110 room.

    mode: "api" partners take orders over HTTP; "liaison" partners answer on their own page here. local: in this city,
    which shortens the urgent limit. Breaker: `failures` in a row; until `open_until` nothing is sent.
    """

    code = models.CharField(max_length=32, primary_key=True)
    unit = models.OneToOneField("people.Unit", on_delete=models.PROTECT, related_name="partner")
    kind = models.CharField(max_length=16)
    mode = models.CharField(max_length=8, default="api")
    dialect = models.CharField(max_length=16, default="standard")
    local = models.BooleanField(default=True)
    base_url = models.CharField(max_length=200, blank=True)
    key_id = models.CharField(max_length=64, unique=True, null=True)
    public_key = models.CharField(max_length=64, blank=True)
    active = models.BooleanField(default=True)
    failures = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(mode__in=("api", "liaison")), name="partner_mode"),
            models.CheckConstraint(condition=models.Q(dialect__in=sorted(DIALECTS)), name="partner_dialect"),
        )


class Outbox(models.Model):
    """One order on its way to a partner. Delivered in batches; the order id makes a second delivery harmless."""

    id = models.UUIDField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="outbox")
    case_id = models.UUIDField()
    body = models.JSONField()
    state = models.CharField(max_length=8, default="due")
    priority = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=("due", "done", "dead")), name="outbox_state"),
        )
        indexes = (
            models.Index(fields=("next_at", "-priority"), condition=models.Q(state="due"), name="outbox_due"),
            models.Index(fields=("partner", "state"), name="outbox_partner_state"),
        )


class InboxMessage(models.Model):
    """A message that a partner sent: the same id with the same body gets the same response again."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="inbox")
    message_id = models.UUIDField()
    digest = models.BinaryField()
    response = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("partner", "message_id"), name="inbox_message_once"),)
        indexes = (models.Index(fields=("received_at",), name="inbox_received"),)


class Nonce(models.Model):
    """A nonce seen in a valid signature; not accepted again while its signature could still be fresh."""

    key_id = models.CharField(max_length=64)
    nonce = models.CharField(max_length=80)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key_id", "nonce"), name="nonce_once"),)
        indexes = (models.Index(fields=("seen_at",), name="nonce_seen"),)

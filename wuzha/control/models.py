"""Authorisations, orders and the answers to them."""

from django.db import models

from wuzha.control.kinds import KINDS, LIVE, OPEN, ORDER, PAYMENT, QUERIES
from wuzha.intake.models import Case
from wuzha.partners.models import Partner


class Authorisation(models.Model):
    """One approval for a case and the layers below it, within named limits. kind: standing (order) or approver."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="authorisations")
    kind = models.CharField(max_length=10)
    granted_by = models.CharField(max_length=80)
    granted_at = models.DateTimeField()
    until_at = models.DateTimeField()
    layers_max = models.PositiveSmallIntegerField()
    amount_minor_max = models.BigIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default="live")
    revoked_by = models.CharField(max_length=80, blank=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=("live", "revoked", "replaced")), name="auth_state"),
            models.CheckConstraint(condition=models.Q(kind__in=("standing", "approver")), name="auth_kind"),
            models.UniqueConstraint(fields=("case",), condition=models.Q(state="live"), name="auth_one_live"),
        )


class Order(models.Model):
    """One order to one partner about one target; states in kinds.py. Its id is made by the one who plans it."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="orders")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=24)
    account = models.CharField(max_length=500)
    account_name = models.CharField(max_length=200, blank=True)
    layer = models.PositiveSmallIntegerField(default=1)
    amount_minor = models.BigIntegerField(null=True)
    held_minor = models.BigIntegerField(default=0)
    counted_minor = models.BigIntegerField(null=True)  # the sum in the newest answer to this very order
    counted_at = models.DateTimeField(null=True)  # when the partner counted it
    currency = models.CharField(max_length=4, default="CNY")
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=12)
    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, null=True, related_name="orders")
    ref = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followers")
    since = models.DateTimeField(null=True)
    transfer = models.JSONField(null=True)
    why = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)
    law = models.CharField(max_length=200)
    policy = models.CharField(max_length=16)
    asked_by = models.CharField(max_length=80)
    approved_by = models.CharField(max_length=80, blank=True)
    at_stake_minor = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    late_s = models.PositiveIntegerField(null=True)
    effective_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    extended = models.PositiveSmallIntegerField(default=0)
    answer_seq = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=12, blank=True)
    outcome_message = models.CharField(max_length=300, blank=True)
    contradiction = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=sorted(ORDER.states)), name="order_state"),
            models.CheckConstraint(condition=models.Q(kind__in=sorted(KINDS)), name="order_kind"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__isnull=True)
                | models.Q(amount_minor__gt=0, held_minor__lte=models.F("amount_minor")),
                name="order_holds_disputed_only",
            ),
            models.CheckConstraint(condition=models.Q(held_minor__gte=0), name="order_held"),
            models.UniqueConstraint(
                fields=("case", "partner", "account", "currency"),
                condition=models.Q(kind="stop", state__in=LIVE),
                name="order_one_live_stop",
            ),
            models.UniqueConstraint(
                fields=("case", "partner", "account", "currency", "kind"),
                condition=models.Q(kind__in=QUERIES, state__in=("proposed", *OPEN)),
                name="order_one_open_query",
            ),
            # Across cases: an account stands on the grey list once.
            models.UniqueConstraint(
                fields=("partner", "account", "currency"),
                condition=models.Q(kind="review-outflows", state__in=LIVE),
                name="order_one_live_listing",
            ),
        )
        indexes = (
            models.Index(fields=("case", "created_at"), name="order_case"),
            models.Index(fields=("partner", "state", "due_at"), name="order_partner_state"),
            models.Index(fields=("due_at",), condition=models.Q(state__in=OPEN), name="order_open_due"),
            models.Index(fields=("created_at",), condition=models.Q(state="proposed"), name="order_proposed"),
            models.Index(fields=("account", "kind"), name="order_account"),
            models.Index(fields=("ends_at",), condition=models.Q(state="in_force"), name="order_in_force"),
            models.Index(
                fields=("-created_at",),
                condition=models.Q(kind="stop", answered_at__isnull=False),
                name="order_stop_answered",
            ),
            models.Index(fields=("partner",), condition=models.Q(outcome="unsupported"), name="order_unsupported"),
        )

    @property
    def subject(self) -> str:
        """How journal and clocks name this order."""
        return f"order:{self.id}"


class OrderAnswer(models.Model):
    """One answer as it came. verdict: fresh, stale (an older number), or contradiction; absorbed: read by the chase."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="answers")
    answer_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    code = models.CharField(max_length=32)
    body = models.JSONField()
    digest = models.BinaryField()
    verdict = models.CharField(max_length=14)
    absorbed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("order", "answer_id"), name="answer_once"),
            models.CheckConstraint(
                condition=models.Q(verdict__in=("fresh", "stale", "contradiction")), name="answer_verdict"
            ),
        )
        indexes = (models.Index(fields=("order",), condition=models.Q(absorbed=False), name="answer_unabsorbed"),)


class ListingReason(models.Model):
    """A case because of which an account stands on the grey list (`listing`: its review-outflows order).

    passed_on_minor: stolen money of the case that the account passed on by then.
    """

    listing = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="reasons")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="listings")
    passed_on_minor = models.BigIntegerField()
    currency = models.CharField(max_length=4, default="CNY")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("listing", "case"), name="listing_reason_once"),
            models.CheckConstraint(condition=models.Q(passed_on_minor__gte=0), name="listing_reason_sum"),
        )


class ListingObjection(models.Model):
    """What the holder of a listed account said against it, and what became of it ("": not answered yet)."""

    listing = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="objections")
    seq = models.PositiveIntegerField()  # of the answer that told of it
    text = models.CharField(max_length=2_000)
    at = models.DateTimeField()
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("listing", "seq"), name="listing_objection_once"),)
        indexes = (models.Index(fields=("listing",), condition=models.Q(answer=""), name="listing_objection_open"),)


class HeldPayment(models.Model):
    """A payment out of a listed account that waits, or waited, for the centre's word. seq: of the newest answer that
    told of it. came: the lines in before it, as told ([{"at", "amount_minor", "bank", "number", "name", "serial"}])."""

    listing = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    serial = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=4)
    kind = models.CharField(max_length=16)
    payee_bank = models.CharField(max_length=32, blank=True)
    payee = models.CharField(max_length=128, blank=True)
    payee_name = models.CharField(max_length=200, blank=True)
    until_at = models.DateTimeField()
    state = models.CharField(max_length=10)
    came = models.JSONField(default=list)
    told_at = models.DateTimeField()
    decision = models.CharField(max_length=8, blank=True)  # "pass" or "stop"
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("listing", "serial"), name="held_payment_once"),
            models.CheckConstraint(condition=models.Q(state__in=sorted(PAYMENT.states)), name="held_payment_state"),
            models.CheckConstraint(condition=models.Q(decision__in=("", "pass", "stop")), name="held_payment_decision"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="held_payment_sum"),
        )
        indexes = (models.Index(fields=("until_at",), condition=models.Q(state="waiting"), name="held_payment_open"),)

    @property
    def subject(self) -> str:
        """How journal and clocks name this payment."""
        return f"payment:{self.pk}"


class Batch(models.Model):
    """A list of accounts asked about in one go, for one case. bad: lines that could not be used, with their reasons
    ({"line", "text", "template", "values"}); repeated: numbers of lines whose account stood above."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="batches")
    kind = models.CharField(max_length=24)
    reason = models.CharField(max_length=200)
    since = models.DateTimeField(null=True)
    accounts = models.PositiveIntegerField()
    bad = models.JSONField()
    repeated = models.JSONField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(kind__in=QUERIES), name="batch_kind"),)
        indexes = (models.Index(fields=("-at",), name="batch_newest"),)


class BatchItem(models.Model):
    """One account of a batch with the query about it; several batches may share a query that is still open."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items")
    line = models.PositiveIntegerField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="batch_items")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("batch", "order"), name="batch_order_once"),)

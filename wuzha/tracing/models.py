"""The ledger of a case and the accounts on the money's way. Written by actions.py under the lock of the case."""

from django.db import models

from wuzha.control.models import Order
from wuzha.intake.models import Case


class LedgerTransfer(models.Model):
    """One movement of money, as far as the report and the banks have told it. The same movement seen from both of its
    ends is one row: each end adds its serial and printed balance."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="transfers")
    payer = models.CharField(max_length=180)
    payee = models.CharField(max_length=180)
    payer_name = models.CharField(max_length=200, blank=True)
    payee_name = models.CharField(max_length=200, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=4)
    at = models.DateTimeField()
    kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=32, blank=True)
    reported = models.BooleanField(default=False)  # told by the victim
    payer_serial = models.CharField(max_length=80, blank=True)
    payee_serial = models.CharField(max_length=80, blank=True)
    payer_balance_minor = models.BigIntegerField(null=True)
    payee_balance_minor = models.BigIntegerField(null=True)
    reverses = models.CharField(max_length=80, blank=True)
    seen_serial = models.CharField(max_length=80, blank=True)  # the clearing house's, when it told of it
    stolen_minor = models.BigIntegerField(default=0)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="transfers")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="transfer_positive"),
            models.CheckConstraint(
                condition=models.Q(stolen_minor__gte=0, stolen_minor__lte=models.F("amount_minor")),
                name="transfer_stolen_within",
            ),
            models.UniqueConstraint(
                fields=("case", "payer", "payer_serial"),
                condition=~models.Q(payer_serial=""),
                name="transfer_payer_once",
            ),
            models.UniqueConstraint(
                fields=("case", "payee", "payee_serial"),
                condition=~models.Q(payee_serial=""),
                name="transfer_payee_once",
            ),
        )


class TracedAccount(models.Model):
    """An account that stolen money reached (or an exit: cash, merchant, abroad), with what is known of it now."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="accounts")
    key = models.CharField(max_length=180)
    bank = models.CharField(max_length=32, blank=True)
    number = models.CharField(max_length=128)
    name = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=4)
    kind = models.CharField(max_length=16, default="unknown")
    opened_at = models.DateTimeField(null=True)
    opened_branch = models.CharField(max_length=200, blank=True)
    layer = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10)
    stolen_in_minor = models.BigIntegerField(default=0)
    stolen_now_minor = models.BigIntegerField(default=0)
    held_minor = models.BigIntegerField(default=0)
    balance_minor = models.BigIntegerField(null=True)
    as_of = models.DateTimeField(null=True)
    truncated = models.BooleanField(default=False)  # the statement was cut at as_of
    first_in_at = models.DateTimeField(null=True)
    last_in_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)  # when the grey list was looked at because of what this case knows

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "key"), name="traced_account_once"),)
        indexes = (models.Index(fields=("bank", "number"), name="traced_account_number"),)


class StatementTemplate(models.Model):
    """A mapping of columns that a person corrected, kept under a name (`statements.templates.dump` JSON)."""

    name = models.CharField(max_length=80, unique=True)
    body = models.TextField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()


class StatementDraft(models.Model):
    """A file that was given and is not imported yet. state: waiting and reading (a long file), read, refused,
    importing. Its bytes go when it is imported or removed, or when it can never be read; at last by the age of drafts.

    report: what was recognised (see statement_reports.py). refusal: {"code", "template", "values"} of a file that
    cannot be read. correction: a template's JSON that a person made for this file.
    """

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statement_drafts")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    data = models.BinaryField()
    bank = models.CharField(max_length=32, blank=True)
    account = models.CharField(max_length=64, blank=True)
    template = models.ForeignKey(StatementTemplate, on_delete=models.SET_NULL, null=True)
    correction = models.TextField(blank=True)
    state = models.CharField(max_length=10)
    rows_done = models.PositiveIntegerField(default=0)
    rows_estimate = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    refusal = models.JSONField(null=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=("waiting", "reading", "read", "refused", "importing")),
                name="draft_state",
            ),
        )


class StatementFile(models.Model):
    """A statement file that became part of a case's ledger: what was read, how, and what it added.

    mapping: columns by meaning of each table. notes: what was concluded, gaps, conflicts, repeats (statement_reports).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statement_files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    transfers_added = models.PositiveIntegerField()
    transfers_completed = models.PositiveIntegerField()
    mapping = models.JSONField()
    notes = models.JSONField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("case", "-at"), name="statement_file_case"),)

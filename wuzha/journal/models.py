"""Tables of the journal. Nothing but `append.py` writes them; the database itself refuses changes (migration 0001)."""

from django.db import models


class Chain(models.Model):
    """Head of one hash chain. Its row lock is *the* lock of a case: whoever acts on a case holds it."""

    key = models.CharField(max_length=80, primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField()


class Event(models.Model):
    """One thing that happened. `hash` covers the row and the hash of the row before it in the same chain."""

    id = models.BigAutoField(primary_key=True)
    chain = models.CharField(max_length=80)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    by = models.CharField(max_length=80)
    case_id = models.UUIDField(null=True)
    subject = models.CharField(max_length=120, blank=True)
    body = models.JSONField(default=dict)
    hash = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("chain", "seq"), name="journal_event_once_in_chain"),)
        indexes = (
            models.Index(fields=("case_id", "id"), name="journal_event_case"),
            models.Index(fields=("kind", "at"), name="journal_event_kind_at"),
            models.Index(fields=("subject", "id"), name="journal_event_subject", condition=~models.Q(subject="")),
        )


class Seal(models.Model):
    """Digest over the heads of all chains at the end of a day, so that a cut-off tail shows."""

    day = models.DateField(primary_key=True)
    event_id_max = models.BigIntegerField()
    event_count = models.BigIntegerField()
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()

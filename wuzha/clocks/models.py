"""Table of clocks; see rules.py for the theory. Only actions.py writes it."""

from django.db import models


class Clock(models.Model):
    """One running or settled deadline of one subject ("order:<uuid>")."""

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    case_id = models.UUIDField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ladder = models.JSONField()
    rung = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="running")
    settled_at = models.DateTimeField(null=True)
    late_s = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=("running", "met", "cancelled")), name="clock_state"),
            models.UniqueConstraint(
                fields=("kind", "subject"), condition=models.Q(state="running"), name="clock_one_running"
            ),
        )
        indexes = (
            models.Index(
                fields=("next_at",), condition=models.Q(state="running", next_at__isnull=False), name="clock_next"
            ),
            models.Index(fields=("subject",), name="clock_subject"),
        )

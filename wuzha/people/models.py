"""Units and officers."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from wuzha.people.rules import Role


class Unit(models.Model):
    """An organisation at the desk: the centre itself, a district centre, a station, or a partner's people."""

    KINDS = ("centre", "district", "station", "bank", "payment", "operator", "platform", "clearing", "police", "school")

    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=16)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=(
                        "centre", "district", "station", "bank", "payment", "operator", "platform", "clearing",
                        "police", "school",
                    )
                ),
                name="unit_kind",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name_zh


class Officer(AbstractUser):
    """Somebody who signs in. One role, one unit; liaisons have a rank: A answers first, B when A does not."""

    role = models.CharField(max_length=24)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="officers", null=True)
    full_name = models.CharField(max_length=80, blank=True)
    badge = models.CharField(max_length=32, blank=True)
    liaison_rank = models.CharField(max_length=1, blank=True)
    is_sample = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(role__in=[role.value for role in Role]), name="officer_role"),
            models.CheckConstraint(condition=models.Q(liaison_rank__in=("", "A", "B")), name="officer_rank"),
        )

    @property
    def by(self) -> str:
        """How the journal names this person."""
        return f"{self.username}@{self.unit.code if self.unit else '-'}"

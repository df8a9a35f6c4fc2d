"""Clocks 时限: stored instants with a ladder of reminder, due and escalation."""

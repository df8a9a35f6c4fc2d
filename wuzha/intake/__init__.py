"""Intake 接警: a victim's report becomes a case."""

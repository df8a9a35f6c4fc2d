"""Wuzha 天下无诈: the working software of an anti-fraud centre (反诈中心)."""

__version__ = "0.1.0"

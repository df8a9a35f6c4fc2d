"""The kind of fraud of a narrative: dated kinds and rules that ship, and a model a centre trains on its own decisions.

It stands in intake, where a narrative is first read; analysis counts and compares what was decided here.
"""

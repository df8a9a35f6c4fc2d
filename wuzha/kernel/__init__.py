"""Plain Python that every desk shares: money, states, identifiers, refusals. Imports no framework."""

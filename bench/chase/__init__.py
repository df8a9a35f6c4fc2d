"""The chase benchmark: of the money that could still be held when the report came, how much is held?

A seeded world under a virtual clock (`world`, `banks`), the clairvoyant bound (`oracle`), two baselines
(`baselines`), the centre's own rules with their state in memory (`centre`), and the table (`run`).
"""

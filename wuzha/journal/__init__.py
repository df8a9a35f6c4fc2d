"""Journal 留痕: one append-only, hash-chained record of what happened."""

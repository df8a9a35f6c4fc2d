"""资金穿透: whose money is where. Statements into one ledger, the tracing engine, the picture, the chase."""

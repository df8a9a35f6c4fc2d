"""Control 查控: orders to partners - query, stop, release - and their approval."""

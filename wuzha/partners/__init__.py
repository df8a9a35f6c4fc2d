"""Partners 对接: banks, payment institutions, operators, platforms, the clearing house and the 110 room."""

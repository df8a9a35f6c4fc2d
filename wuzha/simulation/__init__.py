"""Simulation 演练: a seeded country that knows only the partner protocol, and an auditor who keeps books of their own.

The country is the demo, the drill and the fault test. Its modules import `wuzha.kernel` and
`wuzha.partners.{protocol,signing,codes}`; what it knows of the centre is an address and a public key.
"""

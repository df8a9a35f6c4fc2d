"""The simulation's own marker."""


def pytest_configure(config):
    """Name the marker of tests that take the better part of a minute."""
    config.addinivalue_line("markers", "slow: starts a whole centre and country; half a minute or more")

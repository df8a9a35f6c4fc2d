"""What every test shares: one PostgreSQL for the whole run, and a browser where there is one.

Theory. The tests run against a real PostgreSQL. When DATABASE_URL is set it is that one; otherwise a cluster of our
own in a temporary folder, with fsync off, shared by all workers of pytest-xdist, each with a database of its own
(pytest-django adds the worker's name). Without xdist the cluster starts with the first test that needs a database,
so that tests of pure rules start nothing.

Django's settings read DATABASE_URL, so this file sets it before they load. It therefore names the settings module
itself instead of leaving that to pytest's configuration.
"""

import os
import shutil
import stat
import tempfile
from pathlib import Path

import django
import pytest
from hypothesis import HealthCheck, settings

from tests.clock import set_clock
from wuzha.pg import Cluster

# Tests do not time anything: on a busy machine an example may take as long as it likes.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
TEST_OPTIONS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
PAGE_LIMIT_MS = 20_000

_cluster: Cluster | None = None

if not os.environ.get("DATABASE_URL"):
    _folder = Path(tempfile.mkdtemp(prefix="wuzha-tests-"))
    _folder.chmod(_folder.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
    _cluster = Cluster(_folder, options=TEST_OPTIONS)
    os.environ["DATABASE_URL"] = _cluster.url()

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's synchronous API runs a loop of its own
os.environ["DJANGO_SETTINGS_MODULE"] = "wuzha.settings"


def pytest_configure(config):
    """Load the applications; start PostgreSQL before the workers of xdist do."""
    set_clock()
    django.setup()
    if _cluster and getattr(config.option, "numprocesses", None):
        _cluster.start()


def pytest_unconfigure(config):
    """End PostgreSQL and leave nothing behind."""
    if _cluster:
        _cluster.stop()
        shutil.rmtree(_folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Start PostgreSQL with the first test that needs a database."""
    if _cluster:
        _cluster.start()


def pytest_collection_modifyitems(config, items):
    """Leave out browser tests where no chromium is installed."""
    if CHROMIUM:
        return
    driven = [item for item in items if item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=driven)
    items[:] = [item for item in items if item not in driven]


def pytest_terminal_summary(terminalreporter):
    """Say plainly what was not run."""
    if not CHROMIUM:
        terminalreporter.write_line("chromium is not installed: the tests that drive a browser were left out")


@pytest.fixture(autouse=True, scope="session")
def _journal_can_be_emptied_between_tests():
    """Let the cleaning after a transactional test empty the journal, whose triggers refuse that to everyone else."""
    from django.db import connection
    from django.test import TransactionTestCase

    clean = TransactionTestCase._fixture_teardown

    def clean_without_triggers(case):
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        try:
            clean(case)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = DEFAULT")

    TransactionTestCase._fixture_teardown = clean_without_triggers
    yield
    TransactionTestCase._fixture_teardown = clean


@pytest.fixture(scope="session")
def chromium():
    """A running headless chromium (Playwright's Browser)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS, headless=True)
        yield running
        running.close()


@pytest.fixture
def browser(chromium):
    """A fresh browser context: own cookies, Chinese, laptop-sized, with short limits."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PAGE_LIMIT_MS)
    yield context
    context.close()


@pytest.fixture
def page(browser):
    """A page of `browser`; a script error on it fails the test."""
    opened = browser.new_page()
    errors = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    opened.close()
    assert not errors, f"scripts failed on the page: {errors}"

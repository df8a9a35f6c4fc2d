"""What the tests of pages share: the staff of a small centre, clients signed in, a browser signed in."""

import pytest

LANGUAGE_COOKIE = "django_language"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Hashing nine passwords slowly for every test proves nothing here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def officers(db):
    """One officer of each role."""
    from tests.web.people import staff  # models can be imported only once the applications are loaded

    return staff()


@pytest.fixture
def client_of(officers):
    """client_of(role, language="zh-hans") -> a test client signed in."""

    from django.test import Client

    def signed_in(role, language="zh-hans"):
        client = Client()
        client.force_login(officers[role])
        client.cookies[LANGUAGE_COOKIE] = language
        return client

    return signed_in


@pytest.fixture
def desk(transactional_db, live_server, browser):
    """desk(role, path, **context) -> a page of the running centre, signed in through the sign-in page."""
    from tests.web.people import password_of, staff

    people = staff()
    opened = []

    def sit(role, path="/", *, language="zh-hans"):
        browser.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": live_server.url}])
        page = browser.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
        opened.append((page, errors))
        page.goto(live_server.url + "/sign-in")
        username = people[role].username
        page.fill("[name=username]", username)
        page.fill("[name=password]", password_of(username))
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.goto(live_server.url + path)
        return page

    sit.people = people
    yield sit
    for page, errors in opened:
        page.close()
        assert errors == []

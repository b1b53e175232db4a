"""Chromium for the tests in this folder.

`visit("/articles/…/", user)` opens a page of the live server, signed in as this person (or as
nobody), in a window of her own; `window_of(user)` gives the window without opening a page, for
several tabs of one person or for going offline. Whatever the pages write to the console as an
error, throw, or do against the content security policy fails the test when it ends, except what
`console.expect("412", …)` announced.

    def test_her_claim_is_shown(visit):
        page = visit(f"/articles/{article.pk}/", analyst)
        playwright.expect(page.get_by_role("mark")).to_have_count(1)
"""

import os
import re
import shutil
import threading

import pytest
from django.conf import settings
from django.contrib.staticfiles import handlers
from django.core.signals import request_finished, request_started
from django.db import connections
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from annotations import desk_keeping
from tests import factories
from tests.absent import absent

TEXT = (
    "The harbour is open. Nobody in the harbour says so, but the ferries sail again.\n\n"
    "Ada Quill expects a storm. The Office of Tides does not, and it has been right before.\n"
)

# Playwright keeps an event loop in the thread in which the tests use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# First the one without a window: it takes a fifth of the time for each test.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


class Console:
    """What pages complained of, and which complaints a test has announced."""

    def __init__(self):
        self.complaints: list[str] = []
        self.announced: list[str] = []

    def expect(self, *patterns: str) -> None:
        """Complaints in which one of these patterns is found are part of the test."""
        self.announced += patterns

    def watch(self, window: BrowserContext) -> None:
        """Collect what the pages of this window complain of from now on."""
        window.add_init_script(TELL_VIOLATIONS)
        window.on("console", self._hear)
        window.on("weberror", lambda event: self.complaints.append(str(event.error)))

    @property
    def unexpected(self) -> list[str]:
        return [
            complaint
            for complaint in self.complaints
            if not any(re.search(pattern, complaint) for pattern in self.announced)
        ]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            place = message.location.get("url", "")
            self.complaints.append(f"{message.type}: {message.text} ({place})")


def pytest_collection_modifyitems(items):
    """Everything in this folder drives Chromium."""
    for item in items:
        if "/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


def executable() -> str:
    """The path of Chromium on this machine."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        absent("Chromium (apt-get install chromium-headless-shell, or chromium)")
    return path


@pytest.fixture(scope="session")
def chromium():
    """The running browser, one for the session."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=SWITCHES)
        yield browser
        # Where there is an event loop, connections are kept by it: without it nobody finds them.
        connections.close_all()
        browser.close()


@pytest.fixture(scope="session")
def live_server(collected):
    """The server, whose static files come hashed from WhiteNoise as in life."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handlers, "StaticFilesHandler", lambda application: application)
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def console():
    """The complaints of all pages of this test; unannounced ones fail it at the end."""
    console = Console()
    yield console
    assert console.unexpected == []


class Traffic:
    """Counts the requests that the server has begun to answer and not finished."""

    def __init__(self):
        self.under_way = 0
        self.change = threading.Condition()

    def begin(self, **_) -> None:
        with self.change:
            self.under_way += 1

    def finish(self, **_) -> None:
        with self.change:
            self.under_way -= 1
            self.change.notify_all()

    def settle(self, seconds: float = 20) -> None:
        """Wait until none is left, so that the tables are not emptied under its hands."""
        with self.change:
            assert self.change.wait_for(lambda: self.under_way <= 0, seconds)


@pytest.fixture
def traffic():
    """What the server is answering during this test."""
    traffic = Traffic()
    request_started.connect(traffic.begin)
    request_finished.connect(traffic.finish)
    yield traffic
    request_started.disconnect(traffic.begin)
    request_finished.disconnect(traffic.finish)


@pytest.fixture
def window_of(chromium, live_server, console, traffic):
    """Makes a window with its own cookies, signed in as the person given.

    `window_of(user, viewport=…, color_scheme="dark", reduced_motion="reduce", …)`: options are
    Playwright's of a new context. Addresses may be given as paths. The person has taken the tour
    before, unless `toured` is false.
    """
    windows = []

    def make(user=None, toured=True, **options) -> BrowserContext:
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", **options}
        window = chromium.new_context(base_url=live_server.url, **options)
        window.set_default_timeout(10_000)
        console.watch(window)
        if user is not None:
            window.add_cookies([session_cookie(user, live_server.url)])
            desk_keeping.prefer(by=user, toured=toured)
        windows.append(window)
        return window

    yield make
    for window in windows:
        window.close()
    traffic.settle()


@pytest.fixture
def visit(window_of):
    """Opens a path in a new window of the person given: `visit("/", user, **options)`."""

    def open_page(path: str, user=None, **options) -> Page:
        page = window_of(user, **options).new_page()
        page.goto(path)
        return page

    return open_page


@pytest.fixture
def project(transactional_db):
    return factories.ProjectFactory()


@pytest.fixture
def article(project):
    factories.small_codebook(project)
    factories.actor(project, "Ada Quill", kind="person")
    factories.actor(project, "Office of Tides", aliases=(("the Office", False),))
    return factories.plain_article(project, TEXT)


@pytest.fixture
def analyst(article):
    person = factories.member(article.project)
    factories.assigned(article, person)
    return person


@pytest.fixture
def open_desk(window_of, article):
    """Opens the article's workbench as a person, ready for keys: `(page, window)`."""

    def open_desk(person, window=None, **options):
        window = window or window_of(person, **options)
        page = window.new_page()
        page.goto(f"/articles/{article.pk}/")
        page.wait_for_selector("#workbench[data-ready]")
        return page, window

    return open_desk


def session_cookie(user, url: str) -> dict[str, str]:
    """The cookie with which Chromium is signed in as the user at this address."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}

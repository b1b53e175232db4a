"""What all tests share."""

import gc
import importlib
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase, override_settings

from config import settings as product

# Who is shown what on which page: slow, and what these ask of the database is asked by the tests of
# doors, readers and API too, on every engine. They pass on each (`ENGINE=postgres pytest …`).
PAGES = {
    "test_adjudication_pages", "test_admin_operations", "test_admin_reading", "test_agreement_page",
    "test_batch_pages", "test_blindness_team", "test_correct_page", "test_demonstration",
    "test_exchange_page", "test_exchange_round_trip", "test_import_page", "test_network_page",
    "test_permissions", "test_project_pages", "test_recoding_pages",
    "test_review_stored", "test_suggestions_page", "test_webhook_pages",
}  # fmt: skip

LONGEST = {
    "test_blindness_team", "test_durability", "test_invitation_to_gold", "test_quickstart",
    "test_typeahead",
}  # fmt: skip

HERE = Path(__file__).parent
ASKS = re.compile(r"\b(django_db|transactional_db|db|live_server|browser)\b")

append_only = importlib.import_module("corpus_app.migrations.0002_append_only")


@pytest.fixture(scope="session", autouse=True)
def emptying_the_database():
    """Between tests that commit all tables are emptied; only there the history gives way."""

    def empty(case):
        with connection.schema_editor() as editor:
            append_only.allow(apps, editor)
        try:
            # Cascading, for PostgreSQL: the table of a model that ours replaces refers to people.
            call_command("flush", verbosity=0, interactive=False, allow_cascade=True)
        finally:
            with connection.schema_editor() as editor:
                append_only.forbid(apps, editor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture(scope="session")
def collected(tmp_path_factory):
    """The folder of all static files under their hashed names, which pages name from now on."""
    folder = tmp_path_factory.mktemp("static")
    with override_settings(
        STATIC_ROOT=folder,
        STORAGES=product.STORAGES,
        WHITENOISE_KEEP_ONLY_HASHED_FILES=False,
        WHITENOISE_SKIP_COMPRESS_EXTENSIONS=["js", "css", "map", "svg", "txt", "html"],
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield folder


def pytest_addoption(parser):
    parser.addoption(
        "--only-database",
        action="store_true",
        help="Leave out what is the same on every engine: arithmetic, JavaScript, pages, looks.",
    )


def pytest_ignore_collect(collection_path, config):
    """What asks nothing of the database is not even loaded with --only-database."""
    if not config.getoption("--only-database") or collection_path.suffix != ".py":
        return None
    silent = collection_path.parent == HERE and not ASKS.search(collection_path.read_text())
    return collection_path.stem in PAGES or silent or None


def pytest_collection_finish():
    """What is loaded by now stays: looking through it again and again took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    # What takes longest begins first: at the end nobody else would have anything to do.
    items.sort(key=lambda item: item.path.stem not in LONGEST)
    if not config.getoption("--only-database"):
        return
    chosen = [item for item in items if uses_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def uses_database(item) -> bool:
    """Whether the test asks for the database, by its mark or by a fixture, and not for looks.

    What Chromium does reaches the database through the API, whose own tests run on every engine:
    of the browser's tests those are repeated that are about what is stored, and when.
    """
    if item.get_closest_marker("browser") and not item.get_closest_marker("engine"):
        return False
    asked = {"db", "transactional_db", "live_server"} & set(item.fixturenames)
    return bool(asked or item.get_closest_marker("django_db"))

"""What the desk refuses to start with, and what it warns of."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from config import checks
from tests.serving import ROOT

UNSET = (
    "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "QUICKSTART", "DEBUG", "HTTPS", "DATA_DIR",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
)  # fmt: skip


@pytest.fixture
def production(tmp_path):
    """The environment of a desk on the internet."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    (tmp_path / "static").mkdir()
    return kept | {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "desk.example.org",
        "CSRF_TRUSTED_ORIGINS": "https://desk.example.org",
        "BEHIND_PROXY": "true",
        "DATA_DIR": str(tmp_path),
    }


def run(environment, *command: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_production_passes_the_deployment_check_in_silence(production):
    done = run(production, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.stderr == ""
    assert done.stdout == "System check identified no issues (0 silenced).\n"
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing or too weak."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or too weak."),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is missing or too weak."),
        ({"SECRET_KEY": "django-insecure-" + "0123456789abcdef" * 4}, "SECRET_KEY is missing"),
        ({"DEBUG": "perhaps"}, "Hint: true or false"),
        ({"DATABASE_URL": "carrier-pigeon://coop"}, "DATABASE_URL:"),
        ({"EMAIL_URL": "carrier-pigeon://coop"}, "EMAIL_URL: this is no address"),
        ({"EMAIL_URL": "smtps://mail.example.org:many"}, "EMAIL_URL: "),
        ({"EMAIL_URL": "smtps://mail.example.org"}, "SITE_URL is missing."),
        ({"SITE_URL": "desk.example.org"}, "SITE_URL is no address."),
        ({"ALLOWED_HOSTS": "*"}, "(crossread.E001) ALLOWED_HOSTS has a wildcard."),
        ({"ALLOWED_HOSTS": "desk.example.org,*"}, "(crossread.E001)"),
        ({"DEBUG": "true"}, "(crossread.E002) DEBUG is on"),
    ],
)
def test_it_does_not_start_with(production, variables, message):
    done = run(production | variables, "-c", "import config.wsgi")
    assert done.returncode == 1
    assert message in done.stderr


@pytest.mark.parametrize(
    ("setting", "value"), [("journal_mode", "DELETE"), ("synchronous", "OFF"), ("foreign_keys", 0)]
)
def test_it_does_not_start_on_a_database_without_its_safety(production, setting, value):
    begin = (
        "from config import settings;"
        f"settings.DATABASES['default']['OPTIONS']['init_command'] += '; PRAGMA {setting}={value}';"
        "import config.wsgi"
    )
    done = run(production, "-c", begin)
    assert done.returncode == 1
    assert f"(crossread.E004) SQLite's {setting} is" in done.stderr


def test_with_everything_set_it_starts(production):
    assert run(production, "-c", "import config.wsgi").returncode == 0


@pytest.mark.parametrize(("level", "told"), [("ERROR", "bad"), ("WARNING", "odd bad")])
def test_nothing_below_the_level_of_the_log_is_printed(production, level, told):
    words = (
        "import django, logging; django.setup(); log = logging.getLogger('django.request'); "
        "log.warning('odd'); log.error('bad')"
    )
    done = run(
        production | {"LOG_LEVEL": level, "DJANGO_SETTINGS_MODULE": "config.settings"}, "-c", words
    )
    assert [line.split()[-1] for line in done.stderr.splitlines()] == told.split()


@pytest.mark.django_db
def test_the_database_under_test_gives_no_cause_for_complaint_but_its_speed():
    found = checks.databases_are_safe(None, databases=["default"])
    # The tests' SQLite does without waiting for the disk, and may be an old one.
    expected = {"crossread.E004", "crossread.W002"} if connection.vendor == "sqlite" else set()
    assert {message.id for message in found} <= expected


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False),
        ((3, 50, 6), False), ((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True),
        ((3, 53, 0), True), ((4, 0, 0), True),
    ],
)  # fmt: skip
def test_the_versions_of_sqlite_that_can_lose_commits_are_known(version, safe):
    assert checks.resets_wal_safely(version) is safe


def test_the_file_system_is_that_of_the_nearest_mount(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/a / ext4 rw 0 0\nhost:/x /srv/two\\040words nfs4 rw 0 0\n")
    assert checks.file_system(Path("/srv/two words/desk"), mounts) == "nfs4"
    assert checks.file_system(Path("/srv"), mounts) == "ext4"
    assert checks.file_system(Path("/srv"), tmp_path / "absent") == ""


def test_sqlite_on_the_network_is_warned_of(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path / "not" / "yet"
    assert checks.data_folder(None) == []
    monkeypatch.setattr(checks, "file_system", lambda path: "nfs4")
    expected = ["crossread.W001"] if connection.vendor == "sqlite" else []
    assert [message.id for message in checks.data_folder(None)] == expected


def test_a_folder_that_cannot_be_written_is_an_error(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(checks.os, "access", lambda path, mode: False)
    assert [message.id for message in checks.data_folder(None)] == ["crossread.E003"]

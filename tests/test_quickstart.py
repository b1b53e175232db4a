"""`manage.py quickstart`, from nothing and again, as a person runs it; and the demo project."""

import http.cookiejar
import json
import os
import re
import socket
import stat
import subprocess
import sys
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

import pytest
from django.core.management import CommandError, call_command

from annotations import demonstration
from annotations.management.commands import quickstart
from corpus_app.models import Event, User
from tests.serving import ROOT, Desk, free_port

LOGIN = re.compile(r"│ (\S+)\s+│ (\S{16})\s+│ (\w+)\s+│")
UNSET = ("SECRET_KEY", "HTTPS", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "QUICKSTART")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The environment of a person who has set nothing; only data goes to a folder of its own."""
    folder = tmp_path_factory.mktemp("fresh") / "var"
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return folder, kept | {"DATA_DIR": str(folder)}


def manage(variables, *arguments: str) -> str:
    """What the command prints."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def browser(port: int):
    """Opens paths of the desk, with cookies; gives status, headers and text."""
    jar = HTTPCookieProcessor(http.cookiejar.CookieJar())
    opener = build_opener(ProxyHandler({}), jar)

    def fetch(path: str, **fields: str) -> str:
        data = urlencode(fields).encode() if fields else None
        with opener.open(f"http://127.0.0.1:{port}{path}", data, timeout=20) as response:
            return response.read().decode()

    return fetch


def test_from_nothing_to_a_served_desk_and_again_without_a_change(fresh):
    folder, variables = fresh
    desk = Desk(("quickstart",), variables, free_port())
    # The first run prepares everything before it answers.
    desk.wait(60)
    page = browser(desk.port)
    sign_in = page("/sign-in/")
    sheet = re.search(r'href="(/static/corpus_app/every\.[0-9a-f]{12}\.css)"', sign_in)[1]
    assert "{" in page(sheet)
    printed = desk.end()
    assert desk.process.returncode == 0

    logins = LOGIN.findall(printed)
    assert [(name, part) for name, _, part in logins] == [
        ("admin", "administrator"),
        ("amina", "analyst"), ("boris", "analyst"), ("clara", "curator"),
    ]  # fmt: skip
    assert len({password for _, password, _ in logins}) == 4
    key = folder / "secret-key"
    assert (stat.S_IMODE(key.stat().st_mode), len(key.read_text())) == (0o600, 64)

    before = manage(variables, "dumpdata"), key.read_text()
    desk = Desk(("quickstart",), variables, free_port())
    desk.wait(60)
    page = browser(desk.port)
    forgery = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page("/sign-in/"))[1]
    amina = {"username": "amina", "password": logins[1][1], "csrfmiddlewaretoken": forgery}
    assert "The Lantern Tunnel" in page("/sign-in/", **amina)
    printed = desk.end()
    assert LOGIN.findall(printed) == []
    after = json.loads(manage(variables, "dumpdata"))
    assert changed(json.loads(before[0]), after) <= {"sessions.session", "axes.accesslog"}
    assert key.read_text() == before[1]


@pytest.mark.parametrize("command", ["quickstart", "serve"])
def test_a_port_at_which_something_is_served_is_refused(command, db):
    other = socket.create_server(("127.0.0.1", 0))
    with other, pytest.raises(CommandError, match="choose another --port"):
        call_command(command, port=other.getsockname()[1])


def changed(before: list[dict], after: list[dict]) -> set[str]:
    """The tables whose rows differ, but for the moment at which a person signed in last."""
    states = []
    for rows in (before, after):
        for row in rows:
            row["fields"].pop("last_login", None)
        states.append({(row["model"], json.dumps(row, sort_keys=True)) for row in rows})
    return {model for model, _ in states[0] ^ states[1]}


def test_the_demo_is_stored_whole_or_not_at_all(db, monkeypatch):
    wrong = '{"file": "nowhere.txt", "quote": "nothing", "named": "Nobody"}'
    read = demonstration._read
    monkeypatch.setattr(
        demonstration, "_read", lambda name: wrong if name == "mentions.jsonl" else read(name)
    )
    with pytest.raises(demonstration.DemoError, match=r"nowhere\.txt"):
        demonstration.load(tell=lambda words: None)
    assert (User.objects.count(), Event.objects.count(), demonstration.is_there()) == (0, 0, False)


def test_people_who_are_there_keep_their_passwords(db):
    User.objects.create_superuser("root-of-all", password="as before")
    User.objects.create_user("boris", password="as before")
    made = demonstration.load(tell=lambda words: None)
    assert [login.username for login in made] == ["amina", "clara"]
    assert User.objects.get(username="boris").check_password("as before")


def test_static_files_are_collected_only_when_they_changed(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    calls = []
    monkeypatch.setattr(quickstart, "call_command", lambda name, **options: calls.append(name))
    quickstart.collect_if_changed()
    quickstart.collect_if_changed()
    assert calls == ["collectstatic"]
    monkeypatch.setattr(quickstart, "fingerprint", lambda: "another")
    quickstart.collect_if_changed()
    assert calls == ["collectstatic"] * 2

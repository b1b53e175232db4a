"""Takes the README's pictures anew: `uv run python -m tests.screenshots [FOLDER]`.

A desk with the demo project is made in a folder of its own, served, and looked at in Chromium at
two widths, by day and by night. A picture is `docs/pictures/NAME-WIDTH-SCHEME.png`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.serving import ROOT, Desk, free_port

SIZES = ((1440, 1000), (390, 844))
SCHEMES = ("light", "dark")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
MANAGE = [sys.executable, "manage.py"]
SIGN_IN = """
import json
from django.test import Client
from corpus_app.models import User
cookies = {}
for user in User.objects.all():
    client = Client()
    client.force_login(user)
    cookies[user.username] = client.cookies["sessionid"].value
print(json.dumps(cookies))
"""


@dataclass(frozen=True)
class Scene:
    """A page as one person sees it, once she has done something on it."""

    name: str
    path: str
    person: str = ""
    act: Callable[[Page], None] = lambda page: None


def review(page: Page) -> None:
    [demo] = (ROOT / "annotations" / "demo" / "articles").glob("03-*.txt")
    # The demo project has the very same text and would refuse it.
    page.get_by_label("Paste the text").fill(f"{demo.read_text()}\nShare this article\n")
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("heading", name="What is what?").wait_for()


def open_claim(page: Page) -> None:
    """A claim that she can still change, opened in the panel."""
    page.get_by_role("link", name="They Came, They Signed").first.click()
    page.locator("mark").nth(3).click()
    expect(page.get_by_label("Note")).to_be_visible()


def read_both(page: Page) -> None:
    """An article in which the curator sees the marks of everybody."""
    page.get_by_role("link", name="Nine Hours in Port Alder").first.click()
    page.locator("mark").nth(2).click()


SCENES = (
    Scene("sign-in", "/sign-in/"),
    Scene("queue", "/", "amina"),
    Scene("review", "/projects/lantern-tunnel/import/", "clara", review),
    Scene("workbench", "/", "amina", open_claim),
    Scene("curator", "/", "clara", read_both),
    Scene("actors", "/desk/corpus_app/actor/", "clara"),
    Scene("tags", "/desk/annotations/claimtag/", "clara"),
    Scene("api", "/api/", "clara"),
)


def main(target: Path) -> None:
    """Write every picture into the folder."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="crossread-pictures-") as folder:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"sqlite:///{folder}/desk.sqlite3",
            "DATA_DIR": folder,
            "SECRET_KEY": "pictures-0123456789-abcdefghijklmnopqrstuvwxyz",
            "HTTPS": "false",
            "LOG_LEVEL": "ERROR",
        }
        run = {"cwd": ROOT, "env": environment, "check": True}
        subprocess.run([*MANAGE, "quickstart", "--no-serve"], **run)
        told = subprocess.run(
            [*MANAGE, "shell", "-v0", "-c", SIGN_IN], **run, stdout=subprocess.PIPE
        )
        cookies = json.loads(told.stdout)
        desk = Desk(("serve",), environment, free_port())
        try:
            desk.wait()
            look(f"http://127.0.0.1:{desk.port}", target, cookies)
        finally:
            desk.end()


def look(address: str, target: Path, cookies: dict[str, str]) -> None:
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        for scene in SCENES:
            take(chromium, address, target, scene, cookies)


def take(
    chromium: Browser, address: str, target: Path, scene: Scene, cookies: dict[str, str]
) -> None:
    """The scene at every size, by day and by night."""
    for width, height in SIZES:
        for scheme in SCHEMES:
            viewport = {"width": width, "height": height}
            window = chromium.new_context(viewport=viewport, color_scheme=scheme)
            if scene.person:
                cookie = {"name": "sessionid", "value": cookies[scene.person], "url": address}
                window.add_cookies([cookie])
            page = window.new_page()
            page.goto(address + scene.path)
            scene.act(page)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=target / f"{scene.name}-{width}-{scheme}.png")
            window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")

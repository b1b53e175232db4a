"""Articles opened and marked in Chromium on the served desk: how fast, and with what memory.

A page counts as seen when every annotation has its mark in the text and a frame was drawn after
that; a key counts as painted one frame after the mark stood in the text.
"""

import json
import random
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from rich.console import Console

from annotations.models import Annotation, ClaimTag, Coding, Participant, Preference, Span
from tests import factories, planted
from tests.benchmarks.world import session
from tests.browser.conftest import NAMES, SWITCHES, shutil
from tests.serving import served

SIZES = ((5_000, 200), (100_000, 1_000), (100_000, 10_000), (1_000_000, 1_000))
VISITS = 5
KEYS = 30
WATCH = """
addEventListener("keydown", (event) => { globalThis.pressed = event.timeStamp; }, true);
globalThis.timesOf = (root, seen) => new Promise((resolve) => {
  const watch = new MutationObserver(() => {
    if (!seen()) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressed)));
  });
  watch.observe(root, { childList: true, subtree: true, attributes: true, characterData: true });
});
"""
SEEN = """
(wanted) => new Promise((resolve) => {
  const seen = new Set();
  const look = (nodes) => {
    for (const { dataset } of nodes) {
      for (const id of dataset?.ids?.split(" ") ?? []) seen.add(id);
    }
    if (seen.size < wanted) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  };
  const watch = new MutationObserver((changes) => {
    look(changes.flatMap(({ addedNodes }) => [...addedNodes]));
  });
  watch.observe(document, { childList: true, subtree: true });
  look(document.querySelectorAll("mark[data-ids]"));
})
"""
ARM = """
() => {
  const text = document.getElementById("text");
  const status = document.getElementById("status");
  const marks = [...text.querySelectorAll("mark")];
  const before = new Set(marks.flatMap((mark) => mark.dataset.ids.split(" ")));
  const isNew = () => [...text.querySelectorAll("mark.is-open")]
    .some((mark) => mark.dataset.ids.split(" ").some((id) => !before.has(id)));
  let waited = false;
  globalThis.painted = timesOf(text, isNew);
  globalThis.stored = timesOf(status, () => {
    waited ||= status.dataset.state !== "saved";
    return waited && status.dataset.state === "saved";
  });
}
"""


@dataclass
class Visit:
    """One opening of a page: milliseconds until all is seen, bytes that came, bytes of heap."""

    milliseconds: float
    transferred: int
    heap: int


def run() -> None:
    """Fill a fresh database, serve it, and print all figures as JSON."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    project = factories.ProjectFactory(slug="desk")
    factories.small_codebook(project)
    actors = [factories.actor(project, f"Office {number}") for number in range(20)]
    analyst = factories.member(project)
    Preference.objects.create(user=analyst, toured=analyst.date_joined)
    figures, console = [], Console(stderr=True)
    with served(Path(settings.DATA_DIR)) as desk, sync_playwright() as playwright:
        # The browser as people have it, with its window.
        path = next(filter(None, map(shutil.which, reversed(NAMES))))
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        for length, count in SIZES:
            article = written(project, analyst, actors, length, count)
            host = f"http://127.0.0.1:{desk.port}"
            name = f"{length // 1000:,} kB, {count:,} marks"
            with console.status(f"{connection.vendor}: {name}"):
                figures += opened(
                    browser, host, f"/articles/{article.pk}/", session(analyst), name, count
                )
        browser.close()
    json.dump(figures, sys.stdout)


def written(project, analyst, actors, length: int, count: int):
    """An article in natural words with that many claims, which overlap, nest and cross."""
    writer = planted.Writer(length + count)
    paragraphs = []
    while sum(map(len, paragraphs)) < length:
        paragraphs.append(" ".join(writer.paragraph()))
    article = factories.plain_article(project, "\n\n".join(paragraphs), name=f"{length} {count}")
    factories.assigned(article, analyst)
    revision = article.revisions.get()
    chance = random.Random(count)
    own = {"project_id": project.pk}
    tags = list(ClaimTag.objects.filter(project=project))
    made = Annotation.objects.bulk_create(
        Annotation(
            **own, article=article, revision=revision, author=analyst, kind="claim",
            state="complete",
        )
        for _ in range(count)
    )  # fmt: skip
    spans = []
    for one in made:
        start = chance.randrange(len(revision.text) - 200)
        end = start + chance.choice((8, 20, 60, 150))
        spans.append(
            Span(**own, annotation=one, start=start, end=end, quote=revision.text[start:end])
        )
    Span.objects.bulk_create(spans)
    Participant.objects.bulk_create(
        Participant(**own, annotation=one, role="claimant", actor=chance.choice(actors))
        for one in made
    )
    Coding.objects.bulk_create(
        Coding(**own, annotation=one, tag=chance.choice(tags), definition_number=1) for one in made
    )
    return article


def opened(
    browser: Browser, host: str, address: str, cookie: str, name: str, count: int
) -> Iterator[tuple[str, str]]:
    """What a first visit and later ones take, and then marking by key."""
    window = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=host)
    window.set_default_timeout(60_000)
    window.add_init_script(WATCH)
    window.add_cookies([{"name": "sessionid", "value": cookie, "url": host}])
    first = visit(window, address, count)
    later = [visit(window, address, count) for _ in range(VISITS)]
    warm = statistics.median(one.milliseconds for one in later)
    yield f"{name}: all seen, first visit", f"{first.milliseconds:,.0f} ms"
    yield f"{name}: all seen, later visits", f"{warm:,.0f} ms"
    yield f"{name}: transferred first", f"{first.transferred / 1000:,.0f} kB"
    again = statistics.median(one.transferred for one in later)
    yield f"{name}: transferred later", f"{again / 1000:,.0f} kB"
    heap = statistics.median(one.heap for one in later)
    yield f"{name}: heap", f"{heap / 1e6:,.0f} MB"
    painted, stored = marking(window, address)
    yield f"{name}: key to mark painted", told(painted)
    yield f"{name}: key to stored", told(stored)
    window.close()


def visit(window: BrowserContext, address: str, count: int) -> Visit:
    """The page opened in a new tab and closed again."""
    page = window.new_page()
    line = window.new_cdp_session(page)
    line.send("Network.enable")
    came = []
    line.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    page.goto(address, wait_until="commit")
    milliseconds = page.evaluate(SEEN, count)
    page.wait_for_selector("#workbench[data-ready]")
    page.wait_for_load_state("networkidle")
    line.send("HeapProfiler.collectGarbage")
    heap = line.send("Runtime.getHeapUsage")["usedSize"]
    page.close()
    return Visit(milliseconds, int(sum(came)), heap)


def marking(window: BrowserContext, address: str) -> tuple[list[float], list[float]]:
    """Milliseconds from the key of a tag to the mark painted, and to the change stored."""
    page: Page = window.new_page()
    page.goto(address)
    page.wait_for_selector("#workbench[data-ready]")
    page.wait_for_load_state("networkidle")
    painted, stored = [], []
    for _ in range(KEYS):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowRight")
        page.evaluate(ARM)
        page.keyboard.press("f")
        painted.append(page.evaluate("painted"))
        stored.append(page.evaluate("stored"))
    page.close()
    return painted, stored


def told(times: list[float]) -> str:
    return f"median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms"

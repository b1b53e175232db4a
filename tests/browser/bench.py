"""The workbench as the tests use it: keys, the mouse, what is seen and what is stored."""

from playwright.sync_api import expect

from annotations.models import Span
from tests.browser.conftest import session_cookie

expect.set_options(timeout=15_000)  # other tests may keep the machine busy
NETWORK = r"Failed to load resource: net::ERR_INTERNET_DISCONNECTED"


def go(page, article):
    page.goto(f"/articles/{article.pk}/")
    page.wait_for_selector("#workbench[data-ready]")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def saved(page):
    expect(page.locator("#status")).to_contain_text("Saved")
    expect(page.locator("#status")).to_have_attribute("data-state", "saved")


def quotes(**fields):
    """The quotes of the standing annotations, stretch by stretch."""
    spans = Span.objects.filter(annotation__deleted=None, **fields)
    return list(spans.order_by("start", "end").values_list("quote", flat=True))


def marked(page):
    return page.locator("#text mark").all_text_contents()


def drag(page, first, last):
    """Select with the mouse from the beginning of one text to the end of another."""
    box = page.evaluate(
        """([first, last]) => {
          const walk = (words, atEnd) => {
            const text = document.getElementById("text");
            const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
              const at = node.data.indexOf(words);
              if (at < 0) continue;
              const range = document.createRange();
              range.setStart(node, at);
              range.setEnd(node, at + words.length);
              const rects = range.getClientRects();
              const rect = rects[atEnd ? rects.length - 1 : 0];
              const isLeft = atEnd === (getComputedStyle(node.parentElement).direction === "rtl");
              return { x: isLeft ? rect.left + 1 : rect.right - 1, y: rect.top + rect.height / 2 };
            }
          };
          return [walk(first, false), walk(last, true)];
        }""",
        [first, last],
    )
    page.mouse.move(**box[0])
    page.mouse.down()
    page.mouse.move(**box[1], steps=4)
    page.mouse.up()


def sign_in_as(window, person, page):
    """Another session in the same browser, as if signed in from another tab."""
    window.clear_cookies()
    window.add_cookies([session_cookie(person, page.evaluate("location.origin"))])
    window.request.get("/")

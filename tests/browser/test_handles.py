"""Ends of a stretch, dragged by mouse and finger: whole words, single characters with Alt."""

from playwright.sync_api import expect

from corpus_app.models import Event
from tests import factories
from tests.browser.bench import press, quotes, saved

PHONE = {
    "viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True,
    "device_scale_factor": 2,
}  # fmt: skip
MIDDLE = """(words) => {
  const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    const { x, y, width, height } = range.getBoundingClientRect();
    return [x + width / 2, y + height / 2];
  }
}"""


def middle_of(page, words):
    return page.evaluate(MIDDLE, words)


def knob(page, side):
    """Where a handle is taken hold of: at the end of its line that sticks out."""
    handle = page.locator(f".wb-handle[data-side={side}]")
    handle.wait_for()
    box = handle.bounding_box()
    return box["x"] + 1, box["y"] + (0 if side == "start" else box["height"])


def take(page, side, words, modifier=None):
    """Drag a handle to the middle of some words; the button of the mouse stays pressed."""
    if modifier:
        page.keyboard.down(modifier)
    page.mouse.move(*knob(page, side))
    page.mouse.down()
    x, y = middle_of(page, words)
    page.mouse.move(x, y + (-10 if side == "start" else 10), steps=4)


def drop(page, modifier=None):
    page.mouse.up()
    if modifier:
        page.keyboard.up(modifier)


def stretch(page):
    return page.get_by_role("region", name="The open claim").locator(".wb-stretches q")


def test_an_end_is_dragged_over_passages_and_back_as_one_change(open_desk, analyst, article):
    factories.claim(article, analyst, 4, 11)
    page, _ = open_desk(analyst)
    press(page, "]")
    take(page, "end", "Nobody")
    expect(page.locator("#text mark")).to_have_text("harbour is open. Nobody")
    assert quotes() == ["harbour"]
    press(page, "Escape")
    drop(page)
    expect(page.locator("#text mark")).to_have_text("harbour")
    take(page, "end", "storm")
    drop(page)
    expect(stretch(page)).to_contain_text("Ada Quill expects a storm")
    take(page, "start", "The", "Alt")
    drop(page, "Alt")
    saved(page)
    assert Event.objects.filter(verb="changed").count() == 2
    (quote,) = quotes()
    assert quote.endswith("expects a storm")
    assert quote[:10] in ("he harbour", "e harbour ")
    press(page, "Control+z", "Control+z")
    saved(page)
    assert quotes() == ["harbour"]


def test_fingers_select_mark_drag_and_put_the_sheet_away(open_desk, analyst, article):
    factories.claim(article, analyst, 4, 11)
    page, window = open_desk(analyst, **PHONE)
    finger = window.new_cdp_session(page)

    def swipe(start, end):
        touch = lambda kind, *points: finger.send(  # noqa: E731
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )
        touch("touchStart", start)
        for part in (0.3, 0.6, 1):
            touch("touchMove", tuple(a + (b - a) * part for a, b in zip(start, end, strict=True)))
        touch("touchEnd")

    def tap(words, times=1):
        x, y = middle_of(page, words)
        for _ in range(times):
            page.touchscreen.tap(x, y)

    later = page.get_by_role("button", name="Not now")
    if later.is_visible():
        later.tap()
    tap("Nobody", 2)
    bar = page.get_by_role("toolbar", name="Mark the selection")
    box = bar.bounding_box()
    assert box["y"] > 740 / 2
    assert all(button.bounding_box()["height"] >= 44 for button in bar.get_by_role("button").all())
    bar.get_by_role("button", name="Norm").tap()
    saved(page)
    assert quotes() == ["harbour", "Nobody"]
    x, y = knob(page, "end")
    at = middle_of(page, "so, but")
    swipe((x, y + 8), (at[0], at[1] + 20))
    expect(stretch(page)).not_to_have_text("Nobody")
    saved(page)
    assert len(quotes()[1].split()) > 3
    grip = page.get_by_role("button", name="Height of the panel")
    box = grip.bounding_box()
    assert box["height"] >= 44
    middle = (180, box["y"] + 22)
    swipe(middle, (180, 120))
    assert grip.bounding_box()["y"] < 200
    swipe((180, grip.bounding_box()["y"] + 22), (180, 735))
    expect(page.get_by_role("region", name="The open claim")).to_have_count(0)
    assert page.evaluate("visualViewport.scale") == 1

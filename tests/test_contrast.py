"""The colours of tokens.css: WCAG 2.2 AA by day and by night."""

import re
from pathlib import Path

import pytest

TOKENS = Path("corpus_app/static/corpus_app/tokens.css").read_text()
COLOURS = {
    name: (day, night)
    for name, day, night in re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", TOKENS
    )
}
GROUNDS = ("paper", "surface", "sunken")
TEXT, LINES = 4.5, 3.0
PAIRS = [
    *((ink, ground, TEXT) for ground in GROUNDS for ink in ("ink", "ink-soft", "accent", "bad")),
    *((ink, ground, TEXT) for ground in GROUNDS for ink in ("good", "warn", "accent-strong")),
    *((word, f"{word}-wash", TEXT) for word in ("good", "warn", "bad", "accent")),
    *(("ink", f"{word}-wash", TEXT) for word in ("good", "warn", "bad", "accent")),
    *(("ink-soft", f"{word}-wash", TEXT) for word in ("good", "warn", "bad", "accent")),
    ("accent-strong", "accent-wash", TEXT),
    ("accent-ink", "accent", TEXT),
    ("accent-ink", "accent-strong", TEXT),
    ("bad-ink", "bad", TEXT),
    *((line, ground, LINES) for ground in GROUNDS for line in ("edge", "focus")),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("time", [0, 1], ids=["day", "night"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_ink_stands_out_from_its_ground(ink, ground, least, time):
    assert contrast(COLOURS[ink][time], COLOURS[ground][time]) >= least

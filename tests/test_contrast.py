"""The colours of tokens.css and of tags: WCAG 2.2 AA by day and by night."""

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
CODEBOOK = Path("annotations/static/annotations/workbench/codebook.js").read_text()
TAGS = re.findall(r'"(#[0-9a-f]{6})"', CODEBOOK)
PAPER, SOFT, INK = COLOURS["paper"], COLOURS["ink-soft"], COLOURS["ink"]
LIGHTER = 0.52  # what of a tag's colour is left at night, the rest is white
TINTS = {"at rest": 0.13, "open": 0.34}  # how strongly a mark's ground is tinted
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


def shown(tag: str, time: int) -> str:
    """A tag's colour as the page has it: at night mixed with white in OKLab."""
    return mixed(tag, "#ffffff", LIGHTER) if time else tag


def mixed(one: str, other: str, share: float) -> str:
    """What `color-mix(in oklab, one share, other)` gives."""
    pairs = zip(to_oklab(one), to_oklab(other), strict=True)
    return from_oklab([share * a + (1 - share) * b for a, b in pairs])


def over(colour: str, ground: str, share: float) -> str:
    """The colour laid on a ground as a tint of this strength."""
    pairs = [(int(colour[at : at + 2], 16), int(ground[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def to_oklab(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    light = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    cones = [sum(w * p for w, p in zip(row, light, strict=True)) ** (1 / 3) for row in TO_CONES]
    return [sum(w * c for w, c in zip(row, cones, strict=True)) for row in TO_LAB]


def from_oklab(lab: list[float]) -> str:
    cones = [sum(w * part for w, part in zip(row, lab, strict=True)) ** 3 for row in FROM_LAB]
    light = [sum(w * c for w, c in zip(row, cones, strict=True)) for row in FROM_CONES]
    parts = [min(1, max(0, p)) for p in light]
    parts = [12.92 * p if p <= 0.0031308 else 1.055 * p ** (1 / 2.4) - 0.055 for p in parts]
    return "#" + "".join(f"{round(255 * p):02x}" for p in parts)


# The matrices of OKLab, https://www.w3.org/TR/css-color-4/#color-conversion-code
TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
FROM_LAB = (
    (1, 0.3963377774, 0.2158037573),
    (1, -0.1055613458, -0.0638541728),
    (1, -0.0894841775, -1.2914855480),
)
FROM_CONES = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


@pytest.mark.parametrize("time", [0, 1], ids=["day", "night"])
@pytest.mark.parametrize("tag", TAGS)
def test_the_line_below_a_mark_stands_out(tag, time):
    assert contrast(shown(tag, time), PAPER[time]) >= LINES


@pytest.mark.parametrize("time", [0, 1], ids=["day", "night"])
@pytest.mark.parametrize("tint", TINTS)
@pytest.mark.parametrize("tag", TAGS)
def test_words_can_be_read_on_a_mark(tag, tint, time):
    ground = over(shown(tag, time), PAPER[time], TINTS[tint])
    assert contrast(INK[time], ground) >= TEXT


@pytest.mark.parametrize("time", [0, 1], ids=["day", "night"])
@pytest.mark.parametrize("tag", TAGS)
def test_the_key_after_a_mark_can_be_read(tag, time):
    ground = over(shown(tag, time), PAPER[time], TINTS["at rest"])
    assert contrast(SOFT[time], ground) >= TEXT

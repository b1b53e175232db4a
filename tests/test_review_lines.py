"""Which lines a person had better look at, and which line says what is known of an article."""

from datetime import date

import pytest

from corpus_app.text import Line, Role
from corpus_app.text.doubts import doubtful
from corpus_app.text.origins import origins

PROSE = "The ferries of the strait sail again, and nobody in the harbour can say for how long."


def page(*lines: str) -> list[Line]:
    """Lines from "role: text", with a blank line between any two."""
    parts = (line.partition(": ")[::2] for line in lines)
    return [Line(2 * n + 1, text, Role(role)) for n, (role, text) in enumerate(parts)]


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        (f"body: {PROSE}", False),
        ("body: He who waits for it", True),
        ("body: Join us.", True),
        ("body: - a list of things", True),
        ("body: - a list of things that goes on for more", False),
        ("body: 港は静かである。", False),
        ("boilerplate: Share", False),
        (f"boilerplate: {PROSE}", True),
        ("heading: What now", False),
        (f"heading: {PROSE * 3}", True),
        (f"duplicate: {PROSE}", False),
        ("title: Another title", True),
        ("caption: A ferry", False),
    ],
)
def test_a_line_whose_shape_speaks_against_its_role_is_doubtful(line, doubt):
    lines = page("title: Calm", line, f"body: {PROSE}")
    assert doubtful(lines) == ({3} if doubt else set())


def test_what_is_known_is_found_in_the_first_line_that_says_it():
    lines = page(
        "outlet: The Harbour Post", "title: Calm", "byline: By Ada Quill", "byline: By Ben Okri",
        "dateline: 3 March 2024", "dateline: 3 March 2024", "byline: Translated by Cy Moss",
        f"body: {PROSE}",
    )  # fmt: skip
    known = {
        "title": "Calm", "authors": ("Ben Okri", "Ada Quill"), "translators": ("Cy Moss",),
        "outlet": "The Harbour Post", "published_on": date(2024, 3, 3), "language": "en",
    }  # fmt: skip
    assert origins(lines, known) == {
        "outlet": 1, "title": 3, "authors": 5, "published_on": 9, "translators": 13,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ("title: Calm", {"title": "Storm"}),
        ("dateline: 3 March 2024", {"published_on": date(2024, 3, 4)}),
        ("byline: By Ada Quill", {"authors": ()}),
        ("body: By Ada Quill", {"authors": ("Ada Quill",)}),
    ],
)
def test_what_no_line_says_has_no_origin(line, known):
    assert origins(page(line), known) == {}

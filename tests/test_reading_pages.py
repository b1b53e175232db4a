"""Saved news pages: how much of the article is kept and of the rest dropped."""

from collections.abc import Callable

from corpus_app.reading import Readers
from tests.pages import NOTHING, bare_without_comments, needs_pages, ours, saved_pages, score

pytestmark = needs_pages


def shares(way: Callable[[bytes], str]) -> tuple[float, float]:
    """Of all pages: the share of the articles that is kept, and of the rest that is dropped."""
    return sum((score(page, way(page.source)) for page in saved_pages()), NOTHING).shares


def test_more_is_kept_and_more_dropped_than_by_the_bare_library():
    with Readers() as readers:
        kept, dropped = shares(ours(readers))
    assert len(list(saved_pages())) >= 40
    assert kept >= 0.98
    assert dropped >= 0.98
    bare_kept, bare_dropped = shares(bare_without_comments)
    assert (kept > bare_kept, dropped > bare_dropped) == (True, True)

"""The saved pages beside the repository, and how much of an article and of the rest is kept.

They are not ours and not in it. Words are counted as often as they stand. What is kept is the
share of the gold text's words that stand in the text; what is dropped, the share of the page's
other visible words that do not. Titles are not part of the gold text and not counted.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import html
from trafilatura import extract

from corpus_app import text
from corpus_app.reading import Readers

PAGES = Path(__file__).resolve().parents[2] / "shared" / "pages"
ABSENT = "the saved pages (../shared/pages) are not beside this repository"
needs_pages = pytest.mark.skipif(not PAGES.is_dir(), reason=ABSENT)


@dataclass(frozen=True)
class SavedPage:
    """A page and the words of its article and of all that it shows."""

    name: str
    source: bytes
    gold: Counter
    shown: Counter


@dataclass(frozen=True)
class Score:
    """How many words of the gold text there are and are kept, and the same of the others."""

    gold: int
    kept: int
    noise: int
    dropped: int

    def __add__(self, other: "Score") -> "Score":
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Score(*(one + another for one, another in pairs))

    @property
    def shares(self) -> tuple[float, float]:
        """The share of the gold text that is kept, and of the rest that is dropped."""
        return self.kept / self.gold, self.dropped / self.noise


NOTHING = Score(0, 0, 0, 0)


def words(text: str) -> Counter:
    """How often each word stands in the text."""
    return Counter(re.findall(r"\w+", text.casefold()))


def saved_pages() -> Iterator[SavedPage]:
    """Every page with its gold text, in order of name."""
    known = json.loads((PAGES / "ground-truth.json").read_text(encoding="utf-8"))
    for name, facts in sorted(known.items()):
        source = gzip.decompress((PAGES / "html" / f"{name}.html.gz").read_bytes())
        yield SavedPage(name[:8], source, words(facts["articleBody"]), words(shown(source)))


def shown(source: bytes) -> str:
    """All that the page shows."""
    tree = html.fromstring(source.decode(errors="replace"))
    for element in tree.xpath("//script|//style|//noscript|//template|//head|//svg"):
        element.drop_tree()
    return " ".join(tree.itertext())


def score(page: SavedPage, found: str) -> Score:
    """How well the text found on the page fits the gold text."""
    taken = words(found)
    noise = (page.shown - page.gold).total()
    return Score(
        gold=page.gold.total(), kept=(page.gold & taken).total(),
        noise=noise, dropped=max(0, noise - (taken - page.gold).total()),
    )  # fmt: skip


def ours(readers: Readers) -> Callable[[bytes], str]:
    """The passages but the title, as an import of the page would store them."""

    def found(source: bytes) -> str:
        document = readers.read("page.html", source)
        cleaned, slices = text.compose(text.classify(document.text, document.roles))
        return "\n".join(cleaned[one.start : one.end] for one in slices if one.kind != "title")

    return found


def bare(source: bytes) -> str:
    """What the library gives by itself."""
    return extract(source) or ""


def bare_without_comments(source: bytes) -> str:
    """The same, told to leave out readers' comments."""
    return extract(source, include_comments=False) or ""

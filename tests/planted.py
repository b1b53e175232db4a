"""Generated articles, and passages planted in them that an earlier article has too.

The words follow Zipf's law and the sentences share idioms, so that unrelated passages look alike
here and there, as they do in life.
"""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import connection

from corpus_app import ingest
from corpus_app.models import Project, Reuse, User
from corpus_app.text import Line, Role

COMMON = (
    "the of and to in a that is was for it on with as by at from he has be said this which "
    "are not have its will an would been were but they their his had one more after who than "
    "also when all there about last into other some could over time up out two if no what "
    "only so "
)
OPENINGS = "b br c ch d f fl g gr h k l m n p pr qu r s sh st t tr v w"
MIDDLES = "a e i o u ai ea ou ie a e i o"
ENDINGS = "n r l t s nd st m ck rd ng th ll sh"
KINDS = ("whole", "changed", "part", "quotation")
FIRST_DAY = date(2020, 1, 1)


@dataclass(frozen=True)
class Piece:
    """A planted reuse: in which article and paragraph (from 0) it is, and where it is from."""

    kind: str
    article: int
    paragraph: int
    source: int
    source_paragraph: int


class Writer:
    """Writes sentences and paragraphs; the same seed writes the same."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        names = self._invented(20_000)
        self.words = [*COMMON.split(), *names]
        weights = (1 / rank**0.95 for rank in range(2, len(self.words) + 2))
        self.weights = list(itertools.accumulate(weights))
        self.idioms = [self._words(self.random.randint(4, 7)) for _ in range(300)]
        self.idiom_weights = list(itertools.accumulate(1 / rank for rank in range(1, 301)))

    def sentence(self, length: int | None = None) -> str:
        words = self._words(length or self.random.randint(11, 30))
        if self.random.random() < 0.25:
            [idiom] = self.random.choices(self.idioms, cum_weights=self.idiom_weights)
            words[4:4] = idiom
        return " ".join(words).capitalize() + "."

    def paragraph(self) -> list[str]:
        """A paragraph's sentences; in some of them somebody is quoted."""
        sentences = [self.sentence() for _ in range(self.random.randint(3, 6))]
        if self.random.random() < 0.2:
            sentences.append(self.quoting(self.sentence(self.random.randint(12, 24))))
        return sentences

    def quoting(self, sentence: str) -> str:
        return f"“{sentence[:-1]},” said {self._words(1)[0].capitalize()}."

    def changed(self, text: str, count: int) -> str:
        """The text with that many of its words in the place of which another stands."""
        words = text.split()
        for place in self.random.sample(range(len(words)), count):
            end = "." if words[place].endswith(".") else ""
            words[place] = f"re{self._words(1)[0]}{end}"
        return " ".join(words)

    def _words(self, count: int) -> list[str]:
        return self.random.choices(self.words, cum_weights=self.weights, k=count)

    def _invented(self, count: int) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < count:
            syllables = self.random.choice((1, 2, 2, 3, 3))
            found["".join(self._syllable() for _ in range(syllables))] = None
        return list(found)

    def _syllable(self) -> str:
        return "".join(self.random.choice(part.split()) for part in (OPENINGS, MIDDLES, ENDINGS))


def corpus(count: int, planted: int, seed: int = 7) -> tuple[Iterator[str], list[Piece]]:
    """The texts of so many articles of about 5 kB, one at a time, and what is planted in them."""
    random_places = random.Random(seed)
    articles = random_places.sample(range(count), 2 * planted)
    pairs = [sorted(articles[n : n + 2]) for n in range(0, 2 * planted, 2)]
    pieces = [
        Piece(kind, later, random_places.randrange(6), source, random_places.randrange(6))
        for kind, (source, later) in zip(itertools.cycle(KINDS), pairs, strict=False)
    ]
    return _texts(Writer(seed), count, pieces), pieces


def _texts(writer: Writer, count: int, pieces: Sequence[Piece]) -> Iterator[str]:
    sources = {piece.source: piece for piece in pieces}
    laters = {piece.article: piece for piece in pieces}
    kept: dict[Piece, list[str]] = {}
    for number in range(count):
        paragraphs = [writer.paragraph() for _ in range(6)]
        if piece := sources.get(number):
            if piece.kind == "quotation":
                quoting = writer.quoting(writer.sentence(22))
                paragraphs[piece.source_paragraph] = [writer.sentence(), quoting, writer.sentence()]
            kept[piece] = paragraphs[piece.source_paragraph]
        if piece := laters.get(number):
            paragraphs[piece.paragraph] = _reused(writer, piece.kind, kept.pop(piece))
        yield "\n\n".join(" ".join(sentences) for sentences in paragraphs)


def _reused(writer: Writer, kind: str, source: list[str]) -> list[str]:
    if kind == "whole":
        return source
    if kind == "changed":
        return [writer.changed(" ".join(source), 3)]
    if kind == "part":
        first = writer.random.randrange(len(source) - 1)
        return [*writer.paragraph()[:3], *source[first : first + 2], *writer.paragraph()[:2]]
    words = source[1].split("”")[0].removeprefix("“").rstrip(",").split()
    return [writer.sentence(), f"“{' '.join(words[4:16])} …” {writer.sentence()}"]


def entry(text: str, number: int = 0) -> ingest.Entry:
    """The article as it is stored: every line body text, a day of its own."""
    lines = tuple(
        Line(place, line, Role.BODY) for place, line in enumerate(text.split("\n"), start=1) if line
    )
    fields = ingest.Fields(
        title=f"Article {number}", published_on=FIRST_DAY + timedelta(days=number // 8),
        language="en",
    )  # fmt: skip
    return ingest.Entry(text.encode(), ingest.Proposal(lines, fields), f"{number}.txt")


def store(project: Project, by: User, texts: Iterator[str], at_once: int = 100) -> None:
    """Store the articles in their order, so many in one transaction.

    The database then counts its rows anew, as a server does by itself within a minute: one that
    still believes the tables empty may plan a question so that its answer takes an hour.
    """
    number = 0
    while some := list(itertools.islice(texts, at_once)):
        entries = [entry(text, number + n) for n, text in enumerate(some)]
        for article in ingest.store_many(by=by, project=project, entries=entries):
            if isinstance(article, Exception):
                raise article
        number += len(some)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def judged(project: Project, pieces: Sequence[Piece]) -> tuple[float, float, list[Piece]]:
    """Recall and precision of what was found, and what was not."""
    found = {
        (int(later[:-4]), place - 1, int(source[:-4]), source_place - 1)
        for later, place, source, source_place in Reuse.objects.filter(
            project=project
        ).values_list(
            "passage__revision__article__raw_name", "passage__number",
            "source__revision__article__raw_name", "source__number",
        )
    }  # fmt: skip
    wanted = {(one.article, one.paragraph, one.source, one.source_paragraph): one for one in pieces}
    right = found & wanted.keys()
    missed = [wanted[place] for place in wanted.keys() - found]
    return len(right) / len(wanted), len(right) / max(1, len(found)), missed


def undated(one: ingest.Entry) -> ingest.Entry:
    """The article without its day."""
    fields = replace(one.proposal.fields, published_on=None)
    return replace(one, proposal=replace(one.proposal, fields=fields))

"""Annotations' words as they stand in their text, to be shown on a page."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Greatest, Substr

from annotations.models import Annotation, Span

AROUND = 180  # code points before and after an annotation


@dataclass(frozen=True)
class Piece:
    """Words of a text, and whether the annotation marks them."""

    words: str
    marked: bool = False


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """The whole text, cut where these stretches begin and end (code points, half-open)."""
    cut, place = [], 0
    for start, end in spans:
        cut += [Piece(text[place:start]), Piece(text[start:end], marked=True)]
        place = end
    return tuple(piece for piece in (*cut, Piece(text[place:])) if piece.words)


def around(annotations: Collection[UUID]) -> dict[UUID, tuple[Piece, ...]]:
    """Each annotation's words within their paragraph, cut at words, in two queries.

    `annotations` are ids that the reader may see.
    """
    places = defaultdict(list)
    spans = Span.objects.filter(annotation__in=annotations).order_by("start")
    for pk, start, end in spans.values_list("annotation_id", "start", "end"):
        places[pk].append((start, end))
    own = Span.objects.filter(annotation=OuterRef("pk"))
    windows = Annotation.objects.filter(pk__in=annotations).annotate(
        first=Subquery(own.order_by("start").values("start")[:1]),
        last=Subquery(own.order_by("-end").values("end")[:1]),
        begin=Greatest(F("first") - AROUND, Value(0)),
        window=Substr("revision__text", F("begin") + 1, F("last") - F("begin") + AROUND),
    )
    return {
        pk: _trimmed(window, begin, places[pk])
        for pk, begin, window in windows.order_by().values_list("pk", "begin", "window")
    }


def _trimmed(window: str, begin: int, spans: list[tuple[int, int]]) -> tuple[Piece, ...]:
    """The window, which begins at `begin`, without other paragraphs and halves of words."""
    first, last = spans[0][0] - begin, spans[-1][1] - begin
    before, after = window[:first], window[last:]
    lead = before.rsplit("\n", 1)[-1]
    if lead == before and begin:
        lead = "… " + lead.partition(" ")[2]
    tail = after.split("\n", 1)[0]
    if tail == after and len(after) == AROUND:
        tail = tail.rpartition(" ")[0] + " …"
    shift = begin + first - len(lead)
    shown = lead + window[first:last] + tail
    return pieces(shown, [(start - shift, end - shift) for start, end in spans])

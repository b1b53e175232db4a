"""What other articles have in common with one: what its margin tells beside each passage."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber, Substr

from corpus_app import likeness
from corpus_app.access import reuses_for
from corpus_app.models import Article, Reuse, Revision, User

Packed = list[Any]
AT_MOST = 8  # places told beside one passage, before and after it; the others are counted
LONG = 24  # words that both have, in a row, of which a difference shows the ends alone
ENDS = 8


def retold(*, user: User, article: Article, revision: Revision) -> dict:
    """The other articles, and the rows that tell what each has in common, in two queries.

    An article is [id, title, outlet, days it appeared after this one, or null]. A row is
    [passage's number, whether the other is earlier, kind, start, end, fate, article by its place,
    the other passage's number, places in all, changes]: `[start, end)` is the stretch of this
    revision, the fate that of the words in the later article; a change is the words both have, or
    [words of the earlier, words of the later].
    """
    seen = reuses_for(user)
    articles: dict = {}
    rows = [
        *_rows(seen.filter(passage__revision=revision), "passage", "source", revision, articles),
        *_rows(seen.filter(source__revision=revision), "source", "passage", revision, articles),
    ]
    packed = [
        [
            other.pk, other.shown_title, other.outlet.name if other.outlet else "",
            _days(article.published_on, other.published_on),
        ]
        for _, other in articles.values()
    ]  # fmt: skip
    return {"articles": packed, "rows": rows}


def _rows(
    seen: QuerySet[Reuse], own: str, other: str, revision: Revision, articles: dict
) -> Iterator[Packed]:
    """The rows of one direction: `own` is the side of this revision, `other` the other one's."""
    own_start, own_end = _places(own)
    for reuse in _told(seen, own, other):
        there = getattr(reuse, other)
        article = there.revision.article
        place = articles.setdefault(article.pk, (len(articles), article))[0]
        here = revision.text[getattr(reuse, own_start) : getattr(reuse, own_end)]
        earlier, later = (reuse.words_there, here)[:: 1 if own == "passage" else -1]
        changes = likeness.difference(earlier, later) if earlier != later else []
        yield [
            getattr(reuse, own).number, int(own == "passage"), reuse.kind,
            getattr(reuse, own_start), getattr(reuse, own_end),
            likeness.fate(earlier, later), place, there.number,
            reuse.places, _packed(changes),
        ]  # fmt: skip


def _told(seen: QuerySet[Reuse], own: str, other: str) -> QuerySet[Reuse]:
    """The first AT_MOST of each passage, in the order in which the other articles appeared."""
    start, end = _places(other)
    there = f"{other}__revision__article"
    order = [F(f"{there}__published_on").asc(nulls_last=True), f"{there}__created", "id"]
    by_passage = {"partition_by": [own]}
    rows = seen.annotate(
        nth=Window(RowNumber(), **by_passage, order_by=order),
        places=Window(Count("id"), **by_passage),
        words_there=Substr(f"{other}__revision__text", F(start) + 1, F(end) - F(start)),
    )
    long = ("text", "roles", "article__raw")
    return (
        rows.filter(nth__lte=AT_MOST)
        .select_related(own, f"{there}__outlet")
        .defer(*(f"{other}__revision__{name}" for name in long))
        .order_by(f"{own}__number", _places(own)[0], "nth")
    )


def _places(side: str) -> tuple[str, str]:
    return ("start", "end") if side == "passage" else ("source_start", "source_end")


def _packed(changes: list[likeness.Change]) -> list:
    """The changes; nothing if there are none."""
    if all(change.op == "equal" for change in changes):
        return []
    return [
        _shortened(change.after) if change.op == "equal" else [change.before, change.after]
        for change in changes
    ]


def _shortened(words: str) -> str:
    said = words.split(" ")
    if len(said) <= LONG:
        return words
    return " ".join([*said[:ENDS], "…", *said[-ENDS:]])


def _days(here: date | None, there: date | None) -> int | None:
    return (there - here).days if here and there else None

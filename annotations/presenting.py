"""What the workbench's page carries: everything about one article that its reader may see.

Rows are packed as short lists, since a page may carry thousands of them: `Packed` says how.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.text import Truncator

from annotations.access import (
    annotations_for,
    events_for,
    facets_for,
    links_for,
    tags_for,
)
from annotations.beside import story_of
from annotations.carrying import MOVES
from annotations.live import desk_of
from annotations.models import Annotation, Carrying, Coding, Participant, Span
from annotations.retold import retold
from annotations.threads import of_page
from corpus_app.access import actors_for
from corpus_app.models import Alias, Article, NameStart, Passage, Revision, User

Packed = list[Any]
Links = dict[uuid.UUID, list[tuple[str, uuid.UUID]]]
# With more, the page carries only the actors in use in its article and asks for others.
MOST_NAMES = 1500
LINE = 120  # characters of a claim elsewhere


@dataclass(frozen=True)
class Block:
    """A passage as it is set: its own text, and where it stands in the revision's."""

    number: int
    kind: str
    start: int
    end: int
    text: str


def blocks(revision: Revision) -> list[Block]:
    """The revision's passages in order, in one query."""
    rows = Passage.objects.filter(revision=revision).order_by("number")
    return [
        Block(number, kind, start, end, revision.text[start:end])
        for number, kind, start, end in rows.values_list("number", "kind", "start", "end")
    ]


def page_data(
    *, user: User, article: Article, revision: Revision, may_mark: bool, curated: bool
) -> dict:
    """The page's JSON, in a number of queries that does not grow with what is in it.

    The annotations are those on the newest revision and those in the tray, which `tray` names:
    one's own, and everybody's for whom the article is `curated`.
    """
    tags, facets = _tags(user, article)
    seen = annotations_for(user).standing().filter(article=article)
    if not curated:
        seen = seen.filter(Q(revision=revision) | Q(author=user))
    ask = too_many_names(article.project_id)
    actors = _actors(user, article, seen if ask else None)
    links = _by_annotation(links_for(user).order_by("position"), seen, "relation", "claim_id")
    annotations, people = _annotations(seen, actors, tags, links)
    logged, log = _log(user, article)
    return {
        "me": user.username, "mayMark": may_mark,
        "article": article.pk, "revision": revision.pk, "language": article.language,
        "authors": ", ".join(article.authors),
        "outlet": article.outlet.name if article.outlet else "",
        "facets": facets, "tags": tags, "actors": actors, "ask": ask,
        "project": article.project.slug,
        "people": people, "annotations": annotations, "linked": _linked(user, seen, links),
        "logged": logged, "log": log,
        "retold": retold(user=user, article=article, revision=revision),
        "story": story_of(user, article),
        "curated": curated, "tray": _tray(seen, revision),
        **desk_of(user=user, article=article, revision=revision), **of_page(user, article),
    }  # fmt: skip


def _tags(user: User, article: Article) -> tuple[list[dict], list[dict]]:
    """The tags, pointing to their facet and parent by place, and the facets."""
    facets = list(facets_for(user).filter(project_id=article.project_id))
    tags = list(tags_for(user).filter(project_id=article.project_id))
    place = {thing.pk: n for things in (facets, tags) for n, thing in enumerate(things)}
    packed_tags = [
        {
            "id": tag.pk, "facet": place[tag.facet_id], "parent": place.get(tag.parent_id),
            "slug": tag.slug, "label": tag.label, "key": tag.key, "colour": tag.colour,
            "definition": tag.definition, "examples": tag.examples,
            "retired": bool(tag.retired or tag.merged_into_id),
        }
        for tag in tags
    ]  # fmt: skip
    packed_facets = [
        {
            "id": facet.pk, "name": facet.name, "choose": facet.choose,
            "required": facet.required, "stance": facet.takes_stance,
            "retired": bool(facet.retired),
        }
        for facet in facets
    ]  # fmt: skip
    return packed_tags, packed_facets


def too_many_names(project_id: uuid.UUID) -> bool:
    """Whether the project's actors have more names than a page should carry."""
    whole = NameStart.objects.filter(
        project=project_id, place__in=(NameStart.Place.NAME, NameStart.Place.ALIAS)
    )
    return whole[: MOST_NAMES + 1].count() > MOST_NAMES


def _actors(user: User, article: Article, marked: QuerySet[Annotation] | None) -> list[Packed]:
    """[id, name, kind, aliases, metonyms, whether retired] of each actor of the project, or only
    of those that these annotations have.

    A merged one is shown by the name of who stands for it, and is not offered any more.
    """
    actors = actors_for(user).filter(project_id=article.project_id)
    if marked is not None:
        parts = Participant.objects.filter(annotation__in=marked.order_by().values("pk"))
        actors = actors.filter(pk__in=parts.values("actor"))
    names: dict[tuple[uuid.UUID, bool], list[str]] = defaultdict(list)
    aliases = Alias.objects.filter(actor__in=actors)
    for actor, name, metonym in aliases.values_list("actor_id", "name", "metonym"):
        names[actor, metonym].append(name)
    shown = Coalesce("standing__name", "name")
    rows = actors.values_list("id", shown, "kind", "retired", "merged_into")
    return [
        [pk, name, kind, names[pk, False], names[pk, True], int(bool(retired or merged))]
        for pk, name, kind, retired, merged in rows
    ]


def _annotations(
    seen: QuerySet[Annotation], actors: list[Packed], tags: list[dict], links: Links
) -> tuple[list[Packed], list[Packed]]:
    """The annotations, and the people who made them as [user name, shown name].

    Each is [id, person, kind, layer, version, places, participants, codings, attribution, note]:
    places are start and end of its spans in turn, participants [role, actor or stand-in] and an
    endorsement if there is one, codings [tag, stance]; people, actors and tags are given by their
    place in their lists. Last comes what few annotations say, if they do: `_rare`.
    """
    actor_at = {row[0]: n for n, row in enumerate(actors)}
    tag_at = {tag["id"]: n for n, tag in enumerate(tags)}
    places = _by_annotation(Span.objects.order_by("start"), seen, "start", "end")
    parts = Participant.objects.order_by("role", "position")
    parts = _by_annotation(parts, seen, "role", "actor_id", "stands_for", "endorsement")
    codings = _by_annotation(Coding.objects.order_by("pk"), seen, "tag_id", "stance")
    authors = list(User.objects.filter(pk__in=seen.order_by().values("author")).order_by("pk"))
    person_at = {author.pk: n for n, author in enumerate(authors)}
    packed = [
        [
            pk, person_at[author], kind, layer, version,
            [place for span in places[pk] for place in span],
            [
                [role, actor_at[who] if who else stand_in, *([said] if said else [])]
                for role, who, stand_in, said in parts[pk]
            ],
            [[tag_at[tag], stance] for tag, stance in codings[pk]],
            attribution, note, *_rare(links[pk], *rare),
        ]
        for pk, author, kind, layer, version, attribution, note, *rare in seen.values_list(
            "pk", "author", "kind", "layer", "version", "attribution", "note", "origin",
            "certainty", "flagged",
        )
    ]  # fmt: skip
    return packed, [[author.username, author.shown_name] for author in authors]


def _rare(links: list[tuple], origin: str, certainty: str, flagged: bool) -> list[dict]:
    """What few annotations say as one {origin, certainty, flagged, links}, or nothing.

    The origin if it is not a person alone; links are [relation, claim].
    """
    told = {
        "origin": "" if origin == Annotation.Origin.HUMAN else origin,
        "certainty": certainty, "flagged": int(flagged), "links": links,
    }  # fmt: skip
    said = {name: value for name, value in told.items() if value}
    return [said] if said else []


def _linked(user: User, seen: QuerySet[Annotation], links: Links) -> dict[str, Packed]:
    """[article, its title, words, whether deleted] of each claim that these are linked to.

    Those that are not on the page, and that the user may see.
    """
    wanted = {claim for told in links.values() for _, claim in told}
    if not wanted:
        return {}
    there = annotations_for(user).filter(pk__in=wanted).exclude(pk__in=seen.values("pk"))
    there = there.select_related("article").defer("article__raw").prefetch_related("spans")
    return {
        str(claim.pk): [
            claim.article_id, claim.article.shown_title,
            Truncator(" … ".join(span.quote for span in claim.spans.all())).chars(LINE),
            int(bool(claim.deleted)),
        ]
        for claim in there
    }  # fmt: skip


def _tray(seen: QuerySet[Annotation], revision: Revision) -> dict[str, Packed]:
    """[revision, quotes, proposed places] of each annotation that is not on this revision.

    The places are start and end of each in turn, counted in this revision.
    """
    lost = seen.exclude(revision=revision)
    quotes = _by_annotation(Span.objects.order_by("start"), lost, "quote")
    rows = Carrying.objects.filter(revision=revision, carried=False)
    places = {pk: found for pk, [(found,)] in _by_annotation(rows, lost, "places").items()}
    return {
        str(pk): [
            origin,
            [quote for (quote,) in quotes[pk]],
            [place for stretch in places.get(pk, ()) for place in stretch],
        ]
        for pk, origin in lost.values_list("pk", "revision_id")
    }


def _by_annotation(
    parts: QuerySet, seen: QuerySet[Annotation], *columns: str
) -> dict[uuid.UUID, list[tuple]]:
    """The values of these columns of each annotation's parts, in their order."""
    found: dict[uuid.UUID, list[tuple]] = defaultdict(list)
    rows = parts.filter(annotation__in=seen.order_by().values("pk"))
    for pk, *values in rows.values_list("annotation_id", *columns):
        found[pk].append(tuple(values))
    return found


def _log(user: User, article: Article) -> tuple[list[str], list[Packed]]:
    """The annotations, rejections and comments that the user changed here, her changes in order.

    With those by which a correction of the text moved her annotations.

    Each change is [id, annotation by its place, verb, version, the change that it undoes].
    """
    work = Q(Q(by=user) | Q(verb__in=MOVES), noun__in=("annotation", "rejection"), author=user)
    own = events_for(user).filter(work | Q(noun="comment", by=user), article=article)
    rows = own.order_by("at", "version").values_list(
        "id", "object_id", "verb", "version", "undoes_id"
    )
    places: dict[str, int] = {}
    log = list(_packed_log(rows, places))
    return list(places), log


def _packed_log(rows: Iterable[tuple], places: dict[str, int]) -> Iterator[Packed]:
    for pk, annotation, verb, version, undoes in rows:
        yield [pk, places.setdefault(annotation, len(places)), verb, version, undoes]

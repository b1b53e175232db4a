"""Coded claims and mentions in JSONL, anchored by quote: a reader.

One object a line. `file quote prefix suffix` say where; a claim has `claimant targets voice
claim_type propositions{tag: stance} frames attribution`, a mention `named meant`, both `certainty
note flagged`. People are actors by name or alias, or `@author` and `@outlet`; a voice may be
`{"name", "endorsement"}`; tags are slugs of any facet; `analyst` is a member's user name, or
`gold`, or missing for the importing person.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce

from annotations import annotating, assigning
from annotations.anchors import AnchorError, find_quote
from annotations.content import Code, Content, Part
from annotations.models import Annotation, ClaimTag
from corpus_app.history import DoorError
from corpus_app.models import Actor, Alias, Article, Membership, Project, Revision, User
from corpus_app.names import name_key
from corpus_app.report import Report

KEYS = frozenset(
    {
        "file", "quote", "prefix", "suffix", "claimant", "targets", "voice", "claim_type",
        "propositions", "frames", "attribution", "certainty", "note", "flagged", "named", "meant",
        "analyst",
    }
)  # fmt: skip
STAND_INS = {"@author": "author", "@outlet": "outlet"}


class RowError(Exception):
    """A row that cannot be read; the message says why."""


def import_jsonl(*, by: User, project: Project, text: str) -> Report:
    """The report on such a JSONL; a row that cannot be stored is in it and stops nothing else.

    The same row imported again is there already: its annotation's id is made from the row.
    """
    return import_rows(by=by, project=project, rows=rows_of(text))


def rows_of(text: str) -> list[tuple[int, str]]:
    """The lines that hold a row, each with its number from 1."""
    lines = enumerate(text.removeprefix("\ufeff").split("\n"), start=1)
    return [(number, line) for number, line in lines if line.strip()]


def import_rows(*, by: User, project: Project, rows: Iterable[tuple[int, str]]) -> Report:
    """The report on rows of `rows_of`, as `import_jsonl` gives it."""
    report, known = Report(), _Known(project)
    for number, line in rows:
        try:
            made = _store(by, known, _row(line))
        except (RowError, DoorError, AnchorError) as error:
            report.refuse(number, str(error))
        else:
            report.stored += made
            report.unchanged += not made
    return report


class _Known:
    """What rows name: the project's articles, actors, tags and members, looked up once."""

    def __init__(self, project: Project):
        self.project = project
        self.members = {
            membership.user.username: membership.user
            for membership in Membership.objects.filter(project=project).select_related("user")
        }
        tags = ClaimTag.objects.filter(project=project)
        self.tags = dict(tags.current().values_list("slug", "pk"))
        # A merged tag's name leads to the one that stands for it.
        stands, current = tags.stand_ins(), set(self.tags.values())
        for pk, slug in tags.filter(pk__in=stands).values_list("pk", "slug"):
            if stands[pk] in current:
                self.tags[slug] = stands[pk]
        self._actors = defaultdict(set)
        self._by_alias = defaultdict(set)
        for pk, key in (
            Actor.objects.current().filter(project=project).values_list("pk", "name_key")
        ):
            self._actors[key].add(pk)
        # A merged actor's names lead to the one that stands for it.
        merged = Actor.objects.filter(project=project, standing__isnull=False)
        merged = merged.filter(standing__retired=None)
        for pk, key in merged.values_list("standing", "name_key"):
            self._by_alias[key].add(pk)
        aliases = Alias.objects.filter(project=project, actor__retired=None)
        standing = Coalesce("actor__standing", "actor")
        for pk, key in aliases.values_list(standing, "name_key"):
            self._by_alias[key].add(pk)
        self._files = defaultdict(list)
        for pk, name in Article.objects.filter(project=project).values_list("pk", "raw_name"):
            self._files[PurePosixPath(name).name].append((PurePosixPath(name).parts, pk))
        self.revision = lru_cache(maxsize=8)(_newest)

    def article(self, file: str) -> uuid.UUID:
        """The article whose raw input has this path, as far as both tell it."""
        wanted = PurePosixPath(file).parts
        fits = [
            pk
            for parts, pk in self._files.get(PurePosixPath(file).name, ())
            if all(a == b for a, b in zip(reversed(parts), reversed(wanted), strict=False))
        ]
        if len(fits) != 1:
            found = f"{len(fits)} articles are" if fits else "No article is"
            raise RowError(f"{found} from a file “{file}”.")
        return fits[0]

    def part(self, role: str, name: str) -> Part:
        """Somebody in a role: a stand-in, or the actor with this name, or else this alias."""
        if name in STAND_INS:
            return Part(role, stands_for=STAND_INS[name])
        fits = self._actors.get(name_key(name)) or self._by_alias.get(name_key(name)) or set()
        if len(fits) != 1:
            found = f"{len(fits)} actors are" if fits else "No actor is"
            raise RowError(f"{found} called “{name}”.")
        return Part(role, str(next(iter(fits))))

    def code(self, slug: str, stance: str = "") -> Code:
        """A tag by its slug, with a stance."""
        if slug not in self.tags:
            raise RowError(f"The codebook has no tag “{slug}”.")
        return Code(str(self.tags[slug]), stance)

    def person(self, name: str) -> User:
        """The member with this user name."""
        if name not in self.members:
            raise RowError(f"“{name}” is not a member of this project.")
        return self.members[name]


def _newest(article: uuid.UUID) -> Revision:
    texts = Revision.objects.filter(article=article).select_related("article", "project")
    return texts.latest("number")


@transaction.atomic
def _store(by: User, known: _Known, row: Mapping[str, Any]) -> bool:
    """Whether the row's annotation was made by this call."""
    revision = known.revision(known.article(_text(row, "file")))
    stretch = find_quote(
        revision.text, _text(row, "quote"), _text(row, "prefix"), _text(row, "suffix")
    )
    analyst = _text(row, "analyst")
    layer = Annotation.Layer.GOLD if analyst == "gold" else Annotation.Layer.ANALYST
    author = known.person(analyst) if analyst not in ("", "gold") else by
    content = _content(known, row, ((stretch.start, stretch.end, None),))
    canonical = json.dumps({**row, "analyst": analyst or by.username}, sort_keys=True)
    if layer == Annotation.Layer.ANALYST:
        assigning.assign(by=by, article=revision.article, analyst=author)
    return annotating.create(
        by=by, revision=revision, content=content, author=author, layer=layer,
        id=uuid.uuid5(known.project.pk, canonical), origin=Annotation.Origin.IMPORT,
    )[1]  # fmt: skip


def _content(known: _Known, row: Mapping[str, Any], spans: tuple) -> Content:
    plain = {"note": _text(row, "note"), "certainty": _text(row, "certainty")}
    plain["flagged"] = _flag(row)
    if "named" in row:
        names = [("named", row["named"]), ("meant", row.get("meant"))]
        parts = tuple(known.part(role, _string(role, name)) for role, name in names if name)
        return Content("mention", spans, parts, **plain)
    roles = (("claimant", "claimant"), ("target", "targets"))
    parts = [known.part(role, name) for role, key in roles for name in _texts(row, key)]
    parts += [
        replace(known.part("voice", name), endorsement=endorsement)
        for name, endorsement in _voices(row)
    ]
    stances = row.get("propositions") or {}
    if not isinstance(stances, dict):
        raise RowError("“propositions” is an object of tags and stances.")
    codes = [known.code(slug) for slug in (*_texts(row, "claim_type"), *_texts(row, "frames"))]
    codes += [known.code(slug, _string("stance", s or "")) for slug, s in stances.items()]
    return Content(
        "claim", spans, tuple(parts), tuple(codes), attribution=_text(row, "attribution"), **plain
    )


def _row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RowError(f"This is not JSON: {error}.") from error
    if not isinstance(row, dict):
        raise RowError("A row is an object: {…}.")
    if unknown := sorted(set(row) - KEYS):
        raise RowError(f"“{unknown[0]}” is no part of a claim or mention.")
    return row


def _flag(row: Mapping[str, Any]) -> bool:
    flagged = row.get("flagged", False)
    if not isinstance(flagged, bool):
        raise RowError(f"“flagged” is true or false, not {flagged!r}.")
    return flagged


def _voices(row: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The name and the endorsement of each step of the voice chain."""
    steps = row.get("voice") or []
    for step in steps if isinstance(steps, list) else [steps]:
        told = step if isinstance(step, dict) else {"name": step}
        if set(told) - {"name", "endorsement"}:
            raise RowError("A voice is a name, or an object of “name” and “endorsement”.")
        yield _string("voice", told.get("name")), _text(told, "endorsement")


def _text(row: Mapping[str, Any], key: str) -> str:
    return _string(key, row.get(key) or "")


def _texts(row: Mapping[str, Any], key: str) -> Iterable[str]:
    """The strings of a key that holds one of them, a list of them, or nothing."""
    value = row.get(key) or []
    return [_string(key, each) for each in (value if isinstance(value, list) else [value])]


def _string(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise RowError(f"“{key}” is not text: {value!r}.")
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise RowError(f"“{key}” holds a character that is no text.")
    return value

"""Crossread's own JSONL, read into a project: the reader of what `native` writes."""

import base64
import hashlib
import json
import uuid
from dataclasses import replace
from datetime import date
from operator import itemgetter
from typing import Any, BinaryIO

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from annotations import annotating, assigning, codebook, discussing
from annotations.access import nameable_for
from annotations.content import Content, Tie
from annotations.models import Annotation, ClaimTag, Comment, Definition, Facet
from corpus_app import ingest, outlets, registry, revising, text
from corpus_app.history import DoorError
from corpus_app.models import Actor, Article, Membership, Project, Revision, Story, User
from corpus_app.names import name_key
from corpus_app.reading import MEDIA_TYPES, Readers
from corpus_app.report import Report

# In the first, an actor was part of one at most, and its names were plain text; before the third
# there were neither links nor comments, endorsement, certainty and flags.
VERSIONS = (1, 2, 3)
# What a row raises that is not shaped as `native` writes it.
MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError, ObjectDoesNotExist)


class NativeError(DoorError):
    """A file that is not one of ours or not whole, or a row of it that does not fit in."""


def import_file(
    *, by: User, project: Project, file: BinaryIO, author: User | None = None
) -> Report:
    """The report on such a file, read into the project; call it with a file that can seek.

    What is there already (by slug, name, SHA-256 or id) is left as it is. Work of somebody who
    is no member is given to `author`, which is remarked, or refused. An annotation keeps its id
    unless another project has it, and links lead where they led. Raises NativeError before
    anything is stored if the file is not whole.
    """
    _verify(file)
    file.seek(0)
    with Readers() as readers:
        reading = _Reading(by, project, author, readers)
        for number, line in enumerate(file, start=1):
            values = json.loads(line)
            try:
                with transaction.atomic():
                    reading.read(number, values)
            except (DoorError, *MISSHAPEN) as error:
                told = str(error) if isinstance(error, DoorError) else f"it is not whole: {error!r}"
                reading.report.refuse(number, f"{values['is']}: {told}")
    return reading.report


def _verify(file: BinaryIO) -> None:
    """Raise NativeError unless the file begins with our header and ends with its own digest."""
    digest, last, values = hashlib.sha256(), b"", {}
    for line in file:
        digest.update(last)
        if not last and _object(line).get("format") != "crossread":
            raise NativeError("The first line is not the header of a file of this kind.")
        last = line
        values = _object(line)
        if values["is"] == "header" and values.get("version") not in VERSIONS:
            known = ", ".join(map(str, VERSIONS))
            raise NativeError(f"This is version {values.get('version')}; we read {known}.")
    if values.get("is") != "trailer":
        raise NativeError("The file was cut off: its last line is missing.")
    if values.get("sha256") != digest.hexdigest():
        raise NativeError("The file was changed: it does not have the SHA-256 that it says.")


def _object(line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NativeError(f"This is not JSON: {error}.") from error
    if not isinstance(values, dict) or not isinstance(values.get("is"), str):
        raise NativeError("A line does not say what it is.")
    return values


class _Reading:
    """The rows of a file on their way into a project; every row finds what earlier ones made."""

    def __init__(self, by: User, project: Project, author: User | None, readers: Readers):
        self.by, self.project, self.author, self.readers = by, project, author, readers
        self.report = Report()
        self.own = {"by": by, "project": project}
        self.actors: list[registry.Entry] = []
        self.linked: list[tuple[int, Annotation, list[Tie]]] = []

    def read(self, number: int, values: dict[str, Any]) -> None:
        """Store one row. Raises DoorError, or what a row that lacks something raises."""
        kinds = {
            "header": self._header, "facet": self._facet, "tag": self._tag, "actor": self._actor,
            "article": self._article, "annotation": self._annotation,
            "comment": self._comment,
        }  # fmt: skip
        if values["is"] in ("article", "annotation", "trailer"):
            self.bring_actors()
        if values["is"] == "trailer":
            self.bring_links()
        if values["is"] in kinds:
            made = kinds[values["is"]](number, values)
            self.report.stored += made is True
            self.report.unchanged += made is False

    def _header(self, number: int, values: dict[str, Any]) -> None:
        given = values["codebook"]
        if given:
            codebook.codebook_of(**self.own, name=given["name"], description=given["description"])

    def _facet(self, number: int, values: dict[str, Any]) -> bool:
        if Facet.objects.filter(project=self.project, slug=values["slug"]).exists():
            return False
        names = ("name", "slug", "position", "choose", "required", "takes_stance")
        facet = codebook.create_facet(
            by=self.by, codebook=codebook.codebook_of(**self.own),
            values=codebook.FacetValues(**{name: values[name] for name in names}),
        )  # fmt: skip
        if values["retired"]:
            codebook.retire(by=self.by, thing=facet, seen=facet.version)
        return True

    def _tag(self, number: int, values: dict[str, Any]) -> bool:
        tags = ClaimTag.objects.filter(project=self.project)
        if tags.filter(slug=values["slug"]).exists():
            return False
        facet = Facet.objects.get(project=self.project, slug=values["facet"])
        parent = tags.get(slug=values["parent"]) if values["parent"] else None
        tag = None
        for wording in sorted(values["definitions"], key=itemgetter("number")):
            told = codebook.TagValues(
                label=wording["label"], slug=values["slug"], parent=parent, key=values["key"],
                colour=values["colour"], position=values["position"],
                definition=wording["text"], examples=tuple(wording["examples"]),
            )  # fmt: skip
            if tag is None:
                tag = codebook.create_tag(by=self.by, facet=facet, values=told)
            else:
                codebook.change_tag(by=self.by, tag=tag, seen=tag.version, values=told)
        if values["retired"]:
            codebook.retire(by=self.by, thing=tag, seen=tag.version)
        return True

    def _actor(self, number: int, values: dict[str, Any]) -> None:
        """Kept until all actors are read, since one may be part of a later one."""
        self.actors.append((number, values))

    def bring_actors(self) -> None:
        """Store the actors read so far; those that are there are left as they are."""
        entries, self.actors = self.actors, []
        told = registry.bring(**self.own, entries=entries, report=Report(), only_new=True)
        self.report.stored += told.stored
        self.report.unchanged += told.unchanged
        for problem in told.problems:
            self.report.refuse(problem.line, f"actor: {problem.reason}")

    def bring_links(self) -> None:
        """Link what was stored, now that all is there that a link may lead to."""
        for number, annotation, ties in self.linked:
            own = Annotation.objects.standing().filter(project=self.project, kind="claim")
            there = own.filter(pk__in=[tie.claim for tie in ties]).values_list("pk", flat=True)
            known = {str(pk) for pk in there}
            links = [tie for tie in ties if tie.claim in known]
            if len(links) < len(ties):
                self.report.remark(number, "a link was left out: its claim is not in the project.")
            if not links:
                continue
            try:
                annotating.link(by=self.by, annotation=annotation, links=links)
            except DoorError as error:
                self.report.refuse(number, f"links: {error}")

    def _article(self, number: int, values: dict[str, Any]) -> bool:
        known = Article.objects.filter(project=self.project, raw_sha256=values["raw_sha256"])
        if known.exists():
            return False
        told, *later = sorted(values["revisions"], key=itemgetter("number"))
        data = base64.b64decode(values["raw"], validate=True)
        roles = {int(line): role for line, role in told["roles"].items()}
        fields = ingest.Fields(
            title=values["title"], authors=tuple(values["authors"]),
            translators=tuple(values["translators"]), outlet=values["outlet"],
            published_on=values["published_on"] and date.fromisoformat(values["published_on"]),
            language=values["language"], url=values["url"], rights=values["rights"],
            story=self._story(values["story"]),
        )  # fmt: skip
        # Before an article had a type, it was plain text.
        kind = values.get("raw_type", MEDIA_TYPES["text"])
        found = ingest.propose(data=data, roles=roles, kind=kind, readers=self.readers)
        proposal = replace(found, fields=fields)
        article = ingest.store(**self.own, data=data, proposal=proposal, name=values["raw_name"])
        if article.revisions.get().sha256 != told["sha256"]:
            raise NativeError("The text that is made from its raw input now is another one.")
        for correction in later:
            self._correct(article, correction)
        return True

    def _correct(self, article: Article, told: dict[str, Any]) -> None:
        """Store a later text; annotations are read afterwards, each with its own revision."""
        slices = (text.Slice(p["kind"], p["start"], p["end"]) for p in told["passages"])
        wording = revising.Wording(told["text"], tuple(slices), told["roles"])
        revision = revising.revise(
            by=self.by, article=article, seen=article.version, wording=wording,
            reason="Read from a file.",
        )  # fmt: skip
        if (revision.number, revision.sha256) != (told["number"], told["sha256"]):
            raise NativeError(f"Revision {told['number']} of its text is not whole.")

    def _story(self, title: str) -> Story | None:
        if not title:
            return None
        return Story.objects.filter(project=self.project, title=title).first() or (
            outlets.create_story(**self.own, values=outlets.StoryValues(title=title))
        )

    def _annotation(self, number: int, values: dict[str, Any]) -> bool:
        revision = Revision.objects.select_related("article").get(
            project=self.project, number=values["revision"],
            article__raw_sha256=values["article"],
        )  # fmt: skip
        author = self._author(number, values["author"])
        layer = Annotation.Layer(values["layer"])
        if layer == Annotation.Layer.ANALYST:
            assigning.assign(by=self.by, article=revision.article, analyst=author)
        content, definitions = self._content(values)
        annotation, made = annotating.create(
            by=self.by, revision=revision, content=content, author=author, layer=layer,
            id=self._id(values["id"]), origin=Annotation.Origin(values["origin"]),
            tool=values["tool"], tool_version=values["tool_version"], definitions=definitions,
        )  # fmt: skip
        if made and values.get("links"):
            ties = [Tie(link["relation"], str(self._id(link["claim"]))) for link in values["links"]]
            self.linked.append((number, annotation, ties))
        return made

    def _comment(self, number: int, values: dict[str, Any]) -> bool:
        """Asks nobody anew; who is no member is not named any more."""
        own = Annotation.objects.select_related("project", "author").filter(project=self.project)
        author = self._author(number, values["author"])
        members = nameable_for(author, self.project).filter(username__in=values["mentions"])
        _, made = discussing.comment(
            by=self.by, author=author, annotation=own.get(pk=self._id(values["annotation"])),
            text=values["text"], id=self._id(values["id"], Comment), asks=False,
            mentions=list(members.values_list("username", flat=True)),
        )  # fmt: skip
        return made

    def _content(self, values: dict[str, Any]) -> tuple[Content, dict[str, int]]:
        """The content with the project's own actors and tags, and the definitions of the tags.

        Without links: what they lead to may come later in the file.
        """
        participants = [
            {**part, "actor": part["actor"] and self._actor_called(part["actor"])}
            for part in values["participants"]
        ]
        codings = [{**code, "tag": self._tag_of(code)} for code in values["codings"]]
        content = {**values, "participants": participants, "codings": codings, "links": []}
        return Content.from_dict(content), {code["tag"]: code["definition"] for code in codings}

    def _actor_called(self, name: str) -> str:
        actor = Actor.objects.filter(project=self.project, name_key=name_key(name)).first()
        if actor is None:
            raise NativeError(f"There is no actor “{name}”.")
        return str(actor.pk)

    def _tag_of(self, code: dict[str, Any]) -> str:
        known = Definition.objects.filter(tag__project=self.project, tag__slug=code["tag"])
        made_under = known.filter(number=code["definition"]).first()
        if made_under is None:
            raise NativeError(f"There is no definition {code['definition']} of “{code['tag']}”.")
        return str(made_under.tag_id)

    def _author(self, number: int, username: str) -> User:
        members = Membership.objects.filter(project=self.project, user__username=username)
        if membership := members.select_related("user").first():
            return membership.user
        if self.author is None:
            raise NativeError(f"“{username}” is not a member of this project.")
        self.report.remark(number, f"the work of “{username}” was given to {self.author.username}.")
        return self.author

    def _id(self, told: str, model: type[Annotation | Comment] = Annotation) -> uuid.UUID:
        """The row's own id, or one made from it if another project has that."""
        wanted = uuid.UUID(told)
        elsewhere = model.objects.filter(pk=wanted).exclude(project=self.project)
        return uuid.uuid5(self.project.pk, str(wanted)) if elsewhere.exists() else wanted

"""What texts of a project share, in TEI: codebook, actors, and what was said about annotations."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from annotations.exchange.neutral import (
    ActorRecord,
    CommentRecord,
    FacetRecord,
    Parcel,
    TagRecord,
)
from annotations.exchange.tei.elements import (
    element,
    header,
    language,
    languages,
    opening,
    token,
    written,
)


def project(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the file: a taxonomy for each facet, lists of persons and of others."""
    about, book = parcel.project, parcel.codebook
    statement = element("titleStmt", element("title", about.name))
    told = [element("p", told) for told in (book.name, book.description) if told] if book else []
    taxonomies = [_taxonomy(facet, parcel.tags) for facet in parcel.facets]
    parts = [element("projectDesc", *told)] if told else []
    parts += [element("classDecl", *taxonomies)] if taxonomies else []
    encoding = [element("encodingDesc", *parts)] if parts else []
    yield opening()
    yield written(header(statement, [], "", *encoding, *languages(about.language)))
    yield from _within("standOff", _lists(parcel))
    yield b"\n<text><body>" + written(element("p", about.description)) + b"</body></text>\n</TEI>\n"


def _taxonomy(facet: FacetRecord, tags: Iterable[TagRecord]) -> Any:
    own = [tag for tag in tags if tag.facet == facet.slug]
    slugs = {tag.slug for tag in own}

    def below(parent: str) -> list[Any]:
        return [
            _category(tag, below(tag.slug)) for tag in own
            if (tag.parent if tag.parent in slugs else "") == parent
        ]  # fmt: skip

    told = [element("desc", facet.name), element("desc", facet.choose, type="choose")]
    told += [element("desc", type="required")] if facet.required else []
    told += [element("desc", type="takes-stance")] if facet.takes_stance else []
    told += [element("desc", *_retired(facet.retired))] if facet.retired else []
    number = str(facet.position)
    return element("taxonomy", *told, *below(""), xml_id=f"facet.{facet.slug}", n=number)


def _category(tag: TagRecord, narrower: list[Any]) -> Any:
    """A tag with its wordings, the latest first, and the tags below it."""
    wordings = []
    for told in reversed(tag.definitions):
        words = [element("term", told.label)] + ([element("gloss", told.text)] if told.text else [])
        words += [element("mentioned", example) for example in told.examples]
        if not wordings:
            words += _retired(tag.retired)
        wordings.append(element("catDesc", *words, n=str(told.number)))
    merged = f"#tag.{tag.merged_into}" if tag.merged_into else ""
    return element(
        "category", *wordings, *narrower, xml_id=f"tag.{tag.slug}", sameAs=merged,
        n=str(tag.position), style=f"color: {tag.colour}" if tag.colour else "",
        rend=f"key-{tag.key}" if tag.key else "",
    )  # fmt: skip


def _retired(moment: datetime | None) -> list[Any]:
    return [element("date", type="retired", when=moment.isoformat())] if moment else []


def _lists(parcel: Parcel) -> Iterator[bytes]:
    """Persons, others, how they belong together, and comments; read one after the other."""
    ids = {actor.name: actor.id for actor in parcel.actors()}
    persons = (_person(actor) for actor in parcel.actors() if actor.kind == "person")
    others = (_org(actor) for actor in parcel.actors() if actor.kind != "person")
    ties = chain.from_iterable(_relations(actor, ids) for actor in parcel.actors())
    yield from _within("listPerson", map(written, persons))
    yield from _within("listOrg", map(written, others))
    yield from _within("listRelation", map(written, ties))
    yield from _within("listAnnotation", (written(_comment(c)) for c in parcel.comments()))


def _within(name: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces in an element of this name, which is left out if there are none."""
    first = next(pieces, None)
    if first is not None:
        yield f"\n<{name}>\n".encode() + first
        for piece in pieces:
            yield b"\n" + piece
        yield f"\n</{name}>".encode()


def _person(actor: ActorRecord) -> Any:
    return element("person", *_names(actor, "persName"), *_known(actor), xml_id=_id(actor))


def _org(actor: ActorRecord) -> Any:
    kind = token(actor.kind)
    return element("org", *_names(actor, "orgName"), *_known(actor), xml_id=_id(actor), type=kind)


def _id(actor: ActorRecord) -> str:
    return f"actor.{actor.id}"


def _names(actor: ActorRecord, name: str) -> Iterator[Any]:
    """Its names, and its ids elsewhere."""
    yield element(name, actor.name)
    for alias in actor.aliases:
        kind = "metonym" if alias.get("metonym") else "alias"
        yield element(
            name, alias["name"], type=kind, subtype=token(alias.get("case", "")),
            notBefore=alias.get("since") or "", notAfter=alias.get("until") or "",
            xml_lang=language(alias.get("language") or ""),
        )  # fmt: skip
    for told in actor.external_ids:
        yield element("idno", told["value"], type=token(told["scheme"]))


def _known(actor: ActorRecord) -> Iterator[Any]:
    if actor.notes:
        yield element("note", actor.notes)
    if actor.retired:
        yield element("note", element("date", when=actor.retired), type="retired")


def _relations(actor: ActorRecord, ids: dict[str, str]) -> Iterator[Any]:
    """What it belongs to, and what it was merged into."""
    own = f"#{_id(actor)}"
    for whole in actor.part_of:
        since, until = whole.get("since") or "", whole.get("until") or ""
        if other := ids.get(whole["name"]):
            known = {"from": since, "to": until, "name": "part-of"}
            yield element("relation", active=own, passive=f"#actor.{other}", **known)
    if other := ids.get(actor.merged_into or ""):
        known = {"name": "merged-into"}
        yield element("relation", active=own, passive=f"#actor.{other}", **known)


def _comment(comment: CommentRecord) -> Any:
    named = [element("name", name, type="mentioned") for name in comment.mentions]
    date = element("date", when=comment.created.isoformat())
    return element(
        "note", element("name", comment.author, type="author"), date, *named,
        element("p", comment.text), type="comment", xml_id=f"comment.{comment.id}",
        target=f"urn:uuid:{comment.annotation}",
    )  # fmt: skip

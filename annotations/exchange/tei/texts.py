"""TEI P5, a file for each text with what is marked on it in `standOff`, and one for the project.

The text stands in a `div` whose characters are those of the revision, one by one: passages are
`p` (or `ab` with a type), and what is between them is white space. An annotation points at
each of its pieces by `string-range(text,offset,length)`: code points from the beginning of that
`div`. Tags and actors are pointed at in `project.xml`; who stands as the text's author or outlet
is in the text's own file. XML has no way to write a few characters; U+FFFD stands for them.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from annotations.exchange.neutral import (
    AnnotationRecord,
    ArticleRecord,
    Document,
    Parcel,
    PassageRecord,
    RevisionRecord,
)
from annotations.exchange.packed import zipped
from annotations.exchange.tei.elements import PROJECT, element, header, languages, opening, written
from annotations.exchange.tei.project import project

__all__ = ["write"]

MOTIVATIONS = {"claim": "classifying", "mention": "identifying"}
STAND_INS = {"author": ("person", "persName"), "outlet": ("org", "orgName")}
NOTED = ("kind", "origin", "tool", "tool_version", "attribution", "note")
UP = f"../{PROJECT}#"


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the zip file: `project.xml`, and the texts in `texts/`."""
    documents = parcel.documents(passages=True)
    texts = ((f"texts/{document.name}.xml", _file(document)) for document in documents)
    return zipped(chain([(PROJECT, project(parcel))], texts))


def _file(document: Document) -> Iterator[bytes]:
    """The pieces of the file of one text."""
    yield opening()
    yield written(_header(document.article))
    yield b"\n" + written(_text(document.revision, document.article.language))
    if document.annotations:
        yield b"\n<standOff>\n"
        yield from (written(one) + b"\n" for one in _stand_ins(document))
        own = {one.id for one in document.annotations}
        for layer in dict.fromkeys(one.layer for one in document.annotations):
            yield f'<listAnnotation type="{layer}">\n'.encode()
            for one in document.annotations:
                if one.layer == layer:
                    yield written(_annotation(one, own)) + b"\n"
            yield b"</listAnnotation>\n"
        yield b"</standOff>"
    yield b"\n</TEI>\n"


def _header(article: ArticleRecord) -> Any:
    people = [element("author", name) for name in article.authors]
    people += [element("editor", name, role="translator") for name in article.translators]
    statement = element("titleStmt", element("title", article.title), *people)
    source = [element("title", article.title)]
    source += [element("title", article.story, type="story")] if article.story else []
    source += [element("publisher", article.outlet)] if article.outlet else []
    if article.published_on:
        source.append(element("date", when=article.published_on.isoformat()))
    source += [element("idno", article.url, type="URI")] if article.url else []
    sources = [element("bibl", *source)]
    return header(statement, sources, article.rights, *languages(article.language))


def _text(revision: RevisionRecord, language: str) -> Any:
    """The text, to the character: passages, and between them nothing but white space."""
    text = revision.text
    start = len(text) - len(text.lstrip())
    whole = [PassageRecord(1, "body", start, len(text.rstrip()))]
    parts: list[Any] = []
    at = 0
    for passage in revision.passages or whole:
        parts.append(text[at : passage.start])
        name, kind = ("p", "") if passage.kind == "body" else ("ab", passage.kind)
        words = text[passage.start : passage.end]
        parts.append(element(name, words, xml_id=f"p{passage.number}", type=kind))
        at = passage.end
    parts.append(text[at:])
    division = element("div", *parts, xml_id="text", xml_space="preserve")
    return element("text", element("body", division))


def _stand_ins(document: Document) -> Iterator[Any]:
    """Who the text's author and its outlet are, if an annotation has them take part."""
    article = document.article
    names = {"author": article.authors, "outlet": [article.outlet]}
    used = {part.stands_for for one in document.annotations for part in one.participants}
    for stands_for, (kind, name) in STAND_INS.items():
        if stands_for in used:
            told = [element(name, own) for own in names[stands_for] if own]
            who = element(kind, *told, xml_id=stands_for)
            yield element(f"list{kind.capitalize()}", who)


def _annotation(one: AnnotationRecord, own: set[str]) -> Any:
    """An annotation; `own` are the ids of those in the same file."""
    who = element("respStmt", element("resp", "annotated"), element("name", one.author))
    made = element("change", n="1", when=one.created.isoformat())
    changed = element("change", n=str(one.version), when=one.updated.isoformat())
    changes = [made] if one.version == 1 and one.updated == one.created else [made, changed]
    notes = [element("note", getattr(one, name), type=name) for name in NOTED if getattr(one, name)]
    notes += [element("note", type="flagged")] if one.flagged else []
    return element(
        "annotation", who, element("revisionDesc", *changes, status=one.state),
        *_pointers(one, own), *notes, xml_id=f"a.{one.id}", cert=one.certainty,
        target=" ".join(
            f"#string-range(text,{span.start},{span.end - span.start})" for span in one.spans
        ),
        motivation=MOTIVATIONS[one.kind],
        ana=" ".join(f"{UP}tag.{code.slug}" for code in one.codings),
    )  # fmt: skip


def _pointers(one: AnnotationRecord, own: set[str]) -> Iterator[Any]:
    """Who takes part, the tags with stance and wording, and the claims it is linked to."""
    for part in one.participants:
        to = f"#{part.stands_for}" if part.stands_for else f"{UP}actor.{part.actor}"
        yield element("ptr", target=to, type=part.role, subtype=part.endorsement)
    for code in one.codings:
        wording = str(code.definition or "")
        yield element(
            "ptr", target=f"{UP}tag.{code.slug}", type="tag", subtype=code.stance, n=wording
        )
    for tie in one.links:
        to = f"#a.{tie.claim}" if tie.claim in own else f"urn:uuid:{tie.claim}"
        yield element("ptr", target=to, type="link", subtype=tie.relation)

"""The reader of REFI-QDA projects: `.qdpx`, or the `project.qde` of one alone.

Of other tools, a selection in a text is a claim, one for each user who coded it, with a tag for
each code; description and notes of the selection are its note. Links between selections are
links if they have the name of one, otherwise a line of the note. Cases, sets, graphs, and notes on
nothing that we read are not kept. Pictures, PDFs, audio and video are refused, unless the PDF
comes with its text.

Of a project of ours everything comes back, as it was changed meanwhile: place, codes, user, note,
links and comments count as they are there.
"""

import codecs
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from lxml import etree

from annotations.exchange.aside import (
    Misshapen,
    Particulars,
    article_of,
    record_of,
    values_of,
)
from annotations.exchange.markup import legal, parsed
from annotations.exchange.neutral import (
    ActorRecord,
    ArticleRecord,
    CodebookRecord,
    ReadError,
    Record,
    Refusal,
    Remark,
    Row,
)
from annotations.exchange.noted import edited, unnoted
from annotations.exchange.packed import Packed, packed_in
from annotations.exchange.qda.claims import INSIDE, Selections
from annotations.exchange.qda.codes import description, guid, key, not_kept, read_codes

VARIABLES: dict[str, Callable[[Any], str]] = {
    "outlet": lambda known: known.outlet,
    "published_on": lambda known: known.published_on.isoformat() if known.published_on else "",
    "authors": lambda known: "; ".join(known.authors),
    "translators": lambda known: "; ".join(known.translators),
    "language": lambda known: known.language,
    "url": lambda known: known.url,
    "story": lambda known: known.story,
    "rights": lambda known: known.rights,
}
LISTS = ("authors", "translators")
NO_TEXTS = {
    "PictureSource": "a picture", "AudioSource": "a sound recording", "VideoSource": "a video",
    "PDFSource": "a PDF",
}  # fmt: skip
MOST_OF_TEXT = 16 << 20  # bytes; the longest articles have some two million characters
EXPECTED = "A REFI-QDA project is a .qdpx file, or the project.qde in it."


def read(file: BinaryIO) -> Iterator[Row]:
    """The rows of such a project. Raises ReadError for what is none."""
    start = file.read(4)
    file.seek(0)
    data, texts = _opened(file) if start.startswith(b"PK") else (file.read(), {})
    root = parsed(data, EXPECTED)
    if root.tag != f"{INSIDE}Project":
        raise ReadError(f"It begins with <{etree.QName(root).localname}>. {EXPECTED}")
    for line, what in enumerate(_Reading(root, texts).all(), start=1):
        yield Row(line, what)


class _Reading:
    """A project on its way into records."""

    def __init__(self, root: etree._Element, texts: dict[str, Packed]):
        self.root, self.files = root, texts
        self.users = {
            key(one.get("guid")): one.get("name") or one.get("id") or ""
            for one in self._all("Users", "User")
        }
        self.variables = {
            key(one.get("guid")): one.get("name", "").strip().lower()
            for one in self._all("Variables", "Variable")
        }
        self.notes = {key(one.get("guid")): one for one in self._all("Notes", "Note")}
        self.selections: Selections | None = None

    def all(self) -> Iterator[Record]:
        codes = read_codes(self._one("CodeBook", "Codes"))
        _, told = unnoted(description(self.root))
        if told.get("codebook"):
            yield record_of(CodebookRecord, told["codebook"])
        self.selections = Selections(self.root, codes, self.users, self.notes, self._text)
        yield from codes.records()
        yield from self._actors()
        sources = self._one("Sources")
        for source in sources if sources is not None else ():
            yield from self._source(source)
        yield from self._left_over()

    def _one(self, *names: str) -> etree._Element | None:
        return self.root.find("/".join(f"{INSIDE}{name}" for name in names))

    def _all(self, *names: str) -> list[etree._Element]:
        return self.root.findall("/".join(f"{INSIDE}{name}" for name in names))

    def _actors(self) -> Iterator[Record]:
        """The cases that are actors of ours."""
        strangers = 0
        for case in self._all("Cases", "Case"):
            notes, told = unnoted(description(case))
            if told.get("is") != "actor":
                strangers += 1
                continue
            notes = edited(notes, legal(told.get("notes", notes)), told.get("notes", notes))
            try:
                yield record_of(ActorRecord, {**told, "notes": notes})
            except (Misshapen, TypeError) as error:
                yield Refusal(f"Case “{case.get('name')}”: {error}.")
        if strangers:
            yield Remark(not_kept(strangers, "case"))

    def _source(self, source: etree._Element) -> Iterator[Record]:
        name, what = source.get("name") or "", etree.QName(source).localname
        text_of_it = source
        if what != "TextSource":
            text_of_it = source.find(f"{INSIDE}Representation")
            if what != "PDFSource" or text_of_it is None or self._text(text_of_it) is None:
                yield Refusal(f"“{name}” is {NO_TEXTS.get(what, what)}: only texts can be read.")
                return
        text = self._text(text_of_it)
        if text is None:
            yield Refusal(f"“{name}” cannot be read: its text is not in the file.")
            return
        try:
            article, remarks = self._article(text_of_it, source, text)
        except Misshapen as error:
            yield Refusal(f"Source “{name}”: {error}.")
            return
        yield article
        yield from remarks
        yield from self.selections.of(text_of_it, article)

    def _text(self, source: etree._Element) -> str | None:
        """The text of a source, if there is one."""
        content = source.find(f"{INSIDE}PlainTextContent")
        if content is not None:
            return content.text or ""
        path = source.get("plainTextPath", "")
        packed = self.files.get(PurePosixPath(path.partition("://")[2]).name.lower())
        if packed is None or not path.lower().startswith("internal:"):
            return None
        data = packed.read()
        encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ""
        try:
            return data.decode(encoding or "utf-8-sig")
        except UnicodeDecodeError:
            return None

    def _article(
        self, source: etree._Element, outer: etree._Element, text: str
    ) -> tuple[ArticleRecord, list[Remark]]:
        """The article of a source, with its variables as they are now. Raises Misshapen."""
        words, kept = unnoted(description(source))
        name, own = outer.get("name") or "", key(outer.get("guid"))
        told = record_of(Particulars, kept) if kept else Particulars(guid(own), name)
        now = {
            self.variables.get(key(value[0].get("targetGUID")), ""): (value[-1].text or "").strip()
            for value in outer.findall(f"{INSIDE}VariableValue")
            if len(value)
        }
        fields = _changed(told, {name: value for name, value in now.items() if name in VARIABLES})
        if kept and name != (legal(told.title) or told.id):
            fields["title"] = name
        article = article_of(values_of(told._replace(**fields)), text, name=name)
        remarks = [f"The text of “{name}” was changed meanwhile: it is a new article."]
        if not kept or article.newest.sha256 == kept.get("sha256"):
            lost = sorted(now.keys() - VARIABLES.keys()) + ["description"] * bool(words)
            remarks = [f"Of source “{name}” is not kept: {', '.join(lost)}."] if lost else []
        return article, [Remark(reason) for reason in remarks]

    def _left_over(self) -> Iterator[Remark]:
        """What of the project is not kept."""
        for own, element in self.notes.items():
            if own not in self.selections.read:
                yield Remark(f"The note “{element.get('name', '')}” is not kept.")
        for inner in ("Set", "Graph"):
            if found := self._all(f"{inner}s", inner):
                yield Remark(not_kept(len(found), inner.lower()))


def _opened(file: BinaryIO) -> tuple[bytes, dict[str, Packed]]:
    """The project and the texts in an archive, these by their names in lower case.

    A text is unpacked when its source is read: all at once could be many times what was sent.
    """
    project, texts = None, {}
    for packed in packed_in(file):
        path = PurePosixPath(packed.name.lower())
        if path.suffix == ".qde" and len(path.parts) == 1:
            project = packed.read()
        elif path.suffix == ".txt":
            texts[path.name] = packed
    if any(packed.size > MOST_OF_TEXT for packed in texts.values()):
        raise ReadError("One of the texts in it is too large.")
    if project is None:
        raise ReadError(f"There is no project.qde in it. {EXPECTED}")
    return project, texts


def _changed(told: Particulars, now: dict[str, str]) -> dict[str, Any]:
    """The fields of an article that its variables say something else of now."""
    fields: dict[str, Any] = {}
    for name, show in VARIABLES.items():
        value, shown = now.get(name, ""), legal(show(told))
        if value == shown.strip():
            continue
        if name in LISTS:
            fields[name] = tuple(part.strip() for part in value.split(";") if part.strip())
        elif name == "published_on":
            fields[name] = _day(value)
        else:
            fields[name] = value
    return fields


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None

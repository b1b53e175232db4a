"""Selections in the texts of a REFI-QDA project, read as claims."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from lxml import etree

from annotations.anchors import AnchorError
from annotations.content import RELATIONS, ROLES
from annotations.exchange.aside import Misshapen, record_of, record_said, retold
from annotations.exchange.markup import legal
from annotations.exchange.neutral import (
    LONG_AGO,
    AnnotationRecord,
    ArticleRecord,
    CommentRecord,
    LinkRecord,
    Record,
    Refusal,
    Remark,
    annotation_on,
    code_of,
    part_of,
)
from annotations.exchange.noted import edited, unnoted
from annotations.exchange.qda.codes import Codes, Meaning, description, guid, key

NAMESPACE = "urn:QDA-XML:project:1.0"
INSIDE = f"{{{NAMESPACE}}}"
KINDS = ("claim", "mention", "gold")


class Coded(NamedTuple):
    """What a selection is coded with, and by whom."""

    user: str
    meaning: Meaning


class Selected(NamedTuple):
    """A selection in a text."""

    guid: str
    place: tuple[Any, Any]
    user: str
    text: str
    kept: dict[str, Any]
    coded: list[Coded]
    notes: list[str]


class Selections:
    """The selections of a project, in which `text_of` gives the text of a note."""

    def __init__(
        self,
        root: etree._Element,
        codes: Codes,
        users: Mapping[str, str],
        notes: Mapping[str, etree._Element],
        text_of: Callable[[etree._Element], str | None],
    ):
        self.root, self.codes, self.users, self.notes = root, codes, users, notes
        self.text_of = text_of
        self.read: set[str] = set()
        self.links: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for link in root.iterfind(f"{INSIDE}Links/{INSIDE}Link"):
            origin, target = key(link.get("originGUID")), key(link.get("targetGUID"))
            self.links[origin].append((link.get("name", "").strip(), target))
        self.quotes = {
            key(one.get("guid")): one.get("name") or "another selection"
            for one in root.iter(f"{INSIDE}PlainTextSelection")
        }

    def of(self, source: etree._Element, article: ArticleRecord) -> Iterator[Record]:
        """The annotations on a source, then their comments; refusals of what cannot be read."""
        found: dict[str, list[Selected]] = {}
        for element in source.findall(f"{INSIDE}PlainTextSelection"):
            selected = self._selected(element)
            found.setdefault(str(selected.kept.get("of") or selected.guid), []).append(selected)
        if whole := self._codings(source):
            place = (0, len(article.newest.text))
            found[""] = [Selected(key(source.get("guid")), place, "", "", {}, whole, [])]
        comments: list[CommentRecord] = []
        for pieces in found.values():
            first = pieces[0]
            try:
                if first.kept.get("kind"):
                    yield self._ours(pieces, article)
                    comments += self._comments(first, article)
                elif first.kept.get("of"):
                    yield Refusal(f"Selection {first.guid} is a piece of one that is gone.")
                else:
                    yield from self._claims(first, article)
            except (AnchorError, Misshapen, TypeError) as error:
                yield Refusal(f"Selection {first.guid} in “{article.title}”: {error}")
        yield from comments

    def _selected(self, element: etree._Element) -> Selected:
        place = _number(element.get("startPosition")), _number(element.get("endPosition"))
        user = self.users.get(key(element.get("creatingUser")), "")
        refs = element.findall(f"{INSIDE}NoteRef")
        notes = [key(ref.get("targetGUID")) for ref in refs]
        told = unnoted(description(element))
        coded = self._codings(element)
        return Selected(key(element.get("guid")), place, user, *told, coded, notes)

    def _codings(self, element: etree._Element) -> list[Coded]:
        found = []
        for coding in element.findall(f"{INSIDE}Coding"):
            ref = coding.find(f"{INSIDE}CodeRef")
            meaning = (
                self.codes.meanings.get(key(ref.get("targetGUID"))) if ref is not None else None
            )
            if meaning:
                user = self.users.get(key(coding.get("creatingUser")), "")
                found.append(Coded(user, meaning))
        return found

    def _ours(self, pieces: list[Selected], article: ArticleRecord) -> AnnotationRecord:
        """An annotation of ours as it is now. Raises AnchorError or Misshapen."""
        first = pieces[0]
        known = record_said(first.kept)
        if known.kind not in KINDS[:2]:
            raise Misshapen(f"“{known.kind}” is no kind of annotation.")
        there = list(dict.fromkeys(coded.meaning for piece in pieces for coded in piece.coded))
        parts = [(one.role, one.name) for one in there if one.kind == "part"]
        tags = [(one.slug, one.stance) for one in there if one.kind == "tag"]
        had_parts = [(part.role, part.name) for part in known.participants]
        had_tags = [(code.slug, code.stance) for code in known.codings]
        gold = any(one.kind == "gold" for one in there)
        shown = {"layer": "gold" if gold else "analyst"} if there else {}
        had_links = [LinkRecord(*link) for link in known.links]
        links = [LinkRecord(*link) for link in self.links[first.guid] if link[0] in RELATIONS]
        # Of a part of a project, what a link leads to need not be there, and then no link is.
        links += [link for link in had_links if key(link.claim) not in self.quotes]
        note = edited(first.text, legal(known.note), known.note) if known.note else first.text
        return retold(
            known, article, names=_as_before(had_parts, parts), tags=_as_before(had_tags, tags),
            spans=[piece.place for piece in pieces], note=note, author=first.user or known.author,
            links=_as_before(had_links, links), **shown,
        )  # fmt: skip

    def _comments(self, selected: Selected, article: ArticleRecord) -> Iterator[CommentRecord]:
        """The comments on an annotation of ours; notes that were added to it meanwhile, too."""
        for own in selected.notes:
            element = self.notes.get(own)
            if element is None or own in self.read:
                continue
            self.read.add(own)
            _, kept = unnoted(description(element))
            text = self.text_of(element) or ""
            text = edited(text, legal(str(kept.get("text", text))), kept.get("text", text))
            by = self.users.get(key(element.get("creatingUser")), "")
            usual = {"id": guid(own), "annotation": selected.kept.get("id"), "mentions": []}
            usual |= {"created": element.get("creationDateTime") or LONG_AGO.isoformat()}
            known = {name: kept[name] for name in usual if name in kept}
            yield record_of(CommentRecord, {**usual, **known, "text": text, "author": by})

    def _claims(self, selected: Selected, article: ArticleRecord) -> Iterator[Record]:
        """What each user coded a selection with, as a claim. Raises AnchorError."""
        by_user: dict[str, list[Meaning]] = {}
        for coded in selected.coded:
            by_user.setdefault(coded.user or selected.user, []).append(coded.meaning)
        notes = [selected.text] if selected.text else []
        for own in selected.notes:
            if own in self.notes:
                self.read.add(own)
                notes.append(self.text_of(self.notes[own]) or self.notes[own].get("name", ""))
        links, lines = self._linked(selected.guid)
        for nth, (user, meanings) in enumerate((by_user or {selected.user: []}).items()):
            own = guid(selected.guid) if nth == 0 else guid(selected.guid, user)
            # Of ours, in a tool that takes no descriptions of selections, the codes are left.
            kinds = {one.kind for one in meanings}
            kind = "mention" if "mention" in kinds else "claim"
            parts = [part_of(m.role, m.name) for m in meanings if m.role in ROLES[kind]]
            codes = [code_of(one.slug, one.stance) for one in meanings if one.kind == "tag"]
            yield annotation_on(
                article, id=own, kind=kind, spans=[selected.place], parts=parts,
                codes=list(dict.fromkeys(codes)), links=links if kind == "claim" else (),
                note="\n\n".join(notes + lines), author=user,
                layer="gold" if "gold" in kinds else "analyst",
            )  # fmt: skip
        yield from (Remark(f"A link is kept as a line of the note: {line}") for line in lines)

    def _linked(self, own: str) -> tuple[list[LinkRecord], list[str]]:
        """The links that lead from a selection, and those that are lines of the note."""
        links, lines = [], []
        for name, target in self.links.get(own, ()):
            if name.lower() in RELATIONS:
                links.append(LinkRecord(name.lower(), guid(target)))
            elif target in self.quotes:
                lines.append(f"{name or 'linked'} → {self.quotes[target]}")
        return links, lines


def _as_before(had: list, there: list) -> list:
    """What is still there in the order that it had, then what is new."""
    return [one for one in had if one in there] + [one for one in there if one not in had]


def _number(told: str | None) -> int | None:
    try:
        return int(told or "")
    except ValueError:
        return None

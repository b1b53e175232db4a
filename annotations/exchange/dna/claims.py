"""Statements of Discourse Network Analyzer, read as claims."""

from collections.abc import Iterator, Mapping
from typing import Any

from annotations import anchors
from annotations.content import ROLES, STANCES
from annotations.exchange.aside import Misshapen, Particulars, record_of, record_said, retold
from annotations.exchange.dna import schema
from annotations.exchange.dna.names import GOLD, Names, agreement, coder
from annotations.exchange.dna.tables import Statement, Tables, Variable
from annotations.exchange.neutral import (
    AnnotationRecord,
    ArticleRecord,
    CodeRecord,
    CommentRecord,
    PartRecord,
    Record,
    Refusal,
    Remark,
    annotation_on,
    code_of,
    part_of,
)
from annotations.exchange.noted import parsed

LONGEST_LABEL = 200
SHAPED = {"person", "organization", "agreement", "crossread"}


class Claims:
    """Claims of the statements of a database, whose values are these tags by variable."""

    def __init__(
        self,
        tables: Tables,
        kinds: Mapping[int, int],
        tags: Mapping[tuple[int, Any], str],
        names: Names,
    ):
        self.tables, self.kinds, self.tags, self.names = tables, kinds, tags, names

    def of(
        self, statements: list[Statement], article: ArticleRecord, told: Particulars
    ) -> Iterator[Record]:
        """The annotations of a document, then their comments; refusals of what cannot be read."""
        comments = []
        for own in self._together(statements):
            try:
                for record in self._records(own, article, told):
                    if isinstance(record, CommentRecord):
                        comments.append(record)
                    else:
                        yield record
            except (ValueError, TypeError) as error:
                yield Refusal(f"Statement {own[0].id} in “{article.title}”: {error}")
        yield from comments

    def _together(self, statements: list[Statement]) -> Iterator[list[Statement]]:
        """Those of one annotation of ours, the one that carries it first; each other alone."""
        found: dict[str, list[Statement]] = {}
        for statement in statements:
            id = self._id(statement)
            found.setdefault(id or f"statement {statement.id}", []).append(statement)
        for own in found.values():
            own.sort(key=lambda one: "kind" not in self._ours(one))
            if "kind" in self._ours(own[0]):
                yield own
            else:
                yield from ([one] for one in own)

    def _id(self, statement: Statement) -> str:
        """The id of the annotation that a statement belongs to."""
        kind = self.kinds.get(statement.kind)
        if kind in (schema.STATEMENT, schema.CODING):
            return str(statement.named.get("crossread") or "")
        if kind == schema.ANNOTATION:
            return str(self._ours(statement).get("id", ""))
        return ""

    def _ours(self, statement: Statement) -> dict[str, Any]:
        """What Crossread left in a statement of a type of its own."""
        if self.kinds.get(statement.kind) not in (schema.ANNOTATION, schema.COMMENT):
            return {}
        return parsed(str(statement.named.get("crossread") or ""))

    def _records(
        self, own: list[Statement], article: ArticleRecord, told: Particulars
    ) -> Iterator[Record]:
        first, ours = own[0], self._ours(own[0])
        if "annotation" in ours:
            text = first.named.get("note") or ""
            yield record_of(CommentRecord, {**ours, "text": text, "author": first.coder})
        elif "kind" in ours:
            yield self._annotation(own, record_said(ours), article, told)
        elif self.kinds.get(first.kind) == schema.ANNOTATION and "piece" in ours:
            yield Refusal(f"Statement {first.id} is a piece of an annotation that is gone.")
        else:
            yield from self._claim(first, article)

    def _annotation(
        self,
        own: list[Statement],
        known: AnnotationRecord,
        article: ArticleRecord,
        told: Particulars,
    ) -> AnnotationRecord:
        """An annotation of ours, as it was changed in DNA."""
        if known.kind not in ROLES:
            raise Misshapen(f"“{known.kind}” is no kind of annotation.")
        pieces = [one for one in own if self.kinds[one.kind] == schema.ANNOTATION]
        said = [one for one in own if one not in pieces]
        values = own[0].named
        names = []
        for role in ROLES[known.kind]:
            had = [part.name for part in known.participants if part.role == role]
            changed = (
                self._claimants(said, had, told)
                if role == "claimant"
                else self._first_changed(had, str(values.get(role) or ""))
            )
            names += [(role, name) for name in changed]
        by = own[0].coder
        others = {"author": by, "layer": GOLD if by == GOLD else "analyst"}
        return retold(
            known, article, names=names, tags=self._codes(said, known),
            spans=_spans(article, pieces), note=values.get("note") or "",
            **(others if by != coder(known) else {}),
        )  # fmt: skip

    def _claimants(self, said: list[Statement], had: list[str], told: Particulars) -> list[str]:
        """Those claimants that statements still have, and those that are new in them."""
        values = [one.named for one in said]
        there = dict.fromkeys((v.get("person") or "", v.get("organization") or "") for v in values)
        pairs = {name: self.names.speaker(name, told) for name in had}
        new = [person or group for person, group in there if (person, group) not in pairs.values()]
        return [name for name in had if pairs[name] in there] + [name for name in new if name]

    def _first_changed(self, had: list[str], now: str) -> list[str]:
        """Those of a role; the first of them, which is all that DNA shows, as it reads now."""
        was = self.names.standing(had[0]) if had else ""
        if now == was[: schema.MOST]:
            return had
        return [*([now] if now else []), *had[1:]]

    def _codes(self, said: list[Statement], known: AnnotationRecord) -> list[tuple[str, str]]:
        """Those tags (with stance) that statements still have, and those that are new in them."""
        there = {}
        for statement in said:
            if slug := self._concept(statement):
                code = code_of(slug, self._stance(statement))
                there[_as_said(code)] = (code.slug, code.stance)
        had = {_as_said(code): (code.slug, code.stance) for code in known.codings}
        stay = [code for key, code in had.items() if key in there]
        return stay + [code for key, code in there.items() if key not in had]

    def _concept(self, statement: Statement) -> str:
        """The slug of the tag that is the statement's concept."""
        for id, value in statement.values.items():
            if id in self.tables.variables and self.tables.variables[id].name == "concept":
                return self.tags.get((id, value), "")
        return ""

    def _stance(self, statement: Statement) -> str:
        """The stance that agreement is, or that a statement of ours has by name."""
        for id, value in statement.values.items():
            variable = self.tables.variables.get(id)
            if variable and variable.name == "stance" and value in STANCES:
                return value
            if variable and variable.name == "agreement" and isinstance(value, int):
                if variable.holds == schema.BOOLEAN:
                    return "support" if value else "oppose"
                return "support" if value > 0 else "oppose" if value < 0 else "neutral"
        return ""

    def _claim(self, statement: Statement, article: ArticleRecord) -> Iterator[Record]:
        """A claim that was made in DNA."""
        values = statement.named
        parts = speakers(str(values.get("person") or ""), str(values.get("organization") or ""))
        codes, notes, lost = [], [], []
        for id, value in statement.values.items():
            variable = self.tables.variables.get(id)
            if not variable or variable.name in SHAPED or value in ("", None):
                continue
            if slug := self.tags.get((id, value)):
                is_concept = variable.name == "concept"
                codes.append(code_of(slug, self._stance(statement) if is_concept else ""))
            elif variable.name == "note":
                notes.append(str(value))
            elif not (self.kinds.get(statement.kind) and variable.name in ("stance", "layer")):
                notes.append(f"{variable.name}: {value}")
        for words in self.tables.linked(statement.id):
            notes.append(f"linked → {words}")
            lost.append(f"A link of statement {statement.id} is a line in its note.")
        yield annotation_on(
            article, id=f"statement-{statement.id}", kind="claim",
            spans=_spans(article, [statement]), parts=parts, codes=list(dict.fromkeys(codes)),
            note="\n".join(notes), author=statement.coder, tool="Discourse Network Analyzer",
        )  # fmt: skip
        yield from map(Remark, lost)


def label_of(variable: Variable, value: Any) -> str:
    """What a value is called as a tag; nothing if it is too long for one."""
    if variable.holds == schema.BOOLEAN:
        return "yes" if value else "no"
    label = " ".join(str(value).split())
    return label if len(label) <= LONGEST_LABEL else ""


def _spans(article: ArticleRecord, statements: list[Statement]) -> list[tuple[int, int]]:
    """The places of statements in code points. Raises AnchorError."""
    units = [place for one in statements for place in (one.start, one.stop)]
    places = iter(anchors.from_utf16(article.newest.text, units))
    return list(zip(places, places, strict=True))


def speakers(person: str, organization: str) -> list[PartRecord]:
    """Who takes part in a claim that was made in DNA."""
    person, organization = person.strip(), organization.strip()
    if person and organization and person != organization:
        return [part_of("claimant", organization), part_of("voice", person)]
    return [part_of("claimant", person or organization)] if person or organization else []


def _as_said(code: CodeRecord) -> tuple[str, bool | None, str]:
    """What DNA can say of a coding: whether it agrees, or which other stance it has."""
    agrees = agreement(code)
    return code.slug, agrees, code.stance if agrees is None else ""

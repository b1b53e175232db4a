"""What a release consists of: each file with its pieces, read within one moment.

The tables that two releases are compared by (`TABLES`) are sorted by their first column, so that
no comparison has to hold one of them.
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

import orjson

from annotations import agreement, figure_rows
from annotations.access import figures_articles_for
from annotations.exchange import native, record
from annotations.exchange.neutral import ActorRecord, AnnotationRecord, Parcel
from annotations.exchange.source import Source
from annotations.exchange.tables import table
from annotations.exchange.web import annotations as webannotation
from annotations.models import Release
from corpus_app.models import Project, User
from corpus_app.spreadsheet import guarded

AT_ONCE = 500
TABLES = {
    "annotations": "by-id.csv",
    "tags": "tags.csv",
    "actors": "actors.csv",
    "articles": "articles.csv",
}
FIGURES = "agreement.csv"
BY_ID = (
    "id", "kind", "layer", "author", "state", "article", "spans", "quote", "participants",
    "codings", "links", "attribution", "certainty", "note", "flagged",
)  # fmt: skip
MEDIA_TYPES = {
    "csv": "text/csv", "jsonl": "application/x-ndjson", "jsonld": "application/ld+json",
    "md": "text/markdown", "json": "application/json",
}  # fmt: skip

Lines = Iterable[Iterable[Any]]


@dataclass
class Part:
    """A file of a release; size, sum and columns are known once its pieces have been read."""

    name: str
    about: str
    pieces: Callable[[], Iterator[bytes]]
    bytes: int = 0
    sha256: str = ""
    columns: list[str] = field(default_factory=list)

    def read(self) -> Iterator[bytes]:
        """The pieces; measured on the way."""
        digest, head = hashlib.sha256(), b""
        for piece in self.pieces():
            head += b"" if b"\n" in head else piece
            digest.update(piece)
            self.bytes += len(piece)
            yield piece
        self.sha256 = digest.hexdigest()
        if self.name.endswith(".csv"):
            self.columns = next(csv.reader([head.decode().splitlines()[0]]))


def parts(*, source: Source, by: User, release: Release) -> list[Part]:
    """The files with data, in their order in the archive."""
    parcel = source.parcel()
    tables = {
        "annotations.csv": ("A row for each annotation.", lambda: table.write(parcel)),
        "annotations.jsonld": ("W3C Web Annotations.", lambda: webannotation.write(parcel)),
        TABLES["annotations"]: ("Annotations, sorted by id.", lambda: _csv(BY_ID, _by_id(source))),
        TABLES["tags"]: ("Tags, facets and definitions.", lambda: _csv(*_tags(parcel))),
        TABLES["actors"]: ("Actors, their names and ids.", lambda: _csv(*_actors(parcel))),
        TABLES["articles"]: ("Articles and their SHA-256.", lambda: _csv(*_articles(parcel))),
    }
    # A release is for curators to begin with, whoever makes it.
    if source.project.figures_for != Project.Figures.MANAGERS:
        about = "Agreement of those who coded the same articles."
        tables[FIGURES] = (about, lambda: _csv(figure_rows.COLUMNS, _figures(source, by)))
    if release.with_texts:
        about = "Everything with the texts; any desk reads it back."
        tables["project.jsonl"] = (about, lambda: native.write(parcel))
    return [Part(name, about, pieces) for name, (about, pieces) in tables.items()]


def archived(parts: list[Part], release: Release) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files of the archive: those with data, and then those that tell of them."""
    for part in parts:
        yield part.name, part.read()
    told = {
        "README.md": _readme(parts, release),
        "CITATION.cff": _citation(release),
        "datapackage.json": _datapackage(parts, release),
    }
    sums = [(part.sha256, part.name) for part in parts]
    sums += [(hashlib.sha256(text.encode()).hexdigest(), name) for name, text in told.items()]
    told["SHA256SUMS"] = "".join(f"{digest}  {name}\n" for digest, name in sums)
    for name, text in told.items():
        yield name, iter([text.encode()])


def manifest(parts: list[Part]) -> dict[str, Any]:
    """What is kept of the files: name, size, sum and columns."""
    names = ("name", "about", "bytes", "sha256", "columns")
    return {"files": [{name: getattr(part, name) for name in names} for part in parts]}


def _csv(columns: Iterable[str], lines: Lines) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for number, line in enumerate(lines, start=1):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in line])
        if number % AT_ONCE == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _by_id(source: Source) -> Iterator[list[Any]]:
    """In the order of the ids, which both engines sort alike."""
    rows = source.annotations.filter(project=source.project).order_by("pk")
    ids = rows.values_list("pk", flat=True).iterator(chunk_size=AT_ONCE)
    for batch in record.batches(ids, AT_ONCE):
        yield from map(_in_cells, record.of(batch, source.links))


def _in_cells(one: AnnotationRecord) -> list[Any]:
    spans = [[span.start, span.end] for span in one.spans]
    people = [[p.role, p.name, p.endorsement] for p in one.participants]
    codes = [[c.slug, c.stance, c.definition] for c in one.codings]
    return [
        one.id, one.kind, one.layer, one.author, one.state, one.article, _json(spans),
        " … ".join(span.quote for span in one.spans), _json(people), _json(sorted(codes)),
        _json([[link.relation, link.claim] for link in one.links]), one.attribution,
        one.certainty, one.note, _yes(one.flagged),
    ]  # fmt: skip


def _tags(parcel: Parcel) -> tuple[tuple[str, ...], Lines]:
    columns = ("tag", "facet", "label", "definition", "part_of", "merged_into", "retired")
    rows = (
        [t.slug, t.facet, t.label, t.definition, t.parent, t.merged_into, _yes(t.retired)]
        for t in sorted(parcel.tags, key=lambda tag: tag.slug)
    )
    return columns, rows


def _actors(parcel: Parcel) -> tuple[tuple[str, ...], Lines]:
    columns = ("actor", "kind", "aliases", "ids", "part_of", "merged_into", "retired")
    return columns, map(_actor, sorted(parcel.actors(), key=lambda actor: guarded(actor.name)))


def _actor(actor: ActorRecord) -> list[str]:
    return [
        actor.name, actor.kind, _json([alias["name"] for alias in actor.aliases]),
        _json([[x["scheme"], x["value"]] for x in actor.external_ids]),
        _json([whole["name"] for whole in actor.part_of]), actor.merged_into or "",
        _yes(actor.retired),
    ]  # fmt: skip


def _articles(parcel: Parcel) -> tuple[tuple[str, ...], Lines]:
    columns = (
        "article", "title", "outlet", "authors", "published_on", "language", "url", "story",
        "text_sha256", "raw_sha256",
    )  # fmt: skip
    rows = [
        [
            a.id, a.title, a.outlet, " | ".join(a.authors), a.published_on or "", a.language,
            a.url, a.story, a.newest.sha256, a.raw_sha256,
        ]
        for a, _ in parcel.annotated()
    ]  # fmt: skip
    return columns, sorted(rows, key=itemgetter(0))


def _figures(source: Source, by: User) -> Iterator[list[Any]]:
    articles = figures_articles_for(by, source.project)
    for table_of in ("overall", "facet", "pair"):
        ask = agreement.Ask(by=table_of)
        yield from figure_rows.rows(
            agreement.compute(articles=articles, project=source.project, ask=ask)
        )


def _yes(said: Any) -> str:
    return "yes" if said else ""


def _json(value: Any) -> str:
    return orjson.dumps(value).decode() if value else ""


def _readme(parts: list[Part], release: Release) -> str:
    files = "\n".join(f"- `{part.name}`: {part.about}" for part in parts)
    texts = "" if release.with_texts else (
        "\nThe articles' texts are not in it, only what is quoted of them. `articles.csv` has the "
        "SHA-256 by which they can be recognised.\n"
    )  # fmt: skip
    return (
        f"# {release.name}\n\nRelease {release.number} of “{release.project.name}”, "
        f"{_day(release.created)}.\n\n{release.note}\n{texts}\n## Files\n\n{files}\n\n"
        "Offsets count Unicode code points, half-open. Lines are UTF-8; a cell that a spreadsheet "
        "would take for a formula begins with an apostrophe. `SHA256SUMS` has the sum of each "
        "file; `datapackage.json` describes the tables.\n"
    )


def _citation(release: Release) -> str:
    """In the Citation File Format 1.2.0; strings of JSON are strings of YAML."""
    told = {
        "cff-version": "1.2.0", "type": "dataset",
        "message": "If you use these data, please cite them as below.",
        "title": f"{release.project.name}: {release.name}",
        "version": str(release.number), "date-released": _day(release.created),
    }  # fmt: skip
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in told.items()]
    maker = json.dumps(release.project.name, ensure_ascii=False)
    given = json.dumps(str(release.pk))
    return "\n".join(
        [*lines, "authors:", f"  - name: {maker}", "identifiers:", "  - type: other",
         f"    value: {given}"]
    ) + "\n"  # fmt: skip


def _datapackage(parts: list[Part], release: Release) -> str:
    """As Data Package (version 1) describes data: tables with their columns, all with sums."""
    described = {
        "profile": "data-package",
        "name": f"{release.project.slug}-release-{release.number}",
        "id": str(release.pk),
        "title": release.name,
        "description": release.note,
        "version": str(release.number),
        "created": release.created.isoformat(),
        "resources": [_resource(part) for part in parts],
    }
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def _resource(part: Part) -> dict[str, Any]:
    stem, _, suffix = part.name.rpartition(".")
    told = {
        "name": f"{stem}-{suffix}", "path": part.name, "description": part.about,
        "format": suffix, "mediatype": MEDIA_TYPES[suffix], "encoding": "utf-8",
        "bytes": part.bytes, "hash": f"sha256:{part.sha256}",
    }  # fmt: skip
    if not part.columns:
        return told
    fields = [{"name": name, "type": "string"} for name in part.columns]
    return {**told, "profile": "tabular-data-resource", "schema": {"fields": fields}}


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"

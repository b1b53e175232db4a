"""Every format on one screen: what files of it are, and what they cannot hold."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils.module_loading import import_string

from annotations.exchange import losses
from annotations.exchange.holdings import ALL, DESK, NETWORK, REGISTER, WEIGHTS, Feature
from annotations.exchange.neutral import Parcel, Row
from annotations.exchange.source import Source

F = Feature
# What a label for each word has no place for.
TOKENS = frozenset({
    F.TEXTS, F.RAW, F.EARLIER, F.PASSAGES, F.IDS, F.TIMES, F.ORIGIN, F.PIECES, F.OVERLAPS,
    F.PARTICIPANTS, F.CHAIN, F.STAND_INS, F.ENDORSEMENT, F.STANCE, F.WORDED, F.ATTRIBUTION,
    F.CERTAINTY, F.NOTE, F.FLAGGED, F.LINKS, F.COMMENTS, *REGISTER,
})  # fmt: skip


@dataclass(frozen=True)
class Format:
    """A format under the name that it has in addresses and commands.

    `module` has `write(parcel)`, `read(file)` or both, and is loaded when they are asked for:
    some need libraries that are large. `needs` is such a library, if it is not always there.
    """

    label: str
    content_type: str
    suffix: str
    module: str
    loses: frozenset[Feature]
    writes: bool = True
    reads: bool = False
    units: str = "code points"
    needs: str = ""

    @property
    def there(self) -> bool:
        """Whether the library that it needs is installed."""
        return not self.needs or find_spec(self.needs) is not None

    def write(self, source: Source) -> Iterator[bytes]:
        """The pieces of the file, read as they are asked for and all of one moment."""
        write: Callable[[Parcel], Iterator[bytes]] = self._of_module("write")
        with one_moment():
            yield from write(source.parcel())

    def read(self, file: BinaryIO) -> Iterator[Row]:
        """The rows of such a file, which can seek. Raises ReadError, before the first or later."""
        read: Callable[[BinaryIO], Iterator[Row]] = self._of_module("read")
        return read(file)

    def losses(self, source: Source) -> list[str]:
        """A sentence for each thing that the source has and such a file would lack."""
        return losses.of(source, self.loses)

    def _of_module(self, name: str) -> Any:
        return import_string(f"annotations.exchange.{self.module}.{name}")


JSON, XML, ZIP = "application/json", "application/xml", "application/zip"
CSV = "text/csv; charset=utf-8"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NDJSON, JSONLD = "application/x-ndjson", "application/ld+json"
PARQUET, DNA = "application/vnd.apache.parquet", "application/vnd.sqlite3"
GRAPHML, GEXF = "application/graphml+xml", "application/gexf+xml"
PLAINTEXT = "text/plain; charset=utf-8"
READS = (False, True)  # not written, only read

# What a table has no place for: the texts, and how the codebook is kept.
ROWS = DESK | {
    F.TEXTS, F.PASSAGES, F.UNMARKED, F.FACETS, F.LABELS, F.DEFINITIONS, F.TREE, F.UNUSED,
}  # fmt: skip
TABLE = ROWS - {F.RIGHTS}
SHEETS = frozenset({F.TEXTS, F.RAW, F.EARLIER, F.PASSAGES, *REGISTER})
EVENTS = TABLE - {F.LABELS} | {F.MENTIONS}
TYPED = SHEETS | {F.UNMARKED, F.UNUSED, F.ACTORS, F.COMMENTS}
TASKS = DESK - {F.RIGHTS} | {F.FACETS, F.LABELS, F.DEFINITIONS, F.TREE, F.UNUSED}
# What a codebook is made of, and nothing else.
CODES = frozenset(
    {
        F.PROJECT, F.FACETS, F.LABELS, F.DEFINITIONS, F.WORDINGS, F.TREE, F.LOOK, F.RETIRED,
        F.MERGERS, F.UNUSED,
    }
)  # fmt: skip
UTF16 = "UTF-16 units"
# Where what a tool has no place for is kept beside what it shows.
KEPT = frozenset({F.RAW, F.EARLIER, *REGISTER})
# What schema.org has words for in a claim and the article in which it appears.
CLAIMS = frozenset(
    {
        F.TITLE, F.OUTLET, F.PEOPLE, F.PUBLISHED, F.LANGUAGE, F.URL, F.LABELS, F.IDS, F.PIECES,
        F.OVERLAPS, F.PARTICIPANTS, F.STAND_INS, F.CODINGS, F.STANCE, F.LINKS,
    }
)  # fmt: skip

# fmt: off
FORMATS = {
    "jsonl": Format("Crossread JSONL", NDJSON, "jsonl", "native", frozenset(), reads=True),
    "csv": Format("CSV, a row per annotation", CSV, "csv", "tables.table", TABLE, reads=True),
    "jsonld": Format(
        "W3C Web Annotation", JSONLD, "jsonld", "web.annotations", SHEETS | {F.UNMARKED}, reads=True
    ),
    "csv-codings": Format(
        "CSV, a row per coding", CSV, "csv", "tables.codings", TABLE - {F.LABELS}, reads=True
    ),
    "xlsx": Format("Excel workbook", SHEET, "xlsx", "tables.workbook", SHEETS, reads=True),
    "parquet": Format("Parquet", PARQUET, "parquet", "tables.parquet", TYPED, needs="pyarrow"),
    "dna": Format("DNA 3 database", DNA, "dna", "dna.database", KEPT, reads=True, units=UTF16),
    "dna-csv": Format("DNA event list", CSV, "csv", "dna.events", EVENTS, reads=True),
    "qdpx": Format("REFI-QDA project", ZIP, "qdpx", "qda.project", KEPT, reads=True),
    "qdc": Format("REFI-QDA codebook", XML, "qdc", "qda.codebook", ALL - CODES, reads=True),
    "label-studio": Format("Label Studio", ZIP, "zip", "labelling.label_studio", KEPT, reads=True),
    "doccano": Format("doccano", NDJSON, "jsonl", "labelling.doccano", KEPT, reads=True),
    "brat": Format("brat standoff", ZIP, "zip", "labelling.brat", KEPT, reads=True),
    "brat-events": Format("brat, event frames", ZIP, "zip", "labelling.event_frames", ALL, *READS),
    "mardy": Format("MARDY", JSON, "json", "labelling.mardy", ALL, *READS),
    "webanno": Format("WebAnno TSV 3.3", ZIP, "zip", "cas.tsv", KEPT, reads=True, units=UTF16),
    "xmi": Format("UIMA CAS (XMI)", ZIP, "zip", "cas.xmi", KEPT, reads=True, units=UTF16),
    "cas-json": Format(
        "UIMA CAS (JSON)", ZIP, "zip", "cas.json_cas", KEPT, reads=True, units=UTF16
    ),
    "spacy": Format("spaCy DocBin", ZIP, "zip", "language.docbin", KEPT, needs="spacy"),
    "spacy-jsonl": Format(
        "spaCy and Prodigy JSONL", NDJSON, "jsonl", "language.spacy_lines", TASKS
    ),
    "conll": Format("CoNLL-2003 (BIO)", ZIP, "zip", "language.conll", TOKENS),
    "huggingface": Format("Hugging Face dataset", ZIP, "zip", "language.huggingface", KEPT),
    "tei": Format("TEI P5 with standOff", ZIP, "zip", "tei.texts", KEPT),
    "graphml": Format("Network, GraphML", GRAPHML, "graphml", "network.graphml", ALL - NETWORK),
    "gexf": Format("Network, GEXF", GEXF, "gexf", "network.gexf", ALL - NETWORK),
    "dl": Format("Network, UCINET DL", PLAINTEXT, "dl", "network.ucinet", ALL - WEIGHTS),
    "matrix": Format("Network, matrix", CSV, "csv", "network.matrix", ALL - WEIGHTS),
    "claimreview": Format("ClaimReview", JSONLD, "jsonld", "web.claimreview", ALL - CLAIMS),
}
# fmt: on


def file_name(slug: str, name: str) -> str:
    """What a project's file in this format is called; no two formats of one are called the same.

    The format is in it where the suffix does not tell which one it is.
    """
    suffix = FORMATS[name].suffix
    others = [one for one in FORMATS.values() if one.writes and one.suffix == suffix]
    if name == suffix or len(others) == 1:
        return f"{slug}.{suffix}"
    own = name.removeprefix(f"{suffix}-").removesuffix(f"-{suffix}")
    return f"{slug}-{own}.{suffix}"


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read within is the database as it was at the beginning; nobody waits for it."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # `atomic` would take the lock for writing, since our transactions begin immediate.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            # The moment is that of the first read.
            cursor.execute("SELECT 1 FROM sqlite_master")
        try:
            yield
        finally:
            connection.connection.rollback()
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SELECT 1")
            yield

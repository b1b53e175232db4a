"""The library `datasets` loads the unpacked folder without network, with the types of its card."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

import pytest

from annotations.exchange import aside
from annotations.exchange.formats import FORMATS
from annotations.exchange.language import huggingface
from annotations.exchange.neutral import (
    AnnotationRecord,
    LinkRecord,
    PassageRecord,
    Row,
    code_of,
    part_of,
    text_of,
)
from tests import parcels


@pytest.fixture(scope="module")
def offline():
    """The library, which is told that there is no network before it is loaded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("HF_DATASETS_OFFLINE", "1")
        patch.setenv("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
        yield pytest.importorskip("datasets")


@pytest.fixture(scope="module")
def loaded(offline, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dataset")
    with zipfile.ZipFile(io.BytesIO(parcels.written("huggingface"))) as archive:
        archive.extractall(folder)
    cache = str(tmp_path_factory.mktemp("cache"))
    return offline.load_dataset(str(folder), cache_dir=cache), folder


def rows_in(rows, beside: bytes):
    """What a reader would find in the rows, and beside them."""
    told = aside.read(beside)
    yield from told.before
    for row in rows:
        names = ("title", "outlet", "story", "language", "url", "rights", "authors", "translators")
        day = date.fromisoformat(row["published_on"]) if row["published_on"] else None
        article = text_of(
            row["text"], id=row["id"], **{name: row[name] for name in names}, published_on=day
        )
        passages = tuple(PassageRecord(**passage) for passage in row["passages"])
        text = replace(article.newest, passages=passages)
        yield Row(1, replace(article, revisions=(text,)))
        for values in row["annotations"]:
            yield Row(1, annotation_of(values, row["id"], text.id))
    yield from told.after


def annotation_of(values, article: str, revision: str) -> AnnotationRecord:
    moments = {name: datetime.fromisoformat(values[name]) for name in ("created", "updated")}
    codes = [code_of(c["tag"], c["stance"], c["definition"]) for c in values["codings"]]
    return AnnotationRecord(**values | moments | {
        "project": "", "article": article, "revision": revision, "deleted": None,
        "spans": [(s["start"], s["end"], s["quote"]) for s in values["spans"]],
        "participants": [part_of(**part) for part in values["participants"]], "codings": codes,
        "links": [LinkRecord(**link) for link in values["links"]],
    })  # fmt: skip


def test_the_rows_are_the_texts_and_the_types_those_of_the_card(loaded, offline):
    found, _ = loaded
    assert list(found) == ["train"]
    rows = found["train"]
    texts = [document.revision.text for document in parcels.hard().documents()]
    assert rows["text"][:] == texts

    def of(kind):
        if isinstance(kind, str):
            return offline.Value(kind)
        if isinstance(kind, list):
            return offline.List(of(kind[0]))
        return {name: of(inner) for name, inner in kind.items()}

    assert rows.features == offline.Features(of(huggingface.FEATURES))


def test_counts_offsets_and_quotes_agree(loaded):
    found, _ = loaded
    documents = list(parcels.hard().documents())
    for row, document in zip(found["train"], documents, strict=True):
        pieces = {(span["id"], span["start"], span["end"]) for span in row["spans"]}
        assert pieces == {
            (one.id, start, end) for one in document.annotations for start, end, _ in one.spans
        }
        for span in row["spans"]:
            assert row["text"][span["start"] : span["end"]] == span["quote"]


def test_nothing_is_missing_but_what_the_format_loses(loaded):
    found, folder = loaded
    loses = FORMATS["huggingface"].loses
    rows = rows_in(found["train"], (folder / "CROSSREAD.jsonl").read_bytes())
    before = parcels.forgotten(parcels.hard(), loses)
    assert parcels.forgotten(parcels.collected(rows), loses) == before


def test_a_name_cannot_end_the_part_of_the_card_that_machines_read(offline):
    project = parcels.PROJECT._replace(name="---\nx: [", description="---\nconfigs: []\n")
    parcel = replace(parcels.hard(), project=project)
    with zipfile.ZipFile(io.BytesIO(parcels.written("huggingface", parcel))) as archive:
        card = archive.read("README.md").decode()
    with zipfile.ZipFile(io.BytesIO(parcels.written("huggingface"))) as archive:
        other = archive.read("README.md").decode()
    assert card.split("\n---\n")[0] == other.split("\n---\n")[0]


def test_the_same_parcel_makes_the_same_bytes():
    assert parcels.written("huggingface") == parcels.written("huggingface")

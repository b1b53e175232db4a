"""What an export leaves out is said, if there is any of it."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotations.exchange import losses
from annotations.exchange.formats import FORMATS
from annotations.exchange.holdings import IN_NO_FILE, Feature
from annotations.exchange.source import source_for
from annotations.management.commands import list_formats
from corpus_app.models import Role
from tests import api, exchange, factories, parcels

# How much of each the hard parcel has.
HARD = {
    "TEXTS": "3 articles", "RAW": "3 articles", "EARLIER": "1 article", "PASSAGES": "3 articles",
    "TITLE": "2 articles", "OUTLET": "2 articles", "PEOPLE": "1 article",
    "PUBLISHED": "1 article", "LANGUAGE": "3 articles", "URL": "1 article",
    "STORY": "1 article", "RIGHTS": "1 article", "UNMARKED": "1 article",
    "OUTLETS": "2 outlets", "STORIES": "1 story", "EMPTY": "2 outlets or stories",
    "PROJECT": "1 project", "FACETS": "3 facets",
    "LABELS": "8 tags", "DEFINITIONS": "3 tags", "WORDINGS": "1 tag", "TREE": "2 tags",
    "LOOK": "5 tags", "RETIRED": "4 facets, tags or actors", "MERGERS": "1 tag",
    "UNUSED": "3 tags or actors", "ACTORS": "5 actors", "IDS": "11 annotations",
    "TIMES": "11 annotations", "AUTHORS": "11 annotations", "GOLD": "1 annotation",
    "ORIGIN": "2 annotations", "MENTIONS": "3 annotations", "PIECES": "1 annotation",
    "OVERLAPS": "9 stretches", "PARTICIPANTS": "15 participants", "CHAIN": "2 voices",
    "STAND_INS": "4 participants", "ENDORSEMENT": "2 voices", "CODINGS": "12 codings",
    "STANCE": "3 codings", "WORDED": "2 codings", "ATTRIBUTION": "1 annotation",
    "CERTAINTY": "2 annotations", "NOTE": "3 annotations", "FLAGGED": "1 annotation",
    "LINKS": "4 links", "COMMENTS": "3 comments",
}  # fmt: skip


@pytest.mark.django_db
def test_of_every_feature_it_is_said_how_much_is_left_out(stored_hard):
    project, max_ = stored_hard
    source = source_for(max_, project)
    assert losses.of(source, Feature) == [
        f"Left out: {Feature[name]} ({number})." for name, number in HARD.items()
    ]
    assert losses.of(source, ()) == []
    assert [*HARD] == [feature.name for feature in Feature]
    assert all(sentence.isascii() for sentence in losses.of(source, Feature))


@pytest.mark.django_db
def test_of_what_is_not_there_nothing_is_said():
    project = factories.ProjectFactory()
    cora = factories.member(project, Role.CURATOR)
    told = losses.of(source_for(cora, project), Feature)
    assert told == [f"Left out: {Feature.PROJECT} (1 project)."]


@pytest.mark.django_db
def test_an_analyst_is_told_of_nothing_that_she_does_not_see(stored_hard):
    project, _ = stored_hard
    ada = project.membership_set.get(user__username="ada").user
    told = losses.of(source_for(ada, project), {Feature.GOLD, Feature.COMMENTS, Feature.IDS})
    assert told == [
        f"Left out: {Feature.IDS} (6 annotations).", f"Left out: {Feature.COMMENTS} (2 comments)."
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_api_lists_the_formats_and_says_what_each_would_lose(stored_hard):
    project, max_ = stored_hard
    caller = api.Caller(max_)
    [jsonl] = [f for f in caller.get("formats/").json()["results"] if f["name"] == "jsonl"]
    assert jsonl == {
        "name": "jsonl", "label": "Crossread JSONL", "content_type": "application/x-ndjson",
        "suffix": "jsonl", "units": "code points", "writes": True, "reads": True, "there": True,
        "loses": [],
    }  # fmt: skip
    told = caller.get(f"projects/{project.slug}/losses/csv/").json()
    assert told == {
        "losses": losses.of(source_for(max_, project), FORMATS["csv"].loses),
        "in_no_file": list(IN_NO_FILE),
    }
    assert len(told["losses"]) > 3
    whole = caller.get(f"projects/{project.slug}/losses/jsonl/").json()
    assert whole == {"losses": [], "in_no_file": list(IN_NO_FILE)}
    assert caller.get(f"projects/{project.slug}/losses/none/").status_code == 404


def test_articles_in_no_annotation_are_lost_where_only_annotations_are_written():
    lost = {name for name, known in FORMATS.items() if Feature.UNMARKED in known.loses}
    anything = {"qdc", "graphml", "gexf", "dl", "matrix", "claimreview", "brat-events", "mardy"}
    assert lost == anything | {"csv", "csv-codings", "jsonld", "parquet", "dna-csv"}
    title, parcel = "Nobody marks this one", parcels.hard()
    *marked, (bare, _) = parcel.annotated(passages=True)
    found = [*marked, (replace(bare, title=title), [])]
    parcel = replace(
        parcel, annotated=lambda passages=False: iter(found),
        articles=lambda: (article for article, _ in found),
    )  # fmt: skip
    # The two that are left out here are packed once more.
    names = [n for n, known in FORMATS.items() if known.writes and n not in ("spacy", "parquet")]
    held = {name for name in names if title.encode() in unpacked(parcels.written(name, parcel))}
    assert held == set(names) - lost


def unpacked(data: bytes) -> bytes:
    """The file, or all that is in it if it is an archive."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(map(archive.read, archive.namelist()))


@pytest.mark.django_db
def test_an_export_says_in_a_header_what_it_leaves_out(stored_hard):
    project, max_ = stored_hard
    answer = api.Caller(max_).get(f"projects/{project.slug}/export/csv/")
    told = losses.of(source_for(max_, project), FORMATS["csv"].loses)
    assert answer["Crossread-Losses"] == ", ".join(f'"{sentence}"' for sentence in told)
    whole = api.Caller(max_).get(f"projects/{project.slug}/export/jsonl/")
    assert not whole.has_header("Crossread-Losses")


@pytest.fixture
def stored_hard():
    """The hard parcel in a project, and its manager."""
    project = factories.ProjectFactory(slug="stored")
    max_ = factories.member(project, Role.MANAGER, user__username="max")
    for name, role in (("ada", Role.ANALYST), ("bo", Role.ANALYST), ("cora", Role.CURATOR)):
        factories.member(project, role, user__username=name)
    exchange.stored(project, max_, parcels.written("jsonl"))
    return project, max_


def test_the_guide_has_the_table_as_the_formats_have_it(tmp_path):
    guide = Path(__file__).resolve().parents[1] / "docs" / "guides" / "formats.md"
    text = guide.read_text(encoding="utf-8")
    # `manage.py list_formats --into docs/guides/formats.md` makes it so.
    assert list_formats.renewed(text) == text
    assert ";\n".join(f"- {one}" for one in IN_NO_FILE) + ".\n" in text
    out, into = (sum(getattr(f, able) for f in FORMATS.values()) for able in ("writes", "reads"))
    assert f"There are {len(FORMATS)} formats: {out} go out, {into} come in." in text
    copy = tmp_path / "guide.md"
    copy.write_text(f"{list_formats.BEGIN}old\n{list_formats.END}", encoding="utf-8")
    call_command("list_formats", into=copy)
    assert list_formats.table() in copy.read_text(encoding="utf-8")
    copy.write_text("none", encoding="utf-8")
    with pytest.raises(CommandError, match="no place for the table"):
        call_command("list_formats", into=copy)

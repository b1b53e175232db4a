"""/api/v1/projects/<slug>/export/<format>/: the whole project as a stream."""

import pytest

from annotations.exchange.formats import FORMATS, file_name
from corpus_app.models import Role
from tests import api, exchange, factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("format", "type"),
    [
        ("jsonl", "application/x-ndjson"),
        ("csv", "text/csv; charset=utf-8"),
        ("jsonld", "application/ld+json"),
    ],
)
def test_an_export_is_a_file_as_the_exchange_writes_it(format, type):
    project, cora = exchange.hard_project()
    answer = api.Caller(cora).get(f"projects/hard/export/{format}/", Accept="application/xml")
    assert (answer.status_code, answer["Content-Type"]) == (200, type)
    assert answer["Content-Disposition"] == f'attachment; filename="hard.{format}"'
    assert answer.streaming
    assert b"".join(answer.streaming_content).decode() == exchange.exported(cora, project, format)


def test_no_two_formats_have_files_of_one_name():
    names = {name: file_name("hard", name) for name, known in FORMATS.items() if known.writes}
    assert len(set(names.values())) == len(names)
    shared = {name: names[name] for name, known in FORMATS.items() if name in names
              and known.suffix in ("csv", "jsonl", "jsonld", "zip")}  # fmt: skip
    assert shared == {
        "jsonl": "hard.jsonl", "csv": "hard.csv", "jsonld": "hard.jsonld",
        "csv-codings": "hard-codings.csv", "dna-csv": "hard-dna.csv", "matrix": "hard-matrix.csv",
        "doccano": "hard-doccano.jsonl", "spacy-jsonl": "hard-spacy.jsonl",
        "claimreview": "hard-claimreview.jsonld", "label-studio": "hard-label-studio.zip",
        "brat": "hard-brat.zip", "webanno": "hard-webanno.zip", "xmi": "hard-xmi.zip",
        "cas-json": "hard-cas-json.zip", "spacy": "hard-spacy.zip", "conll": "hard-conll.zip",
        "huggingface": "hard-huggingface.zip", "tei": "hard-tei.zip",
    }  # fmt: skip
    assert {names[name] for name in names.keys() - shared.keys()} == {
        "hard.xlsx", "hard.parquet", "hard.dna", "hard.qdpx", "hard.qdc", "hard.graphml",
        "hard.gexf", "hard.dl",
    }  # fmt: skip


def test_the_name_of_a_file_says_its_format():
    _, cora = exchange.hard_project()
    answer = api.Caller(cora).get("projects/hard/export/csv-codings/")
    assert answer["Content-Disposition"] == 'attachment; filename="hard-codings.csv"'


def test_an_analysts_export_holds_her_own_work_only():
    desk = api.desk()
    api.claims(desk, desk.ada, 2)
    api.claims(desk, desk.ben, 3)
    csv = b"".join(api.Caller(desk.ada).get("projects/strait/export/csv/").streaming_content)
    assert csv.count(b"ada-strait") == 2
    assert b"ben-strait" not in csv


@pytest.mark.parametrize("format", ["jsonl", "csv", "jsonld"])
def test_the_number_of_queries_does_not_grow_with_the_export(format):
    desk = api.desk()
    cora = api.Caller(desk.cora)

    def export():
        list(cora.get(f"projects/strait/export/{format}/").streaming_content)

    api.claims(desk, desk.ada, 2)
    few = api.queries(export)
    api.claims(desk, desk.ada, 40)
    assert api.queries(export) == few


def test_an_export_is_narrowed_by_layer_author_article_story_and_outlet():
    project, cora = exchange.hard_project()
    article = project.article_set.get()
    other = factories.plain_article(project, "Another text.", by=cora)
    caller = api.Caller(cora)

    def found(query: str) -> tuple[int, int, set[str]]:
        answer = caller.get(f"projects/hard/export/jsonl/?{query}")
        lines = exchange.lines_of(b"".join(answer.streaming_content).decode())
        said = [line for line in lines if line["is"] == "annotation"]
        ties = {link["claim"] for line in said for link in line["links"]}
        assert ties <= {line["id"] for line in said}
        articles = [line for line in lines if line["is"] == "article"]
        return len(articles), len(said), {line["author"] for line in said}

    both = {"ada-hard", "cora-hard"}
    assert found("") == (2, 8, both)
    assert found("layer=gold") == (2, 1, {"cora-hard"})
    assert found("author=ada-hard&layer=analyst") == (2, 7, {"ada-hard"})
    assert found(f"article={other.pk}") == (1, 0, set())
    assert found(f"story={article.story_id}") == (1, 8, both)
    assert found(f"outlet={article.outlet_id}&layer=gold") == (1, 1, {"cora-hard"})


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("layer=silver", ["layer"]), ("author=zoe", ["author"]), ("author=%00", ["author"]),
        ("article=1", ["article"]), ("story=00000000-0000-4000-8000-000000000000", ["story"]),
        ("tag=x", ["tag"]),
    ],
)  # fmt: skip
def test_what_an_export_cannot_be_narrowed_by_is_told(query, wrong):
    cora = factories.member(factories.ProjectFactory(slug="hard"), Role.CURATOR)
    answer = api.Caller(cora).get(f"projects/hard/export/jsonl/?{query}")
    assert (answer.status_code, api.wrong(answer)) == (400, wrong)

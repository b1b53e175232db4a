"""/api/v1/projects/<slug>/export/<format>/: the whole project as a stream."""

import pytest

from tests import api, exchange

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

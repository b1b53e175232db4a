"""An export is one moment of the database, however long it takes to fetch it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from annotations.exchange.formats import FORMATS
from annotations.exchange.source import source_for
from tests import api, factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("format", ["jsonl", "csv", "jsonld"])
def test_what_is_written_meanwhile_is_not_in_it_and_does_not_wait(format):
    desk = api.desk()
    api.claims(desk, desk.ada, 3)
    before = b"".join(FORMATS[format].write(source_for(desk.cora, desk.project)))

    def write_meanwhile():
        factories.claim(desk.article, desk.ada, note="meanwhile")
        other = factories.plain_article(desk.project, "Another text.\n", by=desk.cora)
        factories.claim(other, desk.cora)
        connections.close_all()

    pieces = FORMATS[format].write(source_for(desk.cora, desk.project))
    written = [next(pieces)]
    with ThreadPoolExecutor() as elsewhere:
        elsewhere.submit(write_meanwhile).result(timeout=10)
    assert b"".join([*written, *pieces]) == before
    after = b"".join(FORMATS[format].write(source_for(desk.cora, desk.project)))
    assert after != before


def test_an_export_that_is_given_up_leaves_the_connection_free():
    desk = api.desk()
    pieces = FORMATS["jsonl"].write(source_for(desk.cora, desk.project))
    next(pieces)
    pieces.close()
    factories.claim(desk.article, desk.ada)

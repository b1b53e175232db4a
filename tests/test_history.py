"""History and texts are kept by the database itself."""

import pytest
from django.db import DatabaseError, connection, transaction

from corpus_app.models import Event, Revision
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def text():
    return factories.article(factories.ProjectFactory()).revisions.get()


def attempts():
    return {
        "an event changed": lambda: Event.objects.update(verb="never happened"),
        "one column of an event changed by SQL": lambda: sql("UPDATE corpus_app_event SET at = at"),
        "events deleted": lambda: Event.objects.all()._raw_delete(Event.objects.db),
        "events deleted by SQL": lambda: sql("DELETE FROM corpus_app_event"),
        "a text changed": lambda: Revision.objects.update(text="Something else."),
        "texts deleted by SQL": lambda: sql("DELETE FROM corpus_app_revision"),
    }


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("attempt", attempts())
def test_the_database_refuses(text, attempt):
    before = list(Event.objects.values()), list(Revision.objects.values())
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        attempts()[attempt]()
    assert (list(Event.objects.values()), list(Revision.objects.values())) == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", attempts())
def test_the_database_refuses_still_after_tables_were_emptied(text, attempt):
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        attempts()[attempt]()

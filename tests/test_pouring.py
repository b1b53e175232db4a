"""Rows that go into a table many at once: they are those that `bulk_create` would make."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from corpus_app.history import COLUMNS
from corpus_app.models import Event
from corpus_app.pouring import pour
from tests import factories

pytestmark = pytest.mark.django_db
NASTY = [
    "",
    "\\N",
    "a\tb\nc\r\\d\\",
    "“naïve” 👩🏽‍🚀 שלום",
    "\\.",
    "'; DROP TABLE event; --",
    '{"a"}',
    "NULL",
]


def rows(words, **given):
    project, by = factories.ProjectFactory(), factories.UserFactory()
    told = {
        "project_id": project.pk, "by_id": by.pk, "by_name": by.username, "verb": "made",
        "noun": "thing", "version": 1, "article_id": None, "author_id": None, "before": None,
        "undoes_id": None, "operation_id": None,
    }  # fmt: skip
    for word in words:
        own = {"id": uuid.uuid4(), "at": timezone.now(), "object_id": str(uuid.uuid4())}
        yield {**told, **own, "after": '{"n": [1, "\\u00e9"]}', "reason": word, **given}


def test_every_value_comes_back_as_it_was():
    made = list(rows(NASTY))
    pour(Event, COLUMNS, ([row[name] for name in COLUMNS] for row in made))
    stored = Event.objects.filter(verb="made").in_bulk()
    assert [
        {name: getattr(stored[row["id"]], name) for name in COLUMNS} for row in made
    ] == [row | {"after": {"n": [1, "é"]}} for row in made]  # fmt: skip
    assert Event.objects.filter(verb="made", before__isnull=True).count() == len(NASTY)


def test_of_rows_one_of_which_is_there_already_none_is_stored():
    made = list(rows(["once", "twice"], object_id="the same"))
    with pytest.raises(IntegrityError), transaction.atomic():
        pour(Event, COLUMNS, ([row[name] for name in COLUMNS] for row in made))
    assert not Event.objects.filter(verb="made").exists()

"""What the workbench's page tells of other articles, and the API of what was said twice."""

import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import retold
from corpus_app.models import Passage, Reuse
from tests import factories
from tests.api import Caller

pytestmark = pytest.mark.django_db

FIRST = "The Harbour Office said on Monday that the strait is calm and that no ferry has been lost."
LAST = "Then it began to rain, and it rained all over the town until the evening came."
SAID = "“We have counted every boat {}and there is none missing from the list,” said Ada Quill."


@pytest.fixture
def project():
    return factories.ProjectFactory(slug="strait")


@pytest.fixture
def reader(project):
    return factories.member(project)


def printed(project, text, day, outlet="The Quay"):
    return factories.plain_article(project, text, published_on=date(2024, 3, day), outlet=outlet)


def of(user, article):
    revision = article.revisions.get()
    return retold.retold(user=user, article=article, revision=revision)


def test_each_side_tells_of_the_other_with_days_fate_and_changes(project, reader):
    first = printed(project, f"{FIRST} {LAST}\n\n{SAID.format('this morning ')}", 2)
    later = printed(
        project, f"{FIRST.replace('Monday', 'Tuesday')} {LAST}\n\nNow: {SAID.format('')[:-16]}", 5
    )
    changes = [
        "The Harbour Office said on", ["Monday", "Tuesday"],
        "that the strait is calm and that no … all over the town until the evening came",
    ]  # fmt: skip
    cut = [
        "We have counted every boat", ["this morning", ""],
        "and there is none missing from the list",
    ]  # fmt: skip
    end = len(f"{FIRST} {LAST}") - 1
    start = end + 4
    assert of(reader, first) == {
        "articles": [[later.pk, "A plain text", "The Quay", 3]],
        "rows": [
            [1, 0, "passage", 0, end, "changed", 0, 1, 1, changes],
            [2, 0, "quotation", start, start + 79, "shorter", 0, 2, 1, cut],
        ],
    }
    told = of(reader, later)
    assert told["articles"] == [[first.pk, "A plain text", "The Quay", -3]]
    assert [row[:2] + row[5:] for row in told["rows"]] == [
        [1, 1, "changed", 0, 1, 1, changes],
        [2, 1, "shorter", 0, 2, 1, cut],
    ]


def test_a_stranger_is_told_nothing(project):
    first = printed(project, FIRST, 2)
    printed(project, f"{FIRST} So.", 3)
    stranger = factories.member(factories.ProjectFactory())
    assert of(stranger, first) == {"articles": [], "rows": []}


def test_the_page_tells_a_few_places_and_counts_the_others(project, reader):
    articles = [printed(project, f"{FIRST} Day {day}.", day) for day in range(1, 13)]
    rows = of(reader, articles[0])["rows"]
    assert len(rows) == retold.AT_MOST
    assert {row[8] for row in rows} == {11}


def test_the_number_of_queries_stays_the_same(project, reader):
    articles = [printed(project, f"{FIRST} Day {day}.", day) for day in (1, 2)]

    def queries():
        with CaptureQueriesContext(connection) as captured:
            of(reader, articles[0])
        return len(captured) - 1  # the revision

    few = queries()
    for day in range(3, 9):
        printed(project, f"{FIRST}\n\n{SAID.format('')} {day}.", day, outlet=f"Outlet {day}")
    assert queries() == few == 2


def test_the_page_carries_what_was_said_twice(client, project, reader):
    printed(project, FIRST, 2)
    later = printed(project, f"{FIRST} So.", 3)
    client.force_login(reader)
    page = client.get(f"/articles/{later.pk}/").text
    data = json.loads(re.search(r'id="page-data"[^>]*>(.*?)</script>', page, re.S)[1])
    assert [row[:3] for row in data["retold"]["rows"]] == [[1, 1, "passage"]]
    assert 'id="passage-1"' in page


def test_the_api_lists_reuses_and_what_was_said_before(project, reader):
    first, later = printed(project, FIRST, 2), printed(project, f"{FIRST} So.", 3)
    api = Caller(reader)
    [reuse] = api.results("reuses/?project=strait")
    row = Reuse.objects.get()
    assert reuse == {
        "id": str(row.pk), "project": "strait", "kind": "passage", "score": 1.0,
        "later": place(later, 0, len(FIRST) - 1), "source": place(first, 0, len(FIRST) - 1),
        "created": reuse["created"],
    }  # fmt: skip
    assert api.get(f"reuses/{row.pk}/").json() == reuse
    assert api.results(f"reuses/?article={first.pk}") == []
    assert api.results(f"reuses/?source_article={first.pk}&kind=passage") == [reuse]
    assert api.results("reuses/?kind=quotation") == []
    [passage] = api.results("passages/?reused=true")
    assert (passage["article"], passage["said_before"]) == (str(later.pk), True)
    assert passage["reuses"] == [reuse]
    [passage] = api.results("passages/?reused=false")
    assert (passage["article"], passage["reuses"]) == (str(first.pk), [])


def place(article, start, end):
    passage = Passage.objects.get(revision__article=article)
    return {
        "article": str(article.pk), "revision": str(passage.revision_id),
        "passage": str(passage.pk), "start": start, "end": end,
    }  # fmt: skip

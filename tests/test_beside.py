"""Articles of one story side by side: which, for whom, and what the page carries."""

import json
import re
import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corpus_app.models import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def story(project):
    return factories.story(project)


@pytest.fixture
def add(project, story):
    """Adds an article of the story that appeared on a day of March 2024."""

    def add(day=None, text=None, **fields):
        text = text or f"On Thursday the strait was calm, day {day}. It was rough on 3 March.\n"
        day = day and date(2024, 3, day)
        return factories.plain_article(project, text, published_on=day, story=story, **fields)

    return add


@pytest.fixture
def analyst(project):
    return factories.member(project)


@pytest.fixture
def ask(client, analyst, story):
    """The page for the analyst, with these articles in its address."""

    def ask(*articles, person=analyst, story=story):
        client.force_login(person)
        asked = ",".join(str(getattr(article, "pk", article)) for article in articles)
        query = {"articles": asked} if articles else {}
        return client.get(f"/stories/{story.pk}/side-by-side/", query)

    return ask


def shown(response):
    """The ids of the articles in columns, from left to right."""
    return [page["article"] for page in pages(response)]


def pages(response):
    found = re.findall(r'<script id="column-\d-page-data"[^>]*>(.*?)</script>', response.text, re.S)
    return [json.loads(one) for one in found]


def timeless(page):
    """What a page carries, but for the moment at which it was made."""
    return {name: value for name, value in page.items() if name != "moment"}


def ids(*articles):
    return [str(article.pk) for article in articles]


def test_the_articles_asked_for_stand_in_the_order_asked_for(ask, add):
    first, second, third = add(1), add(2), add(3)
    assert shown(ask(third, first)) == ids(third, first)
    assert shown(ask(second, third, first)) == ids(second, third, first)


def test_the_boxes_of_the_chooser_are_read_too(client, analyst, story, add):
    first, second = add(1), add(2)
    add(3)
    client.force_login(analyst)
    address = f"/stories/{story.pk}/side-by-side/?articles={first.pk}&articles={second.pk}"
    assert shown(client.get(address)) == ids(first, second)


def test_unasked_ones_own_articles_come_first_then_by_date(ask, add, analyst):
    late, undated, early, own = add(9), add(), add(1), add(8)
    factories.assigned(own, analyst)
    assert shown(ask()) == ids(own, early, late)
    assert shown(ask(undated)) == ids(undated, own, early)


def test_all_of_the_story_are_offered_with_what_is_shown(ask, add):
    articles = [add(day) for day in (1, 2, 3, 4, 5)]
    text = ask(articles[4], articles[0]).text
    offered = re.findall(r'name="articles" value="([\w-]+)"( checked)?', text)
    assert offered == [
        (str(article.pk), " checked" if nth in (0, 4) else "")
        for nth, article in enumerate(articles)
    ]


def test_two_articles_need_no_choice(ask, add):
    add(1), add(2)
    assert 'name="articles"' not in ask().text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("nonsense", "An address names the articles by their ids, with commas between."),
        ("1,,2", "An address names the articles by their ids, with commas between."),
        (",".join([str(uuid.uuid4()) for _ in range(5)]),
         "At most 4 articles stand side by side; 5 were asked for."),
    ],
)  # fmt: skip
def test_what_cannot_stand_side_by_side_is_said(ask, add, asked, said):
    add(1), add(2), add(3)
    response = ask(asked)
    assert response.status_code == 400
    assert said in response.text
    assert 'name="articles"' in response.text


def test_an_article_asked_for_twice_stands_once(ask, add):
    first, second = add(1), add(2)
    assert shown(ask(first, first, second)) == ids(first, second)


def test_an_article_of_another_story_is_not_there(ask, add, project):
    first = add(1)
    other = factories.article(project, story=factories.story(project, "Another"))
    assert [ask(first, pk).status_code for pk in (other.pk, uuid.uuid4())] == [404, 404]


def test_a_stranger_gets_the_answer_that_a_random_address_gets(client, add, story):
    add(1), add(2)
    client.force_login(factories.member(factories.ProjectFactory(), Role.MANAGER))
    answers = [client.get(f"/stories/{pk}/side-by-side/") for pk in (story.pk, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    hidden, random = (re.sub(r'value="\w{64}"', "", answer.text) for answer in answers)
    assert hidden == random


def test_a_story_of_one_article_leads_to_it(ask, add):
    only = add(1)
    response = ask()
    assert (response.status_code, shown(response)) == (200, [])
    assert f'href="/articles/{only.pk}/"' in response.text


def test_each_column_may_be_marked_as_its_article_may(ask, add, analyst):
    mine, other = add(1), add(2)
    factories.assigned(mine, analyst)
    assert [page["mayMark"] for page in pages(ask(mine, other))] == [True, False]


def test_no_id_stands_twice(ask, add, analyst):
    articles = [add(day) for day in (1, 2, 3)]
    for article in articles:
        factories.assigned(article, analyst)
    found = re.findall(r'\sid="([^"]+)"', ask(*articles).text)
    assert sorted(found) == sorted(set(found))


def test_in_a_blind_project_no_column_tells_of_anothers_work(ask, add, project):
    first, second, other = add(1), add(2), factories.member(project)
    before = pages(ask(first, second))
    factories.claim(second, other)
    assert [timeless(page) for page in pages(ask(first, second))] == [
        timeless(page) for page in before
    ]


def test_each_column_carries_the_days_that_its_text_names(ask, add):
    first, second = add(15), add()
    dated = [page["dates"] for page in pages(ask(first, second))]
    there = first.revisions.get().text
    assert dated == [
        [[there.index("Thursday"), "2024-03-14"], [there.index("3 March"), "2024-03-03"]], []
    ]  # fmt: skip


def test_the_number_of_queries_grows_with_the_columns_alone(ask, add, analyst):
    articles = [add(day) for day in (1, 2, 3, 4)]

    def queries(*asked):
        with CaptureQueriesContext(connection) as captured:
            assert ask(*asked).status_code == 200
        return len(captured)

    queries(*articles)
    two, three, four = (queries(*articles[:number]) for number in (2, 3, 4))
    assert four - three == three - two
    for article in articles:
        for start in range(3):
            factories.claim(article, analyst, start, start + 5)
    for day in (5, 6, 7):
        add(day)
    assert queries(*articles[:2]) == two


def test_the_workbench_leads_to_the_others_of_its_story(client, add, analyst, story):
    first, alone = add(1), factories.article(story.project)
    add(2), add(3)
    client.force_login(analyst)
    text = client.get(f"/articles/{first.pk}/").text
    address = f"/stories/{story.pk}/side-by-side/?articles={first.pk}"
    assert f'href="{address}"' in text
    assert "Side by side with 2 others of this story" in text
    assert "side-by-side" not in client.get(f"/articles/{alone.pk}/").text
    add(4)
    text = client.get(f"/articles/{first.pk}/").text
    assert "Side by side with 2 of 3 others of this story" in text


def test_the_queue_leads_to_the_others_of_a_story(client, add, analyst, story):
    first, alone = add(1), factories.article(story.project)
    for article in (first, alone):
        factories.assigned(article, analyst)
    client.force_login(analyst)
    assert "side-by-side" not in client.get("/").text
    add(2)
    found = re.findall(r"/stories/[^\"]+", client.get("/").text)
    assert found == [f"/stories/{story.pk}/side-by-side/?articles={first.pk}"]

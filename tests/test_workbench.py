"""The workbench's page: who gets it, and what it carries."""

import json
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import annotating, assigning
from annotations.content import Code, Content, Part, Tie
from annotations.models import ClaimTag
from corpus_app.models import Event, Project, Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def article(project):
    return factories.article(project)


@pytest.fixture
def analyst(project):
    return factories.member(project)


@pytest.fixture
def read(client):
    """The page's response and its data for a person."""

    def read(person, article):
        client.force_login(person)
        response = client.get(f"/articles/{article.pk}/")
        assert response.status_code == 200
        found = re.search(r'<script id="page-data"[^>]*>(.*?)</script>', response.text, re.S)
        return response, json.loads(found[1])

    return read


def test_a_stranger_gets_the_answer_that_a_random_address_gets(client, article):
    client.force_login(factories.member(factories.ProjectFactory()))
    answers = [client.get(f"/articles/{pk}/") for pk in (article.pk, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    hidden, random = (re.sub(r'value="\w{64}"', "", answer.text) for answer in answers)
    assert hidden == random


def test_nobody_is_sent_to_sign_in(client, article):
    assert client.get(f"/articles/{article.pk}/").url == f"/sign-in/?next=/articles/{article.pk}/"


def test_the_page_cannot_be_posted_to(client, article, analyst):
    client.force_login(analyst)
    assert client.post(f"/articles/{article.pk}/").status_code == 405


def test_every_passage_is_set_with_its_own_text(read, article, analyst):
    response, _ = read(analyst, article)
    revision = article.revisions.get()
    pattern = r'data-passage="(\d+)" data-start="(\d+)" data-end="(\d+)">(.*?)</(?:p|h1|h2)>'
    found = [
        (int(number), int(start), int(end), text)
        for number, start, end, text in re.findall(pattern, response.text, re.S)
    ]
    assert found == [
        (p.number, p.start, p.end, p.slice(revision.text)) for p in revision.passages.all()
    ]


def test_text_that_looks_like_markup_stays_text(read, project, analyst):
    text = "He wrote <script>alert(1)</script> & “</script>” in his note, twice over."
    article = factories.plain_article(project, text)
    response, _ = read(analyst, article)
    assert "<script>alert" not in response.text
    assert "He wrote &lt;script&gt;alert(1)&lt;/script&gt; &amp;" in response.text


def test_who_has_no_assignment_may_read_and_is_offered_the_article(read, article, analyst):
    response, data = read(analyst, article)
    assert data["mayMark"] is False
    assert "Take this article" in response.text
    assert "Hand in" not in response.text


def test_who_has_it_open_may_mark_and_hand_in(read, article, analyst):
    own = factories.assigned(article, analyst)
    response, data = read(analyst, article)
    assert data["mayMark"] is True
    assert f'action="/articles/{article.pk}/hand-in/"' in response.text
    assert f'name="version" value="{own.version}"' in response.text


def test_who_handed_it_in_is_told_when(read, article, analyst):
    own = factories.assigned(article, analyst)
    assigning.hand_in(by=analyst, assignment=own, seen=own.version)
    response, data = read(analyst, article)
    assert data["mayMark"] is False
    assert f"You handed this article in on {own.updated:%-d %B %Y}" in response.text


def test_who_got_it_back_is_told_why(read, article, analyst):
    own = factories.assigned(article, analyst)
    curator = factories.member(article.project, Role.CURATOR)
    assigning.hand_in(by=analyst, assignment=own, seen=own.version)
    own.refresh_from_db()
    assigning.give_back(by=curator, assignment=own, seen=own.version, comment="Mind the tides.")
    response, data = read(analyst, article)
    assert data["mayMark"] is True
    assert "Returned to you: Mind the tides." in response.text


def test_an_annotation_is_packed_with_all_it_says(read, article, analyst):
    factories.small_codebook(article.project)
    office = factories.actor(article.project, "Harbour Office", aliases=(("the Office", False),))
    calm = ClaimTag.objects.get(slug="calm")
    claim = factories.claim(
        article, analyst, 0, 10, attribution="quoted", note="mind",
        parts=(Part("claimant", stands_for="author"), Part("target", str(office.pk))),
        codes=(Code(str(calm.pk), "oppose"),),
    )  # fmt: skip
    _, data = read(analyst, article)
    tag = next(n for n, tag in enumerate(data["tags"]) if tag["slug"] == "calm")
    assert data["annotations"] == [
        [
            str(claim.pk), 0, "claim", "analyst", 1, [0, 10],
            [["claimant", "author"], ["target", 0]], [[tag, "oppose"]], "quoted", "mind",
        ]
    ]  # fmt: skip
    assert data["people"] == [[analyst.username, analyst.shown_name]]
    assert data["actors"] == [[str(office.pk), "Harbour Office", "other", ["the Office"], [], 0]]
    assert data["facets"][data["tags"][tag]["facet"]]["name"] == "Proposition"


def test_what_few_annotations_say_stands_at_the_end_of_their_rows(read, article, analyst):
    other = factories.claim(article, analyst)
    claim = factories.claim(
        article, analyst, certainty="low", flagged=True, links=(Tie("restates", str(other.pk)),),
        parts=(
            Part("voice", stands_for="author"),
            Part("voice", stands_for="outlet", endorsement="distances"),
        ),
    )  # fmt: skip
    _, data = read(analyst, article)
    bare, row = sorted(data["annotations"], key=len)
    assert (bare[0], len(bare), row[0]) == (str(other.pk), 10, str(claim.pk))
    assert row[6] == [["voice", "author"], ["voice", "outlet", "distances"]]
    assert row[10:] == [
        {"certainty": "low", "flagged": 1, "links": [["restates", str(other.pk)]]}
    ]  # fmt: skip
    assert data["linked"] == {}


def test_claims_elsewhere_are_told_in_a_line(read, article, analyst):
    there = factories.plain_article(article.project, "Elsewhere " + "all is said at length " * 9)
    seen = factories.claim(there, analyst, 0, 9)
    long = factories.claim(there, analyst, 10, 205)
    gone = factories.claim(article, analyst, 0, 3)
    claims = (seen, long, gone)
    factories.claim(
        article, analyst, links=tuple(Tie("supports", str(claim.pk)) for claim in claims)
    )
    annotating.remove(by=analyst, annotation=gone, seen=1)
    _, data = read(analyst, article)
    words = data["linked"][str(long.pk)][2]
    assert (len(words), words[-1]) == (120, "…")
    assert data["linked"] == {
        str(seen.pk): [str(there.pk), "A plain text", "Elsewhere", 0],
        str(long.pk): [str(there.pk), "A plain text", words, 0],
        str(gone.pk): [str(article.pk), article.title, "The", 1],
    }


def test_a_claim_that_is_hidden_is_not_told_in_a_line(read, article, analyst):
    other = factories.member(article.project)
    theirs = factories.claim(article, other)
    Project.objects.filter(pk=article.project_id).update(blind=False)
    claim = factories.claim(article, analyst, links=(Tie("supports", str(theirs.pk)),))
    _, sighted = read(analyst, article)
    Project.objects.filter(pk=article.project_id).update(blind=True)
    _, blind = read(analyst, article)
    own = [row[10]["links"] for row in blind["annotations"] if row[0] == str(claim.pk)]
    assert (len(sighted["annotations"]), len(blind["annotations"])) == (2, 1)
    assert (own, blind["linked"]) == ([[["supports", str(theirs.pk)]]], {})


def test_the_stretches_of_one_annotation_come_in_reading_order(read, article, analyst):
    claim = factories.claim(article, analyst, 19, 27)
    content = Content("claim", ((30, 35, None), (0, 5, None)))
    annotating.rewrite(by=analyst, annotation=claim, seen=1, content=content)
    _, data = read(analyst, article)
    assert data["annotations"][0][5] == [0, 5, 30, 35]


def test_removed_annotations_are_not_on_the_page(read, article, analyst):
    claim = factories.claim(article, analyst)
    annotating.remove(by=analyst, annotation=claim, seen=1)
    _, data = read(analyst, article)
    assert data["annotations"] == []


def test_the_log_tells_ones_own_changes_in_order(read, article, analyst):
    claim = factories.claim(article, analyst)
    annotating.remove(by=analyst, annotation=claim, seen=1)
    removal = Event.objects.get(noun="annotation", version=2)
    content = Content("claim", ((0, 5, None),))
    annotating.rewrite(
        by=analyst, annotation=claim, seen=2, content=content, undoes=removal.pk
    )  # fmt: skip
    _, data = read(analyst, article)
    events = Event.objects.filter(noun="annotation").order_by("version")
    assert data["logged"] == [str(claim.pk)]
    assert data["log"] == [
        [str(event.pk), 0, event.verb, event.version, event.undoes_id and str(event.undoes_id)]
        for event in events
    ]


def test_in_a_blind_project_nothing_on_the_page_tells_of_another_analysts_work(
    read, article, analyst
):
    other = factories.member(article.project)
    factories.assigned(article, analyst)
    before, _ = read(analyst, article)
    factories.claim(article, other, note="whatever I wrote")
    after, _ = read(analyst, article)
    assert without_keys(after) == without_keys(before)


def test_a_curator_sees_everybodys_marks_and_whose_they_are(read, article, analyst):
    other = factories.member(article.project, user__first_name="Bram", user__last_name="Visser")
    curator = factories.member(article.project, Role.CURATOR)
    factories.claim(article, analyst)
    factories.claim(article, other)
    _, data = read(curator, article)
    assert [data["people"][row[1]][0] for row in data["annotations"]] == [
        analyst.username,
        other.username,
    ]
    assert [other.username, "Bram Visser"] in data["people"]
    assert data["log"] == []


def test_in_an_open_project_analysts_see_each_others_marks(read):
    project = factories.ProjectFactory(blind=False)
    article = factories.article(project)
    factories.claim(article, factories.member(project))
    _, data = read(factories.member(project), article)
    assert len(data["annotations"]) == 1


def test_the_number_of_queries_does_not_grow_with_the_marks(client, read, article, analyst):
    factories.small_codebook(article.project)
    office = factories.actor(article.project, "Harbour Office")
    fact = ClaimTag.objects.get(slug="fact")
    values = {"parts": (factories.claimant(office),), "codes": (factories.coded(fact),)}
    elsewhere = factories.plain_article(article.project, "The strait, elsewhere.\n")

    def queries(number):
        for _ in range(number):
            ties = (Tie("restates", str(factories.claim(elsewhere, analyst).pk)),)
            factories.claim(article, analyst, **values, links=ties)
        _, data = read(analyst, article)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/articles/{article.pk}/")
        return len(captured), len(data["annotations"])

    few, some = queries(5)
    many, all_ = queries(55)
    assert (few, some, all_) == (many, 5, 60)


def test_a_page_with_two_hundred_marks_is_small(read, article, analyst):
    for n in range(200):
        factories.claim(article, analyst, n % 40, n % 40 + 6)
    response, _ = read(analyst, article)
    assert len(response.content) < 60_000


def without_keys(response):
    """The page without what is drawn anew for every request, and its moment."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"moment": "[^"]+"', "", response.text)

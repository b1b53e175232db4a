"""GET /api/v1/annotations/search/: claims to link to, found by a few words."""

import pytest

from annotations import annotating
from annotations.content import Content, Part
from corpus_app import merging
from tests import api, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def ada(desk):
    return api.Caller(desk.ada)


def found(caller, q, **more):
    asked = "&".join(f"{name}={value}" for name, value in more.items())
    answer = caller.get(f"annotations/search/?project=strait&q={q}&{asked}".rstrip("&"))
    assert answer.status_code == 200, answer.content
    return answer.json()


def ids(caller, q, **more):
    return [row["id"] for row in found(caller, q, **more)]


def test_a_claim_is_shown_as_one_has_to_know_it(desk, ada):
    claim = factories.claim(
        desk.article, desk.ada, 4, 10,
        parts=(factories.claimant(desk.office), Part("claimant", stands_for="author")),
        codes=(factories.coded(desk.fact),),
    )  # fmt: skip
    assert found(ada, "strait") == [
        {
            "id": str(claim.pk),
            "article": str(desk.article.pk),
            "title": "A plain text",
            "quote": "strait",
            "claimants": ["Harbour Office", "the author"],
            "tags": ["Fact"],
            "author": "ada-strait",
            "published_on": None,
        }
    ]


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ("CALM", True), ("cal", True), ("harb", True), ("H%C3%A1rbour", True), ("quay", True),
        ("%C3%89IRE", True), ("norm", False), ("fact", True), ("calm office", True),
        ("calm nobody", False), ("arbour", False), ("union", True), ("%25", False),
        ("_", False), ("…", False), ("outlet", False),
    ],
)  # fmt: skip
def test_each_word_fits_a_quote_a_note_a_name_or_a_tag(desk, ada, words, fits):
    union = factories.actor(desk.project, "Tide Union", by=desk.cora)
    claim = factories.claim(
        desk.article, desk.ada, 0, 18, note="As in éire, twice.",
        parts=(factories.claimant(desk.office), Part("target", str(union.pk))),
        codes=(factories.coded(desk.fact),),
    )  # fmt: skip
    assert ids(ada, words) == [str(claim.pk)] * fits


def test_who_was_merged_is_found_by_both_names_and_shown_by_the_one(desk, ada):
    board = factories.actor(desk.project, "Pilot Board", by=desk.cora)
    claim = factories.claim(desk.article, desk.ada, parts=(factories.claimant(board),))
    merging.merge(by=desk.cora, actor=board, into=desk.office, seen=board.version)
    for words in ("pilot", "harbour"):
        assert [row["claimants"] for row in found(ada, words)] == [["Harbour Office"]]
    assert ids(ada, "pilot") == [str(claim.pk)]


def test_mentions_removed_claims_and_other_projects_are_not_found(desk, ada):
    revision = desk.article.revisions.get()
    mention = Content("mention", ((4, 10, None),), (Part("named", str(desk.office.pk)),))
    annotating.create(by=desk.ada, revision=revision, content=mention)
    gone = factories.claim(desk.article, desk.ada, 4, 10)
    annotating.remove(by=desk.ada, annotation=gone, seen=1)
    far = api.desk("far")
    factories.claim(far.article, far.ada, 4, 10)
    assert ids(ada, "strait") == []


def test_what_is_hidden_is_not_found_and_not_counted(desk, ada):
    own = factories.claim(desk.article, desk.ada, 4, 10)
    for _ in range(25):
        factories.claim(desk.article, desk.ben, 4, 10)
    assert ids(ada, "strait") == [str(own.pk)]
    assert len(ids(api.Caller(desk.cora), "strait")) == 20
    api.hand_in(desk.article, desk.ada)
    assert len(ids(ada, "strait")) == 20


def test_the_latest_come_first_and_one_article_can_be_asked_for(desk, ada):
    other = factories.plain_article(desk.project, "The strait, again.\n", by=desk.cora)
    first = factories.claim(desk.article, desk.ada, 4, 10)
    second = factories.claim(other, desk.ada, 4, 10)
    assert ids(ada, "strait") == [str(second.pk), str(first.pk)]
    assert ids(ada, "strait", article=desk.article.pk) == [str(first.pk)]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("", 400), ("?project=strait", 400), ("?q=calm", 400), ("?project=strait&q=+", 400),
        ("?project=strait&q=calm&article=one", 400), ("?project=strait&q=calm&page=2", 400),
        ("?project=strait&q=%00", 400), ("?project=strait&q=" + "a" * 201, 400),
        ("?project=nowhere&q=calm", 404), ("?project=str%00ait&q=calm", 400),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_so(ada, asked, status):
    assert ada.get(f"annotations/search/{asked}").status_code == status


def test_a_stranger_finds_no_such_project(desk):
    far = api.Caller(api.desk("far").cora)
    assert far.get("annotations/search/?project=strait&q=calm").status_code == 404


def test_the_number_of_queries_does_not_grow_with_what_is_found(desk, ada):
    def cost(number):
        api.claims(desk, desk.ada, number)
        return api.queries(lambda: found(ada, "calm harbour"))

    assert cost(3) == cost(15)

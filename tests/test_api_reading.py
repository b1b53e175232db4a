"""What is read only: /projects/, /articles/, /passages/, /actors/, /facets/, /tags/."""

from datetime import date
from urllib.parse import quote

import pytest

from annotations import codebook
from annotations.models import Facet
from corpus_app import actors, people
from corpus_app.models import Actor, Article
from tests import api, factories

pytestmark = pytest.mark.django_db

NOBODY = "00000000-0000-4000-8000-000000000000"
NOUNS = ("projects", "articles", "passages", "actors", "facets", "tags")


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def ada(desk):
    return api.Caller(desk.ada)


def utc(moment) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def test_a_project_is_known_by_its_slug(desk, ada):
    project = desk.project
    shown = {
        "id": str(project.pk),
        "slug": "strait",
        "name": "Strait",
        "description": "",
        "language": "en",
        "blind": True,
        "coders_per_article": 2,
        "names_hidden": False,
        "figures_for": "curators",
        "archived": None,
        "version": 1,
        "created": utc(project.created),
        "updated": utc(project.updated),
    }
    assert ada.results("projects/") == [shown]
    assert ada.get("projects/strait/").json() == shown


def test_an_article_shows_its_newest_revision_and_alone_its_text_too(desk, ada):
    article, revision = desk.article, desk.revision
    shown = {
        "id": str(article.pk),
        "project": "strait",
        "title": "A plain text",
        "authors": [],
        "translators": [],
        "outlet": None,
        "outlet_id": None,
        "story": None,
        "story_id": None,
        "published_on": None,
        "language": "en",
        "url": "",
        "rights": "",
        "raw_name": "strait.txt",
        "raw_sha256": article.raw_sha256,
        "revision": {"id": str(revision.pk), "number": 1, "sha256": revision.sha256},
        "version": 1,
        "created": utc(article.created),
        "updated": utc(article.updated),
    }
    assert ada.results("articles/") == [shown]
    alone = ada.get(f"articles/{article.pk}/").json()
    assert alone == {**shown, "text": revision.text}


def test_articles_are_narrowed_by_what_is_asked_for(desk, ada):
    factories.plain_article(
        desk.project, "Another text.\n", by=desk.cora, outlet="Strait Post", language="ar",
        published_on=date(2024, 3, 14),
    )  # fmt: skip
    for query, found in (
        ("outlet=Strait+Post", 1),
        ("outlet=Strait", 0),
        ("language=ar", 1),
        ("published_after=2024-03-14&published_before=2024-03-14", 1),
        ("published_after=2024-03-15", 0),
        ("search=PLAIN", 2),
        ("search=%25", 0),
        ("project=strait", 2),
        (f"raw_sha256={desk.article.raw_sha256}", 1),
        ("story=Calm", 0),
    ):
        assert len(ada.results(f"articles/?{query}")) == found, query


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ("ärger", True), ("Ärger", True), ("ÄRGER", True), ("rger", True), ("im hafen", True),
        ("ärger im hafen", True), ("hafen über öl", True), ("HAFEN ÜBER ÖL", True),
        ("arger", False), ("%", False), ("öl_", False),
    ],
)  # fmt: skip
def test_titles_are_searched_whatever_the_case_of_any_letter(desk, ada, words, fits):
    title = "ÄRGER im Hafen Über Öl"
    factories.story(desk.project, title)
    Article.objects.filter(pk=desk.article.pk).update(title=title)
    for noun in ("stories", "articles"):
        found = ada.results(f"{noun}/?search={quote(words)}")
        assert [row["title"] for row in found] == [title] * fits, noun


def test_of_an_unknown_project_there_is_nothing_whoever_asks(desk):
    person = factories.UserFactory(is_superuser=True)
    root = api.Caller(person)
    people.note_person(by=person, user=person, verb="changed")
    assert None in {row["project"] for row in root.results("events/?page_size=500")}
    for noun in ("events", "articles", "outlets", "annotations", "webhooks", "releases"):
        assert root.results(f"{noun}/?project=nowhere") == [], noun


def test_passages_hold_the_words_of_their_revision(desk, ada):
    passages = ada.results(f"passages/?article={desk.article.pk}")
    assert [passage["number"] for passage in passages] == [1, 2, 3]
    assert passages[1] == {
        "id": str(desk.revision.passages.get(number=2).pk),
        "project": "strait",
        "article": str(desk.article.pk),
        "revision": str(desk.revision.pk),
        "number": 2,
        "kind": "body",
        "start": 20,
        "end": 32,
        "text": "By Ada Quill",
        "said_before": False,
        "reuses": [],
    }
    assert ada.get(f"passages/{passages[1]['id']}/").json() == passages[1]
    assert ada.results(f"passages/?revision={NOBODY}") == []
    assert ada.results("passages/?kind=title") == []


def test_actors_are_found_by_name_and_alias_in_any_case(desk, ada):
    office = desk.office
    shown = {
        "id": str(office.pk),
        "project": "strait",
        "name": "Harbour Office",
        "kind": "other",
        "part_of": [],
        "notes": "",
        "aliases": [
            {
                "name": "the Quay",
                "metonym": True,
                "language": "",
                "case": "usual",
                "since": None,
                "until": None,
            }
        ],
        "external_ids": [],
        "retired": None,
        "merged_into": None,
        "standing": None,
        "version": 1,
        "created": utc(office.created),
        "updated": utc(office.updated),
    }
    for query in ("search=HARBOUR", "search=quay", "kind=other", "current=true", "project=strait"):
        assert ada.results(f"actors/?{query}") == [shown], query
    for query in ("search=%25", "search=_", "kind=state", "current=false", f"part_of={NOBODY}"):
        assert ada.results(f"actors/?{query}") == [], query
    assert ada.get(f"actors/{office.pk}/").json() == shown


def test_a_retired_actor_is_not_current(desk, ada):
    actors.retire(by=desk.cora, actor=Actor.objects.get(pk=desk.office.pk), seen=1)
    assert ada.results("actors/?current=true") == []
    assert [row["name"] for row in ada.results("actors/?current=false")] == ["Harbour Office"]


def test_the_codebook_is_facets_and_tags(desk, ada):
    kind = Facet.objects.get(slug="claim-type")
    facets = ada.results("facets/?project=strait")
    assert [facet["slug"] for facet in facets] == ["claim-type", "proposition"]
    assert facets[0] == {
        "id": str(kind.pk),
        "project": "strait",
        "slug": "claim-type",
        "name": "Claim type",
        "position": 1,
        "choose": "one",
        "required": True,
        "takes_stance": False,
        "retired": None,
        "version": 1,
        "created": utc(kind.created),
        "updated": utc(kind.updated),
    }
    tags = ada.results(f"tags/?facet={kind.pk}")
    assert [tag["slug"] for tag in tags] == ["fact", "norm"]
    assert tags[0] == {
        "id": str(desk.fact.pk),
        "project": "strait",
        "facet": str(kind.pk),
        "parent": None,
        "slug": "fact",
        "label": "Fact",
        "key": "f",
        "colour": "",
        "position": 0,
        "definition": "A fact.",
        "definition_number": 1,
        "examples": [],
        "definitions": [
            {
                "number": 1,
                "label": "Fact",
                "text": "A fact.",
                "examples": [],
                "created": utc(desk.fact.definitions.get().created),
            }
        ],
        "retired": None,
        "merged_into": None,
        "version": 1,
        "created": utc(desk.fact.created),
        "updated": utc(desk.fact.updated),
    }
    assert ada.get(f"tags/{desk.fact.pk}/").json() == tags[0]
    assert ada.get(f"facets/{kind.pk}/").json() == facets[0]


def test_another_projects_things_are_answered_like_ones_that_never_were(desk):
    other = api.desk("elsewhere")
    stranger = api.Caller(other.ada)
    tag, facet = desk.fact, desk.fact.facet
    passage = desk.revision.passages.first()
    claim = factories.claim(desk.article, desk.ada)
    event = claim.article.events.first()
    never = stranger.get(f"articles/{NOBODY}/")
    for noun, thing in (
        ("articles", desk.article), ("passages", passage), ("actors", desk.office), ("tags", tag),
        ("facets", facet), ("annotations", claim), ("events", event),
    ):  # fmt: skip
        foreign = stranger.get(f"{noun}/{thing.pk}/")
        nobody = stranger.get(f"{noun}/{NOBODY}/")
        assert (foreign.status_code, foreign.content) == (404, never.content)
        assert foreign.headers == nobody.headers, noun
    assert stranger.get("projects/strait/").content == never.content
    for format in ("jsonl", "csv", "jsonld"):
        assert stranger.get(f"projects/strait/export/{format}/").content == never.content


def test_another_projects_id_in_a_filter_or_body_is_like_one_that_never_was(desk):
    other = api.desk("elsewhere")
    stranger = api.Caller(other.ada)
    claim = factories.claim(desk.article, desk.ada)
    for noun, name, thing in (
        ("annotations", "article", desk.article), ("annotations", "tag", desk.fact),
        ("annotations", "actor", desk.office), ("annotations", "revision", desk.revision),
        ("passages", "article", desk.article), ("events", "article", desk.article),
        ("events", "object", claim), ("tags", "facet", desk.fact.facet),
    ):  # fmt: skip
        assert stranger.results(f"{noun}/?{name}={thing.pk}") == [], (noun, name)
    for wrong in (
        {"revision": str(desk.revision.pk)},
        {"participants": [{"role": "claimant", "actor": str(desk.office.pk)}]},
        {"codings": [{"tag": str(desk.fact.pk)}]},
    ):
        [(field, value)] = wrong.items()
        never = {
            "revision": NOBODY,
            "participants": [{"role": "claimant", "actor": NOBODY}],
            "codings": [{"tag": NOBODY}],
        }[field]
        body = api.claim_body(other)
        foreign = stranger.post("annotations/", {**body, field: value})
        random = stranger.post("annotations/", {**body, field: never})
        assert (foreign.status_code, foreign.content) == (400, random.content)


def test_pages_follow_each_other_without_gap_or_doubling_in_both_directions(desk, ada):
    api.claims(desk, desk.ada, 7)
    for noun, number in (("annotations", 7), ("events", None), ("passages", 3), ("tags", 3)):
        whole = ada.results(f"{noun}/?page_size=500")
        assert number is None or len(whole) == number
        page = ada.get(f"{noun}/?page_size=2").json()
        forth, seen = [page], page["results"][:]
        while page["next"]:
            page = ada.get(page["next"].partition(api.V1)[2]).json()
            forth.append(page)
            seen += page["results"]
        assert seen == whole
        for expected in reversed(forth[:-1]):
            page = ada.get(page["previous"].partition(api.V1)[2]).json()
            assert page["results"] == expected["results"]
        assert page["previous"] is None
        assert page["next"]


def test_a_page_is_stable_while_rows_are_added(desk, ada):
    first = api.claims(desk, desk.ada, 4)
    page = ada.get("annotations/?page_size=2").json()
    added = api.claims(desk, desk.ada, 2)
    rest = ada.get(page["next"].partition(api.V1)[2]).json()["results"]
    assert [row["id"] for row in rest] == [str(claim.pk) for claim in first[2:]]
    later = ada.results("annotations/")
    assert [row["id"] for row in later[4:]] == [str(claim.pk) for claim in added]


def test_the_number_of_queries_does_not_grow_with_a_list(desk, ada):
    few = {noun: api.queries(lambda noun=noun: ada.results(f"{noun}/")) for noun in NOUNS}
    book = codebook.codebook_of(by=desk.cora, project=desk.project)
    for n in range(5):
        membership = factories.MembershipFactory(user=desk.ada)
        assert membership.project != desk.project
        factories.plain_article(desk.project, f"Text {n}.\n\nMore.\n", by=desk.cora, outlet=f"O{n}")
        factories.actor(desk.project, f"Actor {n}", by=desk.cora, aliases=((f"A{n}", False),))
        values = codebook.FacetValues(f"Facet {n}")
        facet = codebook.create_facet(by=desk.cora, codebook=book, values=values)
        codebook.create_tag(by=desk.cora, facet=facet, values=codebook.TagValues(f"Tag {n}"))
    for noun in NOUNS:
        assert len(ada.results(f"{noun}/")) >= 6
        assert api.queries(lambda noun=noun: ada.results(f"{noun}/")) == few[noun], noun

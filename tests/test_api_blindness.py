"""Two worlds: what an analyst receives is the same whether another one made 0 or 50 annotations."""

import json

import pytest
from django.utils import timezone

from annotations import annotating, discussing
from annotations.content import Tie
from annotations.exchange.formats import FORMATS
from annotations.models import Link
from tests import api, factories

pytestmark = pytest.mark.django_db
# All but those whose libraries take seconds to load; they write the same parcel.
WRITTEN = [name for name, one in FORMATS.items() if one.writes and not one.needs]


@pytest.fixture
def desk():
    return api.desk()


def seen_by(caller: api.Caller, desk: api.Desk, own, foreign=()) -> list[tuple]:
    """Status, headers and body of everything that could tell of somebody's annotations."""
    here = f"article={desk.article.pk}"
    paths = [
        "projects/", "articles/", f"articles/{desk.article.pk}/", f"passages/?{here}", "actors/",
        "facets/", "tags/", "annotations/", "annotations/?page_size=2", "annotations/?deleted=any",
        f"annotations/?{here}", f"annotations/?revision={desk.revision.pk}",
        "annotations/?project=strait", "annotations/?author=ben-strait", "annotations/?kind=claim",
        "annotations/?layer=analyst", "annotations/?state=complete", "annotations/?stance=support",
        f"annotations/?actor={desk.office.pk}", f"annotations/?tag={desk.calm.pk}",
        "annotations/?role=claimant", f"annotations/{own.pk}/", "events/?page_size=500",
        f"events/?{here}", "events/?by=ben-strait", "events/?noun=annotation",
        "events/?noun=assignment", f"events/?object={own.pk}", "schema/",
        "projects/strait/export/csv/?author=ben-strait", "releases/", "imports/", "webhooks/",
        f"projects/strait/export/jsonl/?article={desk.article.pk}", "changes/?project=strait",
        "projects/strait/network/?isolates=true", "projects/strait/network/?mode=actors",
        "projects/strait/network/?format=graphml&isolates=true", "annotations/?sort=-updated",
        "annotations/?expand=author,participants.actor,codings.tag&fields=id,author,codings",
        f"annotations/?text=secret&{here}", f"annotations/?actor={desk.office.pk}&within=true",
        f"annotations/?tag={desk.calm.pk}&subtree=true", "comments/", f"comments/?{here}",
        f"comments/?annotation={own.pk}", "comments/?author=ben-strait", "events/?noun=comment",
        f"articles/{desk.article.pk}/live/", f"articles/{desk.article.pk}/newest/",
        f"articles/{desk.article.pk}/live/?since=2000-01-01T00:00:00Z",
        "annotations/search/?project=strait&q=secret", "annotations/search/?project=strait&q=e",
        "annotations/?flagged=true", "annotations/?certainty=low",
        f"annotations/?linked_to={own.pk}", "preferences/",
        *(f"projects/strait/export/{name}/" for name in WRITTEN),
        *(f"projects/strait/losses/{name}/" for name in WRITTEN),
    ]  # fmt: skip
    seen = []
    for path in paths:
        answer = caller.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        seen.append((path, answer.status_code, sorted(answer.headers.items()), body))
    return seen


def test_fifty_annotations_of_somebody_else_change_nothing_that_one_receives(desk):
    ada = api.Caller(desk.ada)
    api.claims(desk, desk.ada, 5)
    own = factories.claim(desk.article, desk.ada, note="mine")
    before = seen_by(ada, desk, own)
    made = api.claims(desk, desk.ben, 50)
    annotating.remove(by=desk.ben, annotation=made[0], seen=1)
    factories.claim(desk.article, desk.ben, note="a secret", flagged=True, certainty="low")
    annotating.link(by=desk.ben, annotation=made[2], links=[Tie("supports", str(made[1].pk))])
    Link.objects.create(
        project=desk.project, annotation=made[3], claim=own, relation="contradicts", position=0
    )
    for person, named in ((desk.ben, "cora-strait"), (desk.cora, "ada-strait")):
        said = {"text": f"@{named}?", "mentions": [named]}
        discussing.comment(by=person, annotation=made[1], **said)
    ben = api.Caller(desk.ben)
    place = {"revision": str(desk.revision.pk), "place": 3}
    for path, body in (("presence", None), ("reading-position", place)):
        assert ben.ask("PUT", f"articles/{desk.article.pk}/{path}/", body).status_code == 204
    api.hand_in(desk.article, desk.ben)
    discussing.comment(by=desk.ben, annotation=own, text="On what another analyst made.")
    for (path, *then), (_, *now) in zip(before, seen_by(ada, desk, own), strict=True):
        assert then == now, path


def test_an_export_by_author_does_not_tell_who_is_a_member(desk):
    ada = api.Caller(desk.ada)
    api.claims(desk, desk.ben, 2)
    factories.claim(desk.article, desk.ada, note="mine")
    former = factories.member(desk.project, user__username="former")
    former.memberships.update(ended=timezone.now())
    factories.UserFactory(username="elsewhere")

    def told(author: str) -> tuple:
        answer = ada.get(f"projects/strait/export/csv/?author={author}")
        headers = sorted(answer.headers.items())
        return answer.status_code, headers, b"".join(answer.streaming_content)

    nobody = told("nobody")
    assert nobody[0] == 200
    assert nobody[2].count(b"\n") == 1
    names = ("ben-strait", "cora-strait", "former", "elsewhere")
    assert [told(name) for name in names] == [nobody] * 4
    assert b"mine" in told("ada-strait")[2]


def test_the_others_annotation_is_answered_like_one_that_never_was(desk):
    ada = api.Caller(desk.ada)
    claim = factories.claim(desk.article, desk.ben)
    never = "00000000-0000-4000-8000-000000000000"
    for method, body in (("GET", None), ("PUT", {}), ("PATCH", {"note": "x"}), ("DELETE", None)):
        answers = [
            ada.ask(method, f"annotations/{pk}/", body, If_Match='"1"') for pk in (claim.pk, never)
        ]
        assert answers[0].status_code == 404
        assert answers[0].content == answers[1].content
        assert answers[0].headers == answers[1].headers


def test_after_handing_in_one_sees_the_others_and_still_not_in_other_articles(desk):
    ada = api.Caller(desk.ada)
    other = factories.plain_article(desk.project, "Another text altogether.\n", by=desk.cora)
    api.claims(desk, desk.ben, 3)
    hidden = factories.claim(other, desk.ben)
    factories.assigned(other, desk.ada)
    api.hand_in(desk.article, desk.ada)
    assert len(ada.results("annotations/")) == 3
    exported = b"".join(ada.get("projects/strait/export/jsonl/").streaming_content).decode()
    kinds = [json.loads(line)["is"] for line in exported.splitlines()]
    assert kinds.count("annotation") == 3
    assert str(hidden.pk) not in exported


def test_curators_see_all_and_strangers_nothing(desk):
    api.claims(desk, desk.ada, 2)
    api.claims(desk, desk.ben, 2)
    assert len(api.Caller(desk.cora).results("annotations/")) == 4
    assert api.Caller(api.desk("elsewhere").cora).results("annotations/") == []


def test_in_a_project_that_is_not_blind_everybody_sees_all(desk):
    api.claims(desk, desk.ben, 2)
    desk.project.blind = False
    desk.project.save()
    assert len(api.Caller(desk.ada).results("annotations/")) == 2

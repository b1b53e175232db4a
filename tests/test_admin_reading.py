"""The desk as a reading room: who sees which rows, and what an address may ask."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from annotations import annotating, assigning
from annotations.content import Content
from annotations.models import Annotation, Assignment, ClaimTag, Codebook, Facet
from corpus_app import outlets, people
from corpus_app.models import (
    Actor,
    Article,
    Event,
    Membership,
    Outlet,
    Passage,
    Project,
    Reuse,
    Revision,
    Story,
    Token,
    User,
)
from tests import factories

pytestmark = pytest.mark.django_db

# What an analyst of one project sees of a world with a second project like it.
IN_PROJECT = (
    Actor, Article, Assignment, Annotation, ClaimTag, Codebook, Event, Facet, Membership, Outlet,
    Passage, Project, Reuse, Revision, Story,
)  # fmt: skip
MODELS = (*IN_PROJECT, Token, User)


def changelist(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def change(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def fill(project, rounds=1):
    """A row of everything in the project, by an analyst of its own."""
    curator = factories.member(project, "curator")
    analyst = factories.member(project)
    if not Codebook.objects.filter(project=project).exists():
        factories.small_codebook(project, by=curator)
    tag = ClaimTag.objects.get(project=project, slug="fact")
    for _ in range(rounds):
        mark = uuid.uuid4().hex[:8]
        actor = factories.actor(project, f"Office {mark}", by=curator, aliases=((mark, True),))
        factories.actor(project, f"Desk {mark}", by=curator, part_of=actor)
        values = outlets.StoryValues(f"Story {mark}")
        story = outlets.create_story(by=curator, project=project, values=values)
        article = factories.article(
            project, f"{factories.PLAIN}\n{mark}", by=curator, outlet=f"Outlet {mark}", story=story
        )
        factories.article(project, f"{factories.PLAIN}\nAgain, {mark}.", by=curator)
        factories.claim(
            article, analyst, parts=(factories.claimant(actor),), codes=(factories.coded(tag),)
        )
        people.create_token(by=analyst, name=mark, scope="read")
    return analyst, curator


@pytest.fixture
def project():
    return factories.ProjectFactory(name="Ours")


@pytest.fixture
def elsewhere():
    return factories.ProjectFactory(name="Theirs")


@pytest.fixture
def people_of(project):
    return fill(project)


@pytest.fixture
def root():
    return factories.UserFactory(is_superuser=True)


def signed_in(client, user):
    client.force_login(user)
    return client


# Who sees what


@pytest.mark.parametrize("role", ["analyst", "curator"])
def test_a_member_sees_her_project_and_no_other(client, people_of, elsewhere, role):
    fill(elsewhere)
    signed_in(client, people_of[role == "curator"])
    theirs = [
        str(row)
        for model in (Project, Outlet, Actor, Story)
        for row in model.objects.all()
        if (row if model is Project else row.project) == elsewhere
    ]
    for model in IN_PROJECT:
        page = client.get(changelist(model))
        shown = page.context["cl"].queryset
        assert shown.exists(), model
        assert not shown.filter(**{project_of(model): elsewhere.pk}).exists()
        assert [name for name in theirs if name in page.content.decode()] == []


def project_of(model):
    return "pk" if model is Project else "project"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_a_row_of_another_project_answers_like_none_at_all(
    client, people_of, elsewhere, page, method
):
    fill(elsewhere)
    signed_in(client, people_of[1])
    for model in IN_PROJECT:
        theirs = model.objects.filter(**{project_of(model): elsewhere.pk}).first()
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
        answers = []
        for pk in (theirs.pk, uuid.uuid4()):
            answer = getattr(client, method)(reverse(name, args=[pk]))
            body = answer.content.replace(str(pk).encode(), b"")
            answers.append(plain((name, answer.status_code, body)))
        assert answers[0] == answers[1]
        assert answers[0][1] in (403, 404, 405)


def test_nothing_is_deleted_at_the_desk(client, people_of, root):
    signed_in(client, root)
    for model in (*IN_PROJECT, User):
        row = model.objects.first()
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_delete"
        assert client.post(reverse(name, args=[row.pk]), {"post": "yes"}).status_code == 403
        sent = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        client.post(changelist(model), sent)
        assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [Revision, Passage, Reuse, Annotation, Event, Assignment])
def test_what_is_only_read_takes_no_writing_from_anybody(client, people_of, root, model):
    row = model.objects.first()
    for user in (*people_of, root):
        signed_in(client, user)
        assert client.get(change(row)).status_code == 200
        assert client.post(change(row), {"title": "x"}).status_code == 403
        if model is not Assignment:
            add = changelist(model) + "add/"
            assert client.get(add).status_code == 403
            assert client.post(add, {"title": "x"}).status_code == 403


@pytest.mark.parametrize("model", [Article, Actor, Outlet, Story, Codebook, Facet, ClaimTag])
def test_an_analyst_reads_what_a_curator_changes(client, people_of, model):
    analyst, curator = people_of
    row = model.objects.first()
    signed_in(client, curator)
    assert 'name="_save"' in client.get(change(row)).content.decode()
    signed_in(client, analyst)
    page = client.get(change(row))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert client.post(change(row), {"name": "Mine"}).status_code == 403
    assert client.get(changelist(model) + "add/").status_code == 403


@pytest.mark.parametrize("model", [Project, Membership])
def test_only_a_manager_changes_projects_and_members(client, people_of, project, model):
    manager = factories.member(project, "manager")
    row = model.objects.filter(**({} if model is Project else {"user": people_of[0]})).get()
    for user, status in ((people_of[0], 403), (people_of[1], 403), (manager, 200)):
        signed_in(client, user)
        assert client.post(change(row), {}).status_code == status
    assert client.get(reverse("admin:corpus_app_project_add")).status_code == 403


def test_users_are_the_superusers_alone(client, people_of, project, root):
    for user in (*people_of, factories.member(project, "manager")):
        signed_in(client, user)
        for address in (changelist(User), change(user), changelist(User) + "add/"):
            assert client.get(address).status_code == 403
        assert client.post(change(user), {"is_superuser": "on"}).status_code == 403
    signed_in(client, root)
    assert client.get(changelist(User)).status_code == 200


def test_a_stranger_and_somebody_without_project_come_in_nowhere(client):
    for user in (factories.UserFactory(), factories.UserFactory(is_staff=True)):
        signed_in(client, user)
        assert client.get(reverse("admin:index")).status_code in (302, 403)


def test_tokens_are_listed_without_their_digest_and_have_no_page(client, people_of, root):
    analyst, _ = people_of
    token = analyst.auth_token_set.get()
    signed_in(client, analyst)
    text = client.get(changelist(Token)).content.decode()
    assert token.name in text
    assert token.digest not in text
    assert token.token_key not in text
    assert client.get(f"{changelist(Token)}{token.pk}/change/").status_code == 404
    signed_in(client, root)
    assert token.name not in client.get(changelist(Token)).content.decode()


# Blindness


def watch(client, user, addresses):
    """Everything the person receives from these addresses, without what changes by itself."""
    signed_in(client, user)
    pages = []
    for address in addresses:
        page = client.get(address)
        pages.append(plain((address, page.status_code, page.content)))
    return pages


def test_an_analyst_cannot_tell_whether_another_has_worked(client, project):
    article = factories.article(project)
    watcher, other = factories.member(project), factories.member(project, user__username="bea")
    factories.assigned(article, watcher)
    factories.assigned(article, other)
    addresses = [
        *(changelist(model) for model in MODELS if model is not User),
        *(f"{changelist(Annotation)}{query}" for query in (
            f"?author__id__exact={other.pk}", "?q=strait", "?deleted=both", "?created__year=2026",
            f"?o=1.2.3&deleted=both&author__id__exact={other.pk}",
        )),
        *(f"{changelist(Event)}{query}" for query in (
            f"?by__id__exact={other.pk}", "?q=bea", "?noun=annotation", "?at__year=2026",
        )),
        change(article),
        change(article.revisions.get()),
        reverse("admin:corpus_app_article_history", args=[article.pk]),
        reverse("admin:index"),
    ]  # fmt: skip
    before = watch(client, watcher, addresses)
    for n in range(20):
        factories.claim(article, other, n, n + 3, note="strait")
    assert watch(client, watcher, addresses) == before
    theirs = Annotation.objects.first()
    signed_in(client, watcher)
    assert client.get(change(theirs)).status_code == 404
    assert client.get(change(Event.objects.filter(noun="annotation").first())).status_code == 404


def plain(page):
    """The page without the token against forgery, which is new on every page."""
    address, status, content = page
    lines = [line for line in content.splitlines() if b"csrfmiddlewaretoken" not in line]
    return address, status, lines


def test_who_has_handed_in_sees_the_others_and_a_curator_sees_all(client, project):
    article = factories.article(project)
    analyst, other = factories.member(project), factories.member(project)
    factories.claim(article, other)
    own = factories.assigned(article, analyst)
    assigning.hand_in(by=analyst, assignment=own, seen=own.version)
    for user in (analyst, factories.member(project, "curator")):
        signed_in(client, user)
        assert client.get(changelist(Annotation)).context["cl"].result_count == 1


# What an address may ask


UNOFFERED = [
    (Revision, "text__regex=(a%2B)%2B$"),
    (Revision, "text__contains=a"),
    (Annotation, "author__password__startswith=a"),
    (Annotation, "author__username__startswith=a"),
    (Annotation, "author__email=a"),
    (Annotation, "note__iregex=(a%2B)%2B"),
    (Annotation, "author__id__exact__in=1"),
    (Annotation, "_connector=OR"),
    (Annotation, "_negated=1"),
    (Event, "by__password__regex=^a"),
    (Event, "before__contains=x"),
    (Actor, "name__regex=(a%2B)%2B$"),
    (Actor, "project__membership__user__password=x"),
    (Membership, "user__password__startswith=a"),
    (Token, "digest__startswith=a"),
    (Article, "raw__contains=a"),
    (Project, "membership__user__username=x"),
    (Article, "_to_field=raw_sha256"),
]


def test_what_no_filter_offers_is_answered_with_400(client, people_of):
    signed_in(client, people_of[1])
    for model, query in UNOFFERED:
        assert client.get(f"{changelist(model)}?{query}").status_code == 400, query


ODD = [
    (Annotation, "created__year=99999999999999999999"),
    (Annotation, "created__year=9999&created__month=12&created__day=31"),
    (Annotation, "created__year=x"),
    (Annotation, "created__year=2026&created__month=13"),
    (Annotation, "author__id__exact=x"),
    (Annotation, "author__id__exact=99999999999999999999999"),
    (Article, "outlet__id__exact=x"),
    (Article, "outlet__id__exact=%00"),
    (Article, "published_on__year=2026&published_on__month=0"),
    (Actor, "p=99999"),
    (Actor, "p=x"),
    (Actor, f"p={'9' * 5000}"),
    (Actor, "o=9.-9.x..-"),
    (Actor, "q=%00"),
    (Actor, "q=%ED%A0%80"),
    (Actor, "q=%27%22%5C%25_"),
    (Actor, f"q={'x' * 3000}"),
    (Actor, "retired=odd"),
    (Event, "noun=odd"),
    (Actor, "kind__exact=odd"),
    (Actor, "all="),
]


def test_odd_questions_are_answered_without_breaking(client, people_of):
    signed_in(client, people_of[1])
    for model, query in ODD:
        answer = client.get(f"{changelist(model)}?{query}", follow=True)
        assert answer.status_code in (200, 400), query


def test_no_address_looks_up_rows_of_any_model(client, people_of):
    signed_in(client, people_of[1])
    assert client.get(f"/desk/r/1/{Actor.objects.first().pk}/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("admin:view_on_site", args=[1, 1])


def test_an_odd_id_is_nobody(client, people_of, root):
    for user, model in ((people_of[1], Actor), (root, Actor), (root, User)):
        signed_in(client, user)
        for odd in ("x", "0", "9" * 5000, "_00", "%00", "a b", "é"):
            assert client.get(f"{changelist(model)}{odd}/change/").status_code == 404, odd


def test_a_foreign_filter_value_finds_nothing_and_names_nothing(client, people_of, elsewhere):
    fill(elsewhere)
    signed_in(client, people_of[1])
    foreign = Outlet.objects.get(project=elsewhere)
    pages = [
        client.get(f"{changelist(Article)}?outlet__id__exact={pk}")
        for pk in (foreign.pk, uuid.uuid4())
    ]
    assert [page.context["cl"].result_count for page in pages] == [0, 0]
    assert foreign.name not in pages[0].content.decode()


def test_type_ahead_offers_the_project_at_hand_alone(client, people_of, project, elsewhere):
    fill(elsewhere)
    curator = people_of[1]
    people.join(by=curator, project=elsewhere, user=curator, role="analyst")
    retired = Actor.objects.filter(project=project, name__startswith="Desk").get()
    Actor.objects.filter(pk=retired.pk).update(retired=retired.created)
    signed_in(client, curator)
    asked = {"app_label": "corpus_app", "model_name": "actor", "field_name": "merged_into"}
    asked["term"] = ""
    address = reverse("admin:autocomplete")

    def offered(**query):
        results = client.get(address, {**asked, **query}).json()["results"]
        return {Actor.objects.get(pk=row["id"]).project for row in results}, len(results)

    assert offered(project=project.pk) == ({project}, 1)
    assert offered(project=uuid.uuid4()) == (set(), 0)
    assert offered(project="x") == (set(), 0)
    for project_asked in ({}, {"project": project.pk}):
        answer = client.get(address, {**asked, "field_name": "project", **project_asked})
        assert {row["text"] for row in answer.json()["results"]} == {"Ours", "Theirs"}
    people_asked = {**asked, "model_name": "membership", "field_name": "user"}
    assert client.get(address, people_asked).status_code == 403


# Pages


def test_the_history_of_a_thing_tells_before_and_after(client, people_of):
    _, curator = people_of
    claim = Annotation.objects.get()
    content = Content("claim", ((0, 10, None),), note="mind the gap")
    annotating.rewrite(by=claim.author, annotation=claim, seen=1, content=content)
    signed_in(client, curator)
    page = client.get(reverse("admin:annotations_annotation_history", args=[claim.pk]))
    text = page.content.decode()
    assert [event.version for event, _ in page.context["told"]] == [2, 1]
    assert "mind the gap" in text
    assert Actor.objects.get(name__startswith="Office").name in text
    assert "Fact" in text


def test_the_desk_runs_no_inline_script_and_says_so(client, people_of):
    signed_in(client, people_of[1])
    actor = Actor.objects.first()
    for address in (changelist(Actor), change(actor), changelist(Actor) + "add/"):
        page = client.get(address)
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        text = page.content.decode()
        assert "<style" not in text
        assert ' style="' not in text
        assert "<script>" not in text


def test_every_page_of_the_desk_opens_for_everybody(client, people_of, root):
    for user in (*people_of, root):
        signed_in(client, user)
        for model in (*IN_PROJECT, Token):
            page = client.get(changelist(model))
            assert page.status_code == 200
            row = page.context["cl"].queryset.first()
            if row and model is not Token:
                assert client.get(change(row)).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_every_filter_that_is_offered_opens(client, people_of, elsewhere, root, model):
    fill(elsewhere)
    for user in (*people_of, root):
        signed_in(client, user)
        if client.get(changelist(model)).status_code != 200:
            continue
        cl = client.get(changelist(model)).context["cl"]
        offered = {
            choice["query_string"] for spec in cl.filter_specs for choice in spec.choices(cl)
        }
        refused = {
            asked for asked in offered if client.get(changelist(model) + asked).status_code != 200
        }
        assert refused == set()


@pytest.mark.parametrize("model", MODELS)
def test_a_list_asks_as_often_for_many_rows_as_for_few(client, project, elsewhere, root, model):
    _, curator = fill(project, 2)
    people.join(by=root, project=elsewhere, user=curator, role="curator")
    readers = (root,) if model in (User, Token) else (root, curator)

    def queries(user):
        signed_in(client, user)
        client.get(changelist(model))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(changelist(model)).status_code == 200
        return [query["sql"] for query in asked]

    few = [queries(user) for user in readers]
    fill(project, 5)
    many = [queries(user) for user in readers]
    for before, after in zip(few, many, strict=True):
        assert len(after) == len(before), "\n".join(sql for sql in after if sql not in before)

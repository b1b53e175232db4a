"""Requests that nobody means well by: each is refused in plain words, and nothing breaks."""

import re
from io import BytesIO

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.urls import reverse

from annotations.models import ClaimTag
from corpus_app.models import Actor, Article, Role
from tests import factories

pytestmark = pytest.mark.django_db

ACTORS = reverse("admin:corpus_app_actor_changelist")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


def parts(policy: str) -> set[str]:
    return {part.strip() for part in policy.split(";")}


@pytest.fixture
def project():
    return factories.ProjectFactory(slug="strait")


@pytest.fixture
def curator(project, client):
    curator = factories.member(project, Role.CURATOR)
    client.force_login(curator)
    return curator


@pytest.mark.parametrize(
    "address",
    [
        "/?title=%00",
        "/sign-in/?next=%00",
        f"{ACTORS}?kind__exact=%00",
        f"{ACTORS}?q=%00",
        "/desk/autocomplete/?app_label=corpus_app&model_name=actor&field_name=merged_into&term=%00",
        f"{ACTORS}?{'&'.join(['kind__exact=state'] * 1500)}",
    ],
)
def test_an_address_that_no_database_takes_is_refused(client, curator, address):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("address", ["/tokens/%00/revoke/", "/projects/%00/import/", "/%00"])
def test_a_path_with_nul_leads_nowhere(client, curator, address):
    assert client.post(address).status_code == 404


@pytest.mark.parametrize("cookie", ['"\\000aaaaaaaaaaaaaaaa"', '"aaaaaaaaaaaaaaaa\\000"'])
def test_a_session_cookie_with_nul_signs_nobody_in(cookie):
    client = Client(headers={"Cookie": f"sessionid={cookie}; csrftoken={cookie}"})
    assert client.get("/").status_code == 302
    assert client.get("/api/v1/projects/").status_code == 401
    assert Session.objects.count() == 0


@pytest.mark.parametrize("term", ["word " * 1500, "x" * 100_000])
def test_a_search_without_end_finds_nothing(client, curator, term):
    asked = {"app_label": "corpus_app", "model_name": "actor", "field_name": "merged_into"}
    found = client.get("/desk/autocomplete/", {**asked, "term": term})
    assert (found.status_code, found.json()["results"]) == (200, [])
    assert client.get(ACTORS, {"q": term}).status_code == 200


@pytest.mark.parametrize("number", ["9" * 20, "9" * 30, "-" + "9" * 20])
def test_a_number_that_fits_no_column_is_refused(client, curator, number):
    annotations = reverse("admin:annotations_annotation_changelist")
    for question in ("exact", "gte", "lt"):
        answer = client.get(annotations, {f"author__{question}": number}, follow=True)
        assert answer.status_code in (200, 400)


@pytest.mark.parametrize("chosen", ["x", "\0", "9" * 30, "9" * 5000])
@pytest.mark.parametrize("action", ["retire", "export_csv"])
def test_an_action_on_what_is_no_id_is_refused(client, curator, action, chosen):
    factories.actor(curator.memberships.get().project, "Quay")
    answer = client.post(ACTORS, {"action": action, "_selected_action": [chosen]})
    assert (answer.status_code, Actor.objects.filter(retired=None).count()) == (400, 1)


@pytest.mark.parametrize("chosen", ["x", "\0", "9" * 30, "3f1b8c1e-6f0a-4c55-9d0e-2b1f6f7a9c01"])
def test_a_choice_that_is_no_id_is_told_at_its_field(client, curator, chosen):
    sent = {"label": "Quay", "slug": "quay", "position": "1", "facet": chosen}
    factories.small_codebook(curator.memberships.get().project, by=curator)
    answer = client.post(reverse("admin:annotations_claimtag_add"), sent)
    assert list(answer.context["adminform"].form.errors) == ["facet"]


def test_nothing_is_saved_as_a_copy_and_no_row_has_another_address(client, curator, project):
    actor = factories.actor(project, "Quay")
    page = reverse("admin:corpus_app_actor_change", args=[actor.pk])
    sent = {"name": "Pier", "kind": "other", "seen": 1, "_saveasnew": "yes"}
    assert client.post(page, sent).status_code == 400
    assert client.get(page, {"_to_field": ""}).status_code == 200
    assert client.get(page, {"_to_field": "name_key"}).status_code == 400
    assert Actor.objects.count() == 1


def test_somebody_who_is_signed_in_is_not_sent_in_circles(client, curator):
    answer = client.get("/sign-in/?next=/sign-in/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("page", ["/sign-in/", "/projects/strait/import/", f"{ACTORS}import/"])
def test_a_file_above_the_limit_is_refused_before_it_is_kept(client, curator, settings, page):
    settings.UPLOAD_LIMIT = 2000
    answer = client.post(page, {"file": BytesIO(b"x" * 2001)})
    assert (answer.status_code, Article.objects.count()) == (413, 0)


def test_whatever_refuses_a_request_answers_under_the_policy(client, curator):
    for address in ("/", "/nowhere/", "/desk/", "/?title=%00", "/api/", "/sign-in/"):
        answer = client.get(address)
        assert parts(answer.headers["Content-Security-Policy"]) == parts(POLICY), address
    with override_settings(SECURE_SSL_REDIRECT=True):
        answer = Client().get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert parts(answer.headers["Content-Security-Policy"]) == parts(POLICY)


def test_no_running_number_tells_how_much_others_have_made(client, project):
    analyst = factories.member(project)
    article = factories.article(project)
    factories.small_codebook(project)
    fact = ClaimTag.objects.get(slug="fact")
    office = factories.actor(project, "Harbour Office")
    says = {"parts": (factories.claimant(office),), "codes": (factories.coded(fact),)}
    factories.claim(article, factories.member(project), **says)
    claim = factories.claim(article, analyst, **says)
    client.force_login(analyst)
    page = client.get(reverse("admin:annotations_annotation_change", args=[claim.pk])).text
    assert re.findall(r'name="\w+-\d+-id" value', page) == []
    assert len(re.findall(r'name="\w+-\d+-id"', page)) == 3

"""The desk in Chromium: nothing that its pages do is against the content security policy."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from corpus_app.models import Actor, Event
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, "curator")


def test_a_curator_tends_the_actors(visit, project, curator):
    factories.actor(project, "Harbour Town", by=curator)
    page = visit(reverse("admin:corpus_app_actor_changelist"), curator)
    page.get_by_role("link", name="Add actor").click()
    page.get_by_label("Name:").fill("Harbour Office")
    page.get_by_label("Part of 1: Part of").press_sequentially("town")
    expect(page.locator("datalist option")).to_have_attribute("value", "Harbour Town")
    page.get_by_label("Part of 1: Part of").fill("Harbour Town")
    for nth, name in enumerate(("The Office", "The Bureau", "The Agency"), start=1):
        page.get_by_label(f"Alias {nth}: Name").fill(name)
    page.get_by_label("Alias 3: Is").select_option("metonym")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Harbour Office").first).to_be_visible()
    made = Actor.objects.get(name="Harbour Office")
    assert made.affiliations.get().whole.name == "Harbour Town"
    assert made.aliases.get(metonym=True).name == "The Agency"
    assert made.aliases.count() == 3
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_label("Action:").select_option(label="Retire: offer them no more")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("1 retired.")).to_be_visible()


def test_a_date_is_picked_from_the_calendar(visit, curator):
    page = visit(reverse("admin:corpus_app_story_add"), curator)
    page.get_by_label("Title:").fill("The strait")
    page.get_by_role("link", name="Today").first.click()
    page.locator(".datetimeshortcuts a").nth(1).click()
    page.locator(".calendarbox").get_by_role("link", name="15", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="The strait").first).to_be_visible()


def test_lists_readings_and_histories_are_quiet(visit, project, curator):
    article = factories.article(project, by=curator)
    factories.small_codebook(project, by=curator)
    factories.claim(article, factories.member(project))
    event = Event.objects.filter(noun="annotation").get()
    for name, *ids in (
        ("index",),
        ("corpus_app_article_changelist",),
        ("corpus_app_article_change", article.pk),
        ("corpus_app_revision_change", article.revisions.get().pk),
        ("annotations_annotation_changelist",),
        ("annotations_annotation_change", event.object_id),
        ("annotations_annotation_history", event.object_id),
        ("corpus_app_event_change", event.pk),
        ("annotations_claimtag_changelist",),
        ("annotations_claimtag_add",),
        ("annotations_codebook_import",),
    ):
        page = visit(reverse(f"admin:{name}", args=ids), curator)
        expect(page.locator("#content")).to_be_visible()


def test_a_superuser_makes_people(visit):
    root = factories.UserFactory(is_superuser=True)
    page = visit(reverse("admin:corpus_app_user_add"), root)
    page.get_by_label("User name:").fill("ada")
    page.locator("#id_password1").fill("a long pass phrase")
    page.locator("#id_password2").fill("a long pass phrase")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Change user")).to_be_visible()

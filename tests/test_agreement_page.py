"""The pages of agreement: who sees them, what they say, and the passages behind a number."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import handing
from annotations.models import ClaimTag, Figures
from corpus_app.models import Project, Role
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = "The strait is calm today, says the office. Nobody in the harbour agrees with that. " * 3


@pytest.fixture
def project():
    return factories.ProjectFactory(slug="strait")


@pytest.fixture
def curator(project):
    return factories.member(project, Role.CURATOR)


@pytest.fixture
def team(project):
    return [factories.member(project, user__username=name) for name in ("ada", "ben")]


@pytest.fixture
def world(project, curator, team):
    """Makes an article that both handed in, alike but for one claim's type."""
    factories.small_codebook(project, by=curator)
    harbour = factories.actor(project, "Harbour Office", by=curator)
    tags = {tag.slug: factories.coded(tag) for tag in ClaimTag.objects.filter(project=project)}

    def article(number):
        made = factories.plain_article(project, f"Number {number}. {TEXT}", by=curator)
        for who, other in zip(team, ("fact", "norm"), strict=True):
            parts = (factories.claimant(harbour),)
            factories.claim(made, who, 12, 30, parts=parts, codes=(tags["fact"],))
            factories.claim(made, who, 40, 60, parts=parts, codes=(tags[other],))
            own = factories.assigned(made, who)
            handing.hand_in(by=who, assignment=own, seen=own.version)
        return made

    return article


@pytest.fixture
def ask(client, curator):
    def ask(path="", person=curator, **query):
        client.force_login(person)
        return client.get(f"/projects/strait/agreement/{path}", query)

    return ask


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_at_a_glance(ask, world):
    world(1), world(2)
    page = ask()
    assert page.status_code == 200
    told = words(page)
    assert "How far 2 coders agree on 2 articles" in told
    assert "Claims F1, overlapping marks 1.00" in told
    assert re.search(r"Claim type Krippendorff’s α nominal −?0\.\d\d", told)
    assert "4 passages, 2 coders, 2 articles" in told
    assert page.text.count('class="headline"') == 1
    assert "style=" not in page.text


def test_an_alpha_is_never_without_its_level(ask, world):
    world(1)
    for by in ("overall", "facet", "tag", "pair", "article", "time"):
        page = ask(by=by)
        figures = page.text.partition("How these numbers are made")[0]
        for told in re.findall(r"Krippendorff’s α([^U].{0,40})", figures):
            assert re.search(r"(nominal|ordinal)", told), told


def test_every_table_has_a_page_and_a_csv_without_formulas(ask, world, project):
    world(1)
    ClaimTag.objects.filter(slug="fact").update(label="=1+1")
    for by in ("overall", "facet", "tag", "pair", "article", "time"):
        assert ask(by=by).status_code == 200
        sent = ask("table.csv", by=by)
        rows = list(csv.DictReader(io.StringIO(sent.text)))
        assert {row["table"] for row in rows} <= {
            "Overall", "By facet", "By tag", "By pair", "By article", "Over time"
        }  # fmt: skip
        assert len(rows) > 0
        assert not [row for row in rows if row["line"].startswith("=")]
    assert sent.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_from_a_number_to_its_passages(ask, world, team, curator):
    article = world(1)
    page = ask(by="facet")
    link = re.search(r'href="([^"]*cases/[^"]*of=facet%3Aclaim-type[^"]*)"', page.text)
    shown = ask("cases/", of="facet:claim-type")
    assert link
    assert shown.status_code == 200
    assert shown.text.count("<blockquote") == 1
    told = words(shown)
    assert "Claim type Fact Norm differs" in told
    assert "Stretch" in told
    assert f"/articles/{article.pk}/adjudicate/" in shown.text
    both = ask("cases/", of="facet:claim-type", all="1")
    assert both.text.count("<blockquote") == 2
    assert ask("cases/", of="claimant").text.count("<blockquote") == 0
    pair = "-".join(str(who.pk) for who in team)
    assert ask("cases/", of="spans:claim", all="1", pair=pair).text.count("<blockquote") == 2
    assert ask("cases/", of="spans:mention", all="1").text.count("<blockquote") == 0


def test_an_address_that_names_no_figure_is_a_bad_one(ask, world):
    assert ask("cases/", of="nothing").status_code == 400
    assert ask("cases/").status_code == 400
    assert ask(by="moon", since="yesterday").status_code == 200


def test_passages_come_in_pages(ask, world, monkeypatch):
    for number in range(3):
        world(number)
    monkeypatch.setattr("annotations.behind.PAGE", 2)
    first = ask("cases/", of="facet:claim-type")
    assert first.text.count("<blockquote") == 2
    after = re.search(r"after=([0-9a-f-]{36})", first.text)[1]
    second = ask("cases/", of="facet:claim-type", after=after)
    assert second.text.count("<blockquote") == 1


def test_without_two_who_handed_in_the_page_says_what_is_missing(ask, project, curator):
    assert "Two people must hand in the same article" in words(ask())


def test_names_are_hidden_if_the_project_says_so(ask, world, project):
    world(1)
    assert "ada – ben" in words(ask(by="pair"))
    Project.objects.filter(pk=project.pk).update(names_hidden=True)
    shown = ask(by="pair")
    assert "ada" not in words(shown)
    assert "Coder 1" in words(shown)
    passages = words(ask("cases/", of="facet:claim-type"))
    assert "ada" not in passages
    assert "Coder 1" in passages


def test_who_sees_figures(ask, world, project, team):
    world(1)
    ada = team[0]
    third = factories.member(project)
    answers = {}
    for choice in ("managers", "curators", "members"):
        Project.objects.filter(pk=project.pk).update(figures_for=choice)
        answers[choice] = (ask().status_code, ask(person=ada).status_code)
    assert answers == {"managers": (403, 403), "curators": (200, 403), "members": (200, 200)}
    assert "Two people must hand in" in words(ask(person=third))
    assert "2 coders agree on 1 article" in words(ask(person=ada))
    assert ask(person=factories.UserFactory()).status_code == 404


def test_an_archived_project_is_readable(ask, world, project, curator):
    world(1)
    Project.objects.filter(pk=project.pk).update(archived=project.created)
    assert ask().status_code == 200
    assert ask("cases/", of="claimant").status_code == 200


def test_figures_are_kept_until_something_changes(ask, world, project):
    world(1)
    ask()
    kept = Figures.objects.get()
    ask()
    assert Figures.objects.get().created == kept.created
    world(2)
    ask()
    again = Figures.objects.get()
    assert again.created > kept.created
    assert again.value["articles"] == 2


@pytest.mark.parametrize("path", ["", "cases/", "table.csv"])
def test_a_page_takes_as_many_queries_for_many_as_for_few(ask, world, path):
    query = {"of": "facet:claim-type", "all": "1"} if path == "cases/" else {"by": "article"}

    def queries():
        Figures.objects.all().delete()
        ask(path, **query)
        with CaptureQueriesContext(connection) as taken:
            Figures.objects.all().delete()
            ask(path, **query)
        return len(taken)

    world(1)
    few = queries()
    for number in range(2, 5):
        world(number)
    assert queries() == few


def test_what_was_handed_in_before_can_be_matched(ask, world, client, curator, project):
    article = world(1)
    for case in article.cases.all():
        case.members.all().delete()
        case.delete()
    assert "are in no case yet" in words(ask())
    client.force_login(curator)
    done = client.post("/projects/strait/agreement/match/")
    assert done.status_code == 302
    assert article.cases.count() == 2
    assert "are in no case yet" not in words(ask())

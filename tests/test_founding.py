"""Projects that begin with a template or with what another project has."""

import json

import pytest

from annotations import codebook, founding
from annotations.founding import FoundingError
from annotations.models import ClaimTag, Codebook, Definition
from corpus_app import outlets, rules
from corpus_app.models import Actor, Article, Event, Membership, Outlet, Project
from corpus_app.people import PeopleError
from corpus_app.text.learnt import Rule
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker():
    return factories.UserFactory()


@pytest.fixture
def source(maker):
    """A project with a codebook, outlets with rules, actors, an article and colleagues."""
    project = factories.ProjectFactory(
        blind=False, coders_per_article=3, names_hidden=True, figures_for="members"
    )
    factories.MembershipFactory(project=project, user=maker, role="curator")
    factories.small_codebook(project, by=maker)
    fact = ClaimTag.objects.get(project=project, slug="fact")
    values = codebook.TagValues(
        "Fact", slug="fact", key="f", definition="Can be checked.", examples=("It rained.",)
    )
    codebook.change_tag(by=maker, tag=fact, seen=fact.version, values=values)
    values = outlets.OutletValues("The Quay", country="JP", standpoint="Of the port.")
    quay = outlets.create_outlet(by=maker, project=project, values=values)
    rules.add(by=maker, outlet=quay, rule=Rule("words", "Share this article", None, "boilerplate"))
    union = factories.actor(project, "Union", by=maker)
    factories.actor(project, "Harbour Office", by=maker, part_of=union)
    factories.article(project, by=maker)
    return project


def without_names(project):
    """The project's codebook as JSON, but for what it is called."""
    book = codebook.as_json(Codebook.objects.get(project=project))
    return book["dimensions"], book["description"]


@pytest.mark.parametrize("key", ["actors-and-claims", "frames", "empty"])
def test_a_template_gives_its_whole_codebook_and_settings(maker, key):
    made = founding.from_template(
        by=maker, template=key, slug="new", name="New", description="Why.", language="de"
    )
    template = founding.templates()[key]
    given = [facet["slug"] for facet in template.codebook["dimensions"]]
    dimensions, description = without_names(made)
    assert [facet["slug"] for facet in dimensions] == given
    assert description == template.codebook["description"]
    assert {name: getattr(made, name) for name in template.settings} == template.settings
    assert (made.description, made.language) == ("Why.", "de")
    assert Membership.objects.get(project=made).user == maker


def test_templates_explain_every_tag_and_offer_keys_once():
    for template in list(founding.templates().values())[:2]:
        tags = [tag for facet in template.codebook["dimensions"] for tag in facet["tags"]]
        assert [tag["slug"] for tag in tags if len(tag["definition"]) < 40] == []
        keys = [tag["key"] for tag in tags if "key" in tag]
        assert len(keys) == len(set(keys)) >= 10
    assert list(founding.templates()) == ["actors-and-claims", "frames", "empty"]


def test_another_project_gives_codebook_settings_outlets_and_rules(maker, source):
    made = founding.from_project(by=maker, source=source, actors=False, slug="new", name="New")
    assert without_names(made) == without_names(source)
    settings = {name: getattr(made, name) for name in founding.SETTINGS}
    assert settings == {name: getattr(source, name) for name in founding.SETTINGS}
    quay = Outlet.objects.get(project=made)
    assert outlets.as_values(quay) == outlets.as_values(Outlet.objects.get(project=source))
    assert rules.rules_of(quay) == rules.rules_of(Outlet.objects.get(project=source))
    assert not Actor.objects.filter(project=made).exists()
    assert not Article.objects.filter(project=made).exists()
    assert Definition.objects.get(project=made, tag__slug="fact").text == "Can be checked."
    assert Membership.objects.get(project=made).role == "manager"


def test_the_actors_come_if_asked(maker, source):
    made = founding.from_project(by=maker, source=source, actors=True, slug="new", name="New")
    names = Actor.objects.filter(project=made).order_by("name").values_list("name", flat=True)
    assert list(names) == ["Harbour Office", "Union"]


def test_every_row_of_a_new_project_has_its_event(maker, source):
    made = founding.from_project(by=maker, source=source, actors=True, slug="new", name="New")
    told = Event.objects.filter(project=made, verb="created").order_by("noun")
    counts: dict[str, int] = {}
    for event in told:
        counts[event.noun] = counts.get(event.noun, 0) + 1
    assert counts == {
        "actor": 2, "claimtag": 3, "codebook": 1, "facet": 2, "outlet": 1, "outletrule": 1,
        "project": 1,
    }  # fmt: skip


def test_a_project_that_would_lack_something_is_not_made(maker, source, monkeypatch):
    broken = founding.Template("broken", "Broken", "", {}, {
        "name": "B", "description": "", "dimensions": [{"name": "One", "tags": ["no tag"]}],
    })  # fmt: skip
    monkeypatch.setattr(founding, "templates", lambda: {"broken": broken})
    with pytest.raises(FoundingError, match="“no tag” is not a tag"):
        founding.from_template(by=maker, template="broken", slug="new", name="New")
    with pytest.raises(FoundingError, match="no template “none”"):
        founding.from_template(by=maker, template="none", slug="new", name="New")
    with pytest.raises(PeopleError) as refused:
        founding.from_project(by=maker, source=source, actors=True, slug=source.slug, name="New")
    assert list(refused.value.messages) == ["slug"]
    assert Project.objects.count() == 1


def test_templates_are_codebooks_as_they_are_exported(maker):
    made = founding.from_template(by=maker, template="frames", slug="new", name="New")
    text = json.dumps(codebook.as_json(Codebook.objects.get(project=made)))
    again = codebook.import_json(by=maker, project=made, text=text)
    assert (again.stored, again.problems) == (0, [])

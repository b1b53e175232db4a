"""The door to the codebook."""

import json

import pytest

from annotations import codebook
from annotations.codebook import CodebookError, FacetValues, TagValues
from annotations.models import ClaimTag, Codebook, Facet
from corpus_app.history import Stale
from corpus_app.models import Event
from tests import factories
from tests.corpus import CORPUS, needs_corpus

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory(name="Tunnel")


@pytest.fixture
def curator(project):
    return factories.member(project, "curator")


@pytest.fixture
def book(project, curator):
    return factories.small_codebook(project, by=curator)


@pytest.fixture
def tag(book):
    return ClaimTag.objects.get(slug="fact")


@pytest.fixture
def bring(project, curator):
    """Imports a codebook; gives what was stored, what was there, and the problems."""

    def bring(text):
        given = text if isinstance(text, str) else json.dumps(text)
        report = codebook.import_json(by=curator, project=project, text=given)
        return report.stored, report.unchanged, [str(problem) for problem in report.problems]

    return bring


def own_words(tag):
    """The tag's values, to be changed one by one."""
    names = ("label", "slug", "parent", "key", "colour", "position", "definition")
    return {name: getattr(tag, name) for name in names} | {"examples": tuple(tag.examples)}


# Codebook and facets


def test_a_project_has_one_codebook(project, curator):
    made = codebook.codebook_of(by=curator, project=project)
    assert made.name == "Codebook of Tunnel"
    assert codebook.codebook_of(by=curator, project=project, name="Another") == made
    values = {"name": "Claims", "description": "What\r\nfor"}
    codebook.change_codebook(by=curator, codebook=made, seen=1, **values)
    with pytest.raises(Stale):
        codebook.change_codebook(by=curator, codebook=made, seen=1, **values)
    with pytest.raises(CodebookError):
        codebook.change_codebook(by=curator, codebook=made, seen=2, name=" ", description="")
    stored = Codebook.objects.get()
    assert (stored.name, stored.description, stored.version) == ("Claims", "What\nfor", 2)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        (FacetValues(""), ["name", "slug"]),
        (FacetValues("Claim type"), ["slug"]),
        (FacetValues("Other", slug="has blank"), ["slug"]),
        (FacetValues("Other", choose="two"), ["choose"]),
        (FacetValues("!!!"), ["slug"]),
    ],
)
def test_an_unfit_facet_is_refused(book, curator, values, fields):
    with pytest.raises(CodebookError) as refused:
        codebook.create_facet(by=curator, codebook=book, values=values)
    assert list(refused.value.messages) == fields


def test_a_facet_is_changed_retired_and_revived(book, curator):
    facet = Facet.objects.get(slug="proposition")
    values = FacetValues("Proposition", slug="proposition", position=9, takes_stance=False)
    codebook.change_facet(by=curator, facet=facet, seen=1, values=values)
    codebook.retire(by=curator, thing=facet, seen=2)
    assert not ClaimTag.objects.current().filter(slug="calm").exists()
    codebook.revive(by=curator, thing=facet, seen=3)
    told = Event.objects.filter(object_id=str(facet.pk)).order_by("version")
    assert [event.verb for event in told] == ["created", "changed", "retired", "revived"]


# Tags


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"label": ""}, ["label"]),
        ({"label": "x" * 201}, ["label"]),
        ({"slug": "norm"}, ["slug"]),
        ({"slug": "no slug"}, ["slug"]),
        ({"key": "n"}, ["key"]),
        ({"key": "j"}, ["key"]),
        ({"key": "ab"}, ["key"]),
        ({"key": "!"}, ["key"]),
        ({"colour": "red"}, ["colour"]),
        ({"colour": "#12345g"}, ["colour"]),
        ({"definition": "\x00"}, ["definition"]),
        ({"examples": ("\ud800",)}, ["examples"]),
    ],
)
def test_an_unfit_tag_is_refused(tag, curator, values, fields):
    given = TagValues(**{**own_words(tag), **values})
    with pytest.raises(CodebookError) as refused:
        codebook.change_tag(by=curator, tag=tag, seen=1, values=given)
    assert list(refused.value.messages) == fields


def test_a_tag_stands_under_a_tag_of_its_facet_and_not_under_itself(tag, curator):
    norm, calm = ClaimTag.objects.get(slug="norm"), ClaimTag.objects.get(slug="calm")
    below = TagValues(**{**own_words(norm), "parent": tag})
    codebook.change_tag(by=curator, tag=norm, seen=1, values=below)
    for parent in (norm, tag, calm):
        values = TagValues(**{**own_words(tag), "parent": parent})
        with pytest.raises(CodebookError) as refused:
            codebook.change_tag(by=curator, tag=tag, seen=1, values=values)
        assert list(refused.value.messages) == ["parent"]


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        ({"definition": "Could be checked."}, [1, 2]),
        ({"label": "Factual"}, [1, 2]),
        ({"examples": ("The bridge is open.",)}, [1, 2]),
        ({"colour": "#AABBCC"}, [1]),
        ({"position": 7}, [1]),
        ({"key": ""}, [1]),
    ],
)
def test_another_wording_makes_another_definition(tag, curator, values, numbers):
    given = TagValues(**{**own_words(tag), **values})
    codebook.change_tag(by=curator, tag=tag, seen=1, values=given)
    assert [d.number for d in tag.definitions.order_by("number")] == numbers
    assert (tag.definition_number, tag.version) == (numbers[-1], 2)


def test_a_stale_change_of_a_tag_writes_nothing(tag, curator):
    values = TagValues(**{**own_words(tag), "definition": "One"})
    codebook.change_tag(by=curator, tag=tag, seen=1, values=values)
    with pytest.raises(Stale):
        codebook.change_tag(by=curator, tag=tag, seen=1, values=values)
    assert tag.definitions.count() == 2


def test_a_key_that_was_given_away_stops_a_revival(tag, curator):
    codebook.retire(by=curator, thing=tag, seen=1)
    codebook.create_tag(by=curator, facet=tag.facet, values=TagValues("Figure", key="f"))
    with pytest.raises(CodebookError, match="makes “Figure” already"):
        codebook.revive(by=curator, thing=tag, seen=2)


# From JSON


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"dimensions": 5}', '{"dimensions": [5]}', '{"dimensions": [{}]}',
     '{"dimensions": [{"tags": 5}]}', "[" * 100_000, '{"dimensions": [], "name": "\\u0000"}',
     '{"dimensions": [], "description": "\\ud800"}'],
)  # fmt: skip
def test_what_is_no_codebook_is_refused(bring, text):
    with pytest.raises(CodebookError):
        bring(text)
    assert not Codebook.objects.exists()


@pytest.mark.parametrize(
    ("dimension", "stored", "problems"),
    [
        ({"name": "Type", "tags": []}, 1, 0),
        ({"name": "Type", "tags": [{"label": "A"}, {"label": "A"}]}, 2, 0),
        ({"name": "", "tags": [{"label": "A"}]}, 0, 1),
        ({"name": "Type", "choose": "two", "tags": []}, 0, 1),
        ({"name": "Type", "tags": ["A", 5, {"label": "B"}]}, 2, 2),
        ({"name": "Type", "tags": [{"label": "\u0000"}, {"label": "B"}]}, 2, 1),
        ({"name": "Type", "tags": [{"label": "A", "tags": 5}]}, 2, 1),
        ({"name": "Type", "tags": [{"label": "A", "examples": 5}]}, 2, 0),
        ({"name": "Type", "tags": [{"label": "A", "tags": [{"label": "B"}]}]}, 3, 0),
        ({"name": "Type", "tags": [{"label": "A", "key": "m"}]}, 1, 1),
    ],
)
def test_every_tag_is_stored_or_reported(bring, dimension, stored, problems):
    got = bring({"dimensions": [dimension]})
    assert (got[0], len(got[2])) == (stored, problems)


def test_a_tree_that_is_too_deep_is_cut_and_reported(bring):
    tree = {"label": "Leaf"}
    for level in range(300):
        tree = {"label": f"Level {level}", "tags": [tree]}
    stored, _, problems = bring({"dimensions": [{"name": "Type", "tags": [tree]}]})
    assert (stored, len(problems)) == (1 + codebook.DEEPEST, 1)


def test_what_is_exported_is_imported_without_loss(book, tag, curator):
    values = TagValues(
        "The bridge is open", parent=tag, colour="#AB12cd", definition="Open\nto all", key="o",
        examples=("“Open”", "two\nlines"),
    )  # fmt: skip
    codebook.create_tag(by=curator, facet=tag.facet, values=values)
    text = json.dumps(codebook.as_json(book))
    other = factories.ProjectFactory()
    report = codebook.import_json(by=curator, project=other, text=text)
    assert (report.stored, report.problems) == (6, [])
    assert codebook.as_json(Codebook.objects.get(project=other)) == codebook.as_json(book)


@needs_corpus
def test_the_real_codebook_is_imported_whole_and_once(bring):
    text = (CORPUS / "codebook.json").read_text()
    stored, unchanged, problems = bring(text)
    assert (unchanged, problems) == (0, [])
    assert bring(text) == (0, stored, [])
    assert Facet.objects.count() + ClaimTag.objects.count() == stored


@pytest.mark.parametrize("odd", ["\0", "\ud800"])
@pytest.mark.parametrize("key", ["slug", "label", "key", "colour", "definition"])
def test_a_tag_with_a_character_that_is_none_is_told(bring, key, odd):
    tag = {"label": "A", "slug": "a", key: odd}
    stored, there, problems = bring({"dimensions": [{"name": "Type", "tags": [tag]}]})
    assert (stored, there, len(problems)) == (1, 0, 1)
    assert problems[0].encode()


@pytest.mark.parametrize("odd", ["\0", "\ud800"])
def test_a_facet_with_a_character_that_is_none_is_told(bring, odd):
    stored, there, problems = bring({"dimensions": [{"name": "Type", "slug": odd, "tags": []}]})
    assert (stored, there, len(problems)) == (0, 0, 1)


@pytest.mark.parametrize("position", [-1, 10_000, 10**30])
def test_a_position_is_one_that_every_database_holds(book, tag, curator, position):
    facet = FacetValues("Frame", position=position)
    with pytest.raises(CodebookError) as refused:
        codebook.create_facet(by=curator, codebook=book, values=facet)
    assert list(refused.value.messages) == ["position"]
    with pytest.raises(CodebookError) as refused:
        codebook.change_tag(by=curator, tag=tag, seen=1, values=TagValues("A", position=position))
    assert list(refused.value.messages) == ["position"]

"""The door to the rules of outlets, and what they do to the next import."""

import pytest

from corpus_app import ingest, outlets, rules
from corpus_app.history import Stale
from corpus_app.models import Article, Event, OutletRule
from corpus_app.outlets import OutletValues
from corpus_app.rules import RuleError
from corpus_app.text.learnt import Rule
from tests import factories

pytestmark = pytest.mark.django_db

BODY = "The Harbour Office says that the strait is calm. Nobody in the harbour agrees with it."
JOIN = Rule("words", "Join our circle", None, "boilerplate")
LAST = Rule("place", "", -1, "bio")


def raw(number: int, end: str = "Join our circle") -> str:
    return f"Storm number {number}\n\nBy Ada Quill\n\n{BODY} {number}.\n\n{end}\n"


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, "curator")


@pytest.fixture
def post(project, curator):
    values = OutletValues("The Harbour Post", url="https://www.harbour.example/")
    return outlets.create_outlet(by=curator, project=project, values=values)


def stored(project, *texts, outlet="The Harbour Post"):
    return [factories.plain_article(project, text, outlet=outlet) for text in texts]


def roles(proposal) -> list[str]:
    return [line.role.value for line in proposal.lines]


def test_a_rule_is_made_changed_retired_and_revived_with_events(curator, post):
    row = rules.add(by=curator, outlet=post, rule=Rule("words", " Join  our circle ", None, "bio"))
    rules.change(by=curator, row=row, seen=1, rule=JOIN)
    rules.retire(by=curator, row=row, seen=2)
    assert rules.rules_of(post) == []
    rules.revive(by=curator, row=row, seen=3)
    assert rules.rules_of(post) == [JOIN]
    told = Event.objects.filter(noun="outletrule").order_by("version")
    assert [(event.verb, event.after["role"], event.after["words"]) for event in told] == [
        ("created", "bio", "Join our circle"),
        ("changed", "boilerplate", "Join our circle"),
        ("retired", "boilerplate", "Join our circle"),
        ("revived", "boilerplate", "Join our circle"),
    ]


def test_nobody_changes_a_rule_she_has_not_seen(curator, post):
    row = rules.add(by=curator, outlet=post, rule=JOIN)
    rules.change(by=curator, row=row, seen=1, rule=LAST)
    with pytest.raises(Stale):
        rules.change(by=curator, row=OutletRule.objects.get(), seen=1, rule=JOIN)
    assert rules.rules_of(post) == [LAST]


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        (Rule("words", " ", None, "bio"), ["words"]),
        (Rule("begins", "x" * 501, None, "bio"), ["words"]),
        (Rule("words", "a\0b", None, "bio"), ["words"]),
        (Rule("words", "Share", 2, "bio"), ["place"]),
        (Rule("place", "", None, "bio"), ["place"]),
        (Rule("place", "", 0, "bio"), ["place"]),
        (Rule("place", "", 40_000, "bio"), ["place"]),
        (Rule("place", "Share", 2, "bio"), ["place"]),
        (Rule("magic", "Share", None, "bio"), ["how"]),
        (Rule("words", "Share", None, "poem"), ["role"]),
    ],
)
def test_a_rule_that_means_nothing_is_refused(curator, post, rule, fields):
    with pytest.raises(RuleError) as refused:
        rules.add(by=curator, outlet=post, rule=rule)
    assert list(refused.value.messages) == fields
    assert OutletRule.objects.count() == 0


@pytest.mark.parametrize("words", ["JOIN OUR CIRCLE", "join our  circle"])
def test_the_same_lines_have_one_rule(curator, post, words):
    rules.add(by=curator, outlet=post, rule=JOIN)
    with pytest.raises(RuleError, match="Lines that read “Join our circle” are boilerplate"):
        rules.add(by=curator, outlet=post, rule=Rule("words", words, None, "bio"))


def test_a_retired_rule_comes_back_only_where_none_took_its_place(curator, post):
    row = rules.add(by=curator, outlet=post, rule=JOIN)
    rules.retire(by=curator, row=row, seen=1)
    rules.add(by=curator, outlet=post, rule=JOIN)
    with pytest.raises(RuleError):
        rules.revive(by=curator, row=row, seen=2)


def test_adopting_makes_what_is_new_changes_what_is_said_otherwise_and_keeps_the_rest(
    curator, post
):
    old = rules.add(by=curator, outlet=post, rule=Rule("words", "Join our circle", None, "bio"))
    rules.adopt(by=curator, outlet=post, rules=[JOIN, LAST, JOIN])
    rules.adopt(by=curator, outlet=post, rules=[LAST])
    assert rules.rules_of(post) == [JOIN, LAST]
    old.refresh_from_db()
    assert (old.version, old.role) == (2, "boilerplate")


def test_the_next_import_of_the_outlet_follows_its_rules(project, curator, post):
    rules.adopt(by=curator, outlet=post, rules=[JOIN])
    data = raw(1).encode()
    assert roles(ingest.propose(data=data, outlet=post))[-1] == "boilerplate"
    proposal = ingest.propose(data=data, outlet=post)
    assert proposal.by_rule == {7: JOIN}
    assert proposal.fields.outlet == "The Harbour Post"


def test_the_outlet_is_known_by_what_the_input_says(project, curator, post):
    rules.adopt(by=curator, outlet=post, rules=[JOIN])
    data = f"{raw(1)}\nFirst published in The Harbour Post\n".encode()
    assert ingest.propose(data=data, project=project).by_rule == {7: JOIN}
    assert ingest.propose(data=data).by_rule == {}
    group = ingest.Outlets(project)
    assert ingest.propose(data=data, project=project, outlets=group).by_rule == {7: JOIN}


def test_a_person_goes_before_a_rule(project, curator, post):
    rules.adopt(by=curator, outlet=post, rules=[JOIN])
    proposal = ingest.propose(data=raw(1).encode(), outlet=post, roles={7: "bio"})
    assert roles(proposal)[-1] == "bio"


def test_a_rule_that_would_leave_no_body_is_told_and_not_applied(project, curator, post):
    lead = Rule("begins", "The Harbour Office says", None, "boilerplate")
    rules.adopt(by=curator, outlet=post, rules=[lead, JOIN])
    proposal = ingest.propose(data=raw(1).encode(), outlet=post)
    assert (proposal.refused, roles(proposal)[-2:]) == ((lead,), ["body", "boilerplate"])


def test_retired_rules_and_those_of_others_are_not_applied(project, curator, post):
    row = rules.add(by=curator, outlet=post, rule=JOIN)
    rules.retire(by=curator, row=row, seen=1)
    values = OutletValues("The Quay")
    quay = outlets.create_outlet(by=curator, project=project, values=values)
    rules.add(by=curator, outlet=quay, rule=JOIN)
    assert ingest.propose(data=raw(1).encode(), outlet=post).by_rule == {}


def test_the_stored_articles_that_a_rule_would_change_are_counted(project, curator, post):
    stored(project, raw(1), raw(2, "See you"), raw(3, "JOIN OUR CIRCLE"))
    stored(project, raw(4), outlet="The Quay")
    found = rules.effect([JOIN, LAST], Article.objects.filter(outlet=post))
    assert found == rules.Effect({JOIN: 2, LAST: 3}, looked_at=3, articles=3)


def test_counting_asks_the_database_as_often_for_one_article_as_for_many(
    project, post, django_assert_num_queries
):
    stored(project, raw(1))
    with django_assert_num_queries(4):
        rules.effect([JOIN], Article.objects.filter(outlet=post))
    stored(project, *map(raw, range(2, 12)))
    with django_assert_num_queries(4):
        rules.effect([JOIN], Article.objects.filter(outlet=post))


def test_counting_ends_in_time_and_says_how_far_it_came(project, post, monkeypatch):
    stored(project, raw(1), raw(2))
    monkeypatch.setattr(rules, "PATIENCE", -1)
    found = rules.effect([JOIN], Article.objects.filter(outlet=post))
    assert found == rules.Effect({JOIN: 1}, looked_at=1, articles=2)


def test_the_lines_of_a_stored_article_have_the_roles_that_made_its_text(project, post):
    [article] = stored(project, raw(1))
    with rules.Readers() as readers:
        lines = rules.stored_lines(article, article.revisions.get(), readers)
        assert [line.number for line in lines] == [1, 3, 5, 7]
        outcome = rules.fit([JOIN], article, lines)
    assert [(old.role, new.role) for old, new in outcome.changed] == [("body", "boilerplate")]
    assert (outcome.rewritten, outcome.found) == (True, {})


def test_a_rule_that_says_what_was_not_known_makes_a_difference(project, post):
    [article] = stored(project, raw(1))
    byline = Rule("place", "", 2, "byline")
    with rules.Readers() as readers:
        lines = rules.stored_lines(article, article.revisions.get(), readers)
    assert rules.fit([byline], article, lines).found == {"authors": ("Ada Quill",)}
    article.authors = ["Somebody"]
    assert rules.fit([byline], article, lines).found == {}


def test_a_rule_that_only_gives_what_is_dropped_another_name_makes_no_difference(project, post):
    [article] = stored(project, raw(1))
    lines = ingest.propose(data=raw(1).encode(), roles={3: "outlet", 7: "duplicate"}).lines
    assert rules.fit([JOIN], article, lines) is None


def test_a_text_that_a_person_wrote_otherwise_is_not_made_anew_from_lines(project, post):
    [article] = stored(project, raw(1))
    revision = article.revisions.get()
    revision.text = revision.text.replace("Storm", "Gale")
    with rules.Readers() as readers:
        assert rules.stored_lines(article, revision, readers) is None

"""What a coder is shown of decisions on her work, and what the codebook could learn from them."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import annotating, assigning, contesting, lessons, proposals
from annotations.models import Assignment, Case, Overruling
from corpus_app.models import Project, User
from tests import factories
from tests.test_adjudication import Team


class Class(Team):
    """Of each article Ada and Bo say that a passage is a fact; it is decided to be a norm."""

    def judge(self, reason="A norm says what ought to be.", error_class="codebook", tag="fact"):
        self.article = factories.article(
            self.project, f"{factories.PLAIN}\n{Case.objects.count()} ships.", by=self.curator
        )
        self.one, self.other = self.claim(self.ada), self.claim(self.bo, tag=tag)
        [case] = self.hand_in()
        right = factories.coded(self.tag("norm"))
        said = annotating.content_of(self.one)
        content = type(said)("claim", said.spans, said.parts, (right,))
        return self.decide(case, "edited", content=content, reason=reason, error_class=error_class)

    def page(self, who, **wish):
        found, more = lessons.page(who, self.project, lessons.Wish(**wish))
        return [lesson.overruling for lesson in found], more

    def contest(self, annotation, words="I disagree."):
        row = annotation.overrulings.get()
        return contesting.contest(by=row.analyst, overruling=row, seen=1, objection=words)


@pytest.fixture
def group(db):
    return Class()


@pytest.fixture
def browse(client):
    def browse(who, path):
        client.force_login(who)
        return client.get(path)

    return browse


def address(group, page="lessons") -> str:
    return f"/projects/{group.project.slug}/{page}/"


def test_a_lesson_shows_what_was_said_and_decided_in_context(group):
    group.judge()
    [lesson], more = lessons.page(group.ada, group.project, lessons.Wish(coder=group.ada))
    assert more is None
    assert [(one.name, one.hers, one.decided) for one in lesson.fields] == [
        ("Claim type", ["Fact"], ["Norm"])
    ]
    words = "".join(piece.words for piece in lesson.pieces)
    marked = "".join(piece.words for piece in lesson.pieces if piece.marked)
    text = group.revision.text[20:40]
    assert (marked, text in words, "\n" in words) == (text, True, False)
    assert (lesson.decider, lesson.rejected) == (group.curator.shown_name, False)


def test_what_she_said_is_what_was_looked_at_not_what_she_changed_since(group):
    group.judge()
    Assignment.objects.filter(analyst=group.ada).update(state="started")
    said = annotating.content_of(group.one)
    changed = type(said)("claim", said.spans, said.parts, (factories.coded(group.tag("norm")),))
    annotating.rewrite(by=group.ada, annotation=group.one, seen=1, content=changed)
    Assignment.objects.filter(analyst=group.ada).update(state="handed_in")
    [lesson], _ = lessons.page(group.ada, group.project, lessons.Wish(coder=group.ada))
    assert [(one.hers, one.decided) for one in lesson.fields] == [(["Fact"], ["Norm"])]


def test_a_rejection_says_that_nothing_was_to_be_marked(group):
    article = factories.article(group.project, factories.PLAIN + "\nAgain.", by=group.curator)
    factories.overruled(article, group.ada, by=group.curator)
    [lesson], _ = lessons.page(group.ada, group.project, lessons.Wish(coder=group.ada))
    assert [(one.name, one.hers, one.decided) for one in lesson.fields] == [
        ("Marked at all", ["a claim"], ["nothing"])
    ]
    assert lesson.rejected is True


def test_newest_first_and_so_many_a_page(group, monkeypatch):
    assert lessons.PAGE == 25
    monkeypatch.setattr(lessons, "PAGE", 2)
    for _ in range(3):
        group.judge()
    rows = Overruling.objects.filter(analyst=group.ada).order_by("-created", "-pk")
    ordered = list(rows.values_list("pk", flat=True))
    found, after = group.page(group.ada, coder=group.ada)
    rest, end = group.page(group.ada, coder=group.ada, after=after)
    assert [row.pk for row in found + rest] == ordered
    assert (len(found), after, len(rest), end) == (2, ordered[1], 1, None)


FILTERS = (
    ({"field": "facet:claim-type"}, 1),
    ({"field": "facet:claim"}, 0),
    ({"field": "claimant"}, 0),
    ({"error_class": "codebook"}, 1),
    ({"error_class": "slip"}, 0),
    ({"error_class": lessons.UNSAID}, 0),
    ({"tag": "fact"}, 1),
    ({"tag": "norm"}, 1),
    ({"tag": "calm"}, 0),
)


def test_filters(group):
    group.judge()
    for wish, number in FILTERS:
        asked = {"tag": group.tag(wish["tag"])} if "tag" in wish else wish
        found, _ = group.page(group.ada, coder=group.ada, **asked)
        assert (wish, len(found)) == (wish, number)


def test_the_summary_counts_decisions_that_stand(group):
    group.judge()
    group.judge(error_class="slip", tag="norm")
    for who, decided, overruled in ((group.ada, 2, 2), (group.bo, 2, 1), (None, 4, 3)):
        asking = who or group.curator
        found = lessons.summary(asking, group.project, who)
        assert (found.decided, found.overruled) == (decided, overruled)
    found = lessons.summary(group.ada, group.project, group.ada)
    assert found.fields == [("Claim type", 2)]
    assert sorted(found.classes) == [("codebook unclear", 1), ("slip", 1)]
    assert found.share == 100


def test_what_is_returned_teaches_nothing_until_it_is_handed_in_again(group):
    group.judge()
    own = Assignment.objects.get(article=group.article, analyst=group.ada)
    assigning.give_back(by=group.curator, assignment=own, seen=own.version, comment="Again.")
    assert group.page(group.ada, coder=group.ada) == ([], None)
    assert lessons.summary(group.ada, group.project, group.ada) == lessons.Summary(0, 0, [], [])
    assert len(group.page(group.curator, coder=group.ada)[0]) == 1


def test_a_coder_sees_her_own_only(group, browse):
    group.judge()
    assert [row.analyst for row in group.page(group.ada)[0]] == [group.ada]
    assert browse(group.ada, f"{address(group)}?coder=bo").context["wish"].coder == group.ada
    assert (
        browse(group.ada, f"/overrulings/{group.other.overrulings.get().pk}/contest/").status_code
        == 404
    )


def test_curators_choose_a_coder_unless_names_are_hidden(group, browse):
    group.judge()
    page = browse(group.curator, f"{address(group)}?coder=bo")
    assert [one.overruling.analyst for one in page.context["lessons"]] == [group.bo]
    assert browse(group.curator, f"{address(group)}?coder=nobody").status_code == 404
    Project.objects.update(names_hidden=True)
    page = browse(group.curator, f"{address(group)}?coder=bo")
    assert page.context["lessons"] == []
    manager = factories.member(group.project, "manager")
    page = browse(manager, f"{address(group)}?coder=bo")
    assert [one.overruling.analyst for one in page.context["lessons"]] == [group.bo]


def test_hidden_names_hide_who_decided_and_who_contests(group, browse):
    group.judge()
    for person, name in ((group.curator, "Corazon"), (group.ada, "Adelheid")):
        User.objects.filter(pk=person.pk).update(first_name=name)
    assert "Corazon" in browse(group.ada, address(group)).text
    group.contest(group.one)
    assert "Adelheid contested it" in browse(group.curator, address(group, "proposals")).text
    Project.objects.update(names_hidden=True)
    assert "Corazon" not in browse(group.ada, address(group)).text
    text = browse(group.curator, address(group, "proposals")).text
    assert ("I disagree." in text, "Adelheid" in text) == (True, False)


def test_she_contests_and_is_answered(group, client):
    group.judge()
    row = group.one.overrulings.get()
    client.force_login(group.ada)
    sent = {"version": 1, "objection": "It <b>is</b> a fact."}
    answer = client.post(f"/overrulings/{row.pk}/contest/", sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{address(group)}#lesson-{row.pk}")
    assert "It &lt;b&gt;is&lt;/b&gt; a fact." in client.get(address(group)).text
    client.force_login(group.curator)
    assert "It &lt;b&gt;is&lt;/b&gt; a fact." in client.get(address(group, "proposals")).text
    sent = {"version": 2, "answer": "So it is.", "upheld": "no"}
    answer = client.post(f"/overrulings/{row.pk}/answer/", sent)
    assert answer["Location"] == address(group, "proposals")
    assert "No objection waits" in client.get(address(group, "proposals")).text
    client.force_login(group.ada)
    text = client.get(address(group)).text
    assert ("So it is." in text, "opened again" in text, "Contest this" in text) == (
        True, True, False,
    )  # fmt: skip


def test_an_older_page_is_told_so_and_its_words_are_kept(group, client):
    group.judge()
    row = group.one.overrulings.get()
    client.force_login(group.ada)
    sent = {"version": 9, "objection": "It is a fact."}
    answer = client.post(f"/overrulings/{row.pk}/contest/", sent)
    assert answer.status_code == 412
    assert answer.context["form"]["objection"].value() == "It is a fact."
    assert answer.context["form"]["version"].value() == 1
    group.contest(group.one)
    client.force_login(group.curator)
    sent = {"version": 1, "answer": "It is not.", "upheld": "yes"}
    answer = client.post(f"/overrulings/{row.pk}/answer/", sent)
    assert (answer.status_code, "It is not." in answer.text) == (412, True)
    row.refresh_from_db()
    assert row.answered is None


def test_an_objection_without_words_is_told_why(group, client):
    group.judge()
    client.force_login(group.ada)
    path = f"/overrulings/{group.one.overrulings.get().pk}/contest/"
    answer = client.post(path, {"version": 1, "objection": " "})
    assert answer.status_code == 400
    assert answer.context["form"].errors == {"objection": ["Say why: whoever decided reads it."]}


def found(group):
    return {one.tag.slug: one for one in proposals.proposals(group.curator, group.project)}


def test_repeated_reasons_are_gathered_by_tag(group):
    group.judge()
    group.judge(reason="Look at the verb.")
    by_tag = found(group)
    assert sorted(by_tag) == ["fact", "norm"]
    fact = by_tag["fact"]
    # Two decisions, each of which overruled both coders.
    assert fact.reasons == [("codebook unclear", 2)]
    assert fact.pairs == [("“Fact” where the decision says “Norm”", 4)]
    assert [one.reason for one in fact.examples] == [
        "Look at the verb.", "A norm says what ought to be.",
    ]  # fmt: skip
    assert by_tag["norm"].pairs == fact.pairs


def test_what_happened_once_is_no_proposal(group):
    group.judge(tag="norm")
    assert found(group) == {}


def test_reasons_of_before_the_present_wording_are_done_with(group):
    group.judge()
    group.judge()
    factories.reworded(group.project, by=group.curator)
    assert sorted(found(group)) == ["norm"]


def test_stances_and_extra_tags_are_told_too(group):
    calm = group.tag("calm")
    fact = factories.coded(group.tag("fact"))
    told = Counter()
    for hers, right in (("support", "oppose"), ("", None), (None, "support")):
        one = proposals.Overruled(
            None, None, None, ("stance:proposition", "facet:proposition"),
            {str(calm.pk): hers} if hers is not None else {fact.tag: ""},
            {str(calm.pk): right} if right is not None else {fact.tag: ""},
        )  # fmt: skip
        tags = {str(calm.pk): calm, fact.tag: group.tag("fact")}
        told.update(words for _, words in proposals._concerned(one, tags))
    assert told == {
        "stance “support” where the decision says “oppose”": 1,
        "given where the decision leaves it out": 1,
        "left out where the decision gives it": 1,
    }


def queries(browse, who, path) -> int:
    """How many a page asks when it is opened again."""
    browse(who, path)
    with CaptureQueriesContext(connection) as counted:
        assert browse(who, path).status_code == 200
    return len(counted)


def test_the_number_of_queries_does_not_grow(group, browse):
    group.judge()
    group.contest(group.one)
    pages = [(group.ada, address(group)), (group.curator, address(group)),
             (group.curator, address(group, "proposals"))]  # fmt: skip
    few = [queries(browse, *page) for page in pages]
    for _ in range(2):
        group.judge()
        group.contest(group.one)
    assert [queries(browse, *page) for page in pages] == few


def test_proposals_link_to_the_definition_and_the_queue(group, browse):
    group.judge()
    group.judge()
    text = browse(group.curator, address(group, "proposals")).text
    assert f"/desk/annotations/claimtag/{group.tag('fact').pk}/change/" in text

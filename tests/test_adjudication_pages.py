"""The pages of cases: what they show, what they keep, and what they cost."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations import adjudication, cases, correcting, operating
from annotations.models import Annotation, Case, Comment, Decision
from annotations.orders import Recode
from corpus_app.text import draft
from tests import factories
from tests.test_adjudication import Team, content, gold


@pytest.fixture
def team(db):
    return Team()


@pytest.fixture
def client(team):
    own = Client()
    own.force_login(team.curator, backend="django.contrib.auth.backends.ModelBackend")
    return own


@pytest.fixture
def disputed(team):
    team.one = team.claim(team.ada, 20, 40, note="Hers.")
    team.other = team.claim(team.bo, 24, 40, tag="norm", actor=team.quay)
    [team.case] = team.hand_in()
    return team


def page_of(team, client, **asked) -> str:
    return client.get(f"/articles/{team.article.pk}/adjudicate/", asked).content.decode()


def send(team, client, action="decide", **told):
    case = Case.objects.get(pk=team.case.pk)
    data = {"version": case.version, "revision": team.revision.pk, "do": "decide", **told}
    return client.post(f"/cases/{case.pk}/{action}/", data)


def taken(team, **other) -> dict:
    """Every field from Ada's version, save these."""
    fields = (
        "spans", "claimant", "target", "voice", "facet:claim-type", "facet:proposition",
        "attribution", "certainty", "note",
    )  # fmt: skip
    keys = {"one": str(team.one.pk), "other": str(team.other.pk), "typed": "typed"}
    return {f"take-{name}": keys[other.get(name, "one")] for name in fields}


def test_the_versions_stand_side_by_side_and_what_differs_is_said(disputed, client):
    page = page_of(disputed, client)
    fields = re.findall(r"<legend>(.*?)</legend>", page)
    told = [re.sub(r"<[^>]+>", "", field).split() for field in fields][:9]
    assert [" ".join(words) for words in told] == [
        "Stretch differs", "Claimant differs", "Target same", "Voice chain same",
        "Claim type differs", "Proposition same", "Attribution same", "Certainty same",
        "Note differs",
    ]  # fmt: skip
    assert 'value="accept:' in page
    assert "ada" in page
    assert re.findall(r'data-number="(\d+)"', page) == ["1"]


def test_who_opens_a_case_is_at_it_and_another_is_told(disputed, client):
    page_of(disputed, client)
    disputed.case.refresh_from_db()
    assert disputed.case.held_by == disputed.curator
    second = factories.member(disputed.project, "curator")
    other = Client()
    other.force_login(second, backend="django.contrib.auth.backends.ModelBackend")
    assert "cora is at this case" in page_of(disputed, other)
    other.post(f"/cases/{disputed.case.pk}/hold/", {"take": "1"})
    disputed.case.refresh_from_db()
    assert disputed.case.held_by == second


def test_a_version_is_accepted_with_one_button(disputed, client):
    answer = send(disputed, client, do=f"accept:{disputed.other.pk}", reason="A norm.")
    assert answer.status_code == 302
    decision = Decision.objects.get()
    assert (decision.outcome, decision.reason) == ("accepted", "A norm.")
    assert content(decision.gold) == content(disputed.other)
    page = page_of(disputed, client)
    assert "One version taken" in page
    assert "Reopen the case" in page


def test_fields_of_several_versions_are_combined(disputed, client):
    send(disputed, client, **taken(disputed, claimant="other"))
    decision = Decision.objects.get()
    assert decision.outcome == "combined"
    assert decision.sources["claimant"] == str(disputed.other.pk)
    [made] = gold(disputed)
    assert [part.actor for part in made.participants.all()] == [disputed.quay]
    assert [span.start for span in made.spans.all()] == [20]


def test_what_is_typed_instead_is_stored(disputed, client):
    typed = taken(disputed, spans="typed", claimant="typed", voice="typed", note="typed")
    told = {
        "typed-start": "31", "typed-end": "40", "typed-note": "Both are right.",
        "typed-claimant": ["the quay", ""], "typed-voice": ["the article’s author", ""],
        "endorsed-voice": ["endorses", ""], "error_class": "span",
    }  # fmt: skip
    assert send(disputed, client, **typed, **told).status_code == 302
    decision = Decision.objects.get()
    assert (decision.outcome, decision.error_class) == ("edited", "span")
    [made] = gold(disputed)
    said = {(p.role, p.actor, p.stands_for, p.endorsement) for p in made.participants.all()}
    assert said == {("claimant", disputed.quay, "", ""), ("voice", None, "author", "endorses")}
    assert (made.spans.get().start, made.note) == (31, "Both are right.")
    assert "spans" not in decision.sources


def test_a_choice_that_is_missing_or_unreadable_is_told_and_everything_kept(disputed, client):
    told = taken(disputed, claimant="typed") | {"typed-claimant": "Nobody <b>", "reason": "Why."}
    del told["take-note"]
    answer = send(disputed, client, **told)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Choose a version, or edit." in page
    answer = send(disputed, client, **told | {"take-note": str(disputed.one.pk)})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "No actor of this project is called “Nobody &lt;b&gt;”" in page
    assert 'value="Nobody &lt;b&gt;"' in page
    assert ">Why.</textarea>" in page
    assert Decision.objects.count() == 0


def test_who_was_too_late_sees_what_the_other_decided_beside_what_she_typed(disputed, client):
    second = factories.member(disputed.project, "curator", user__username="dora")
    adjudication.decide(
        by=second, case=disputed.case, seen=1, outcome="rejected", reason="No claim at all."
    )
    told = taken(disputed, note="typed") | {"typed-note": "Mine.", "reason": "It is one."}
    answer = send(disputed, client, version=1, **told)
    page = answer.content.decode()
    assert answer.status_code == 412
    assert "dora decided this case" in page
    assert "No claim at all." in page
    assert ">Mine.</textarea>" in page
    assert ">It is one.</textarea>" in page
    assert Decision.objects.count() == 1
    silent = send(disputed, client, **told | {"reason": ""}, over="1")
    assert silent.status_code == 400
    assert "Say why it is to be decided again." in silent.content.decode()
    assert ">Mine.</textarea>" in silent.content.decode()
    assert send(disputed, client, **told, over="1").status_code == 302
    outcomes = Decision.objects.order_by("number").values_list("outcome", flat=True)
    assert list(outcomes) == ["rejected", "reopened", "edited"]


def test_a_question_waits_and_the_case_is_reopened_with_a_reason(disputed, client):
    assert send(disputed, client, "ask", question=" ").status_code == 400
    assert send(disputed, client, "ask", question="A norm?").status_code == 302
    assert Comment.objects.count() == 2
    assert "A norm?" in page_of(disputed, client)
    assert send(disputed, client, "reopen").status_code == 302
    assert Case.objects.get().state == "open"
    send(disputed, client, do="reject")
    assert send(disputed, client, "reopen").status_code == 400
    assert send(disputed, client, "reopen", reason="To look again.").status_code == 302
    assert [d.outcome for d in Decision.objects.order_by("number")] == ["rejected", "reopened"]


def test_a_case_is_split_and_joined_again(disputed, client):
    assert send(disputed, client, "split").status_code == 400
    split = send(disputed, client, "split", annotations=str(disputed.other.pk), reason="Two.")
    assert split.status_code == 302
    other = Case.objects.exclude(pk=disputed.case.pk).get()
    told = {"other": f"{other.pk}:{other.version}", "reason": "One after all."}
    assert send(disputed, client, "join", **told).status_code == 302
    assert Case.objects.standing().count() == 1


def test_hidden_names_are_on_no_page(client, team):
    team.project.names_hidden = True
    team.project.save()
    team.one, team.other = team.claim(team.ada), team.claim(team.bo, tag="norm")
    [team.case] = team.hand_in()
    send(team, client, "ask", question="Why?")
    for page in (
        page_of(team, client),
        client.get(f"/projects/{team.project.slug}/adjudication/?state=asked").content.decode(),
        client.get(f"/projects/{team.project.slug}/adjudication/take-over/").content.decode(),
    ):
        assert not re.search(r"\b(ada|bo)\b", page)
    assert "Version A" in page_of(team, client)


def test_cases_are_fresh_when_the_page_opens(disputed, client):
    page_of(disputed, client)
    third = factories.member(disputed.project, user__username="cy")
    disputed.claim(third)
    own = third.assignments.get()
    type(own).objects.filter(pk=own.pk).update(state="handed_in")
    assert not cases.is_current(disputed.article)
    assert "cy" in page_of(disputed, client)


def test_what_was_changed_after_it_was_looked_at_is_not_accepted_unseen(disputed, client):
    page_of(disputed, client)
    fact, norm = disputed.tag("fact"), disputed.tag("norm")
    operating.run(
        by=disputed.curator, project=disputed.project, order=Recode(fact, norm), reason="No fact.",
        seen={disputed.one.pk: Annotation.objects.get(pk=disputed.one.pk).version},
    )  # fmt: skip
    answer = send(disputed, client, do=f"accept:{disputed.one.pk}")
    assert (answer.status_code, gold(disputed)) == (412, [])
    assert send(disputed, client, do=f"accept:{disputed.one.pk}").status_code == 302


@pytest.mark.parametrize(("action", "status"), [("split", 412), ("join", 400), ("reopen", 412)])
def test_the_reason_of_what_was_refused_is_kept(disputed, client, action, status):
    told = {"annotations": disputed.one.pk, "other": f"{disputed.case.pk}:1", "reason": "As I say."}
    answer = send(disputed, client, action, **told, version=9)
    assert (answer.status_code, answer.text.count("As I say.")) == (status, 1)


def test_a_case_that_cannot_be_is_not_joined(disputed, client):
    assert send(disputed, client, "join", other=f"{'-' * 36}:1").status_code == 400


def test_places_typed_in_a_text_that_was_corrected_are_not_taken_for_places_in_the_new_one(
    disputed, client
):
    told = taken(disputed, spans="typed") | {"typed-start": "3", "typed-end": "9", "reason": "Why."}
    text = draft.written(disputed.revision.text, list(disputed.revision.passages.order_by("start")))
    correcting.correct(
        by=disputed.curator, article=disputed.article, seen=disputed.article.version,
        text=text.replace("strait", "whole strait", 1), reason="Misread.",
    )  # fmt: skip
    answer = send(disputed, client, **told)
    assert answer.status_code == 412
    assert "The text was corrected after you opened the page." in answer.text
    assert 'name="typed-start" value="3"' not in answer.text
    assert ">Why.</textarea>" in answer.text


def test_more_versions_than_letters_have_names_of_their_own(client, team):
    team.project.names_hidden = True
    team.project.save()
    for _ in range(27):
        team.claim(factories.member(team.project))
    team.hand_in()
    names = re.findall(r"Version [A-Z]\d*\b", page_of(team, client))
    assert len(set(names)) == 27


def test_a_version_that_came_after_the_decision_is_told(disputed, client):
    send(disputed, client, do=f"accept:{disputed.one.pk}")
    assert "New since the decision" not in page_of(disputed, client)
    disputed.claim(factories.member(disputed.project, user__username="cy"), 20, 40)
    disputed.hand_in()
    assert "New since the decision, or changed: cy." in page_of(disputed, client)


def test_the_queue_begins_with_what_differs_most_and_takes_over_what_does_not(client, team):
    for start in (20, 30):
        for who in (team.ada, team.bo):
            team.claim(who, start, start + 8)
    team.claim(team.ada, 40, 48), team.claim(team.bo, 40, 48, tag="norm", actor=team.quay)
    team.claim(team.ada, 50, 58), team.claim(team.bo, 50, 58, tag="norm")
    team.hand_in()
    address = f"/projects/{team.project.slug}/adjudication/"
    page = client.get(address).content.decode()
    shares = re.findall(r"<span>(\d+ % differs|agreed)</span>", page)
    assert shares == ["67 % differs", "33 % differs", "agreed", "agreed"]
    assert "Take over all 2 agreed cases" in page
    preview = client.get(f"{address}take-over/").content.decode()
    assert "Take over 2 cases" in preview
    assert client.post(f"{address}take-over/").status_code == 302
    assert len(gold(team)) == 2
    assert "agreed cases…" not in client.get(address).content.decode()
    assert client.get(f"{address}?tag={team.tag('norm').pk}&state=every").status_code == 200
    assert client.get(f"{address}?state=lost").status_code == 404
    several = client.get(f"{address}?coders=several&state=every").content.decode()
    alone = client.get(f"{address}?coders=one&state=every").content.decode()
    assert (several.count("% differs"), alone.count('class="row"')) == (2, 0)


def test_pages_of_the_queue_follow_each_other(client, team, monkeypatch):
    for start in range(20, 80, 10):
        team.claim(team.ada, start, start + 8)
    team.claim(team.bo, 0, 4)
    found = team.hand_in()
    monkeypatch.setattr("annotations.docket.PAGE", 3)
    address, seen = f"/projects/{team.project.slug}/adjudication/", []
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r"<h3><a href=\"[^\"]+case=([-0-9a-f]+)\"", page)
        more = re.search(r'class="more"><a href="([^"]+)"', page)
        base = f"/projects/{team.project.slug}/adjudication/"
        address = more and base + more[1].replace("&amp;", "&")
    assert sorted(seen) == sorted(str(case.pk) for case in found)


@pytest.mark.parametrize("page", ["article", "queue", "take-over"])
def test_pages_cost_as_many_queries_for_many_cases(client, team, page, count_queries):
    address = {
        "article": f"/articles/{team.article.pk}/adjudicate/",
        "queue": f"/projects/{team.project.slug}/adjudication/",
        "take-over": f"/projects/{team.project.slug}/adjudication/take-over/",
    }[page]

    def grow(starts):
        for start in starts:
            for who in (team.ada, team.bo):
                team.claim(who, start, start + 4)

    grow([20])
    team.hand_in()
    client.get(address)
    few = count_queries(lambda: client.get(address))
    team.article.assignments.update(state="started")
    grow(range(26, 74, 6))
    team.hand_in()
    client.get(address)
    assert count_queries(lambda: client.get(address)) == few
    assert few <= 50


@pytest.fixture
def count_queries():
    def count(call) -> int:
        with CaptureQueriesContext(connection) as context:
            assert call().status_code == 200
        return len(context)

    return count

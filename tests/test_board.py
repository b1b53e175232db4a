"""The board: what waits for whom, who works on what, and giving out articles from it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotations import assigning, board, handing
from annotations.models import Annotation, Assignment, Case
from corpus_app.models import Article, Event, Role, Story
from tests import factories

pytestmark = pytest.mark.django_db

BOARD = reverse("board", args=["strait"])
STORIES = reverse("board-stories", args=["strait"])
TRAINING = reverse("board-training", args=["strait"])
ASSIGN = reverse("board-assign", args=["strait"])
SPREAD = reverse("spread", args=["strait"])


@pytest.fixture
def project():
    return factories.ProjectFactory(slug="strait", coders_per_article=2)


@pytest.fixture
def curator(project):
    return factories.member(project, Role.CURATOR, user__username="cora")


@pytest.fixture
def ada(project):
    return factories.member(project, user__username="ada")


@pytest.fixture
def ben(project):
    return factories.member(project, user__username="ben")


@pytest.fixture
def desk(client, curator):
    """The curator's client."""
    client.force_login(curator)
    return client


@pytest.fixture
def give(curator):
    def give(article, *people, **fields):
        return [assigning.assign(by=curator, article=article, analyst=p, **fields) for p in people]

    return give


def titled(project, title, **fields):
    """An article without a text."""
    digest = title.encode().hex().ljust(64, "0")[:64]
    return Article.objects.create(
        project=project, title=title, raw=b"", raw_sha256=digest, **fields
    )


def titles(answer):
    return [row.article.title for row in answer.context["articles"].rows]


def waiting(answer):
    """What waits, as far as anything does."""
    return {key: number for key, _, number in answer.context["waiting"] if number}


def test_an_article_waits_for_coders_until_it_has_enough_who_count(
    desk, project, give, ada, ben, curator
):
    one, two, three = (titled(project, name) for name in ("One", "Two", "Three"))
    give(one, ada, ben)
    give(two, ada)
    Assignment.objects.filter(pk=give(two, ben)[0].pk).update(training=True)
    [gone, _] = give(three, ada, ben)
    assigning.withdraw(by=curator, assignment=gone, seen=1)
    answer = desk.get(BOARD, {"waiting": "coders"})
    assert titles(answer) == ["Three", "Two"]
    assert [row.lacks for row in answer.context["articles"].rows] == [1, 1]
    assert waiting(answer) == {"coders": 2}


def test_what_is_returned_overdue_asked_or_flagged_waits(desk, project, give, ada, ben, curator):
    yesterday = timezone.localdate() - timedelta(1)
    late, today, back, asked, flagged = (
        titled(project, name) for name in ("Late", "Today", "Back", "Asked", "Flagged")
    )
    give(late, ada, ben, due_on=yesterday)
    give(today, ada, ben, due_on=timezone.localdate())
    [own, _] = give(back, ada, ben)
    handed = handing.hand_in(by=ada, assignment=own, seen=1)
    handing.give_back(by=curator, assignment=handed, seen=2, comment="Read on.")
    give(asked, ada, ben)
    Case.objects.create(project=project, article=asked, kind="claim", state="asked", start=0, end=1)
    text = factories.article(project, by=curator)
    claim = factories.claim(text, ben, flagged=True)
    Article.objects.filter(pk=flagged.pk).delete()
    assert waiting(desk.get(BOARD)) == {
        "coders": 1, "returned": 1, "overdue": 1, "asked": 1, "flagged": 1,
    }  # fmt: skip
    for key, title in {"overdue": "Late", "returned": "Back", "asked": "Asked"}.items():
        assert titles(desk.get(BOARD, {"waiting": key})) == [title]
    Annotation.objects.filter(pk=claim.pk).update(deleted=timezone.now())
    assert "flagged" not in waiting(desk.get(BOARD))


def test_what_all_handed_in_waits_to_be_decided(desk, project, give, ada, ben):
    one, two = titled(project, "One"), titled(project, "Two")
    for article in (one, two):
        for own in give(article, ada, ben):
            handing.hand_in(by=own.analyst, assignment=own, seen=1)
    give(one, factories.member(project))
    for article in (one, two):
        for state in ("open", "decided"):
            Case.objects.create(
                project=project, article=article, kind="claim", state=state, start=0, end=1
            )
    answer = desk.get(BOARD, {"waiting": "adjudicate"})
    assert titles(answer) == ["Two"]
    [row] = answer.context["articles"].rows
    assert (row.cases.open, row.cases.decided) == (1, 1)
    Case.objects.update(state="decided")
    assert "adjudicate" not in waiting(desk.get(BOARD))


def test_everybody_has_a_row_with_her_work_also_who_left(desk, project, give, ada, ben, curator):
    yesterday = timezone.localdate() - timedelta(1)
    articles = [titled(project, str(n)) for n in range(3)]
    for article in articles:
        give(article, ada, due_on=yesterday)
        give(article, ben)
    own = ben.assignments.first()
    handing.hand_in(by=ben, assignment=own, seen=1)
    ada.memberships.update(most_open=5)
    ben.memberships.update(ended=timezone.now())
    rows = desk.get(BOARD).context["people"]
    assert [
        (row.person, bool(row.membership), row.open, row.overdue, row.handed_in) for row in rows
    ] == [(ada, True, 3, 3, 0), (ben, False, 2, 0, 1), (curator, True, 0, 0, 0)]
    assert [row.active for row in rows] == [None, ben.assignments.get(state="handed_in").handed_in,
                                            None]  # fmt: skip


def test_what_was_left_undone_by_who_left_is_found(desk, project, give, ada):
    give(titled(project, "Undone"), ada)
    ada.memberships.update(ended=timezone.now())
    assert titles(desk.get(BOARD, {"person": "ada"})) == ["Undone"]


def test_articles_are_found_by_person_state_story_and_title(desk, project, give, ada, ben):
    story = Story.objects.create(project=project, title="The strait")
    calm = titled(project, "Calm at noon", story=story)
    rough, mild = titled(project, "Rough"), titled(project, "Mild at noon")
    give(calm, ada)
    give(rough, ben)
    [own] = give(mild, ada)
    handing.hand_in(by=ada, assignment=own, seen=1)
    for asked, found in [
        ({"person": "ada"}, ["Mild at noon", "Calm at noon"]),
        ({"person": "ada", "state": "handed_in"}, ["Mild at noon"]),
        ({"state": "assigned"}, ["Rough", "Calm at noon"]),
        ({"story": story.pk}, ["Calm at noon"]),
        ({"title": "NOON", "person": "ben"}, []),
        ({"title": "rough"}, ["Rough"]),
    ]:
        assert titles(desk.get(BOARD, asked)) == found


@pytest.mark.parametrize(
    "asked",
    [
        {"person": "nobody"}, {"person": "elsewhere"}, {"state": "lost"}, {"story": "x"},
        {"after": "1"}, {"waiting": "rain"}, {"title": "x" * 201},
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_not_found(desk, asked):
    factories.member(factories.ProjectFactory(), user__username="elsewhere")
    assert [desk.get(page, asked).status_code for page in (BOARD, STORIES, TRAINING)] == [404] * 3


def test_pages_follow_each_other_without_a_gap_or_a_repeat(desk, project, monkeypatch):
    monkeypatch.setattr(board, "PAGE", 2)
    for number in range(5):
        story = Story.objects.create(project=project, title=f"Story {number}")
        titled(project, str(number), story=story)
    found, asked = [], {}
    while asked is not None:
        page = desk.get(BOARD, asked).context["articles"]
        found.append([row.article.title for row in page.rows])
        asked = {"after": page.next} if page.next else None
    assert found == [["4", "3"], ["2", "1"], ["0"]]
    first = desk.get(STORIES).context["stories"]
    second = desk.get(STORIES, {"after": first.next}).context["stories"]
    assert [row.story.title for row in (*first.rows, *second.rows)] == [
        f"Story {number}" for number in range(4)
    ]


def test_a_story_says_how_far_its_articles_are(desk, project, give, ada, ben):
    story = Story.objects.create(project=project, title="The strait")
    Story.objects.create(project=project, title="Without articles")
    one, two = (titled(project, name, story=story) for name in ("One", "Two"))
    [own, _] = give(one, ada, ben)
    give(two, ada, due_on=timezone.localdate() - timedelta(1))
    handing.hand_in(by=ada, assignment=own, seen=1)
    [row] = desk.get(STORIES).context["stories"].rows
    assert (row.articles, row.wanted, row.assigned, row.handed_in, row.overdue) == (2, 4, 3, 1, 1)


def test_the_number_of_queries_is_the_same_for_few_and_for_many(desk, project, give, curator):
    people = [factories.member(project) for _ in range(3)]

    def fill(number):
        for n in range(number):
            story = Story.objects.create(project=project, title=f"{number}.{n}")
            article = factories.article(
                project, f"{factories.PLAIN}{number}.{n}\n", by=curator, story=story
            )
            Case.objects.create(project=project, article=article, kind="claim", start=0, end=1)
            for person in people:
                factories.claim(article, person)
            factories.claim(article, curator)
            Annotation.objects.filter(author=curator).update(layer="gold")
        Assignment.objects.filter(analyst=people[0]).update(training=True, state="handed_in")

    def queries(page):
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(page).status_code == 200
        return len(asked)

    fill(2)
    few = [queries(page) for page in (BOARD, STORIES, TRAINING)]
    people += [factories.member(project) for _ in range(2)]
    fill(6)
    assert [queries(page) for page in (BOARD, STORIES, TRAINING)] == few


def test_ticked_articles_are_given_to_several_and_what_was_refused_is_said(desk, project, ada, ben):
    one, two = titled(project, "One"), titled(project, "Two")
    ben.memberships.update(most_open=1)
    ticked = [str(one.pk), str(two.pk)]
    assert desk.get(ASSIGN, {"article": ticked}).status_code == 200
    sent = {"article": ticked, "coders": ["ada", "ben"], "due_on": "2027-01-09"}
    answer = desk.post(ASSIGN, sent, follow=True)
    made, refused = (str(message) for message in answer.context["messages"])
    assert made == "3 assignments made."
    assert "ben has 1 articles open; she may have 1 at once" in refused
    assert {str(one.due_on) for one in Assignment.objects.all()} == {"2027-01-09"}
    again = desk.post(ASSIGN, {**sent, "coders": ["ada"]}, follow=True)
    told = [str(message) for message in again.context["messages"]]
    assert told == ["0 assignments made. 2 stood already and are as they were."]


def test_to_assign_nothing_or_what_is_elsewhere_is_refused(desk, project, ada):
    elsewhere = titled(factories.ProjectFactory(), "Hidden")
    here = titled(project, "Here")
    stranger = factories.member(elsewhere.project, user__username="stranger")
    assert desk.get(ASSIGN).headers["Location"] == BOARD
    assert desk.get(ASSIGN, {"article": elsewhere.pk}).status_code == 404
    for sent in (
        {"article": elsewhere.pk, "coders": "ada"},
        {"article": here.pk, "coders": stranger.username},
        {"article": here.pk},
        {"coders": "ada"},
    ):
        assert desk.post(ASSIGN, sent).status_code == 400
    assert not Assignment.objects.exists()


def test_a_plan_is_looked_at_and_then_carried_out(desk, project, ada, ben):
    for number in range(3):
        titled(project, str(number))
    form = desk.get(SPREAD).context["form"]
    assert (form.initial["coders"], form.initial["k"]) == (["ada", "ben"], 2)
    asked = {"k": 2, "coders": ["ada", "ben"]}
    plan = desk.get(SPREAD, asked).context["plan"]
    assert [(one.person, one.gets) for one in plan.shares] == [(ada, 3), (ben, 3)]
    assert not Assignment.objects.exists()
    answer = desk.post(SPREAD, {**asked, "seen": plan.digest}, follow=True)
    told = [str(message) for message in answer.context["messages"]]
    assert told == ["6 assignments made, for 2 people. They are told."]
    assert Event.objects.filter(noun="assignment").count() == 6


def test_a_plan_that_is_overtaken_is_shown_anew_instead(desk, project, give, ada, ben):
    one, two = titled(project, "One"), titled(project, "Two")
    asked = {"k": 2, "coders": ["ada", "ben"], "article": [str(one.pk), str(two.pk)]}
    seen = desk.get(SPREAD, asked).context["plan"].digest
    give(one, ada)
    answer = desk.post(SPREAD, {**asked, "seen": seen})
    assert (answer.status_code, len(answer.context["plan"].given)) == (409, 3)
    assert "Nothing was assigned" in answer.text
    done = desk.post(SPREAD, {**asked, "seen": answer.context["plan"].digest})
    assert (done.status_code, Assignment.objects.count()) == (302, 4)


def test_only_a_story_is_spread_if_it_is_said(desk, project, ada, ben):
    story = Story.objects.create(project=project, title="The strait")
    inside = titled(project, "Inside", story=story)
    titled(project, "Outside")
    plan = desk.get(SPREAD, {"k": 1, "coders": "ada", "story": story.pk}).context["plan"]
    assert plan.given == [(inside.pk, ada.pk)]


@pytest.mark.parametrize(
    "asked", [{"k": 0, "coders": "ada"}, {"k": 2}, {"k": 2, "coders": "ada", "due_on": "soon"}]
)
def test_a_plan_that_cannot_be_made_says_what_is_wrong(desk, project, ada, asked):
    assert desk.get(SPREAD, asked).status_code == 400
    assert desk.post(SPREAD, asked).status_code == 400


def page_of(assignment, action=""):
    """The address of an assignment's page, or of what is done there."""
    return reverse(f"assignment-{action}" if action else "assignment", args=[assignment.pk])


def test_the_page_of_an_assignment_tells_what_became_of_it(desk, project, give, ada, curator):
    [own] = give(titled(project, "One"), ada)
    desk.post(page_of(own, "due"), {"version": 1, "due_on": "2027-01-09"})
    handing.hand_in(by=ada, assignment=own, seen=2)
    desk.post(page_of(own, "return"), {"version": 3, "comment": "Line 4 is missing."})
    answer = desk.get(page_of(own))
    assert [event.verb for event in answer.context["events"]] == [
        "returned", "handed in", "rescheduled", "assigned",
    ]  # fmt: skip
    assert "Line 4 is missing." in answer.text


def test_work_with_marks_is_withdrawn_after_it_was_asked(desk, project, ada, curator):
    factories.claim(factories.article(project, by=curator), ada)
    own = Assignment.objects.get()
    answer = desk.post(page_of(own, "withdraw"), {"version": own.version})
    assert "Withdraw it all the same?" in answer.text
    assert Assignment.objects.get().open
    answer = desk.post(
        page_of(own, "withdraw"), {"version": own.version, "sure": "on"}, follow=True
    )
    assert (Assignment.objects.get().state, "Assign it again" in answer.text) == ("withdrawn", True)


def test_cases_of_withdrawn_work_are_gone(desk, project, give, ada, ben, curator):
    article = factories.article(project, by=curator)
    for person in (ada, ben):
        factories.claim(article, person)
        Annotation.objects.update(state="complete")
        own = person.assignments.get()
        handing.hand_in(by=person, assignment=own, seen=own.version)
    assert Case.objects.standing().get().members.count() == 2
    own = ben.assignments.get()
    desk.post(page_of(own, "withdraw"), {"version": own.version, "sure": "on"})
    assert Case.objects.standing().get().members.get().annotation.author == ada


@pytest.mark.parametrize(
    ("action", "sent", "told"),
    [
        ("due", {"version": 7, "due_on": "2027-01-09"}, "has moved on since"),
        ("withdraw", {"version": 7}, "has moved on since"),
        ("return", {"version": 1, "comment": "Why?"}, "Only work that is handed in"),
        ("due", {"version": 1, "due_on": "soon"}, "Enter a valid date"),
    ],
)
def test_what_cannot_be_done_says_why_and_changes_nothing(
    desk, project, give, ada, action, sent, told
):
    [own] = give(titled(project, "One"), ada)
    assert told in desk.post(page_of(own, action), sent, follow=True).text
    assert Assignment.objects.get().version == 1


def test_open_work_is_passed_on(desk, project, give, ada, ben):
    [own] = give(titled(project, "One"), ada)
    assert desk.post(page_of(own, "reassign"), {"version": 1, "analyst": "ada"}).status_code == 400
    desk.post(page_of(own, "reassign"), {"version": 1, "analyst": "ben"})
    states = Assignment.objects.order_by("created").values_list("analyst", "state")
    assert list(states) == [(ada.pk, "withdrawn"), (ben.pk, "assigned")]


def test_work_is_not_returned_without_a_word(desk, project, give, ada):
    [own] = give(titled(project, "One"), ada)
    handing.hand_in(by=ada, assignment=own, seen=1)
    answer = desk.post(page_of(own, "return"), {"version": 2, "comment": " "})
    assert (answer.status_code, "Say why it is returned" in answer.text) == (400, True)
    assert Assignment.objects.get().state == "handed_in"


@pytest.mark.parametrize(("version", "status"), [(1, 412), (2, 302), (9, 412)])
def test_a_comment_that_was_typed_is_kept(desk, project, give, ada, version, status):
    [own] = give(titled(project, "One"), ada)
    handing.hand_in(by=ada, assignment=own, seen=1)
    sent = {"version": version, "comment": "The second paragraph?"}
    assert desk.post(page_of(own, "return"), sent).status_code == status
    if status == 302:
        answer = desk.post(page_of(own, "return"), sent)
        assert (answer.status_code, answer.text.count("You had typed")) == (400, 1)


def test_an_action_without_a_version_is_refused(desk, project, give, ada):
    [own] = give(titled(project, "One"), ada)
    for action in ("due", "withdraw", "reassign", "return"):
        assert desk.post(page_of(own, action)).status_code == 400


def test_analysts_open_no_board_and_no_page_of_an_assignment(client, project, give, ada, ben):
    [own, other] = give(titled(project, "One"), ada, ben)
    client.force_login(ada)
    pages = [BOARD, STORIES, TRAINING, ASSIGN, SPREAD, page_of(own)]
    assert [client.get(page).status_code for page in pages] == [403] * len(pages)
    assert client.get(page_of(other)).status_code == 404
    assert client.post(page_of(own, "due"), {"version": 1}).status_code == 403

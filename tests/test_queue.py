"""The queue: what one finds there, taking an article and handing it in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotations import annotating, assigning, correcting, queue
from annotations.content import Content, Part
from annotations.models import Assignment
from corpus_app.models import Role
from tests import factories

pytestmark = pytest.mark.django_db

HOME = reverse("home")


@pytest.fixture
def project():
    return factories.ProjectFactory(slug="strait")


@pytest.fixture
def analyst(project):
    return factories.member(project, user__username="ada")


@pytest.fixture
def curator(project):
    return factories.member(project, Role.CURATOR, user__username="cora")


def titled(project, title, by):
    data = f"{title}\n\nThe strait is calm on the day of {title}.\n"
    return factories.article(project, data, by=by, title=title)


def shown(answer):
    """Section title → titles of its articles."""
    return {
        section.title: [assignment.article.title for assignment in section.rows]
        for section in answer.context["sections"]
    }


def offered(answer):
    return [article.title for article in answer.context["offered"].rows]


def test_the_first_step_without_a_project_is_told(client):
    client.force_login(factories.UserFactory(username="newcomer"))
    answer = client.get(HOME)
    assert (answer.status_code, answer.context["sections"]) == (200, [])
    assert "add you under the name <strong>newcomer</strong>" in answer.content.decode()


def test_own_articles_stand_under_the_state_of_the_work_the_most_urgent_first(
    client, project, analyst, curator
):
    today = timezone.localdate()
    calm, rough, mild, done = (
        titled(project, t, curator) for t in ("Calm", "Rough", "Mild", "Done")
    )
    assigning.assign(by=curator, article=calm, analyst=analyst)
    assigning.assign(by=curator, article=rough, analyst=analyst, due_on=today + timedelta(9))
    assigning.assign(by=curator, article=mild, analyst=analyst, due_on=today)
    handed = assigning.assign(by=curator, article=done, analyst=analyst)
    assigning.hand_in(by=analyst, assignment=handed, seen=1)
    client.force_login(analyst)
    assert shown(client.get(HOME)) == {
        "Not started": ["Mild", "Rough", "Calm"],
        "Handed in": ["Done"],
    }


def test_a_row_counts_the_persons_own_standing_annotations_and_no_others(
    client, project, analyst, curator
):
    article = titled(project, "Calm", curator)
    other = factories.member(project)
    factories.claim(article, other)
    removed = factories.claim(article, analyst, 3, 9)
    factories.claim(article, analyst, 5, 12)
    annotating.remove(by=analyst, annotation=removed, seen=1)
    client.force_login(analyst)
    [section] = client.get(HOME).context["sections"]
    assert [(row.made, row.incomplete) for row in section.rows] == [(1, 1)]


def test_an_analyst_is_offered_what_she_has_not_taken_and_no_word_of_others_work(
    client, project, analyst, curator
):
    mine, free = titled(project, "Mine", curator), titled(project, "Free", curator)
    factories.assigned(mine, analyst)
    factories.claim(free, factories.member(project, user__username="berta"))
    client.force_login(analyst)
    answer = client.get(HOME)
    assert offered(answer) == ["Free"]
    assert "berta" not in answer.content.decode()


def test_a_curator_sees_everybodys_progress_on_every_article(client, project, analyst, curator):
    article = titled(project, "Calm", curator)
    factories.claim(article, analyst)
    client.force_login(curator)
    [row] = client.get(HOME).context["offered"].rows
    progress = [(work.analyst, work.state, work.made, work.incomplete) for work in
                row.assignments.all()]  # fmt: skip
    assert progress == [(analyst, "started", 1, 1)]


def test_the_queue_of_one_project_tells_nothing_of_another(client, project, analyst, curator):
    other = factories.ProjectFactory(slug="harbour")
    factories.MembershipFactory(project=other, user=analyst)
    keeper = factories.member(other, Role.CURATOR)
    factories.assigned(titled(project, "Calm", curator), analyst)
    factories.assigned(titled(other, "Dues", keeper), analyst)
    titled(other, "Berths", keeper)
    client.force_login(analyst)
    both, one = client.get(HOME), client.get(HOME, {"project": "harbour"})
    assert shown(both) == {"Not started": ["Calm", "Dues"]}
    assert both.context["offered"] is None
    assert (shown(one), offered(one)) == ({"Not started": ["Dues"]}, ["Berths"])


def test_titles_are_found_by_their_words(client, project, analyst, curator):
    factories.assigned(titled(project, "Calm at noon", curator), analyst)
    factories.assigned(titled(project, "Rough at night", curator), analyst)
    titled(project, "Calm at dawn", curator)
    client.force_login(analyst)
    answer = client.get(HOME, {"title": "CALM"})
    assert shown(answer) == {"Not started": ["Calm at noon"]}
    assert offered(answer) == ["Calm at dawn"]
    titled(project, "Ärger at sea", curator)
    assert offered(client.get(HOME, {"title": "ärger"})) == ["Ärger at sea"]


def test_pages_follow_each_other_without_a_gap_or_a_repeat(
    client, project, analyst, curator, monkeypatch
):
    monkeypatch.setattr(queue, "PAGE", 2)
    due = timezone.localdate()
    for number in range(5):
        article = titled(project, f"Mine {number}", curator)
        assigning.assign(
            by=curator, article=article, analyst=analyst, due_on=due if number > 2 else None
        )
        titled(project, f"Free {number}", curator)
    client.force_login(analyst)
    assert pages(client, "assigned", lambda answer: answer.context["sections"][0]) == [
        ["Mine 3", "Mine 4"], ["Mine 0", "Mine 1"], ["Mine 2"],
    ]  # fmt: skip
    assert pages(client, "articles", lambda answer: answer.context["offered"]) == [
        ["Free 4", "Free 3"], ["Free 2", "Free 1"], ["Free 0"],
    ]  # fmt: skip


def pages(client, key, pick):
    """The titles on every page of a section, by following its links."""
    found, asked = [], {"section": key}
    while True:
        section = pick(client.get(HOME, asked))
        found.append([getattr(row, "article", row).title for row in section.rows])
        if not section.next:
            return found
        asked = {"section": key, "after": section.next}


@pytest.mark.parametrize(
    "asked",
    [
        {"project": "nowhere"},
        {"project": "hidden"},
        {"section": "elsewhere"},
        {"after": "1; drop table"},
        {"title": "x" * 201},
    ],
)
def test_an_address_that_makes_no_sense_is_not_found(client, analyst, asked):
    factories.ProjectFactory(slug="hidden")
    client.force_login(analyst)
    assert client.get(HOME, asked).status_code == 404


def test_the_number_of_queries_is_the_same_for_few_and_for_many(client, project, analyst, curator):
    def queries(user):
        client.force_login(user)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(HOME).status_code == 200
        return len(asked)

    def fill(size):
        for number in range(size):
            factories.claim(titled(project, f"Mine {size}.{number}", curator), analyst)
            free = titled(project, f"Free {size}.{number}", curator)
            factories.claim(free, factories.member(project))

    fill(2)
    few = [queries(analyst), queries(curator)]
    fill(7)
    assert [queries(analyst), queries(curator)] == few


def test_taking_an_article_assigns_it_once_and_opens_the_workbench(
    client, project, analyst, curator
):
    article = titled(project, "Calm", curator)
    client.force_login(analyst)
    for _ in range(2):
        answer = client.post(reverse("take", args=[article.pk]))
        assert answer.headers["Location"] == reverse("workbench", args=[article.pk])
    assert [(a.article, a.analyst, a.state) for a in Assignment.objects.all()] == [
        (article, analyst, "assigned")
    ]


@pytest.mark.parametrize("name", ["take", "hand-in"])
def test_a_stranger_finds_no_article_to_take_or_hand_in(client, project, curator, name):
    article = titled(project, "Calm", curator)
    client.force_login(factories.member(factories.ProjectFactory()))
    assert client.post(reverse(name, args=[article.pk]), {"version": 1}).status_code == 404
    assert client.get(reverse(name, args=[article.pk])).status_code == 405


def test_a_curator_cannot_hand_in_for_somebody_else(client, project, analyst, curator):
    assignment = factories.assigned(titled(project, "Calm", curator), analyst)
    client.force_login(curator)
    page = reverse("hand-in", args=[assignment.article_id])
    assert client.post(page, {"version": 1}).status_code == 404


def test_complete_work_is_handed_in_and_said_so(client, project, analyst, curator):
    assignment = factories.assigned(titled(project, "Calm", curator), analyst)
    client.force_login(analyst)
    page = reverse("hand-in", args=[assignment.article_id])
    answer = client.post(page, {"version": 1, "sure": "on"}, follow=True)
    assert shown(answer) == {"Handed in": ["Calm"]}
    assert [str(m) for m in answer.context["messages"]] == ["Handed in: “Calm”."]


def test_an_article_without_a_mark_is_handed_in_after_it_was_asked(
    client, project, analyst, curator
):
    assignment = factories.assigned(titled(project, "Calm", curator), analyst)
    client.force_login(analyst)
    page = reverse("hand-in", args=[assignment.article_id])
    answer = client.post(page, {"version": 1, "sure": ""})
    assert "Nothing is marked. Hand in anyway?" in answer.text
    assert Assignment.objects.get().state == "assigned"
    client.post(page, {"version": answer.context["version"], "sure": "on"})
    assert Assignment.objects.get().state == "handed_in"


def test_what_was_withdrawn_is_in_no_section_and_cannot_be_marked(
    client, project, analyst, curator
):
    assignment = factories.assigned(titled(project, "Calm", curator), analyst)
    assigning.withdraw(by=curator, assignment=assignment, seen=1)
    client.force_login(analyst)
    answer = client.get(HOME)
    assert (shown(answer), offered(answer)) == ({}, [])
    page = reverse("workbench", args=[assignment.article_id])
    assert "was withdrawn from you" in client.get(page).text
    refused = client.post(reverse("take", args=[assignment.article_id]), follow=True)
    assert "A curator can assign it to you again." in refused.text


def test_what_is_marked_to_learn_is_told_from_other_work_and_leads_to_its_score(
    client, project, analyst, curator
):
    article = titled(project, "Calm", curator)
    own = factories.assigned(article, analyst)
    Assignment.objects.update(training=True)
    client.force_login(analyst)
    assert ">training<" in client.get(HOME).text
    assigning.hand_in(by=analyst, assignment=own, seen=1)
    assert reverse("score", args=[article.pk]) in client.get(HOME).text


def test_who_hands_in_is_told_of_marks_that_lost_their_place(client, project, analyst, curator):
    article = factories.plain_article(project, "It is calm.\n\nNobody agrees.", by=curator)
    office = factories.actor(project, "Harbour Office", by=curator)
    for start in (0, 13):
        parts = (factories.claimant(office),)
        factories.claim(article, analyst, start, start + 5, parts=parts)
    correcting.correct(by=curator, article=article, seen=1, text="It is calm.", reason="Misprint.")
    client.force_login(analyst)
    own = Assignment.objects.get(article=article)
    answer = client.post(f"/articles/{article.pk}/hand-in/", {"version": own.version}, follow=True)
    done, lost = (str(message) for message in answer.context["messages"])
    assert done == "Handed in: “A plain text”."
    assert "lost their place when the text was corrected: 1." in lost
    assert f'href="/articles/{article.pk}/"' in lost


def test_work_that_began_after_the_page_was_opened_can_be_handed_in_from_it(
    client, project, analyst, curator
):
    actor = factories.actor(project, "Harbour Office", by=curator)
    article = titled(project, "Calm", curator)
    assignment = factories.assigned(article, analyst)
    content = Content("mention", ((0, 4, None),), (Part("named", str(actor.pk)),))
    annotating.create(by=analyst, revision=article.revisions.get(), content=content)
    client.force_login(analyst)
    client.post(reverse("hand-in", args=[article.pk]), {"version": assignment.version})
    assert Assignment.objects.get().state == "handed_in"


def test_incomplete_work_is_refused_with_links_to_what_is_missing(
    client, project, analyst, curator
):
    article = titled(project, "Calm", curator)
    claim = factories.claim(article, analyst, 0, 4)
    client.force_login(analyst)
    answer = client.post(reverse("hand-in", args=[article.pk]), {"version": 2})
    page = reverse("workbench", args=[article.pk])
    assert answer.headers["Location"] == page
    [message] = [str(m) for m in client.get(HOME).context["messages"]]
    assert f'<a href="{page}#annotation-{claim.pk}">“Calm”</a>' in message
    assert Assignment.objects.get().state == "started"


def test_a_stale_hand_in_changes_nothing_and_says_so(client, project, analyst, curator):
    assignment = factories.assigned(titled(project, "Calm", curator), analyst)
    handed = assigning.hand_in(by=analyst, assignment=assignment, seen=1)
    assigning.give_back(by=curator, assignment=handed, seen=2, comment="Read on.")
    client.force_login(analyst)
    page = reverse("hand-in", args=[assignment.article_id])
    client.post(page, {"version": 1, "sure": "on"})
    answer = client.get(HOME)
    assert shown(answer) == {"Returned to you": ["Calm"]}
    assert "was not handed in" in str(next(iter(answer.context["messages"])))


@pytest.mark.parametrize("version", ["", "x", "0", "9" * 5000])
def test_a_hand_in_without_a_sensible_version_is_refused(
    client, project, analyst, curator, version
):
    assignment = factories.assigned(titled(project, "Calm", curator), analyst)
    client.force_login(analyst)
    page = reverse("hand-in", args=[assignment.article_id])
    assert client.post(page, {"version": version}).status_code == 400


def test_a_curator_comes_to_assigning_with_the_article_chosen(client, project, curator):
    article = titled(project, "Calm", curator)
    client.force_login(curator)
    link = (
        f"{reverse('admin:annotations_assignment_add')}?project={project.pk}&article={article.pk}"
    )
    assert link.replace("&", "&amp;") in client.get(HOME).content.decode()
    answer = client.get(link)
    assert (answer.status_code, ">Calm</option>" in answer.content.decode()) == (200, True)

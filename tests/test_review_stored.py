"""A stored article reviewed again, and an outlet's rules applied to what is stored."""

from datetime import date

import pytest
from django.urls import reverse

from annotations import correcting
from annotations.models import Annotation, Carrying
from annotations.views import reviewing
from corpus_app import outlets, rules
from corpus_app.models import Article, Event, OutletRule
from corpus_app.outlets import OutletValues
from corpus_app.text.learnt import Rule
from tests import factories

pytestmark = pytest.mark.django_db

BODY = "The Harbour Office says that the strait is calm. Nobody in the harbour agrees with it."
JOIN = Rule("words", "Join our circle", None, "boilerplate")
DATED = Rule("place", "", 2, "dateline")


def raw(number: int, end: str = "Join our circle") -> str:
    return f"Storm number {number}\n\nPosted 5 March 2024\n\n{BODY} {number}.\n\n{end}\n"


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project, client):
    """A curator, signed in."""
    user = factories.member(project, "curator")
    client.force_login(user)
    return user


@pytest.fixture
def post(project, curator):
    values = OutletValues("The Harbour Post")
    return outlets.create_outlet(by=curator, project=project, values=values)


def stored(project, text=None, outlet="The Harbour Post", **fields):
    return factories.plain_article(project, text or raw(1), outlet=outlet, **fields)


def page(article):
    return reverse("review-article", args=[article.pk])


def typed(article, **changes):
    """What the review form of a plain article sends, with changes."""
    lines = {f"role-{number}": "body" for number in (1, 3, 5, 7)}
    return {
        "was": "bbbb", "seen": article.version, "title": article.title, "authors": "",
        "outlet": article.outlet.name if article.outlet else "", "language": "en", "store": "1",
        **lines, **changes,
    }  # fmt: skip


def kinds(article):
    newest = article.revisions.order_by("-number").first()
    return list(newest.passages.order_by("number").values_list("kind", flat=True))


def applying(outlet, *kept):
    query = "&".join(f"rule={row.pk}" for row in kept)
    return reverse("apply-rules", args=[outlet.pk]) + f"?{query}"


def ticked(answer):
    return [
        f"{one.article.pk} {one.article.version}"
        for one in answer.context["listed"]
        if not one.stranded
    ]


# One article


def test_the_lines_are_shown_with_their_stored_roles(client, curator, project):
    article = stored(project)
    answer = client.get(page(article))
    assert [(row.line.number, row.line.role.value) for row in answer.context["rows"]] == [
        (1, "body"), (3, "body"), (5, "body"), (7, "body"),
    ]  # fmt: skip
    assert f'name="seen" value="{article.version}"' in answer.text


def test_changed_roles_make_a_new_revision_and_annotations_come_along(client, curator, project):
    article = stored(project)
    start = article.revisions.get().text.index("Harbour Office")
    claim = factories.claim(article, curator, start, start + 14)
    changes = {"role-1": "title", "role-3": "dateline", "role-7": "boilerplate"}
    answer = client.post(page(article), typed(article, **changes, reason="It was all body."))
    assert answer.url == reverse("workbench", args=[article.pk])
    assert kinds(article) == ["title", "body"]
    event = Event.objects.get(noun="article", verb="corrected")
    assert (event.by, event.after["revision"], event.after["reason"]) == (
        curator, 2, "It was all body.",
    )  # fmt: skip
    claim.refresh_from_db()
    assert (claim.revision.number, claim.spans.get().quote) == (2, "Harbour Office")


def test_metadata_alone_make_no_new_revision(client, curator, project):
    article = stored(project)
    client.post(page(article), typed(article, title="Calm", published_on="2024-03-05"))
    article.refresh_from_db()
    assert (article.title, article.published_on) == ("Calm", date(2024, 3, 5))
    assert (article.revisions.count(), article.version) == (1, 2)


def test_saving_what_is_unchanged_writes_nothing(client, curator, project):
    article = stored(project)
    client.post(page(article), typed(article))
    assert (article.revisions.count(), Article.objects.get().version) == (1, 1)


def test_a_preview_writes_nothing_and_keeps_what_was_chosen(client, curator, project):
    article = stored(project)
    sent = typed(article, title="Calm", **{"role-7": "boilerplate", "preview": "1"})
    answer = client.post(page(article), sent)
    assert [row.said for row in answer.context["rows"]] == ["", "", "", "your choice"]
    assert 'value="Calm"' in answer.text
    assert [str(offer.rule) for offer in answer.context["offers"]] == [
        "Lines that read “Join our circle” are boilerplate",
        "The last line is boilerplate",
    ]
    assert Article.objects.get().version == 1


def test_a_page_that_somebody_was_faster_on_comes_back_with_what_was_typed(
    client, curator, project
):
    article = stored(project)
    client.post(page(article), typed(article, title="First"))
    answer = client.post(page(article), typed(article, title="Second"))
    assert (answer.status_code, 'value="Second"' in answer.text) == (412, True)
    assert Article.objects.get().title == "First"
    again = typed(article, title="Second", seen=answer.context["form"]["seen"].value())
    assert client.post(page(article), again).status_code == 302
    assert Article.objects.get().title == "Second"


@pytest.mark.parametrize(
    "change",
    [
        {f"role-{number}": "boilerplate" for number in (1, 3, 5, 7)},
        {"role-1": "poem"},
        {"role-99": "body"},
        {"seen": ""},
        {"published_on": "yesterday"},
        {"title": "x" * 501},
    ],
)
def test_a_faulty_review_is_shown_again_and_nothing_is_written(client, curator, project, change):
    article = stored(project)
    answer = client.post(page(article), typed(article, rights="Kept as typed", **change))
    assert (answer.status_code, "Kept as typed" in answer.text) == (400, True)
    assert (Article.objects.get().version, article.revisions.count()) == (1, 1)


def test_a_text_that_was_typed_by_hand_keeps_its_text_and_takes_metadata(client, curator, project):
    article = stored(project)
    correcting.correct(by=curator, article=article, seen=1, text="Typed.", reason="By hand.")
    assert client.get(page(article)).context["rows"] == []
    assert client.post(page(article), typed(article, title="Calm")).status_code == 400
    sent = {name: value for name, value in typed(article).items() if "role-" not in name}
    assert client.post(page(article), sent | {"was": "", "title": "Calm"}).status_code == 302
    assert (Article.objects.get().title, kinds(article)) == ("Calm", ["body"])


def test_what_a_rule_said_is_shown_at_its_line(client, curator, project, post):
    rules.adopt(by=curator, outlet=post, rules=[Rule("place", "", -1, "body")])
    answer = client.get(page(stored(project)))
    assert [row.said for row in answer.context["rows"]] == [
        "", "", "", "rule of The Harbour Post",
    ]  # fmt: skip


def test_ticked_rules_are_kept_and_lead_to_the_other_articles(client, curator, project, post):
    article = stored(project)
    stored(project, raw(2))
    sent = typed(article, rule=["words boilerplate 0 Join our circle"])
    answer = client.post(page(article), sent | {"role-7": "boilerplate"})
    assert rules.rules_of(post) == [JOIN]
    assert answer.url == applying(post, OutletRule.objects.get())


def test_the_page_asks_the_database_as_often_for_few_lines_as_for_many(
    client, curator, project, django_assert_num_queries
):
    few = stored(project)
    many = stored(project, "".join(f"A line of number {n}, and more.\n\n" for n in range(300)))
    client.get(page(few))
    for article in (few, many):
        with django_assert_num_queries(14):
            client.get(page(article))


@pytest.mark.parametrize("address", ["review-article", "apply-rules"])
def test_analysts_do_not_correct_what_is_stored(client, project, post, address):
    article = stored(project)
    thing = article if address == "review-article" else post
    client.force_login(factories.member(project))
    path = reverse(address, args=[thing.pk])
    assert (client.get(path).status_code, client.post(path).status_code) == (403, 403)


# All articles of an outlet


@pytest.fixture
def kept(curator, post):
    return rules.adopt(by=curator, outlet=post, rules=[JOIN])


def test_the_articles_that_would_change_are_listed_with_their_lines(
    client, curator, project, post, kept
):
    changing = stored(project)
    stored(project, raw(2, "See you soon"))
    stored(project, raw(3), outlet="The Quay")
    answer = client.get(applying(post))
    [one] = answer.context["listed"]
    assert one.article == changing
    assert [(old.role, new.role, new.text) for old, new in one.outcome.changed] == [
        ("body", "boilerplate", "Join our circle")
    ]
    assert answer.context["looked_at"] == 2


def test_an_article_whose_annotations_would_lose_their_place_is_not_ticked(
    client, curator, project, post, kept
):
    article, other = stored(project), stored(project, raw(2))
    start = article.revisions.get().text.index("Join our")
    factories.claim(article, curator, start, start + 8)
    factories.claim(other, curator, 0, 5)
    answer = client.get(applying(post))
    told = {one.article: (one.kept, one.stranded) for one in answer.context["listed"]}
    assert told == {article: (0, 1), other: (1, 0)}
    assert ticked(answer) == [f"{other.pk} 1"]
    assert f'value="{article.pk} 1">' in answer.text
    assert f'value="{other.pk} 1" checked>' in answer.text


def test_ticked_articles_are_changed_and_nothing_annotated_is_lost(
    client, curator, project, post, kept
):
    article, other = stored(project), stored(project, raw(2))
    start = article.revisions.get().text.index("Join our")
    lost = factories.claim(article, curator, start, start + 8)
    both = {"article": [f"{article.pk} 1", f"{other.pk} 1"]}
    answer = client.post(applying(post, *kept), both, follow=True)
    assert [kinds(one) for one in (article, other)] == [["body"] * 3] * 2
    assert Annotation.objects.get() == lost
    assert Carrying.objects.get().carried is False
    assert "1 in the tray, waiting for a place" in answer.text
    assert answer.context["listed"] == []


def test_what_the_lines_say_now_fills_what_was_not_known(client, curator, project, post):
    rules.adopt(by=curator, outlet=post, rules=[DATED])
    empty = stored(project)
    known = stored(project, raw(2), published_on=date(2024, 1, 1))
    listed = client.get(applying(post)).context["listed"]
    found = {one.article: one.outcome.found for one in listed}
    assert found == {empty: {"published_on": date(2024, 3, 5)}, known: {}}
    client.post(applying(post), {"article": [f"{one.pk} 1" for one in (empty, known)]})
    days = {one: Article.objects.get(pk=one.pk).published_on for one in (empty, known)}
    assert days == {empty: date(2024, 3, 5), known: date(2024, 1, 1)}


def test_only_the_rules_that_are_asked_for_are_applied(client, curator, project, post):
    kept = rules.adopt(by=curator, outlet=post, rules=[JOIN, DATED])
    stored(project)
    [one] = client.get(applying(post, kept[1])).context["listed"]
    assert [new.number for _, new in one.outcome.changed] == [3]
    rules.retire(by=curator, row=kept[1], seen=1)
    assert client.get(applying(post, kept[1])).status_code == 404
    assert client.get(f"{applying(post)}rule=x").status_code == 404


def test_an_article_that_moved_on_is_left_as_it_is(client, curator, project, post, kept):
    article = stored(project)
    client.post(page(article), typed(article, title="Moved on"))
    told = client.post(
        applying(post), {"article": [f"{article.pk} 1"]}, headers={"Accept": "application/json"}
    ).json()["results"]
    assert [(one["title"], one["done"]) for one in told] == [("Moved on", False)]
    assert article.revisions.count() == 1


def test_a_request_ends_in_time_and_the_rest_waits(
    client, curator, project, post, kept, monkeypatch
):
    articles = [stored(project, raw(n)) for n in range(3)]
    monkeypatch.setattr(reviewing, "PATIENCE", -1)
    sent = {"article": [f"{one.pk} 1" for one in articles]}
    told = client.post(applying(post), sent, headers={"Accept": "application/json"}).json()
    assert [(one["article"], one["done"]) for one in told["results"]] == [
        (str(articles[0].pk), True)
    ]
    answer = client.get(applying(post))
    assert (answer.context["looked_at"], answer.context["left"]) == (1, 2)
    onwards = client.get(f"{answer.request['PATH_INFO']}?{answer.context['onwards']}")
    assert onwards.context["left"] == 1


@pytest.mark.parametrize("article", ["", "x 1", "x" * 40, "{pk} 0", "{pk} 1x", "{pk}", "{other} 1"])
def test_articles_of_nobody_are_passed_over(client, curator, project, post, kept, article):
    own = stored(project)
    other = stored(factories.ProjectFactory())
    sent = {"article": [article.format(pk=own.pk, other=other.pk)]}
    assert client.post(applying(post), sent).status_code == 302
    assert (own.revisions.count(), other.revisions.count()) == (1, 1)


def test_looking_through_articles_that_stay_costs_as_much_for_one_as_for_many(
    client, curator, project, post, kept, django_assert_num_queries
):
    stored(project, raw(1, "See you"))
    client.get(applying(post))
    with django_assert_num_queries(12):
        client.get(applying(post))
    for number in range(2, 9):
        stored(project, raw(number, "See you"))
    with django_assert_num_queries(12):
        client.get(applying(post))

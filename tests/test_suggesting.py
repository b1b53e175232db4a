"""Suggestions: who is asked what, and what is written when she says yes or no."""

import uuid
from datetime import date

import pytest

from annotations import annotating, assigning, mentions, suggesting
from annotations.content import Content, Part
from annotations.models import Annotation, Rejection, Verdict
from annotations.suggesting import Place, SuggestingError
from corpus_app import actors, merging
from corpus_app.history import Stale
from corpus_app.models import Event, Role
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "Russia is calm. The Office of Tides says so, and Moscow agrees.\n\nRussia will stay calm."


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, Role.CURATOR)


@pytest.fixture
def russia(project, curator):
    aliases = (("Moscow", True), ("Russian", False))
    return factories.actor(project, "Russia", by=curator, kind="state", aliases=aliases)


@pytest.fixture
def office(project, curator):
    return factories.actor(project, "Office of Tides", by=curator)


@pytest.fixture
def article(project, curator, russia, office):
    return factories.plain_article(project, TEXT, by=curator, language="en")


@pytest.fixture
def revision(article):
    return article.revisions.get()


@pytest.fixture
def analyst(article):
    person = factories.member(article.project)
    factories.assigned(article, person)
    return person


def asked(person, article):
    """The quotes that the person is asked about."""
    revision = article.revisions.order_by("-number").first()
    found = suggesting.suggest(user=person, article=article, revision=revision)
    return [one.quote for one in found]


def accept(person, revision, actor, start, end, **values):
    content = Content("mention", ((start, end, None),), (Part("named", str(actor.pk)),))
    values = {"actor": actor.pk, "name": actor.name, **values}
    return suggesting.accept(by=person, revision=revision, content=content, **values)


def reject(person, revision, actor, *places, **values):
    places = [Place(start, end, actor.name) for start, end in places]
    return suggesting.reject(
        by=person, revision=revision, actor=actor.pk, places=places, **values
    )  # fmt: skip


ALL = ["Russia", "The Office of Tides"[4:], "Moscow", "Russia"]


def test_what_is_suggested_is_not_stored(analyst, article):
    assert asked(analyst, article) == ALL
    assert Annotation.objects.count() == Verdict.objects.count() == 0


def test_a_suggestion_names_the_standing_actor(analyst, article, revision, russia, office):
    found = suggesting.suggest(user=analyst, article=article, revision=revision)
    assert [(one.named, one.meant, one.sense) for one in found] == [
        (str(russia.pk), None, "name"),
        (str(office.pk), None, "name"),
        (str(russia.pk), None, "metonym"),
        (str(russia.pk), None, "name"),
    ]


def test_an_accepted_suggestion_is_an_annotation_that_says_so(analyst, article, revision, russia):
    mention, made = accept(analyst, revision, russia, 0, 6)
    assert made
    assert (mention.origin, mention.tool, mention.tool_version, mention.state) == (
        "suggestion", "crossread mentions", mentions.VERSION, "complete",
    )  # fmt: skip
    verdict = Verdict.objects.get()
    assert (verdict.actor, verdict.name, verdict.start, verdict.end, verdict.quote) == (
        russia, "Russia", 0, 6, "Russia",
    )  # fmt: skip
    assert (verdict.accepted, verdict.annotation, verdict.by) == (True, mention, analyst)
    assert Event.objects.filter(noun="annotation").values_list("verb", flat=True)[0] == "created"
    assert asked(analyst, article) == ALL[1:]


def test_the_origin_survives_a_change(analyst, revision, russia, office):
    mention, _ = accept(analyst, revision, russia, 0, 6)
    content = Content("mention", ((0, 6, None),), (Part("named", str(office.pk)),))
    annotating.rewrite(by=analyst, annotation=mention, seen=1, content=content)
    assert Annotation.objects.get().origin == "suggestion"


def test_accepted_twice_it_is_made_once(analyst, revision, russia):
    pk = uuid.uuid4()
    first, second = (accept(analyst, revision, russia, 0, 6, id=pk) for _ in range(2))
    assert (first[0], first[1], second[1]) == (second[0], True, False)
    assert Verdict.objects.count() == Annotation.objects.count() == 1


def test_taking_the_mention_back_asks_again_and_counts_no_more(analyst, article, revision, russia):
    mention, _ = accept(analyst, revision, russia, 0, 6)
    annotating.remove(by=analyst, annotation=mention, seen=1)
    assert asked(analyst, article) == ALL
    assert Verdict.objects.standing().count() == 0
    annotating.restore(by=analyst, annotation=mention, seen=2, version=1)
    assert Verdict.objects.standing().count() == 1


def test_a_mention_made_by_hand_is_not_suggested_again(analyst, article, revision, russia):
    content = Content("mention", ((0, 9, None),), (Part("named", str(russia.pk)),))
    annotating.create(by=analyst, revision=revision, content=content)
    assert asked(analyst, article) == ALL[1:]


def test_a_claim_on_the_words_does_not_keep_them_from_being_suggested(analyst, article):
    factories.claim(article, analyst, 0, 15)
    assert asked(analyst, article) == ALL


def test_what_is_rejected_is_not_asked_again(analyst, article, revision, russia):
    rejection, made = reject(analyst, revision, russia, (0, 6), (65, 71))
    assert made
    assert asked(analyst, article) == ALL[1:3]
    assert list(Verdict.objects.values_list("accepted", "rejection")) == [(False, rejection.pk)] * 2
    event = Event.objects.get(noun="rejection")
    assert (event.verb, event.author, event.article) == ("rejected", analyst, article)


def test_a_rejection_taken_back_asks_again_and_may_stand_again(analyst, article, revision, russia):
    rejection, _ = reject(analyst, revision, russia, (0, 6))
    suggesting.take_back(by=analyst, rejection=rejection, seen=1)
    assert asked(analyst, article) == ALL
    assert Verdict.objects.standing().count() == 0
    suggesting.reject_again(by=analyst, rejection=rejection, seen=2)
    assert asked(analyst, article) == ALL[1:]
    verbs = Event.objects.filter(noun="rejection").order_by("version")
    assert list(verbs.values_list("verb", "version")) == [
        ("rejected", 1), ("taken back", 2), ("restored", 3),
    ]  # fmt: skip


def test_a_rejection_sent_twice_is_made_once(analyst, revision, russia):
    pk, change = uuid.uuid4(), uuid.uuid4()
    sent = [reject(analyst, revision, russia, (0, 6), id=pk, change=change) for _ in range(2)]
    assert [made for _, made in sent] == [True, False]
    assert Rejection.objects.count() == Verdict.objects.count() == 1


def test_taking_back_twice_with_one_id_is_done_once(analyst, revision, russia):
    rejection, _ = reject(analyst, revision, russia, (0, 6))
    change = uuid.uuid4()
    for _ in range(2):
        suggesting.take_back(by=analyst, rejection=rejection, seen=1, change=change)
    assert rejection.version == 2


def test_a_stale_taking_back_is_refused(analyst, revision, russia):
    rejection, _ = reject(analyst, revision, russia, (0, 6))
    with pytest.raises(Stale):
        suggesting.take_back(by=analyst, rejection=rejection, seen=7)


def test_what_was_rejected_can_be_accepted_after_all(analyst, article, revision, russia):
    rejection, _ = reject(analyst, revision, russia, (0, 6))
    suggesting.take_back(by=analyst, rejection=rejection, seen=1)
    mention, _ = accept(analyst, revision, russia, 0, 6)
    verdict = Verdict.objects.get()
    assert (verdict.accepted, verdict.annotation, verdict.rejection) == (True, mention, None)


def test_after_a_correction_nothing_is_asked_twice(analyst, curator, article, revision, russia):
    reject(analyst, revision, russia, (65, 71))
    lines = [(line, "body") for line in ("An opening was forgotten.", *TEXT.split("\n\n"))]
    newer = corrected(article, lines, curator)
    assert newer.text.startswith("An opening")
    assert asked(analyst, article) == ALL[:3]


def corrected(article, lines, curator):
    """The article's next revision, of these lines and roles."""
    text = "\n\n".join(line for line, _ in lines)
    return article.revisions.create(
        project=article.project, number=2, text=text, sha256="0" * 64, roles={}
    )


def test_another_persons_verdicts_change_nothing_for_her(analyst, article, revision, russia):
    other = factories.member(article.project)
    factories.assigned(article, other)
    accept(other, revision, russia, 0, 6)
    reject(other, revision, russia, (65, 71))
    assert asked(analyst, article) == ALL


def test_who_has_not_the_article_cannot_say_no(article, revision, russia):
    person = factories.member(article.project)
    with pytest.raises(assigning.AssigningError, match="not assigned"):
        reject(person, revision, russia, (0, 6))


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([], "one place at least"),
        ([(0, 600)], "leaves the text"),
        ([(3, 3)], "empty"),
        ([(0, 6), (4, 9)], "overlaps"),
    ],
)
def test_places_that_are_none_are_refused(analyst, revision, russia, places, said):
    with pytest.raises(SuggestingError, match=said):
        reject(analyst, revision, russia, *places)
    assert Rejection.objects.count() == 0


def test_an_actor_of_another_project_is_not_there(analyst, revision):
    stranger = factories.actor(factories.ProjectFactory(), "Russia")
    with pytest.raises(SuggestingError, match="not in this project"):
        reject(analyst, revision, stranger, (0, 6))
    with pytest.raises(SuggestingError, match="not in this project"):
        accept(analyst, revision, stranger, 0, 6)


def test_only_a_mention_of_one_stretch_can_have_been_suggested(analyst, revision, russia):
    content = Content("claim", ((0, 6, None),))
    with pytest.raises(SuggestingError, match="mention of one stretch"):
        suggesting.accept(
            by=analyst, revision=revision, content=content, actor=russia.pk, name="Russia"
        )


def test_a_new_name_is_found_at_once(analyst, curator, project, article):
    assert asked(analyst, article) == ALL
    factories.actor(project, "calm", by=curator)
    assert asked(analyst, article) == ["Russia", "calm", *ALL[1:], "calm"]


def test_a_retired_actor_is_not_suggested(analyst, curator, article, office):
    actors.retire(by=curator, actor=office, seen=1)
    assert asked(analyst, article) == ["Russia", "Moscow", "Russia"]


def test_names_of_a_merged_actor_go_under_who_stands_for_it(
    analyst, curator, article, revision, russia, office
):
    merging.merge(by=curator, actor=office, into=russia, seen=1)
    found = suggesting.suggest(user=analyst, article=article, revision=revision)
    assert [one.quote for one in found] == ALL
    assert {one.named for one in found} == {str(russia.pk)}


def test_the_day_of_the_article_decides_between_names(project, curator):
    for name, since, until in (
        ("Old Party", None, date(2000, 1, 1)),
        ("New Party", date(2000, 1, 2), None),
    ):
        alias = actors.AliasValues("the Greens", since=since, until=until)
        factories.actor(project, name, by=curator, aliases=(alias,))
    article = factories.plain_article(
        project, "He met the Greens.", by=curator, language="en", published_on=date(2010, 5, 5)
    )
    person = factories.member(project)
    [one] = suggesting.suggest(user=person, article=article, revision=article.revisions.get())
    assert (one.sense, one.alternatives) == ("name", ())


def test_the_number_of_queries_does_not_grow(
    django_assert_num_queries, analyst, curator, project, article, revision, russia
):
    def ask():
        return suggesting.suggest(user=analyst, article=article, revision=revision)

    ask()
    with django_assert_num_queries(3):
        ask()
    for n in range(40):
        factories.actor(project, f"Actor number {n}", by=curator)
    for place in ((0, 6), (65, 71)):
        reject(analyst, revision, russia, place)
    ask()
    with django_assert_num_queries(3):
        ask()

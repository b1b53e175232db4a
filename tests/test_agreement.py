"""Agreement figures: of which work, computed from what, and kept how long."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations import agreement, annotating, handing
from annotations.access import figures_articles_for
from annotations.agreement import Ask
from annotations.content import Code, Content, Part
from annotations.models import Annotation, Assignment, Case, ClaimTag, Figures
from corpus_app import merging
from corpus_app.models import Actor, Project, Role
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = "The strait is calm today, says the office. Nobody in the harbour agrees with that. " * 4


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, Role.CURATOR)


@pytest.fixture
def ada(project):
    return factories.member(project)


@pytest.fixture
def ben(project):
    return factories.member(project)


@pytest.fixture
def book(project, curator):
    """The tags and two actors by their names."""
    factories.small_codebook(project, by=curator)
    for name in ("Harbour Office", "Port"):
        factories.actor(project, name, by=curator)
    found = {tag.slug: str(tag.pk) for tag in ClaimTag.objects.filter(project=project)}
    return found | {a.name: str(a.pk) for a in Actor.objects.filter(project=project)}


@pytest.fixture
def article(project, curator):
    def article(number=1, **fields):
        return factories.plain_article(project, f"Number {number}. {TEXT}", curator, **fields)

    return article


@pytest.fixture
def mark(book):
    """Marks a claim: where, of whom, with which tags as `tag` or `tag:stance`."""

    def mark(article, who, start, end, *tags, claimant="Harbour Office"):
        codes = tuple(Code(book[t.partition(":")[0]], t.partition(":")[2]) for t in tags)
        parts = (Part("claimant", book[claimant]),)
        return factories.claim(article, who, start, end, parts=parts, codes=codes)

    return mark


def hand_in(article, *people):
    for who in people:
        own = factories.assigned(article, who)
        handing.hand_in(by=who, assignment=own, seen=own.version)


@pytest.fixture
def told(project, curator):
    """The answer, as a curator gets it."""

    def told(by="facet", person=curator, **asked):
        articles = figures_articles_for(person, project)
        return agreement.figures(articles=articles, project=project, ask=Ask(by=by, **asked))

    return told


def values(answer, measure):
    """Of each line with this measure its value and number of units, by the line's name."""
    return {
        line["name"]: (cell["value"], cell["units"])
        for line in answer.lines
        for cell in line["cells"]
        if cell["measure"] == measure
    }


def test_codes_are_compared_in_cases_of_two(article, mark, told, ada, ben):
    one = article()
    for who, types in ((ada, ("fact", "fact", "norm")), (ben, ("fact", "norm", "norm"))):
        for nth, tag in enumerate(types):
            mark(one, who, 20 * nth, 20 * nth + 10, tag)
    mark(one, ada, 200, 210, "fact")  # that ben overlooked: nothing to compare
    hand_in(one, ada, ben)
    found = values(told(), "percent")
    assert found["Claim type"] == (pytest.approx(2 / 3), 3)
    assert found["Same claimant"] == (1, 3)
    # By hand (Krippendorff 2004): 3 facts and 3 norms, one of three pairs differs.
    alpha = values(told(), "alpha_nominal")["Claim type"]
    assert alpha == (pytest.approx(1 - (2 / 6) / (2 * 3 * 3 / (6 * 5))), 3)
    assert found["Same target"] == (None, 0)


def test_marks_are_compared_whether_matched_or_not(article, mark, told, ada, ben):
    one = article()
    for start in (0, 20, 40):
        mark(one, ada, start, start + 10, "fact")
    mark(one, ben, 0, 10, "fact")
    mark(one, ben, 22, 30, "fact")
    hand_in(one, ada, ben)
    overall = told("overall")
    assert values(overall, "f1_exact")["Claims"] == (pytest.approx(2 * 1 / 5), 5)
    assert values(overall, "f1_overlap")["Claims"] == (pytest.approx(2 * 2 / 5), 5)
    assert [cell["name"] for cell in overall.headline] == [
        "Claims", "Same claimant", "Claim type", "Proposition"
    ]  # fmt: skip


def test_stances_are_compared_of_tags_that_two_gave(article, mark, told, ada, ben):
    one = article()
    said = (("support", "support"), ("oppose", "unclear"), ("neutral", "oppose"))
    for nth, pair in enumerate(said):
        for who, stance in zip((ada, ben), pair, strict=True):
            mark(one, who, 20 * nth, 20 * nth + 10, "fact", f"calm:{stance}")
    mark(one, ada, 90, 99, "fact", "calm:support")
    mark(one, ben, 90, 99, "fact")
    hand_in(one, ada, ben)
    answer = told()
    name = "Proposition: stance"
    assert values(answer, "percent")[name] == (pytest.approx(1 / 3), 3)
    assert values(answer, "alpha_ordinal")[name][1] == 2  # `unclear` has no place in the order
    assert values(answer, "percent")["Proposition"] == (pytest.approx(3 / 4), 4)


def test_of_a_tag_whether_it_was_given(article, mark, told, ada, ben):
    one = article()
    for nth, pair in enumerate((("fact", "fact"), ("fact", "norm"), ("norm", "norm"))):
        for who, tag in zip((ada, ben), pair, strict=True):
            mark(one, who, 20 * nth, 20 * nth + 10, tag)
    hand_in(one, ada, ben)
    found = values(told("tag"), "percent")
    assert found == {
        "Fact": (pytest.approx(2 / 3), 3), "Norm": (pytest.approx(2 / 3), 3),
        "The strait is calm": (None, 0),
    }  # fmt: skip


def test_merged_actors_and_tags_are_the_same(article, mark, told, ada, ben, book, curator):
    one = article()
    mark(one, ada, 0, 10, "fact")
    mark(one, ben, 0, 10, "norm", claimant="Port")
    hand_in(one, ada, ben)
    assert values(told(), "percent")["Same claimant"] == (0, 1)
    port, office = (Actor.objects.get(pk=book[name]) for name in ("Port", "Harbour Office"))
    merging.merge(by=curator, actor=port, into=office, seen=port.version)
    ClaimTag.objects.filter(pk=book["norm"]).update(
        merged_into=book["fact"], updated=timezone.now()
    )
    found = values(told(), "percent")
    assert found["Same claimant"] == (1, 1)
    assert found["Claim type"] == (1, 1)


def test_training_and_open_work_never_count(article, mark, told, ada, ben):
    one, two = article(1), article(2)
    for made in (one, two):
        for who in (ada, ben):
            mark(made, who, 0, 10, "fact")
    Assignment.objects.filter(article=one, analyst=ada).update(training=True)
    hand_in(one, ada, ben)
    hand_in(two, ada)
    assert (told().articles, told().annotations) == (0, 0)
    hand_in(two, ben)
    assert (told().articles, told().coders, told().annotations) == (1, 2, 2)


def test_an_analyst_is_told_of_her_own_articles_only(article, mark, told, project, ada, ben):
    Project.objects.filter(pk=project.pk).update(figures_for="members")
    project.refresh_from_db()
    eve = factories.member(project)
    one, two = article(1), article(2)
    for who, made in ((ada, one), (ben, one), (ben, two), (eve, two)):
        mark(made, who, 0, 10, "fact")
    hand_in(one, ada, ben)
    hand_in(two, ben, eve)
    assert {who: told(person=who).articles for who in (ada, ben, eve)} == {ada: 1, ben: 2, eve: 1}
    by_article = {who: told("article", person=who).lines[0]["name"] for who in (ada, eve)}
    assert by_article == {ada: one.shown_title, eve: two.shown_title}
    own = factories.assigned(two, eve)
    handing.give_back(by=ben, assignment=own, seen=own.version, comment="Look again.")
    assert told(person=eve).articles == 0


def test_pairs_articles_and_months(article, mark, told, project, ada, ben):
    eve = factories.member(project)
    one, two = article(1), article(2)
    for who in (ada, ben, eve):
        mark(one, who, 0, 10, "fact")
    for who in (ada, ben):
        mark(two, who, 0, 10, "fact" if who == ada else "norm")
    hand_in(one, ada, ben, eve)
    hand_in(two, ada, ben)
    pairs = told("pair").lines
    assert len(pairs) == 3
    assert pairs[0]["query"] == {"pair": f"{ada.pk}-{ben.pk}"}
    assert {cell["measure"] for cell in pairs[0]["cells"]} == {
        "f1_overlap", "alpha_masi", "cohen"
    }  # fmt: skip
    assert [line["query"] for line in told("article").lines]
    assert [line["name"] for line in told("time").lines] == [f"{timezone.localdate():%Y-%m}"]


def test_what_is_asked_narrows_the_work(article, mark, told, project, ada, ben):
    story = factories.story(project)
    one, two = article(1, story=story), article(2)
    for made in (one, two):
        for who in (ada, ben):
            mark(made, who, 0, 10, "fact")
        hand_in(made, ada, ben)
    Assignment.objects.filter(article=two).update(handed_in="2024-03-05T12:00Z")
    assert told(story=story.pk).articles == 1
    assert told(since=date(2025, 1, 1)).articles == 1
    assert told(until=date(2024, 3, 5)).articles == 1
    assert told(until=date(2024, 3, 4)).articles == 0
    assert told(kind="mention").annotations == 0
    assert {line["query"]["of"] for line in told("tag", facet="proposition").lines} == {
        f"tag:{tag.pk}" for tag in ClaimTag.objects.filter(facet__slug="proposition")
    }


def test_marks_on_the_newest_text_only_are_compared_by_place(article, mark, told, ada, ben):
    one = article()
    mark(one, ada, 0, 10, "fact")
    lost = mark(one, ben, 0, 10, "fact")
    hand_in(one, ada, ben)
    assert values(told("overall"), "f1_exact")["Claims"] == (1, 2)
    newer = one.revisions.get()
    newer.pk, newer.number = None, 2
    newer.save()
    Annotation.objects.exclude(pk=lost.pk).update(revision=newer, updated=timezone.now())
    assert values(told("overall"), "f1_exact")["Claims"] == (0, 1)


def test_figures_are_kept_until_what_they_rest_on_changes(
    article, mark, told, ada, ben, curator, django_assert_max_num_queries
):
    one = article()
    for who in (ada, ben):
        mark(one, who, 0, 10, "fact")
    hand_in(one, ada, ben)
    first = told()
    kept = Figures.objects.get()
    with django_assert_max_num_queries(14):
        assert told() == first
    eve = factories.member(one.project)
    mark(one, eve, 0, 10, "norm")  # nobody counts it yet
    assert told() == first
    assert Figures.objects.get().created == kept.created
    hand_in(one, eve)
    assert told().coders == 3
    own = factories.assigned(one, eve)
    handing.give_back(by=curator, assignment=own, seen=own.version, comment="Look again.")
    assert told().coders == 2
    changed = Annotation.objects.get(author=eve)
    content = Content("claim", ((0, 12, None),), parts=annotating.content_of(changed).parts,
                      codes=annotating.content_of(changed).codes)  # fmt: skip
    annotating.rewrite(by=eve, annotation=changed, seen=changed.version, content=content)
    hand_in(one, eve)
    assert told().coders == 3
    assert Figures.objects.count() == 1


def test_work_that_is_in_no_case_is_told(article, mark, told, ada, ben):
    one = article()
    for who in (ada, ben):
        mark(one, who, 0, 10, "fact")
    hand_in(one, ada, ben)
    assert told().unmatched == 0
    for case in Case.objects.all():
        case.members.all().delete()
        Case.objects.filter(pk=case.pk).update(version=case.version + 1)
    assert told().unmatched == 1


def test_it_takes_as_many_queries_for_many_as_for_few(article, mark, told, ada, ben):
    def queries():
        Figures.objects.all().delete()
        with CaptureQueriesContext(connection) as taken:
            told("overall")
        return len(taken)

    one = article(1)
    for who in (ada, ben):
        mark(one, who, 0, 10, "fact")
    hand_in(one, ada, ben)
    few = queries()
    for number in range(2, 5):
        made = article(number)
        for who in (ada, ben):
            for start in range(0, 60, 20):
                mark(made, who, start, start + 10, "norm", "calm:support")
        hand_in(made, ada, ben)
    assert queries() == few


def test_what_was_printed_before_may_count_once(article, mark, told, ada, ben):
    one, two = article(1), article(2)
    for made in (one, two):
        for who in (ada, ben):
            mark(made, who, 20, 40, "fact")
        hand_in(made, ada, ben)
    assert told().annotations == 4
    assert told(counted_once=True).annotations == 2

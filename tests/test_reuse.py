"""What was said twice: found as articles come in, directed, counted once, and kept up to date."""

import time
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from annotations.models import Annotation
from corpus_app import ingest, reuse, revising
from corpus_app.models import Article, Fingerprint, Passage, Reuse, Role
from corpus_app.text import Line
from corpus_app.text import Role as LineRole
from tests import factories, planted
from tests.corpus import needs_corpus, raw

pytestmark = pytest.mark.django_db

FIRST = "The Harbour Office said on Monday that the strait is calm and that no ferry has been lost."
SECOND = "It added that the pilots would go on working through the night as they did all winter."
THIRD = "Nobody in the town had asked, of course, and the mayor was away with her brother again."
BOTH = f"{FIRST} {SECOND}"
SAID = "“We have counted every boat {}and there is none missing from the list,” said Ada Quill."


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, Role.CURATOR)


@pytest.fixture
def print_(project, curator):
    """Stores a text as an article of a day in March."""

    def print_(text, day=None, project=project, by=curator):
        published = day and date(2024, 3, day)
        return factories.plain_article(project, text, by=by, published_on=published)

    return print_


def told(**fields):
    """What was found: kind, words of the later article, words of the earlier, both days."""
    rows = Reuse.objects.filter(**fields).select_related(
        "passage__revision__article", "source__revision__article"
    )
    return sorted(
        (
            row.kind,
            row.passage.revision.text[row.start : row.end],
            row.source.revision.text[row.source_start : row.source_end],
            row.passage.revision.article.published_on.day,
            row.source.revision.article.published_on.day,
        )
        for row in rows
    )


def test_a_passage_is_found_in_a_longer_one_whichever_comes_in_first(print_):
    print_(f"{THIRD} {BOTH} And so on.", 5)
    print_(BOTH, 2)
    assert told() == [("passage", BOTH[:-1], BOTH[:-1], 5, 2)]


def test_changed_words_lie_within_the_stretch(print_):
    print_(BOTH, 2)
    later = BOTH.replace("Monday", "Tuesday").replace("night", "whole night")
    print_(later, 3)
    assert told() == [("passage", later[:-1], BOTH[:-1], 3, 2)]
    assert Reuse.objects.get().score == pytest.approx(33 / 35, abs=0.02)


def test_a_quotation_that_was_cut_is_linked_as_a_quotation(print_):
    print_(f"{THIRD} {SAID.format('in the harbour this morning ')}", 2)
    print_(f"{SAID.format('')} {SECOND}", 3)
    [(kind, later, earlier, *_)] = told()
    assert (kind, len(earlier) - len(later)) == ("quotation", 28)


def test_one_article_alone_and_another_project_have_nothing_in_common(print_):
    print_(f"{BOTH}\n\n{THIRD}\n\n{BOTH}", 2)
    elsewhere = factories.ProjectFactory()
    print_(BOTH, 3, project=elsewhere, by=factories.member(elsewhere, Role.CURATOR))
    assert told() == []


def test_what_many_authors_say_of_themselves_is_no_reuse(project, curator):
    for number in range(2):
        lines = (
            Line(1, f"The {number} news of the day is here.", LineRole.BODY),
            Line(2, f"Ada Quill is a writer. {BOTH}", LineRole.BIO),
        )
        proposal = ingest.Proposal(lines, ingest.Fields(language="en"))
        ingest.store(by=curator, project=project, data=bytes([number]), proposal=proposal)
    assert told() == []


@pytest.mark.parametrize(
    "text",
    [
        "قال مكتب الميناء إن المضيق هادئ وإنه لم تفقد أي عبارة منذ الربيع وإنهم باقون هناك",
        "港务局星期一说海峡很平静，自从春天以来没有一条渡船失踪，领航员整夜继续工作，没有人离开岗位",
        f"🙂 {FIRST[:-1]} 🚢",
    ],
)  # fmt: skip
def test_any_script_is_compared_and_counted_in_code_points(print_, text):
    print_(f"🙂🙂 {text}.", 2)
    print_(f"😀 {text}!", 3)
    [(kind, later, earlier, *_)] = told()
    assert (kind, later, earlier) == ("passage", text.strip("🙂🚢 "), text.strip("🙂🚢 "))


def test_of_articles_without_a_day_the_one_stored_first_is_the_source(print_):
    first = print_(BOTH)
    print_(f"{BOTH} More.")
    assert Reuse.objects.get().source.revision.article == first


def test_a_changed_day_turns_the_direction(print_):
    first = print_(BOTH, 2)
    print_(f"{THIRD} {BOTH}", 5)
    Article.objects.filter(pk=first.pk).update(published_on=date(2024, 3, 9))
    first.refresh_from_db()
    assert reuse.redirect(article=first) == 1
    assert told() == [("passage", BOTH[:-1], BOTH[:-1], 9, 5)]
    assert reuse.redirect(article=first) == 0


def test_passages_said_before_are_told_from_those_first_said(print_):
    first = print_(f"{BOTH}\n\n{THIRD}", 2)
    second = print_(f"{BOTH}\n\n{FIRST} Then it began to rain, and it rained until the evening.", 3)
    before, others = Passage.objects.said_before(), Passage.objects.first_said()
    assert [(p.revision.article, p.number) for p in before] == [(second, 1)]
    assert {(p.revision.article_id, p.number) for p in others} == {
        (first.pk, 1), (first.pk, 2), (second.pk, 2)
    }  # fmt: skip


def test_annotations_on_what_was_said_before_are_not_counted(project, print_):
    analyst = factories.member(project)
    first, second = print_(BOTH, 2), print_(f"{THIRD} {BOTH}", 3)
    own = len(THIRD) + 1
    kept = [
        factories.claim(first, analyst, 0, 11),
        factories.claim(second, analyst, 0, 6),
    ]
    factories.claim(second, analyst, own, own + 11)
    assert set(Annotation.objects.counted_once()) == set(kept)


def test_only_the_newest_text_of_an_article_is_compared(project, curator, print_):
    first = print_(BOTH, 2)
    print_(f"{BOTH} More.", 3)
    assert len(told()) == 1
    revising.write(first, [Line(1, THIRD, LineRole.BODY)], 2)
    assert told() == []
    old = Fingerprint.objects.filter(passage__revision__article=first, passage__revision__number=1)
    assert old.count() == 0
    print_(f"{THIRD} {SECOND}", 4)
    [(_, later, *_), (_, other, *_)] = told()
    assert {later, other} == {THIRD[:-1], SECOND[:-1]}


def test_the_command_goes_on_where_it_was_and_can_begin_again(project, print_):
    for day in range(1, 4):
        print_(f"{BOTH} On day {day}.", day)
    found = told()
    assert len(found) == 3
    out = StringIO()
    call_command("find_reuse", project=project.slug, stdout=out)
    call_command("find_reuse", project=project.slug, again=True, stdout=out)
    assert out.getvalue() == "0 articles read, 0 reuses found.\n3 articles read, 3 reuses found.\n"
    assert told() == found


def test_planted_reuses_are_found_and_hardly_anything_else(project, curator):
    texts, pieces = planted.corpus(300, 30)
    planted.store(project, curator, texts)
    recall, precision, missed = planted.judged(project, pieces)
    assert recall >= 0.97, missed
    assert precision >= 0.97


def test_boilerplate_in_two_thousand_articles_does_not_blow_up(project, curator):
    writer = planted.Writer(3)
    boilerplate = " ".join(writer.paragraph())
    texts = (f"{writer.sentence()}\n\n{boilerplate}\n\n{writer.sentence()}" for _ in range(2000))
    began = time.process_time()
    planted.store(project, curator, texts)
    assert time.process_time() - began < 60
    assert Reuse.objects.count() <= 2000 * reuse.HOLDS
    repeats = Passage.objects.said_before().filter(number=2)
    assert repeats.count() == 1999


def test_an_article_that_says_one_line_two_thousand_times_is_in_a_bucket_once(print_):
    began = time.process_time()
    for day in (1, 2):
        print_("\n\n".join([f"{FIRST} {day}"] * 2000), day)
    assert time.process_time() - began < 20
    # A server counts its rows by itself; before that its planner takes the tables for empty.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert Fingerprint.objects.count() <= 4
    assert Passage.objects.said_before().count() == Reuse.objects.count() == 2000


def test_a_passage_of_one_word_said_ten_thousand_times_is_compared(print_):
    began = time.process_time()
    print_("ha " * 10_000, 3)
    print_("ha " * 9_999 + "he", 4)
    assert time.process_time() - began < 10


@needs_corpus
def test_raw_file_003_alone_yields_its_body_once_and_no_reuse(project, curator):
    data = raw("raw/003_ed245bac8df7fd02.txt")
    article = ingest.store(
        by=curator, project=project, data=data, proposal=ingest.propose(data=data)
    )
    revision = article.revisions.get()
    bodies = [one.slice(revision.text) for one in revision.passages.filter(kind="body")]
    assert len(bodies) == len(set(bodies))
    assert Reuse.objects.count() == 0


@needs_corpus
def test_two_paragraphs_of_raw_file_002_with_three_words_changed_are_linked(
    project, curator, print_
):
    data = raw("raw/002_2b389845b29a7cc8.txt")
    article = ingest.store(
        by=curator, project=project, data=data, proposal=ingest.propose(data=data)
    )
    revision = article.revisions.get()
    passages = list(revision.passages.filter(kind="body"))[2:4]
    words = [one.slice(revision.text).split() for one in passages]
    words[0][5] = words[0][20] = words[1][9] = "otherwise"
    quoted = [" ".join(one) for one in words]
    print_(f"{THIRD}\n\n{quoted[0]}\n\n{SECOND}\n\nSo it was written: {quoted[1]}", None)
    rows = Reuse.objects.filter(kind="passage").order_by("start")
    found = [
        (row.source, row.passage.revision.text[row.start : row.end], row.source_start)
        for row in rows
    ]
    assert [(source, start) for source, _, start in found] == [
        (one, one.start + first) for one, first in zip(passages, (0, 0), strict=True)
    ]
    for (_, later, _), one in zip(found, quoted, strict=True):
        assert one.startswith(later)
        assert len(later) >= len(one) - 2


def test_the_earlier_day_wins_over_the_order_of_coming_in_within_one_group(project, curator):
    entries = [planted.entry(f"{BOTH} {n}", 8 * (9 - n)) for n in range(3)]
    ingest.store_many(by=curator, project=project, entries=entries)
    days = Reuse.objects.values_list(
        "passage__revision__article__published_on", "source__revision__article__published_on"
    )
    assert all(later - source in (timedelta(1), timedelta(2)) for later, source in days)
    assert len(days) == 3

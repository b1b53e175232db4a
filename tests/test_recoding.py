"""Coding again: what a queue holds, what an answer does, and how it is taken back."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connections, transaction

from annotations import annotating, codebook, operating, orders, recoding
from annotations.checking import AnnotatingError
from annotations.models import Annotation, Case, ClaimTag, Coding, Message, Recode
from annotations.recoding import RecodingError
from corpus_app.history import Stale
from corpus_app.models import Article, Event, Membership, User
from tests import factories
from tests.test_adjudication import Team

EARLIER = "2026-01-01T00:00Z"


class Class(Team):
    """Ada and Bo both say that one passage is a fact, and Ada that the strait is calm."""

    def __init__(self):
        super().__init__()
        fact, calm = self.tag("fact"), self.tag("calm")
        both = (factories.coded(fact), factories.coded(calm, "support"))
        self.one = self.claim(self.ada, codes=both)
        self.other = self.claim(self.bo)
        [self.case] = self.hand_in()

    def reword(self, slug: str, words: str = "Said anew."):
        tag = self.tag(slug)
        values = codebook.TagValues(tag.label, slug=slug, key=tag.key, definition=words)
        return codebook.change_tag(by=self.curator, tag=tag, seen=tag.version, values=values)

    def open(self, slug: str = "calm", reason: str = "It was too wide."):
        """A queue of the tag, worded anew."""
        tag = self.reword(slug)
        return recoding.open_recoding(
            by=self.curator, tag=tag, seen=tag.definition_number, reason=reason
        )

    def answer(self, item: Recode, answer: str, stance: str = "", note: str = "") -> Recode:
        given = {"answer": answer, "stance": stance, "note": note}
        return recoding.answer(by=item.analyst, recode=item, seen=item.version, **given)


@pytest.fixture
def group(db):
    return Class()


def codings(annotation) -> list[tuple]:
    rows = Coding.objects.filter(annotation=annotation)
    return sorted(rows.values_list("tag__slug", "stance", "definition_number"))


def test_a_queue_holds_exactly_what_was_coded_under_an_older_definition(group):
    queue = group.open("fact")
    rows = queue.recodes.order_by("analyst__username")
    assert [(row.annotation, row.analyst, row.number_before) for row in rows] == [
        (group.one, group.ada, 1), (group.other, group.bo, 1),
    ]  # fmt: skip
    assert (queue.definition_number, queue.reason, queue.closed) == (2, "It was too wide.", None)


def test_its_coders_are_told_once_each(group):
    queue = group.open("fact")
    told = Message.objects.filter(kind="recoding").order_by("person__username")
    assert [(row.person, row.recoding, row.by) for row in told] == [
        (group.ada, queue, group.curator), (group.bo, queue, group.curator),
    ]  # fmt: skip
    event = Event.objects.get(noun="recoding")
    assert (event.verb, event.reason, event.after["annotations"]) == (
        "opened", "It was too wide.", 2,
    )  # fmt: skip


def test_what_is_not_handed_in_is_left_out(group):
    article = factories.plain_article(group.project, "The strait is calm today.", by=group.curator)
    factories.claim(article, group.ada, codes=(factories.coded(group.tag("fact")),))
    assert group.open("fact").recodes.count() == 2


@pytest.mark.parametrize(
    "leave_out",
    [
        lambda group: Annotation.objects.filter(author=group.bo).update(deleted=EARLIER),
        lambda group: group.article.assignments.filter(analyst=group.bo).update(training=True),
        lambda group: Membership.objects.filter(user=group.bo).update(ended=EARLIER),
        lambda group: User.objects.filter(pk=group.bo.pk).update(is_active=False),
    ],
    ids=["removed", "to learn", "left", "gone"],
)
def test_what_nobody_could_answer_for_is_left_out(group, leave_out):
    leave_out(group)
    assert [row.analyst for row in group.open("fact").recodes.all()] == [group.ada]


def test_gold_is_not_coded_again(group):
    content = annotating.content_of(group.one)
    annotating.create(by=group.curator, revision=group.revision, content=content, layer="gold")
    assert group.open("fact").recodes.count() == 2


def test_a_queue_of_nothing_is_not_opened(group):
    with pytest.raises(RecodingError, match="Nothing that is handed in"):
        group.open("norm")


def test_a_tag_has_one_open_queue(group):
    group.open()
    with pytest.raises(RecodingError, match="open already"):
        recoding.open_recoding(by=group.curator, tag=group.tag("calm"), seen=2)


def test_who_saw_an_older_definition_is_told_so(group):
    tag = group.reword("calm")
    group.reword("calm", "Said once more.")
    with pytest.raises(Stale):
        recoding.open_recoding(by=group.curator, tag=tag, seen=2)


@pytest.mark.parametrize(
    ("answer", "stance", "left"),
    [
        ("applies", "support", [("calm", "support", 2), ("fact", "", 1)]),
        ("applies", "oppose", [("calm", "oppose", 2), ("fact", "", 1)]),
        ("does not", "", [("fact", "", 1)]),
    ],
)
def test_an_answer_is_written_to_the_annotation(group, answer, stance, left):
    item = group.open().recodes.get()
    done = group.answer(item, answer, stance, note="Clear now.")
    assert codings(group.one) == left
    assert (done.answer, done.stance, done.note, done.done is None) == (
        answer, stance, "Clear now.", False,
    )  # fmt: skip
    group.one.refresh_from_db()
    event = Event.objects.get(noun="annotation", verb="recoded")
    assert (group.one.version, event.version, event.by) == (2, 2, group.ada)
    assert event.reason == "Definition 2 of “The strait is calm”."
    assert (group.one.state, group.article.assignments.filter(state="handed_in").count()) == (
        "complete", 2,
    )  # fmt: skip


def test_a_claim_without_a_required_tag_is_incomplete(group):
    item = group.open("fact").recodes.get(analyst=group.bo)
    group.answer(item, "does not")
    group.other.refresh_from_db()
    assert (group.other.state, codings(group.other)) == ("draft", [])


def test_the_case_follows(group):
    item = group.open("fact").recodes.get(analyst=group.bo)
    before = group.case.disagreement
    group.answer(item, "does not")
    group.case.refresh_from_db()
    assert (before, group.case.disagreement) == (0.25, 0.5)
    assert group.case.members.get(annotation=group.other).version == 2


HALF = (
    ("", "", {"answer": ["Say whether the tag applies."]}),
    ("perhaps", "", {"answer": ["Say whether the tag applies."]}),
    ("applies", "", {"stance": ["Say which stance the passage takes."]}),
    ("does not", "oppose", {"stance": ["What does not apply has no stance."]}),
)


def test_half_an_answer_is_refused(group):
    item = group.open().recodes.get()
    for answer, stance, messages in HALF:
        with pytest.raises(RecodingError) as refusal:
            group.answer(item, answer, stance)
        assert refusal.value.messages == messages
    assert codings(group.one) == [("calm", "support", 1), ("fact", "", 1)]


def test_a_tag_without_stances_takes_none(group):
    item = group.open("fact").recodes.get(analyst=group.ada)
    with pytest.raises(RecodingError, match="does not take the stance"):
        group.answer(item, "applies", "oppose")
    assert Recode.objects.get(pk=item.pk).done is None


def test_an_answer_sent_twice_is_made_once(group):
    item = group.open().recodes.get()
    copy = Recode.objects.get(pk=item.pk)
    group.answer(item, "does not")
    group.answer(copy, "does not")
    assert Event.objects.filter(verb="recoded").count() == 1


def test_another_answer_from_an_older_page_is_stale(group):
    item = group.open().recodes.get()
    copy = Recode.objects.get(pk=item.pk)
    group.answer(item, "does not")
    with pytest.raises(Stale):
        group.answer(copy, "applies", "oppose")
    assert codings(group.one) == [("fact", "", 1)]


@pytest.mark.parametrize(("answer", "stance"), [("does not", ""), ("applies", "oppose")])
def test_an_answer_taken_back_leaves_the_coding_of_before(group, answer, stance):
    item = group.answer(group.open().recodes.get(), answer, stance, note="Hm.")
    recoding.take_back(by=group.ada, recode=item, seen=item.version)
    assert codings(group.one) == [("calm", "support", 1), ("fact", "", 1)]
    item.refresh_from_db()
    assert (item.answer, item.stance, item.done, item.note) == ("", "", None, "Hm.")
    undone, undoing = Event.objects.filter(verb="recoded").order_by("version")
    assert undoing.undoes_id == undone.pk
    assert undoing.after == undone.before


def test_an_annotation_changed_since_keeps_its_answer(group):
    item = group.answer(group.open().recodes.get(), "does not")
    group.article.assignments.filter(analyst=group.ada).update(state="started")
    group.one.refresh_from_db()
    content = annotating.content_of(group.one)
    annotating.rewrite(by=group.ada, annotation=group.one, seen=2, content=content)
    with pytest.raises(RecodingError, match="changed since"):
        recoding.take_back(by=group.ada, recode=item, seen=item.version)


def test_an_annotation_recoded_at_the_desk_since_keeps_what_was_said_there(group):
    item = group.answer(group.open().recodes.get(), "applies", "support")
    order = orders.Recode(group.tag("calm"), group.tag("calm"), "oppose")
    told = {"project": group.project, "order": order, "seen": {group.one.pk: 2}}
    operating.run(by=group.curator, reason="It opposes.", **told)
    with pytest.raises(RecodingError, match="changed since"):
        recoding.take_back(by=group.ada, recode=item, seen=item.version)
    assert codings(group.one) == [("calm", "oppose", 2), ("fact", "", 1)]


def test_a_removed_annotation_is_not_coded(group):
    item = group.open().recodes.get()
    Annotation.objects.filter(pk=group.one.pk).update(deleted=EARLIER)
    with pytest.raises(RecodingError, match="removed meanwhile"):
        group.answer(item, "does not")


def test_closing_keeps_what_is_unanswered_and_takes_no_more(group):
    queue = group.open("fact")
    done, left = queue.recodes.order_by("analyst__username")
    group.answer(done, "applies")
    recoding.close(by=group.curator, recoding=queue, seen=queue.version)
    with pytest.raises(RecodingError, match="closed meanwhile"):
        group.answer(left, "does not")
    assert (codings(group.one)[1], codings(group.other)) == (("fact", "", 2), [("fact", "", 1)])
    assert Event.objects.get(noun="recoding", verb="closed").after["closed"] is not None


def test_agreement_is_kept_from_before_and_told_after(db):
    """Two claims: both say fact of one, only Ada of the other; then nobody says it of that."""
    group = Class.__new__(Class)
    Team.__init__(group)
    for start, tag in ((20, "fact"), (60, "norm")):
        group.claim(group.ada, start, start + 15)
        group.claim(group.bo, start, start + 15, tag=tag)
    group.hand_in()
    queue = group.open("fact")
    # Values of the units: yes yes, yes no. Observed 1/2, expected 3/6: nothing beyond chance.
    assert (queue.before["value"], queue.before["units"]) == (pytest.approx(0), 2)
    [item] = queue.recodes.filter(annotation__spans__start=60)
    group.answer(item, "does not")
    recoding.close(by=group.curator, recoding=queue, seen=queue.version)
    # yes yes, no no.
    assert (queue.after["value"], queue.after["units"]) == (pytest.approx(1), 2)


def test_agreement_that_cannot_be_computed_says_why(group):
    Case.objects.update(dissolved=EARLIER)
    figure = group.open("fact").before
    assert (figure["value"], figure["why"] != "") == (None, True)


def test_recoding_is_refused_for_a_removed_annotation_and_writes_nothing(group):
    Annotation.objects.filter(pk=group.one.pk).update(deleted=EARLIER)
    with pytest.raises(AnnotatingError, match="removed meanwhile"):
        annotating.recode(
            by=group.ada, annotation=group.one, tag=group.tag("fact"), number=2, stance=None
        )
    assert Event.objects.filter(verb="recoded").count() == 0


def test_a_retired_tag_can_be_taken_away_and_given_back(group):
    queue = group.open("fact")
    tag = group.tag("fact")
    codebook.retire(by=group.curator, thing=tag, seen=tag.version)
    item = group.answer(queue.recodes.get(analyst=group.bo), "does not")
    recoding.take_back(by=group.bo, recode=item, seen=item.version)
    assert codings(group.other) == [("fact", "", 1)]


def test_a_tag_that_was_merged_is_not_given_again(group):
    item = group.open("fact").recodes.get(analyst=group.bo)
    ClaimTag.objects.filter(slug="fact").update(merged_into=group.tag("norm"))
    with pytest.raises(RecodingError, match="merged into another"):
        group.answer(item, "applies")


@pytest.mark.skipif(
    "connections['default'].vendor == 'sqlite'", reason="on SQLite one transaction writes"
)
@pytest.mark.django_db(transaction=True)
def test_who_answers_while_the_text_is_corrected_waits_and_keeps_nobody_waiting():
    group = Class()
    item = group.open().recodes.get()

    def answer():
        try:
            return group.answer(item, "applies", "oppose").answer
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Article.objects.select_for_update().get(pk=item.annotation.article_id)
            answered = pool.submit(answer)
            assert wait([answered], timeout=1).done == set()
            Annotation.objects.select_for_update(nowait=True).get(pk=item.annotation_id)
        assert answered.result(timeout=20) == "applies"

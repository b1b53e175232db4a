"""A text is corrected, and every annotation goes along or into the tray."""

import time
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import annotating, assigning, correcting
from annotations.access import annotations_for, events_for
from annotations.content import Content
from annotations.models import Annotation, Carrying, Span
from corpus_app import ingest, text
from corpus_app.access import Forbidden
from corpus_app.history import Stale
from corpus_app.models import Article, Event, Revision, Role
from tests import factories

pytestmark = pytest.mark.django_db

FIRST = "The port authority closed the strait on Monday. Nobody was told why."
SECOND = "Ada Quill calls it a grave mistkae. They never asked us, she says."
THIRD = "The Office of Tides disagrees. It expects calm water until May."
BEFORE = "\n\n".join((FIRST, SECOND, THIRD))
# A paragraph moved, a typo mended, a sentence removed.
AFTER = "\n\n".join(
    (SECOND.replace("mistkae", "mistake"), THIRD, FIRST.replace(" Nobody was told why.", ""))
)


@pytest.fixture
def article():
    return factories.plain_article(factories.ProjectFactory(), BEFORE)


@pytest.fixture
def curator(article):
    return factories.member(article.project, Role.CURATOR)


@pytest.fixture
def analyst(article):
    return factories.member(article.project)


def mark(article, author, *quotes, **values) -> Annotation:
    """A claim on these words of the first revision."""
    whole = article.revisions.get(number=1).text
    spans = [(whole.index(quote), whole.index(quote) + len(quote)) for quote in quotes]
    claim = factories.claim(article, author, *spans[0], **values)
    if len(spans) == 1:
        return claim
    content = Content("claim", tuple((*span, None) for span in spans), **values)
    return annotating.rewrite(by=author, annotation=claim, seen=1, content=content)


def correct(article, by, typed=AFTER, **values):
    seen = Article.objects.get(pk=article.pk).version
    values = {"text": typed, "reason": "As it was printed.", **values}
    return correcting.correct(by=by, article=article, seen=seen, **values)


def quotes(annotation) -> list[str]:
    return list(annotation.spans.order_by("start").values_list("quote", flat=True))


def now(annotation) -> Annotation:
    return Annotation.objects.get(pk=annotation.pk)


def test_moved_mended_and_removed_text_takes_its_annotations_along(article, analyst, curator):
    moved = mark(article, analyst, "closed the strait on Monday")
    untouched = mark(article, analyst, "expects calm water")
    mended = mark(article, analyst, "a grave mistkae")
    removed = mark(article, analyst, "Nobody was told why.")
    done = correct(article, curator)
    assert (done.revision.number, done.carried, done.in_tray) == (2, 3, 1)
    fates = {one.annotation_id: one for one in Carrying.objects.all()}
    assert [(fates[a.pk].carried, fates[a.pk].score) for a in (moved, untouched)] == [(True, 1)] * 2
    assert fates[mended.pk].carried
    assert 0.8 < fates[mended.pk].score < 1
    assert (fates[removed.pk].carried, fates[removed.pk].places) == (False, [])
    assert [quotes(now(a)) for a in (moved, untouched, mended, removed)] == [
        ["closed the strait on Monday"], ["expects calm water"], ["a grave mistake"],
        ["Nobody was told why."],
    ]  # fmt: skip
    assert [now(a).revision.number for a in (moved, untouched, mended, removed)] == [2, 2, 2, 1]
    assert [now(a).version for a in (moved, untouched, mended, removed)] == [2, 2, 2, 1]


def test_every_quote_is_what_its_revision_reads_there(article, analyst, curator):
    for quote in ("closed the strait", "a grave mistkae", "Nobody was told", "until May"):
        mark(article, analyst, quote)
    correct(article, curator)
    for span in Span.objects.select_related("annotation__revision"):
        assert span.annotation.revision.text[span.start : span.end] == span.quote


def test_undoing_brings_the_old_text_back_and_everything_to_its_place(article, analyst, curator):
    marks = [
        mark(article, analyst, quote)
        for quote in ("closed the strait", "a grave mistkae", "Nobody was told why.", "until May")
    ]
    places = [list(a.spans.values_list("start", "end", "quote")) for a in marks]
    correct(article, curator)
    article.refresh_from_db()
    done = correcting.undo(by=curator, article=article, seen=article.version)
    assert (done.revision.number, done.carried, done.in_tray) == (3, 4, 0)
    first = article.revisions.get(number=1)
    assert (done.revision.text, done.revision.roles) == (first.text, first.roles)
    assert list(done.revision.passages.values_list("kind", "start", "end")) == list(
        first.passages.values_list("kind", "start", "end")
    )
    assert [list(now(a).spans.values_list("start", "end", "quote")) for a in marks] == places
    assert {now(a).revision_id for a in marks} == {done.revision.pk}


def test_undoing_brings_words_of_the_same_length_back_to_the_same_place(article, analyst, curator):
    claim = mark(article, analyst, "a grave mistkae")
    correct(article, curator, BEFORE.replace("mistkae", "mistake"))
    assert quotes(claim) == ["a grave mistake"]
    correcting.undo(by=curator, article=article, seen=2)
    assert quotes(claim) == ["a grave mistkae"]


def test_undoing_leaves_what_somebody_did_since(article, analyst, curator):
    claim = mark(article, analyst, "a grave mistkae")
    correct(article, curator)
    words = now(claim).revision.text
    start = words.index("mistake")
    content = Content("claim", ((start, start + 7, None),), note="mended")
    annotating.rewrite(by=analyst, annotation=now(claim), seen=2, content=content)
    article.refresh_from_db()
    correcting.undo(by=curator, article=article, seen=article.version)
    assert (quotes(now(claim)), now(claim).note) == (["mistkae"], "mended")


def test_a_text_never_corrected_cannot_be_taken_back(article, curator):
    with pytest.raises(correcting.CorrectingError, match="never corrected"):
        correcting.undo(by=curator, article=article, seen=1)


def test_a_sentence_put_back_by_hand_takes_its_annotation_out_of_the_tray(
    article, analyst, curator
):
    removed = mark(article, analyst, "Nobody was told why.")
    correct(article, curator)
    done = correct(article, curator, f"{AFTER} Nobody was told why.")
    assert (done.carried, done.in_tray) == (1, 0)
    assert quotes(now(removed)) == ["Nobody was told why."]
    assert now(removed).revision == done.revision


def test_all_layers_and_people_and_what_is_deleted_go_along(article, analyst, curator):
    others = factories.member(article.project)
    gone = mark(article, others, "until May")
    annotating.remove(by=others, annotation=gone, seen=1)
    gold, _ = annotating.create(
        by=curator, revision=article.revisions.get(), layer="gold",
        content=Content("claim", ((0, 8, None),)),
    )  # fmt: skip
    done = correct(article, curator)
    assert (done.carried, done.in_tray) == (1, 0)
    assert {now(a).revision_id for a in (gone, gold)} == {done.revision.pk}
    back = annotating.restore(by=others, annotation=now(gone), seen=3, version=1)
    assert quotes(back) == ["until May"]


def test_work_that_is_handed_in_moves_too_and_stays_handed_in(article, analyst, curator):
    claim = mark(article, analyst, "until May")
    own = analyst.assignments.get()
    Annotation.objects.update(state="complete")
    assigning.hand_in(by=analyst, assignment=own, seen=own.version)
    correct(article, curator)
    own.refresh_from_db()
    assert (own.state, now(claim).revision.number) == ("handed_in", 2)


def test_an_annotation_with_a_lost_stretch_stays_whole_in_the_tray(article, analyst, curator):
    claim = mark(article, analyst, "closed the strait", "Nobody was told")
    correct(article, curator)
    carrying = claim.carryings.get()
    assert now(claim).revision.number == 1
    whole = carrying.revision.text
    assert [whole[start:end] for start, end in carrying.places] == ["closed the strait"]


def test_history_says_who_corrected_what_and_why(article, analyst, curator):
    mark(article, analyst, "a grave mistkae")
    correct(article, curator)
    told = Event.objects.get(verb="corrected")
    first, second = article.revisions.order_by("number")
    assert (told.by, told.noun, told.object_id) == (curator, "article", str(article.pk))
    assert told.before == {"revision": 1, "sha256": first.sha256}
    assert told.after == {
        "revision": 2, "sha256": second.sha256, "reason": "As it was printed.",
    }  # fmt: skip
    carried = Event.objects.get(verb="carried")
    assert (carried.by, carried.author, carried.version) == (curator, analyst, 2)
    assert (carried.before["revision"], carried.after["revision"]) == (
        str(first.pk), str(second.pk),
    )  # fmt: skip
    assert carried.after == annotating.snapshot(Annotation.objects.get())


def test_what_a_correction_did_to_somebodys_work_is_hidden_with_it(article, analyst, curator):
    other = factories.member(article.project)
    mark(article, other, "until May")
    before = list(events_for(analyst).values_list("verb", flat=True))
    correct(article, curator)
    after = list(events_for(analyst).values_list("verb", flat=True))
    assert sorted(after) == sorted([*before, "corrected"])
    assert list(annotations_for(analyst)) == []


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"typed": BEFORE}, "same as before"),
        ({"typed": BEFORE.replace("\n", "\r\n")}, "same as before"),
        ({"typed": " \n \n"}, "no text"),
        ({"typed": "[caption]\n\nA text."}, "no words"),
        ({"reason": " "}, "Say why"),
    ],
)
def test_what_is_no_correction_is_refused(article, curator, values, message):
    with pytest.raises(correcting.CorrectingError, match=message):
        correct(article, curator, **values)
    assert article.revisions.count() == 1
    assert Article.objects.get(pk=article.pk).version == 1


def test_who_saw_an_older_text_is_refused(article, curator):
    correct(article, curator)
    with pytest.raises(Stale):
        correcting.correct(by=curator, article=article, seen=1, text="Else.", reason="Late.")
    assert article.revisions.count() == 2


def test_lines_with_other_roles_are_a_correction_too(article, analyst, curator):
    claim = mark(article, analyst, "until May")
    found = ingest.propose(data=bytes(article.raw)).lines
    roles = {line.number: "boilerplate" if "Ada" in line.text else "body" for line in found}
    lines = ingest.propose(data=bytes(article.raw), roles=roles).lines
    done = correct(article, curator, None, lines=lines)
    assert done.revision.text == "\n\n".join((FIRST, THIRD))
    assert done.revision.roles == {str(number): role for number, role in roles.items()}
    assert quotes(now(claim)) == ["until May"]


def test_roles_of_lines_never_undo_what_was_typed(article, curator):
    correct(article, curator)
    lines = ingest.propose(data=bytes(article.raw)).lines
    with pytest.raises(correcting.CorrectingError, match="by hand"):
        correct(article, curator, None, lines=lines)


def test_a_preview_tells_what_would_happen_and_writes_nothing(article, analyst, curator):
    mark(article, analyst, "closed the strait")
    mark(article, analyst, "a grave mistkae")
    mark(article, analyst, "Nobody was told")
    seen = correcting.preview(article=article, text=AFTER)
    assert seen.untouched == 1
    assert [(f.before, f.after) for f in seen.mended] == [
        (("a grave mistkae",), ("a grave mistake",))
    ]
    assert [(f.before, f.after) for f in seen.stranded] == [(("Nobody was told",), ())]
    assert (Revision.objects.count(), Carrying.objects.count()) == (1, 0)


def test_a_mark_made_on_the_old_text_is_brought_forward_at_once(article, analyst, curator):
    factories.assigned(article, analyst)
    correct(article, curator)
    claim = mark(article, analyst, "a grave mistkae")
    assert (claim.revision.number, claim.version, quotes(claim)) == (2, 1, ["a grave mistake"])
    carrying = claim.carryings.get()
    assert (carrying.carried, carrying.origin.number, carrying.version) == (True, 1, 1)
    assert Event.objects.get(noun="annotation").after["revision"] == str(claim.revision_id)


def test_a_mark_made_on_what_is_gone_lands_in_the_tray(article, analyst, curator):
    factories.assigned(article, analyst)
    correct(article, curator)
    claim = mark(article, analyst, "Nobody was told")
    assert (claim.revision.number, quotes(claim)) == (1, ["Nobody was told"])
    assert claim.carryings.get().carried is False


def test_a_mark_sent_twice_around_a_correction_is_made_once(article, analyst, curator):
    factories.assigned(article, analyst)
    own = {
        "by": analyst, "revision": article.revisions.get(), "id": uuid.uuid4(),
        "content": Content("claim", ((0, 8, None),)),
    }  # fmt: skip
    annotating.create(**own)
    correct(article, curator)
    again, made = annotating.create(**own)
    assert (made, Annotation.objects.count(), again.revision.number) == (False, 1, 2)


def test_a_change_that_was_on_its_way_is_counted_anew_and_not_refused(article, analyst, curator):
    claim = mark(article, analyst, "a grave mistkae")
    first = claim.revision
    correct(article, curator)
    places = ((first.text.index("Quill"), first.text.index("Quill") + 5, "Quill"),)
    changed = annotating.rewrite(
        by=analyst, annotation=now(claim), seen=1, counted_in=first,
        content=Content("claim", places, note="on its way"),
    )  # fmt: skip
    assert (quotes(changed), changed.note, changed.version) == (["Quill"], "on its way", 3)
    assert now(claim).revision.number == 2


def test_stretches_left_as_they_were_stay_where_the_annotation_is_now(article, analyst, curator):
    claim = mark(article, analyst, "Nobody was told")
    first = claim.revision
    spans = tuple((s.start, s.end, s.quote) for s in claim.spans.all())
    correct(article, curator)
    whole = article.revisions.get(number=2).text
    at = whole.index("They never"), whole.index("They never") + 10
    correcting.place(by=curator, annotation=now(claim), seen=1, spans=[at])
    content = Content("claim", spans, note="only the note")
    changed = annotating.rewrite(
        by=analyst, annotation=now(claim), seen=1, counted_in=first, content=content
    )
    assert (quotes(changed), changed.note) == (["They never"], "only the note")


def test_without_saying_in_which_text_it_was_counted_a_change_is_stale(article, analyst, curator):
    claim = mark(article, analyst, "a grave mistkae")
    correct(article, curator)
    with pytest.raises(Stale):
        annotating.rewrite(
            by=analyst, annotation=now(claim), seen=1, content=Content("claim", ((0, 3, None),))
        )
    with pytest.raises(Stale):
        annotating.restore(by=analyst, annotation=now(claim), seen=1, version=1)
    with pytest.raises(Stale):
        annotating.remove(by=analyst, annotation=now(claim), seen=1)


def test_what_somebody_changed_since_is_stale_also_across_a_correction(article, analyst, curator):
    claim = mark(article, analyst, "a grave mistkae")
    first = claim.revision
    content = Content("claim", ((0, 3, None),))
    annotating.rewrite(by=analyst, annotation=claim, seen=1, content=content)
    correct(article, curator)
    with pytest.raises(Stale):
        annotating.rewrite(
            by=analyst, annotation=now(claim), seen=1, counted_in=first, content=content
        )


def test_a_removal_that_was_on_its_way_is_made(article, analyst, curator):
    claim = mark(article, analyst, "a grave mistkae")
    first = claim.revision
    correct(article, curator)
    gone = annotating.remove(by=analyst, annotation=now(claim), seen=1, counted_in=first)
    assert (bool(gone.deleted), gone.version) == (True, 3)


def test_a_version_of_an_older_text_is_restored_where_its_words_are_now(article, analyst, curator):
    claim = mark(article, analyst, "expects calm water")
    whole = claim.revision.text
    content = Content("claim", ((whole.index("Tides"), whole.index("Tides") + 5, None),))
    annotating.rewrite(by=analyst, annotation=claim, seen=1, content=content)
    correct(article, curator)
    back = annotating.restore(by=analyst, annotation=now(claim), seen=3, version=1)
    assert (quotes(back), back.revision.number) == (["expects calm water"], 2)


def test_a_version_whose_words_are_gone_is_restored_into_the_tray(article, analyst, curator):
    claim = mark(article, analyst, "Nobody was told")
    content = Content("claim", ((0, 8, None),))
    annotating.rewrite(by=analyst, annotation=claim, seen=1, content=content)
    correct(article, curator)
    back = annotating.restore(by=analyst, annotation=now(claim), seen=3, version=1)
    assert (quotes(back), back.revision.number) == (["Nobody was told"], 1)
    assert back.carryings.get().carried is False


def test_an_annotation_in_the_tray_is_given_a_place(article, analyst, curator):
    claim = mark(article, analyst, "Nobody was told")
    done = correct(article, curator)
    start = done.revision.text.index("They never")
    placed = correcting.place(
        by=analyst, annotation=now(claim), seen=1, spans=[(start, start + 10)]
    )
    assert (quotes(placed), placed.revision, placed.version) == (["They never"], done.revision, 2)
    carrying = claim.carryings.get()
    assert (carrying.carried, carrying.version) == (True, 2)
    assert 0 < carrying.score < 1
    event = Event.objects.get(verb="placed")
    assert (event.by, event.author) == (analyst, analyst)


def test_who_may_give_it_a_place(article, analyst, curator):
    claim = mark(article, analyst, "Nobody was told")
    correct(article, curator)
    other = factories.member(article.project)
    with pytest.raises(Forbidden):
        correcting.place(by=other, annotation=now(claim), seen=1, spans=[(0, 3)])
    with pytest.raises(Stale):
        correcting.place(by=curator, annotation=now(claim), seen=7, spans=[(0, 3)])
    with pytest.raises(correcting.CorrectingError, match="leaves the text"):
        correcting.place(by=curator, annotation=now(claim), seen=1, spans=[(0, 3000)])
    correcting.place(by=curator, annotation=now(claim), seen=1, spans=[(0, 3)])
    with pytest.raises(correcting.CorrectingError, match="not in the tray"):
        correcting.place(by=curator, annotation=now(claim), seen=2, spans=[(0, 3)])


def test_the_number_of_queries_does_not_grow_with_the_annotations(article, analyst, curator):
    def queries(typed, number):
        for n in range(number):
            factories.claim(article, analyst, n % 40, n % 40 + 6)
        with CaptureQueriesContext(connection) as captured:
            correct(article, curator, typed)
        return len(captured)

    few = queries(AFTER, 3)
    many = queries(BEFORE, 60)
    assert many <= few + 2  # bulk inserts come in parts


def test_a_thousand_annotations_are_carried_in_seconds(article, analyst, curator):
    revision = article.revisions.get()
    whole = len(revision.text)
    rows = Annotation.objects.bulk_create(
        Annotation(project=article.project, article=article, revision=revision, author=analyst,
                   kind="claim")
        for _ in range(1000)
    )  # fmt: skip
    starts = [n % (whole - 9) for n in range(1000)]
    Span.objects.bulk_create(
        Span(project=article.project, annotation=row, start=start, end=start + 9,
             quote=revision.text[start : start + 9])
        for row, start in zip(rows, starts, strict=True)
    )  # fmt: skip
    began = time.process_time()
    done = correct(article, curator)
    assert time.process_time() - began < 3
    assert done.carried + done.in_tray == 1000


def test_a_draft_is_the_text_again(article):
    revision = article.revisions.get()
    wording = correcting.wording_of(revision=revision)
    typed = text.draft.written(wording.text, wording.slices)
    assert correcting.wording_of(typed=typed).text == revision.text

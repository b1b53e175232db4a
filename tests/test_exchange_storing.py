"""What a reader found, stored in a project: recognised, refused by line and reason, or made."""

import hashlib
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DataError, transaction
from django.utils import timezone

from annotations import annotating, assigning, taking_in
from annotations.codebook import codebook_of
from annotations.exchange import storing
from annotations.exchange.formats import FORMATS
from annotations.exchange.holdings import Feature
from annotations.exchange.neutral import (
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    CodebookRecord,
    CommentRecord,
    FacetRecord,
    LinkRecord,
    OutletRecord,
    ReadError,
    Refusal,
    Remark,
    Row,
    StoryRecord,
    annotation_on,
    code_of,
    part_of,
    tag_of,
    text_of,
)
from annotations.exchange.source import source_for
from annotations.models import Annotation, Assignment, ClaimTag, Comment, Facet, Link, Span
from corpus_app import outlets, people
from corpus_app.access import Archived
from corpus_app.history import Stale
from corpus_app.models import Actor, Article, Event, Passage, Role
from tests import factories, parcels

pytestmark = pytest.mark.django_db

GIVEN = "\ufeffThe quay\r\n\r\nThe cafe\u0301 👩‍🚒 says so.\r\nThe quay is calm.\r\n"
NO_TEXT = "article: It holds a character that is no text."
NO_TYPE = (
    "article: raw_type is a media type, such as text/plain, of 80 characters at the most."
)  # fmt: skip
KEPT = "The quay\n\nThe café 👩‍🚒 says so.\nThe quay is calm.\n"


@pytest.fixture
def desk():
    """An empty project with a manager and the people of the hard parcel."""
    project = factories.ProjectFactory(slug="empty")
    max_ = factories.member(project, Role.MANAGER, user__username="max")
    for name, role in (("ada", Role.ANALYST), ("bo", Role.ANALYST), ("cora", Role.CURATOR)):
        factories.member(project, role, user__username=name)
    return project, max_


def hard() -> list[Row]:
    """What a reader gives that loses nothing."""
    return parcels.read("jsonl", parcels.written("jsonl"))


def store(desk, *things, **options):
    project, max_ = desk
    rows = [Row(line, what) for line, what in enumerate(things, 1)]
    return storing.store(by=max_, project=project, rows=rows, **options)


def reasons(problems) -> list[tuple[int, str]]:
    return [(problem.line, problem.reason) for problem in problems]


def given(text: str = GIVEN, **fields):
    return text_of(text, name="given.txt", **fields)


def of_revision(text: str, **fields):
    article = given(text)
    return replace(article, revisions=(replace(article.newest, **fields),))


def claim(article, start: int, end: int, id: str = "T1", **fields):
    return annotation_on(article, id=id, kind="claim", spans=[(start, end)], **fields)


def test_the_hard_parcel_is_stored_whole_once_and_says_the_same(desk):
    project, max_ = desk
    rows = hard()
    report = storing.store(by=max_, project=project, rows=rows)
    assert (reasons(report.problems), reasons(report.remarks)) == ([], [])
    assert report.stored == len(rows)
    stored = source_for(max_, project).parcel()
    lost = {Feature.TIMES}  # versions and changes are those of this desk
    assert parcels.forgotten(stored, lost) == parcels.forgotten(parcels.hard(), lost)
    made = Annotation.objects.filter(project=project).values_list("id", "created")
    assert dict(made) == {
        uuid.UUID(one.id): one.created
        for _, own in parcels.hard().annotated() for one in own
    }  # fmt: skip
    said = Comment.objects.filter(project=project).values_list("created", flat=True)
    assert set(said) == {comment.created for comment in parcels.hard().comments()}
    check_history(project)
    again = storing.store(by=max_, project=project, rows=rows)
    assert (again.stored, reasons(again.problems)) == (0, [])
    assert again.unchanged == report.stored


BOTH_WAYS = [name for name, known in FORMATS.items() if known.writes and known.reads]


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_what_was_read_is_stored_there_already_or_refused(desk, name):
    project, max_ = desk
    rows = parcels.read(name, parcels.written(name))
    if Feature.TEXTS in FORMATS[name].loses:
        articles = [row for row in hard() if isinstance(row.what, ArticleRecord)]
        storing.store(by=max_, project=project, rows=articles)
    for _ in range(2):
        *_, (read, report) = storing.steps(by=max_, project=project, rows=rows)
        assert read == len([row for row in rows if not isinstance(row.what, Remark)])
        assert read == report.stored + report.unchanged + report.refused
        assert reasons(report.problems) == []


def test_rows_of_articles_that_are_not_there_are_refused_each(desk):
    project, max_ = desk
    for name in ("csv", "csv-codings", "jsonld", "xlsx", "dna-csv"):
        rows = parcels.read(name, parcels.written(name))
        *_, (read, report) = storing.steps(by=max_, project=project, rows=rows)
        about = (ArticleRecord, AnnotationRecord, CommentRecord)
        lines = [row.line for row in rows if isinstance(row.what, about)]
        assert sorted(problem.line for problem in report.problems) == sorted(lines)
        assert read == report.stored + report.unchanged + report.refused


def test_actors_of_one_line_are_counted_each_and_once(desk):
    project, max_ = desk
    nowhere = ({"name": "Nowhere"},)
    things = [
        ActorRecord("Quay"), ActorRecord("Pier", part_of=nowhere, merged_into="Nowhere"),
        ActorRecord("Quay"), ActorRecord("Dock", kind="ship"), ActorRecord("Mole"),
    ]  # fmt: skip
    rows = [Row(7, thing) for thing in things]
    report = storing.store(by=max_, project=project, rows=rows)
    assert (report.stored, report.unchanged, report.refused) == (2, 0, 3)
    lacks = "actor: There is no actor “Nowhere” that it is part of. “Pier” is stored without it."
    assert (7, lacks) in reasons(report.problems)
    merged = "actor: There is no actor “Nowhere” into which it was merged."
    assert reasons(report.remarks) == [(7, f"{merged} “Pier” is stored without it.")]
    again = storing.store(by=max_, project=project, rows=rows[:2])
    assert (again.stored, again.unchanged, again.refused, again.remarks) == (0, 2, 0, [])


def test_outlets_and_stories_are_made_as_told_and_what_is_here_is_left(desk):
    project, max_ = desk
    outlet = OutletRecord("Strait Post", "jp", "https://post.example.org", "Owned by the quay")
    story = StoryRecord("The calm", date(2024, 3, 13), "Nothing happened.")
    for name, country in (("The Gazette", "JP"), ("The Bare", "")):
        values = outlets.OutletValues(name, country)
        outlets.create_outlet(by=max_, project=project, values=values)
    for title, summary in (("A storm", "It blew."), ("A bare one", "")):
        values = outlets.StoryValues(title, None, summary)
        outlets.create_story(by=max_, project=project, values=values)
    report = store(
        desk, outlet, story, OutletRecord("the  gazette", "DE"), StoryRecord(" A storm", None, "!"),
        OutletRecord("Nowhere", "Japan"), outlet, OutletRecord("THE bare", "de"),
        StoryRecord("A  bare one", None, "It is filled."),
    )  # fmt: skip
    assert (report.stored, report.unchanged) == (4, 3)
    assert reasons(report.problems) == [(5, "outlet: A country is two letters, such as JP.")]
    assert reasons(report.remarks) == [
        (3, "the outlet “The Gazette” is here and stays as it is."),
        (4, "the story “A storm” is here and stays as it is."),
    ]
    parcel = source_for(max_, project).parcel()
    assert sorted(parcel.outlets()) == [
        outlet._replace(country="JP"), OutletRecord("The Bare", "DE"),
        OutletRecord("The Gazette", "JP"),
    ]  # fmt: skip
    assert sorted(story.title for story in parcel.stories()) == [
        "A bare one", "A storm", "The calm",
    ]  # fmt: skip
    assert {story.summary for story in parcel.stories()} == {
        "It is filled.", "It blew.", "Nothing happened.",
    }  # fmt: skip


def test_the_codebook_takes_a_files_words_unless_somebody_has_written_some(desk):
    project, max_ = desk
    codebook_of(by=max_, project=project)
    told = CodebookRecord("Book", "Of the file")
    counts = [(r.stored, r.unchanged, r.remarks) for r in (store(desk, told), store(desk, told))]
    assert counts == [(1, 0, []), (0, 1, [])]
    other = store(desk, CodebookRecord("Another", ""))
    assert (other.stored, other.unchanged) == (0, 1)
    kept = "the codebook keeps its own name."
    assert reasons(other.remarks) == [(1, kept)]
    assert source_for(max_, project).parcel().codebook == told


@pytest.mark.parametrize(
    ("own", "told", "now", "counts"),
    [
        (("Ours", "Our own"), ("Book", "Of the file"), ("Ours", "Our own"), (0, 1, 1)),
        (("Ours", ""), ("Book", "Of the file"), ("Ours", "Of the file"), (1, 0, 1)),
        (("Codebook of old", ""), ("Book", ""), ("Book", ""), (1, 0, 0)),
        (("Codebook of P", "Ours"), ("Book", "Other"), ("Book", "Ours"), (1, 0, 1)),
        (
            ("Café", "Line\nline"),
            ("Cafe\u0301 ", "Line\r\nline"),
            ("Café", "Line\nline"),
            (0, 1, 0),
        ),
        (("Ours", "Our own"), ("", ""), ("Ours", "Our own"), (0, 1, 0)),
    ],
)
def test_what_somebody_wrote_of_the_codebook_stays(desk, own, told, now, counts):
    project, max_ = desk
    codebook_of(by=max_, project=project, name=own[0], description=own[1])
    report = store(desk, CodebookRecord(*told))
    assert (report.stored, report.unchanged, report.remarked) == counts
    assert source_for(max_, project).parcel().codebook == CodebookRecord(*now)


def _agency(outlet: str, raw: bytes = b"") -> ArticleRecord:
    """An article whose text others have, too."""
    digest = hashlib.sha256(raw).hexdigest() if raw else ""
    fields = {"id": outlet, "outlet": outlet, "raw": raw, "raw_sha256": digest}
    revision = replace(ARTICLE.revisions[0], id=f"text of {outlet}")
    return replace(ARTICLE, **fields, revisions=(revision,))


@pytest.mark.parametrize("raw", [(b"", b""), (b"Post: a", b"Gazette: a")])
def test_two_articles_of_one_text_stay_two_with_their_own_annotations(desk, raw):
    project, _ = desk
    articles = [_agency(*pair) for pair in zip(("Post", "Gazette"), raw, strict=True)]
    rows = [*articles, *(claim(one, 0, 3, one.outlet) for one in articles)]
    for expected in ((4, 0), (0, 4)):
        report = store(desk, *rows)
        assert (report.stored, report.unchanged, report.remarks) == (*expected, [])
    stored = Annotation.objects.filter(project=project).values_list("article__outlet__name", "pk")
    assert sorted(name for name, _ in stored) == ["Gazette", "Post"]


def test_an_article_that_is_known_by_its_text_alone_is_told_if_it_is_another_outlets(desk):
    store(desk, _agency("Post"))
    report = store(desk, _agency("Gazette"))
    words = "it is taken for “Untitled (given.txt)” of “Post”, since the text is the same."
    assert (report.unchanged, reasons(report.remarks)) == (1, [(1, words)])
    assert Article.objects.count() == 1


def test_later_texts_of_an_article_that_is_here_are_not_brought_and_that_is_told(desk):
    store(desk, ARTICLE)
    first = ARTICLE.revisions[0]
    later = replace(first, id="later", number=2, text=f"{first.text}!", sha256="", passages=())
    report = store(desk, replace(ARTICLE, revisions=(first, later)))
    words = "1 of its texts are not here, and were not brought."
    assert (report.unchanged, reasons(report.remarks)) == (1, [(1, words)])


def test_a_chain_of_merged_and_retired_tags_comes_in_as_it_is(desk):
    project, _ = desk
    now = timezone.now()
    names = {"aa": "bb", "bb": "cc", "cc": "", "dd": "ee", "ee": "", "ff": "gg", "gg": "ff"}
    tags = [
        tag_of(name, "type")._replace(
            merged_into=into, retired=now if into or name == "ee" else None
        )
        for name, into in names.items()
    ]  # fmt: skip
    report = store(desk, FacetRecord("type", "Type"), *tags)
    assert (report.stored, report.refused) == (8, 0)
    [circle] = reasons(report.remarks)
    assert "was merged into" in circle[1]
    found = ClaimTag.objects.filter(project=project, facet__slug="type")
    merged = dict(found.values_list("slug", "merged_into__slug"))
    assert merged | {"ff": None, "gg": None} == {
        name: into or None for name, into in names.items()
    } | {"ff": None, "gg": None}
    assert sorted(map(bool, (merged["ff"], merged["gg"]))) == [False, True]


def test_a_story_is_known_by_its_title_however_blanks_stand_in_it(desk):
    story = StoryRecord("A  storm")
    report = store(desk, story, replace(ARTICLE, story="A  storm"))
    assert (report.stored, reasons(report.problems)) == (2, [])


def test_a_name_whose_letters_stand_for_several_and_are_too_many_is_refused_alone(desk):
    long = "\ufb03" * 200
    report = store(desk, ActorRecord(long), OutletRecord(long), ActorRecord("Quay"))
    assert (report.stored, report.refused) == (1, 2)
    assert all("is too long" in problem.reason for problem in report.problems)
    report = store(desk, OutletRecord("O", url="https://example.org/" + "x" * 500))
    words = "outlet: It has 520 characters; 500 is the most."
    assert reasons(report.problems) == [(1, words)]


def check_history(project) -> None:
    """Every annotation's last event says what is stored; nothing else was written for it."""
    for one in Annotation.objects.filter(project=project):
        events = Event.objects.filter(noun="annotation", object_id=str(one.pk)).order_by("version")
        assert [event.version for event in events] == list(range(1, one.version + 1))
        assert events.last().after == annotating.snapshot(one)
        assert [event.author_id for event in events] == [one.author_id] * len(events)
    spans = Span.objects.filter(project=project).select_related("annotation__revision")
    assert all(s.annotation.revision.text[s.start : s.end] == s.quote for s in spans)


def test_a_text_is_stored_as_it_is_given_but_for_what_is_made_normal(desk):
    project, _ = desk
    article = given(title="The quay")
    said = GIVEN.index("cafe\u0301 👩")
    quay = GIVEN.rindex("quay")
    report = store(
        desk, article, claim(article, said, said + 9),
        claim(article, quay, quay + 4, "T2"),
    )  # fmt: skip
    assert (report.stored, reasons(report.problems), report.remarks) == (3, [], [])
    stored = Article.objects.get(project=project)
    revision = stored.revisions.get()
    assert (revision.text, bytes(stored.raw)) == (KEPT, KEPT.encode())
    kinds = Passage.objects.filter(revision=revision).values_list("kind", "start", "end")
    assert [(kind, KEPT[start:end]) for kind, start, end in kinds] == [
        ("title", "The quay"), ("body", "The café 👩‍🚒 says so.\nThe quay is calm."),
    ]  # fmt: skip
    spans = Span.objects.filter(project=project).order_by("start")
    assert [(s.start, s.quote) for s in spans] == [
        (KEPT.index("café"), "café 👩‍🚒"), (KEPT.rindex("quay"), "quay"),
    ]  # fmt: skip


def test_a_text_that_is_there_is_known_by_what_it_says_and_keeps_its_passages(desk):
    project, max_ = desk
    known = factories.plain_article(project, KEPT, by=max_)
    text = known.revisions.get().text
    moved = given(text.replace("\n", "\r\n"))
    at = moved.newest.text.index("says so")
    report = store(desk, moved, claim(moved, at, at + 7))
    assert (report.stored, report.unchanged, report.problems) == (1, 1, [])
    assert Annotation.objects.get().revision == known.revisions.get()
    assert Span.objects.get().quote == "says so"


def test_what_is_not_where_a_file_says_is_found_by_its_quote(desk):
    article = given(KEPT)
    one = claim(article, 0, 8)
    off = one._replace(spans=[one.spans[0]._replace(start=3, end=11)])
    twice = one._replace(id="T2", spans=[one.spans[0]._replace(start=40, end=48)])
    nowhere = one._replace(id="T3", spans=[one.spans[0]._replace(quote="not there")])
    report = store(desk, article, off, twice, nowhere)
    assert report.stored == 3
    assert reasons(report.remarks) == [
        (2, "a stretch was found at 0, not at 3."), (3, "a stretch was found at 32, not at 40."),
    ]  # fmt: skip
    [(line, reason)] = reasons(report.problems)
    assert (line, reason.split(":")[0]) == (4, "annotation")
    assert sorted(Span.objects.values_list("start", flat=True)) == [0, KEPT.rindex("The quay")]


def codebook():
    return (
        FacetRecord("type", "Type", 1, "one", True), tag_of("Fact", "type"),
        tag_of("Norm", "type"), ActorRecord("Office", "other"),
    )  # fmt: skip


ARTICLE = given(KEPT)
REFUSED = {
    "an unknown tag": (
        claim(ARTICLE, 0, 3, codes=[code_of("none")]),
        "annotation: There is no tag “none” in the codebook.",
    ),
    "two tags where one may be": (
        claim(ARTICLE, 0, 3, codes=[code_of("fact"), code_of("norm")]),
        "annotation: “Type” takes one tag only.",
    ),
    "a stance that is not taken": (
        claim(ARTICLE, 0, 3, codes=[code_of("fact", "support")]),
        "annotation: “Fact” does not take the stance “support”.",
    ),
    "a role of another kind": (
        claim(ARTICLE, 0, 3, parts=[part_of("named", "Office")]),
        "annotation: A claim has no named.",
    ),
    "an unknown article": (
        claim(ARTICLE, 0, 3)._replace(article="x"), "annotation: There is no article “x”.",
    ),
    "a layer there is not": (
        claim(ARTICLE, 0, 3, layer="silver"),
        "annotation: “silver” is neither of the layers analyst and gold.",
    ),
    "an origin there is not": (
        claim(ARTICLE, 0, 3, origin="hearsay"),
        "annotation: “hearsay” is no origin: human, suggestion or import.",
    ),
    "a note that is too long": (
        claim(ARTICLE, 0, 3, note="x" * 20_001),
        "annotation: note has 20,000 characters at the most.",
    ),
    "the name of a tool that is too long": (
        claim(ARTICLE, 0, 3, tool="x" * 81), "annotation: tool has 80 characters at the most.",
    ),
    "NUL": (
        claim(ARTICLE, 0, 3, note="a\0b"),
        "annotation: It holds a character that is no text.",
    ),
    "half of a surrogate pair": (
        claim(ARTICLE, 0, 3, note="\ud83d"),
        "annotation: It holds a character that is no text.",
    ),
    "a stretch beyond the text": (
        claim(ARTICLE, 0, 3)._replace(spans=[(90, 95, "")]),
        f"annotation: spans: Span 1: it leaves the text, which ends at code point {len(KEPT)}.",
    ),
    "a stretch of nothing": (
        claim(ARTICLE, 0, 3)._replace(spans=[(5, 5, "")]),
        "annotation: Span 1: it is empty: its end must come after its start.",
    ),
    "a certainty there is not": (
        claim(ARTICLE, 0, 3, certainty="99 %"),
        "annotation: “99 %” is not one of high, medium, low.",
    ),
    "an actor without a name": (
        claim(ARTICLE, 0, 3, parts=[part_of("claimant", " ")]),
        "annotation: The name is empty.",
    ),
    "a tag of a facet there is not": (tag_of("Odd", "odd"), "tag: There is no facet “odd”."),
    "a tag under one there is not": (
        tag_of("Low", "type", parent="high"), "tag: There is no tag “high” above it.",
    ),
    "an article without text": (
        given("", title="None"), "article: It has no text, and no article here is known by its "
        "values.",
    ),
    **{
        f"an article's {name} of {told!r}": (given(f"Of {name}.", **{name: told}), NO_TEXT)
        for name in ("id", "language", "raw_sha256") for told in ("a\ud800", "a\0")
    },
    **{
        f"a revision's {name} of {told!r}": (
            of_revision(f"Revised {name}.", **{name: value}), NO_TEXT
        )
        for told in ("a\ud800", "a\0")
        for name, value in (
            ("id", told), ("sha256", told), ("roles", {"1": told}), ("roles", {told: "body"}),
        )
    },
    **{
        f"a media type of {told[:9]!r}": (given("Of a type.", raw_type=told), NO_TYPE)
        for told in ("a\ud800", "a\0", "text", "text/" + "x" * 76, "text/plain\n", "té/plain")
    },
    "an article of blanks": (given(" \n "), "article: There is no text in it."),
    "what the reader refused": (Refusal("This is odd."), "This is odd."),
}  # fmt: skip


def test_what_does_not_fit_is_refused_by_line_and_reason_and_stops_nothing(desk):
    rows = [
        what._replace(id=f"T{n}") if isinstance(what, AnnotationRecord) else what
        for n, (what, _) in enumerate(REFUSED.values())
    ]
    last = claim(ARTICLE, 4, 8, "last", codes=[code_of("fact")], parts=[part_of("target", "Pier")])
    report = store(desk, *codebook(), ARTICLE, *rows, last, Remark("So it is."))
    first = len(codebook()) + 2
    told = dict(reasons(report.problems))
    assert {
        name: told[line].replace("spans: ", "").replace("Span 1: ", "")
        for line, name in enumerate(REFUSED, first)
    } == {
        name: reason.replace("spans: ", "").replace("Span 1: ", "")
        for name, (_, reason) in REFUSED.items()
    }
    assert len(report.problems) == len(REFUSED)
    assert reasons(report.remarks) == [
        (first + len(rows) + 1, "So it is."),
        (first + len(rows), "the actor “Pier” was made, of the kind “other”."),
    ]
    assert Annotation.objects.get().codings.get().tag.slug == "fact"


@pytest.mark.parametrize("told", ["", "text/html", "text/html; charset=utf-8", f"x/{'y' * 78}"])
def test_a_media_type_of_any_kind_is_kept(desk, told):
    data = b"<p>Calm."
    own = {"raw": data, "raw_sha256": hashlib.sha256(data).hexdigest()}
    assert reasons(store(desk, given(**own, raw_type=told)).problems) == []
    assert Article.objects.get().raw_type == (told or "text/plain")


NO_UTF = UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")


@pytest.mark.parametrize("error", [DataError("x"), OverflowError("x"), NO_UTF])
def test_what_cannot_be_stored_is_one_row_whatever_was_not_thought_of(desk, monkeypatch, error):
    def take_in(*, by, works):
        taking_in.take_in(by=by, works=works)
        if any(work.annotation.note == "odd" for work in works):
            raise error

    monkeypatch.setattr(storing, "take_in", transaction.atomic(take_in))
    odd = claim(ARTICLE, 4, 8, "T2", note="odd")
    report = store(desk, ARTICLE, claim(ARTICLE, 0, 3), odd, claim(ARTICLE, 9, 12, "T3"))
    assert (report.stored, Annotation.objects.count()) == (3, 2)
    assert reasons(report.problems) == [(3, "annotation: It holds a value that cannot be stored.")]


@pytest.mark.parametrize("error", [DataError("x"), OverflowError("x"), NO_UTF])
def test_any_other_row_that_cannot_be_stored_leaves_nothing_behind(desk, monkeypatch, error):
    class Shelf(storing.Shelf):
        def facet(self, line, told):
            super().facet(line, told)
            raise error

    monkeypatch.setattr(storing, "Shelf", Shelf)
    report = store(desk, FacetRecord("type", "Type"), ARTICLE)
    assert (report.stored, Facet.objects.count()) == (1, 0)
    assert reasons(report.problems) == [(1, "facet: It holds a value that cannot be stored.")]


def test_actors_stay_though_the_article_after_them_is_refused(desk):
    report = store(desk, ActorRecord("Quay"), given(" \n "))
    assert (report.stored, [line for line, _ in reasons(report.problems)]) == (1, [2])
    assert [actor.name for actor in Actor.objects.all()] == ["Quay"]


def test_links_of_what_is_removed_while_it_is_stored_are_left_out(desk, monkeypatch):
    monkeypatch.setattr(storing, "AT_ONCE", 4)
    project, max_ = desk
    tie = [LinkRecord("restates", "T1")]
    things = [ARTICLE, claim(ARTICLE, 0, 3), *(
        claim(ARTICLE, 9, 9 + length, f"T{length}", note=f"{length}", links=tie)
        for length in (3, 4)
    )]  # fmt: skip
    rows = [Row(line, what) for line, what in enumerate(things, 1)]
    steps = storing.steps(by=max_, project=project, rows=rows)
    assert next(steps).read == 4
    annotating.remove(by=max_, annotation=Annotation.objects.get(note="3"), seen=1)
    *_, (_, report) = steps
    assert (report.stored, reasons(report.problems)) == (4, [])
    assert reasons(report.remarks) == [(3, "its links were left out: it was removed meanwhile.")]
    assert [link.annotation.note for link in Link.objects.all()] == ["4"]


def test_links_of_what_is_changed_at_the_same_moment_are_refused(desk, monkeypatch):
    def link(*, by, annotation, links):
        raise Stale(annotation)

    monkeypatch.setattr(annotating, "link", link)
    later = claim(ARTICLE, 9, 12, "T2", links=[LinkRecord("restates", "T1")])
    report = store(desk, ARTICLE, claim(ARTICLE, 0, 3), later)
    words = "links: It was changed meanwhile: it is at version 1 now. It is stored without them."
    assert (report.stored, reasons(report.problems)) == (2, [(3, words)])
    assert Annotation.objects.count() == 2


def test_refused_actors_are_all_counted(desk, monkeypatch):
    monkeypatch.setattr("corpus_app.report.MOST_KEPT", 2)
    report = store(desk, *(ActorRecord(f"A{n}", "ship") for n in range(5)), ActorRecord("B"))
    assert (report.stored, report.refused) == (1, 5)
    assert [line for line, _ in reasons(report.problems)] == [1, 2]


def test_all_or_nothing_stores_nothing_of_a_file_with_a_row_that_is_refused(desk):
    good, bad = claim(ARTICLE, 0, 3), claim(ARTICLE, 4, 8, "T2", layer="silver")
    report = store(desk, ARTICLE, good, bad, whole=True)
    assert (report.stored, [line for line, _ in reasons(report.problems)]) == (0, [3])
    assert (Article.objects.count(), Annotation.objects.count()) == (0, 0)
    assert store(desk, ARTICLE, good, whole=True).stored == 2


def test_a_trial_reports_what_would_be_and_stores_nothing(desk):
    bad = claim(ARTICLE, 4, 8, "T2", layer="silver")
    things = (*codebook(), ARTICLE, claim(ARTICLE, 0, 3), bad)
    tried = store(desk, *things, dry=True)
    events = Event.objects.count()
    assert (Article.objects.count(), Actor.objects.count(), ClaimTag.objects.count()) == (0, 0, 0)
    assert store(desk, *things) == tried
    assert Event.objects.count() > events


def test_ids_of_another_tool_are_known_again_and_are_no_ones_elsewhere(desk):
    project, _ = desk
    later = claim(ARTICLE, 9, 12, "T2", links=[LinkRecord("restates", "T1")])
    things = (ARTICLE, claim(ARTICLE, 0, 3), later)
    assert store(desk, *things).stored == 3
    assert (store(desk, *things).unchanged, Link.objects.count()) == (3, 1)
    other = given("Another text")
    assert store(desk, other, claim(other, 0, 7)).stored == 2
    assert Annotation.objects.filter(project=project).count() == 3


def test_an_id_that_another_project_has_is_made_anew_and_links_follow_it(desk):
    rows = hard()
    storing.store(by=desk[1], project=desk[0], rows=rows)
    second = factories.ProjectFactory()
    max_ = factories.member(second, Role.MANAGER)
    report = storing.store(by=max_, project=second, rows=rows)
    assert reasons(report.problems) == []
    lost = {Feature.TIMES, Feature.IDS, Feature.AUTHORS}
    stored = parcels.forgotten(source_for(max_, second).parcel(), lost | {Feature.COMMENTS})
    assert stored == parcels.forgotten(parcels.hard(), lost | {Feature.COMMENTS})
    assert Link.objects.filter(project=second).count() == 4
    assert storing.store(by=max_, project=second, rows=rows).stored == 0


def test_the_same_id_twice_in_a_file_is_refused(desk):
    one = claim(ARTICLE, 0, 3, str(uuid.uuid4()))
    report = store(desk, ARTICLE, one, one)
    assert reasons(report.problems) == [(3, "annotation: its id is that of line 2.")]


def test_work_that_is_handed_in_takes_nothing_more(desk):
    store(desk, ARTICLE, claim(ARTICLE, 0, 3))
    Assignment.objects.update(state=Assignment.State.HANDED_IN)
    gold = claim(ARTICLE, 9, 12, "T3", layer="gold")
    report = store(desk, ARTICLE, claim(ARTICLE, 4, 8, "T2"), gold)
    [(line, reason)] = reasons(report.problems)
    assert (line, "is handed in" in reason) == (2, True)
    assert Annotation.objects.filter(layer="gold").count() == 1
    assert not assigning.marks(Assignment.objects.get()).filter(note="T2").exists()


def test_nothing_is_stored_in_an_archived_project(desk):
    project, max_ = desk
    people.archive(by=max_, project=project, seen=project.version)
    with pytest.raises(Archived):
        store(desk, ARTICLE)


def test_the_moment_of_work_is_kept_but_never_one_to_come(desk):
    now = timezone.now()
    old, new = now - timedelta(days=900), now + timedelta(days=9)
    one = claim(ARTICLE, 0, 3, created=old)
    store(desk, ARTICLE, one, claim(ARTICLE, 4, 8, "T2", created=new), claim(ARTICLE, 9, 12, "T3"))
    moments = [*Annotation.objects.order_by("created").values_list("created", flat=True)]
    assert moments[0] == old
    assert all(now <= moment <= timezone.now() for moment in moments[1:])


def test_rows_are_read_as_they_are_stored_and_a_broken_file_leaves_what_was_before(desk):
    project, max_ = desk
    ahead = []

    def rows():
        yield Row(1, ARTICLE)
        for number in range(2, 1300):
            ahead.append(number - Annotation.objects.count())
            yield Row(number, claim(ARTICLE, number % 30, number % 30 + 9, f"T{number}"))
        raise ReadError("The file was cut off.")

    heard = []
    with pytest.raises(ReadError):
        storing.store(
            by=max_, project=project, rows=rows(),
            told=lambda progress: heard.append((progress.read, progress.report.stored)),
        )  # fmt: skip
    assert max(ahead) <= storing.AT_ONCE + 1
    assert heard == [(500, 500), (1000, 1000), (1299, 1299)]
    assert Annotation.objects.count() == 1298

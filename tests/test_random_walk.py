"""A long row of random writes and corrections: no annotation is lost, no span leaves its quote."""

import random
import uuid
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest

from annotations import annotating, assigning, correcting, suggesting
from annotations.checking import AnnotatingError
from annotations.content import RELATIONS, Content, Part, Tie
from annotations.correcting import CorrectingError
from annotations.models import Annotation, Assignment, Carrying, Span
from annotations.suggesting import Place, SuggestingError
from corpus_app.models import Article, Event, Revision, Role
from tests import exchange, factories
from tests.test_exchange_native import said

pytestmark = pytest.mark.django_db

SENTENCES = [
    "The port authority closed the strait on Monday.",
    "Nobody 👩‍👩‍👧 was told why 🏳️‍🌈 it had happened.",
    "אמש נסגר המצר בפני ספינות, אמר השר.",
    "Ame\u0323lie n\u0303o\u0327 longer sails e\u0301very day.",
    "Russia is calm. Russia is calm. Russia is calm.",
    "港口當局關閉了海峽。",
    "“They never asked us,” she says, “and never will.”",
    "Russia expects\u2028calm water until May.",
    "a a a a a a a a",
]
REFUSALS = (AnnotatingError, CorrectingError, SuggestingError, assigning.AssigningError)


class Walk:
    """One article, two analysts and a curator, and everything that they may do to it."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.project = factories.ProjectFactory()
        self.curator = factories.member(self.project, Role.CURATOR)
        self.russia = factories.actor(self.project, "Russia", by=self.curator)
        self.article = factories.plain_article(
            self.project, "\n\n".join(SENTENCES[:5]), by=self.curator
        )
        self.analysts = [factories.member(self.project) for _ in range(2)]
        for analyst in self.analysts:
            factories.assigned(self.article, analyst)
        self.made: set[uuid.UUID] = set()

    def step(self) -> None:
        act = self.random.choice(
            [self.create] * 4
            + [self.rewrite, self.remove, self.restore, self.place, self.accept, self.reject]
            + [self.correct] * 3
            + [self.undo, self.bring_back, self.hand_in]
        )
        with suppress(*REFUSALS):
            act()

    # What an analyst does, who may not have seen the newest text

    def revision(self) -> Revision:
        rows = list(Revision.objects.filter(article=self.article).order_by("-number")[:3])
        return self.random.choice(rows)

    def spans(self, revision: Revision):
        """One to three stretches of the revision."""
        count = self.random.randint(1, 3)
        edges = sorted(self.random.sample(range(len(revision.text)), 2 * count))
        places = zip(edges[::2], edges[1::2], strict=True)
        return tuple((start, end, revision.text[start:end]) for start, end in places)

    def claim(self, revision: Revision) -> Content:
        parts = (factories.claimant(self.russia),)
        return Content("claim", self.spans(revision), parts)

    def links(self, one: Annotation) -> tuple[Tie, ...]:
        """A link to another claim of the same person, if she has one."""
        other = self.own(author=one.author, deleted=None, kind="claim")
        if other is None or other == one:
            return ()
        return (Tie(self.random.choice(RELATIONS), str(other.pk)),)

    def own(self, **wanted) -> Annotation | None:
        rows = list(Annotation.objects.filter(**wanted).order_by("created"))
        return self.random.choice(rows) if rows else None

    def create(self):
        revision, author = self.revision(), self.random.choice(self.analysts)
        content = self.claim(revision)
        made, _ = annotating.create(by=author, revision=revision, content=content)
        self.made.add(made.pk)

    def rewrite(self):
        if one := self.own():
            revision = self.random.choice([one.revision, self.revision()])
            content = replace(self.claim(revision), links=self.links(one))
            annotating.rewrite(
                by=one.author, annotation=one, seen=one.version, counted_in=revision,
                content=content,
            )  # fmt: skip

    def remove(self):
        if one := self.own(deleted=None):
            annotating.remove(by=one.author, annotation=one, seen=one.version)

    def restore(self):
        if one := self.own():
            events = Event.objects.filter(noun="annotation", object_id=str(one.pk))
            version = self.random.choice(list(events.values_list("version", flat=True)))
            annotating.restore(by=one.author, annotation=one, seen=one.version, version=version)

    def accept(self):
        author, revision = self.random.choice(self.analysts), self.revision()
        for found in suggesting.suggest(user=author, article=self.article, revision=revision)[:1]:
            content = Content(
                "mention", ((found.start, found.end, None),), (Part("named", str(self.russia.pk)),)
            )
            made, _ = suggesting.accept(
                by=author, revision=revision, content=content, actor=self.russia.pk, name="Russia"
            )
            self.made.add(made.pk)

    def reject(self):
        author, revision = self.random.choice(self.analysts), self.revision()
        for found in suggesting.suggest(user=author, article=self.article, revision=revision)[:1]:
            places = [Place(found.start, found.end, "Russia")]
            suggesting.reject(by=author, revision=revision, actor=self.russia.pk, places=places)

    def place(self):
        newest = Revision.objects.filter(article=self.article).order_by("-number")[0]
        if one := self.own(revision__number__lt=newest.number):
            spans = [(s, e) for s, e, _ in self.spans(newest)]
            correcting.place(by=self.curator, annotation=one, seen=one.version, spans=spans)

    def hand_in(self):
        for own in Assignment.objects.filter(article=self.article):
            if own.state == Assignment.State.HANDED_IN:
                assigning.give_back(by=self.curator, assignment=own, seen=own.version, comment="?")
            elif self.random.random() < 0.3:
                assigning.hand_in(by=own.analyst, assignment=own, seen=own.version)

    # What a curator does

    def correct(self):
        paragraphs = self.revision().text.split("\n\n")
        for _ in range(self.random.randint(1, 3)):
            self.mend(paragraphs)
        typed = "\n\n".join(paragraphs)
        seen = Article.objects.get(pk=self.article.pk).version
        correcting.correct(
            by=self.curator, article=self.article, seen=seen, text=typed, reason="So."
        )

    def mend(self, paragraphs: list[str]):
        chance, nth = self.random.random(), self.random.randrange(len(paragraphs))
        if chance < 0.2:
            self.random.shuffle(paragraphs)
        elif chance < 0.4:
            paragraphs.insert(nth, self.random.choice(SENTENCES))
        elif chance < 0.6 and len(paragraphs) > 1:
            del paragraphs[nth]
        else:
            words = paragraphs[nth].split(" ")
            at = self.random.randrange(len(words))
            words[at : at + self.random.randrange(3)] = self.random.choices(
                ["harbour", "👩‍👩‍👧", "השר", "e\u0301te\u0301", "Russia"],
                k=self.random.randrange(3),
            )
            paragraphs[nth] = " ".join(words) or "Nothing."

    def undo(self):
        seen = Article.objects.get(pk=self.article.pk).version
        correcting.undo(by=self.curator, article=self.article, seen=seen)

    def bring_back(self):
        seen = Article.objects.get(pk=self.article.pk).version
        correcting.correct(
            by=self.curator, article=self.article, seen=seen, back_to=self.revision(), reason="So."
        )

    # What must hold after every step

    def check(self) -> None:
        stored = {one.pk: one for one in Annotation.objects.select_related("revision")}
        assert stored.keys() == self.made
        spans: dict = {pk: [] for pk in stored}
        for span in Span.objects.order_by("annotation", "start"):
            text = stored[span.annotation_id].revision.text
            assert text[span.start : span.end] == span.quote
            assert span.quote.strip()
            spans[span.annotation_id].append((span.start, span.end))
        for places in spans.values():
            assert places
            assert all(one[1] <= other[0] for one, other in pairwise(places))
        for one in stored.values():
            self.check_history(one, spans[one.pk])

    def check_history(self, one: Annotation, places) -> None:
        events = list(
            Event.objects.filter(noun="annotation", object_id=str(one.pk)).order_by("version")
        )
        assert [event.version for event in events] == list(range(1, one.version + 1))
        after = events[-1].after
        assert after["revision"] == str(one.revision_id)
        assert bool(after["deleted"]) == bool(one.deleted)
        links = [{"relation": tie.relation, "claim": str(tie.claim_id)} for tie in one.links.all()]
        assert after["links"] == links
        assert [(s["start"], s["end"]) for s in after["spans"]] == places
        newest = Revision.objects.filter(article=self.article).order_by("-number")[0]
        if one.revision_id != newest.pk:
            lost = Carrying.objects.get(annotation=one, revision=newest)
            assert not lost.carried
            assert all(0 <= s < e <= len(newest.text) for s, e in lost.places)


@pytest.mark.parametrize("seed", [1, 2, 101])
def test_after_any_row_of_writes_every_annotation_stands_where_its_words_are(seed):
    walk = Walk(seed)
    for _ in range(60):
        walk.step()
        walk.check()
    written = exchange.exported(walk.curator, walk.project)
    other, reader, report = exchange.copied(written, f"copy-{seed}")
    assert report.problems == []
    assert said(exchange.exported(reader, other)) == said(written)

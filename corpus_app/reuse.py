"""The door for what was said before: passages that an earlier article of the project has too.

`index` is called within the transaction that writes a text. It puts the passages into buckets
(`likeness.buckets`), looks up which passages of other articles are there already, aligns those
exactly, and stores each stretch that both have, directed from the later article to the earlier.
Everything here can be made anew from the texts: `manage.py find_reuse`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from corpus_app import likeness
from corpus_app.models import Article, Fingerprint, Passage, Reuse, Revision

# A bucket takes no more: what stands in so many articles is boilerplate or an idiom. Later ones
# are compared with these, and meeting there counts half; so the work for each stays the same.
HOLDS = 8
COMPARED = 16  # passages of other articles, those most alike first
QUOTED = 40  # quotations of one passage that are compared
LOOKED_UP = 10_000  # buckets in one query
KEPT_APART = (Passage.Kind.BIO,)  # an author's biography stands below all her articles
Key = UUID | str  # of a passage, as the database gives it
PLANS = {
    Reuse.Kind.PASSAGE: likeness.SENTENCES,
    Reuse.Kind.QUOTATION: likeness.QUOTATIONS,
}


@dataclass(eq=False)
class Text:
    """One passage with its article, and what was read from it so far."""

    passage: Passage
    revision: Revision
    quoted: Sequence[likeness.Quotation]
    buckets: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @cached_property
    def key(self) -> Key:
        return _as_stored(self.passage.pk)

    @property
    def words_said(self) -> str:
        return self.passage.slice(self.revision.text)

    @cached_property
    def words(self) -> likeness.Words:
        return likeness.words(self.words_said, self.passage.start)

    @cached_property
    def quotations(self) -> list[likeness.Words]:
        """The words of each quotation, as far as it stands in this passage."""
        own = _within(self.quoted, self.passage)[:QUOTED]
        return [self.words.within(one.start, one.end) for one in own]


def index(revisions: Sequence[Revision], passages: Sequence[Passage] | None = None) -> list[Reuse]:
    """The stored reuses between these articles' texts and all others of their project.

    The revisions are the newest of their articles, of one project; what was known of older ones
    is dropped. `passages`, if the caller has them at hand, are all of theirs. Of two texts that
    are stored in the same moment by two processes neither sees the other.
    """
    if not revisions:
        return []
    _forget_older([revision for revision in revisions if revision.number > 1])
    if passages is None:
        passages = Passage.objects.filter(revision__in=revisions).order_by("number")
    texts = _read(revisions, passages)
    pairs, fingerprints = _sort_into_buckets(texts, revisions[0].project_id)
    _keep(fingerprints, revisions[0].project_id)
    found = [reuse for pair in _loaded(pairs, texts) for reuse in _compare(*pair)]
    return Reuse.objects.bulk_create(_apart(found))


@transaction.atomic
def reindex(*, revisions: Sequence[Revision]) -> list[Reuse]:
    """The reuses found anew for texts that are there; those known of them before are dropped."""
    _forget(revisions)
    return index(revisions)


@transaction.atomic
def redirect(*, article: Article) -> int:
    """How many reuses now point the other way, since the article's date was changed."""
    own = Q(passage__revision__article=article) | Q(source__revision__article=article)
    sides = ("passage__revision", "source__revision")
    rows = Reuse.objects.filter(own).select_related(*(f"{side}__article" for side in sides))
    long = [f"{side}__{name}" for side in sides for name in ("text", "roles", "article__raw")]
    turned = [row for row in rows.defer(*long) if _order(row.passage) < _order(row.source)]
    for row in turned:
        row.passage, row.source = row.source, row.passage
        row.start, row.source_start = row.source_start, row.start
        row.end, row.source_end = row.source_end, row.end
    places = ["passage", "source", "start", "end", "source_start", "source_end"]
    Reuse.objects.bulk_update(turned, places, batch_size=500)
    return len(turned)


def clear(*, project_id: UUID) -> None:
    """Forget everything that was found in a project, to find it anew."""
    Reuse.objects.filter(project_id=project_id).delete()
    Fingerprint.objects.filter(project_id=project_id).delete()


def newest_of(project_id: UUID) -> QuerySet[Revision]:
    """The newest revision of each article of a project, without raw inputs."""
    newer = Revision.objects.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
    rows = Revision.objects.filter(~Exists(newer), project_id=project_id)
    return rows.select_related("article").defer("roles", "article__raw").order_by("pk")


def not_indexed(project_id: UUID) -> QuerySet[Revision]:
    """Those of which no fingerprint is kept."""
    kept = Fingerprint.objects.filter(project_id=project_id)
    return newest_of(project_id).exclude(pk__in=kept.values("passage__revision"))


def _forget_older(revisions: Sequence[Revision]) -> None:
    if revisions:
        articles = [revision.article_id for revision in revisions]
        older = Revision.objects.filter(article__in=articles).exclude(
            pk__in=[revision.pk for revision in revisions]
        )
        _forget(list(older.select_related("article").defer("article__raw")))


def _forget(revisions: Sequence[Revision]) -> None:
    """Drop what is known of these texts. Their fingerprints are found by their buckets."""
    passages = Passage.objects.filter(revision__in=revisions)
    Reuse.objects.filter(Q(passage__in=passages) | Q(source__in=passages)).delete()
    buckets = _buckets(_read(revisions, passages))
    for first in range(0, len(buckets), LOOKED_UP):
        some = buckets[first : first + LOOKED_UP]
        Fingerprint.objects.filter(bucket__in=some, passage__in=passages).delete()


def _read(revisions: Sequence[Revision], passages: Sequence[Passage]) -> list[Text]:
    """The passages with their buckets, in the order of the revisions."""
    by_revision: dict[UUID, list[Passage]] = defaultdict(list)
    for passage in passages:
        if passage.kind not in KEPT_APART:
            by_revision[passage.revision_id].append(passage)
    texts, chunks = [], {kind: [] for kind in PLANS}
    for revision in revisions:
        quoted = likeness.quotations(revision.text)
        for passage in by_revision[revision.pk]:
            passage.revision = revision
            text = Text(passage, revision, quoted)
            texts.append(text)
            for chunk in likeness.chunks(text.words_said):
                chunks[Reuse.Kind.PASSAGE].append((text, chunk))
            for one in _within(quoted, passage)[:QUOTED]:
                for chunk in likeness.quoted_chunks(revision.text[one.start : one.end]):
                    chunks[Reuse.Kind.QUOTATION].append((text, chunk))
    for kind, plan in PLANS.items():
        found = likeness.buckets([chunk for _, chunk in chunks[kind]], plan)
        for (text, _), buckets in zip(chunks[kind], found, strict=True):
            text.buckets[kind].update(buckets)
    return texts


def _within(quoted: Sequence[likeness.Quotation], passage: Passage) -> list[likeness.Quotation]:
    """The quotations cut to the passage; one may run over several."""
    return [
        likeness.Quotation(max(one.start, passage.start), min(one.end, passage.end))
        for one in quoted
        if one.start < passage.end and passage.start < one.end
    ]


def _sort_into_buckets(
    texts: Sequence[Text], project_id: UUID
) -> tuple[list[tuple[Text, Key]], list[tuple[Key, int]]]:
    """Which passages are to be compared, and which passage comes into which bucket."""
    members = _members(texts, project_id)
    owner = {text.key: text.revision.pk for text in texts}
    pairs, fingerprints = [], []
    for text in texts:
        pairs += ((text, other) for other in _near(text, members, owner))
        for bucket in set().union(*text.buckets.values()):
            inside = members.setdefault(bucket, [])
            # An article is in a bucket once, however often it says the same.
            if len(inside) < HOLDS and not (inside and owner.get(inside[-1]) == text.revision.pk):
                inside.append(text.key)
                fingerprints.append((text.key, bucket))
    return pairs, fingerprints


def _near(text: Text, members: dict[int, list[Key]], owner: dict[Key, UUID]) -> list[Key]:
    """The passages of other articles that are alike enough to be compared, the likest first."""
    near: Counter[Key] = Counter()
    for kind, buckets in text.buckets.items():
        met: dict[Key, float] = defaultdict(float)
        for bucket in buckets & members.keys():
            inside = members[bucket]
            # Many sentences have one idiom in common; a text that many print has much more.
            weight = 1 if len(inside) < HOLDS else 0.5
            for other in inside:
                met[other] += weight
        # A passage of one sentence can meet another in no more than its few buckets.
        least = min(PLANS[kind].together, max(1, len(buckets) // PLANS[kind].bands))
        for other, times in met.items():
            if times >= least and owner.get(other) != text.revision.pk:
                near[other] += times
    return [other for other, _ in near.most_common(COMPARED)]


def _buckets(texts: Sequence[Text]) -> list[int]:
    return sorted({one for text in texts for buckets in text.buckets.values() for one in buckets})


def _members(texts: Sequence[Text], project_id: UUID) -> dict[int, list[Key]]:
    """Bucket → the passages that are in it already."""
    wanted = _buckets(texts)
    members: dict[int, list[Key]] = defaultdict(list)
    for first in range(0, len(wanted), LOOKED_UP):
        for bucket, passage in _looked_up(wanted[first : first + LOOKED_UP], project_id):
            members[bucket].append(passage)
    return dict(members)


# Hundreds of fingerprints come with each article: the ORM would take most of its import's time.


def _looked_up(buckets: Sequence[int], project_id: UUID) -> Sequence[tuple[int, Key]]:
    """Bucket and passage of each fingerprint that is in one of these, the oldest first."""
    signs = ", ".join(["%s"] * len(buckets))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT bucket, passage_id FROM {_table()}"  # noqa: S608
            f" WHERE project_id = %s AND bucket IN ({signs}) ORDER BY id",
            [_as_stored(project_id), *buckets],
        )
        return cursor.fetchall()


def _keep(fingerprints: Sequence[tuple[Key, int]], project_id: UUID) -> None:
    project = _as_stored(project_id)
    # In the order of the index, of which a large project has more than memory holds.
    rows = sorted(((project, key, bucket) for key, bucket in fingerprints), key=itemgetter(2))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_table()} (project_id, passage_id, bucket) VALUES (%s, %s, %s)",  # noqa: S608
            rows,
        )


def _table() -> str:
    return connection.ops.quote_name(Fingerprint._meta.db_table)


def _as_stored(pk: UUID) -> Key:
    return Passage._meta.pk.get_db_prep_value(pk, connection)


def _loaded(
    pairs: Sequence[tuple[Text, Key]], texts: Sequence[Text]
) -> Iterator[tuple[Text, Text]]:
    """The pairs with their texts, those of the database loaded in two queries."""
    known = {text.key: text for text in texts}
    missing = {other for _, other in pairs} - known.keys()
    stored = list(Passage.objects.filter(pk__in=missing)) if missing else []
    owners = Revision.objects.select_related("article").defer("roles", "article__raw")
    revisions = owners.in_bulk({passage.revision_id for passage in stored}) if stored else {}
    quoted = {pk: likeness.quotations(revision.text) for pk, revision in revisions.items()}
    for passage in stored:
        passage.revision = revisions[passage.revision_id]
        text = Text(passage, passage.revision, quoted[passage.revision_id])
        known[text.key] = text
    for text, other in pairs:
        yield text, known[other]


def _compare(one: Text, other: Text) -> Iterator[Reuse]:
    """What two passages share, directed from the later article to the earlier.

    A stretch within one quotation is that quotation; a quotation within a stretch that was taken
    over is told only if its words differ.
    """
    later, source = (one, other) if _order(one) > _order(other) else (other, one)
    quotations = _same_quotations(later, source)
    taken_over = [
        stretch
        for stretch in likeness.stretches(later.words, source.words)
        if not any(_lies_in(stretch, quotation) for quotation in quotations)
    ]
    unlike = [
        quotation
        for quotation in quotations
        if quotation.score < 1 or not any(_lies_in(quotation, stretch) for stretch in taken_over)
    ]
    for kind, found in zip(PLANS, (taken_over, unlike), strict=True):
        for stretch in found:
            yield Reuse(
                project_id=later.revision.project_id, kind=kind,
                passage=later.passage, source=source.passage, **vars(stretch),
            )  # fmt: skip


def _same_quotations(later: Text, source: Text) -> list[likeness.Stretch]:
    """For each quotation in the later passage the one of the source that is most like it."""
    best = []
    for quoted in later.quotations:
        alike = (likeness.same_quotation(quoted, other) for other in source.quotations)
        best.append(max(filter(None, alike), key=lambda one: one.score, default=None))
    return [one for one in best if one]


def _lies_in(one: likeness.Stretch, other: likeness.Stretch) -> bool:
    return (
        other.start <= one.start
        and one.end <= other.end
        and other.source_start <= one.source_start
        and one.source_end <= other.source_end
    )


def _order(text: Text | Passage) -> tuple:
    """What articles are put in order by: the day they appeared, or were stored if it is unknown."""
    article = text.revision.article
    return (article.published_on or article.created.date(), article.created, str(article.pk))


def _apart(found: Sequence[Reuse]) -> list[Reuse]:
    """The longest of those stretches that overlap in one passage and come from one article."""
    kept: dict[tuple, list[Reuse]] = defaultdict(list)
    for reuse in sorted(found, key=lambda one: one.start - one.end):
        others = kept[reuse.passage_id, reuse.source.revision_id, reuse.kind]
        if all(reuse.end <= other.start or other.end <= reuse.start for other in others):
            others.append(reuse)
    return [reuse for others in kept.values() for reuse in others]

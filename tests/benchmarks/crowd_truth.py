"""What must hold of the whole database after any work of any number of people."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from django.apps import apps
from django.db.models import F

from annotations import annotating
from annotations.models import Annotation, Case, Span
from corpus_app.models import Event, Turn, Versioned


def faults(project: str, made: Mapping[str, int]) -> Iterator[str]:
    """Each fault in words; `made` says how often an annotation was said to be new, by its id."""
    yield from doubled(made)
    yield from quotes()
    yield from histories()
    yield from last_words(project)
    if Turn.objects.count() != Event.objects.count():
        yield f"{Event.objects.count()} events have {Turn.objects.count()} turns"


def doubled(made: Mapping[str, int]) -> Iterator[str]:
    """Annotations that were made twice, or that were said to be made and are not there."""
    stored = {str(pk) for pk in Annotation.objects.values_list("pk", flat=True)}
    for pk, times in made.items():
        if times != 1 or pk not in stored:
            yield f"annotation {pk} was made {times} times; stored: {pk in stored}"
    own = Annotation.objects.filter(origin=Annotation.Origin.HUMAN).values_list("pk", flat=True)
    for pk in {str(pk) for pk in own} - made.keys():
        yield f"annotation {pk} is stored, and nobody was told so"
    parts = Annotation.objects.values_list("pk").order_by()
    spans = Counter(Span.objects.values_list("annotation", "start", "end"))
    yield from (f"span {key} is there {n} times" for key, n in spans.items() if n > 1)
    if lost := parts.filter(spans=None).count():
        yield f"{lost} annotations have no span"


def quotes() -> Iterator[str]:
    """Spans whose quote is not the slice of their text."""
    texts = dict(Annotation.objects.values_list("revision", "revision__text").distinct())
    rows = Span.objects.annotate(revision=F("annotation__revision"))
    for row in rows.iterator():
        if texts[row.revision][row.start : row.end] != row.quote:
            yield f"span {row.pk} of {row.annotation_id} is not its quote"


def histories() -> Iterator[str]:
    """Versioned rows whose events do not tell of each of their versions once.

    Cases are not among them: when they are matched anew nothing is recorded.
    """
    told: dict[tuple[str, str], list[int]] = defaultdict(list)
    for noun, pk, version in Event.objects.values_list("noun", "object_id", "version").iterator():
        told[noun, pk].append(version)
    for model in apps.get_models():
        if not issubclass(model, Versioned) or model is Case:
            continue
        noun = model._meta.model_name
        for pk, version in model._base_manager.values_list("pk", "version"):
            versions = sorted(told.get((noun, str(pk)), []))
            if versions != list(range(1, version + 1)):
                yield f"{noun} {pk} of version {version} has events of {versions[:20]}"


def last_words(project: str) -> Iterator[str]:
    """Annotations that are not as their last event says."""
    rows = Annotation.objects.filter(project__slug=project)
    rows = rows.prefetch_related("spans", "participants", "codings", "links")
    told = Event.objects.filter(noun="annotation").order_by("version")
    latest = dict(told.values_list("object_id", "after"))
    for row in rows.iterator(chunk_size=500):
        if latest.get(str(row.pk)) != annotating.snapshot(row):
            yield f"annotation {row.pk} is not as its last event says"

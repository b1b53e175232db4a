"""The API's writes to many annotations at once: all or none, or each by itself."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import groupby, repeat
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.fields import empty
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import annotating, assigning, making, suggesting
from annotations.access import annotations_for, links_for, require_writer
from annotations.api.asked import header, revision_called
from annotations.api.bulk_shapes import BODY, ITEMS, BulkReportSerializer, BulkSerializer
from annotations.content import Content
from annotations.exchange import record
from annotations.models import Annotation
from annotations.serializers import annotation_as_json
from corpus_app import problems
from corpus_app.access import revisions_for
from corpus_app.api import Address, refuse_unknown
from corpus_app.asking import Choice, checked
from corpus_app.history import DoorError, Stale
from corpus_app.models import Revision

TOGETHER = 100  # written in one transaction where each counts by itself
REVISIONS_KEPT = 20
DEADLOCK = "40P01"
REFUSALS = (DoorError, Stale, PermissionDenied, Http404, APIException)
USER = "Who did this; if somebody else is signed in, nothing is written."

Sent = dict[str, Any]


class Bulk(Address):
    """Up to 1,000 creations, changes, deletions and restorations of annotations at once.

    Each item goes through the same checks as if it had been sent by itself, in the order of the
    list, and can be sent again without being done twice. With `mode` `all` nothing is stored if
    one of them is refused; the problem says what is wrong with which, and in `results` what each
    would have been answered by itself. With `each` the answer tells of every item what became of
    it.
    """

    body_limit = 8 * 1024 * 1024

    @extend_schema(
        request=BODY,
        parameters=[header("Crossread-User", USER)],
        responses={200: BulkReportSerializer},
    )
    def post(self, request: Request) -> Response:
        refuse_unknown(request)
        sent = checked(BulkSerializer, request.data)
        write = Writing(request)
        if sent["mode"] == "all":
            rows = _whole(lambda: _rows(write, sent["items"], 0, whole=True))
            if refused := [row for row in rows if row["problem"]]:
                told = _refusal(refused)
                return Response(told, told["status"], content_type=problems.MEDIA_TYPE)
        else:
            rows = []
            for begin in range(0, len(sent["items"]), TOGETHER):
                batch = sent["items"][begin : begin + TOGETHER]
                rows += _whole(lambda batch=batch, begin=begin: _rows(write, batch, begin))
        done = [row["unchanged"] for row in rows if not row["problem"]]
        told = {"stored": done.count(False), "unchanged": done.count(True)}
        return Response({**told, "results": rows})


class Done(NamedTuple):
    """An annotation after an item, the status of its row, and whether it was so before."""

    annotation: Annotation
    status: int
    unchanged: bool


class Writing:
    """How the items of one request are written; shapes and texts are made and read once."""

    def __init__(self, request: Request):
        self.user = request.user
        self.shapes = {op: shape() for op, shape in ITEMS.items()}
        self.op = Choice(list(ITEMS))
        self.revision = lru_cache(REVISIONS_KEPT)(lambda pk: revision_called(request, pk))
        self.doors: dict[str, Callable[[Sent], Done]] = {
            "create": self._create, "update": self._update, "delete": self._delete,
            "restore": self._restore,
        }  # fmt: skip

    def __call__(self, item: Sent) -> Done:
        """What became of the annotation. Raises REFUSALS."""
        try:
            op = self.op.run_validation(item.get("op", empty))
        except ValidationError as error:
            raise ValidationError({"op": error.detail}) from error
        return self.doors[op](self.shapes[op].run_validation(item))

    def hold(self, items: list[Sent]) -> None:
        """Wait for who is writing where the items are to be written."""
        texts, known = _uuids(items, "revision"), _uuids(items, "id")
        articles = [
            *revisions_for(self.user).filter(pk__in=texts).values_list("article", flat=True),
            *annotations_for(self.user).filter(pk__in=known).values_list("article", flat=True),
        ]
        assigning.hold(analyst=self.user, articles=set(articles))

    def ahead(self, items: list[Sent]) -> Iterator[Annotation | None]:
        """Of new annotations that follow each other those that could be stored together."""
        drafts = [self._draft(item) for item in items]
        made = iter(making.create_plain(by=self.user, drafts=[one for one in drafts if one]))
        return (next(made) if draft else None for draft in drafts)

    def _draft(self, item: Sent) -> making.Draft | None:
        """What can be looked at together with others; None for what is wrong, or has more to it."""
        try:
            sent = self.shapes["create"].run_validation(item)
            if "suggestion" in sent or "change" in sent:
                return None
            revision = self.revision(sent["revision"])
        except ValidationError:
            return None
        return making.Draft(revision, Content.from_dict(sent), sent.get("id"))

    def _create(self, sent: Sent) -> Done:
        values = {
            "by": self.user, "revision": self.revision(sent["revision"]), "id": sent.get("id"),
            "content": Content.from_dict(sent), "change": sent.get("change"),
        }  # fmt: skip
        if suggestion := sent.get("suggestion"):
            annotation, made = suggesting.accept(**values, **suggestion)
        else:
            annotation, made = annotating.create(**values)
        return Done(annotation, 201 if made else 200, not made)

    def _update(self, sent: Sent) -> Done:
        target = self._target(sent)
        stored = annotating.content_of(target["annotation"]).as_dict()
        given = {name: sent[name] for name in stored if name in sent}
        content = Content.from_dict({**stored, **given})
        return self._written(annotating.rewrite, target, content=content)

    def _delete(self, sent: Sent) -> Done:
        return self._written(annotating.remove, self._target(sent))

    def _restore(self, sent: Sent) -> Done:
        return self._written(annotating.restore, self._target(sent), version=sent["to"])

    def _written(self, door: Callable, target: dict[str, Any], **values: Any) -> Done:
        version = target["annotation"].version  # before the door moves it on, if it does
        annotation = door(**target, **values)
        return Done(annotation, 200, annotation.version == version)

    def _target(self, sent: Sent) -> dict[str, Any]:
        """What the doors ask of every write to an annotation that stands there."""
        rows = annotations_for(self.user).select_related("author", "project", "revision")
        annotation = rows.filter(pk=sent["id"]).first()
        if annotation is None:
            raise Http404
        require_writer(self.user, annotation)
        return {
            "by": self.user, "annotation": annotation, "seen": sent["version"],
            "change": sent.get("change"), "undoes": sent.get("undoes"),
            "counted_in": self._counted_in(annotation, sent.get("revision")),
        }  # fmt: skip

    def _counted_in(self, annotation: Annotation, seen) -> Revision | None:
        if seen is None or seen == annotation.revision_id:
            return annotation.revision if seen else None
        own = revisions_for(self.user).filter(article=annotation.article_id, pk=seen).first()
        if own is None:
            raise ValidationError({"revision": ["There is no such revision of this article."]})
        return own

    def present(self, annotation: Annotation) -> dict[str, Any]:
        """The annotation as the API shows it."""
        return annotation_as_json(record.of_one(annotation, links_for(self.user)))


def _whole(write: Callable[[], list[Sent]], attempts: int = 3) -> list[Sent]:
    """What is written in one transaction; anew if the database broke it off for another's sake."""
    try:
        with transaction.atomic():
            return write()
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != DEADLOCK or attempts == 1:
            raise
    return _whole(write, attempts - 1)


def _rows(write: Writing, items: list[Sent], begin: int, whole: bool = False) -> list[Sent]:
    """What became of each item; if the `whole` counts and one is refused, nothing is kept."""
    rows: list[Sent] = []
    write.hold(items)
    for is_new, run in groupby(items, lambda item: item.get("op") == "create"):
        run = list(run)
        made = write.ahead(run) if is_new else repeat(None)
        for item, annotation in zip(run, made, strict=False):
            number = begin + len(rows)
            done = Done(annotation, 201, False) if annotation else None
            rows.append(_stored(number, done) if done else _row(write, number, item))
    if whole and any(row["problem"] for row in rows):
        transaction.set_rollback(True)
    return rows


def _uuids(items: list[Sent], name: str) -> set[UUID]:
    """What is named so, as far as it is an id; what is not is refused later, item by item."""
    found = set()
    for item in items:
        with suppress(ValueError):
            found.add(UUID(str(item.get(name))))
    return found


def _row(write: Writing, number: int, item: Sent) -> Sent:
    try:
        return _stored(number, write(item))
    except REFUSALS as error:
        problem = problems.of(error, prefix=f"/items/{number}")
        if isinstance(error, Stale):
            problem["current"] = write.present(error.current)
        told = item.get("id") if isinstance(item.get("id"), str) else None
        return {
            "index": number, "status": problem["status"], "id": told, "version": None,
            "unchanged": False, "problem": problem,
        }  # fmt: skip


def _stored(number: int, done: Done) -> Sent:
    return {
        "index": number, "status": done.status, "id": done.annotation.pk,
        "version": done.annotation.version, "unchanged": done.unchanged, "problem": None,
    }  # fmt: skip


def _refusal(refused: list[Sent]) -> dict[str, Any]:
    """The problem of a whole that is refused, with every fault and the rows that have them."""
    number = len(refused)
    said = f"{number} item{'' if number == 1 else 's'} cannot be stored, so nothing was."
    faults = [
        fault
        for row in refused
        for fault in row["problem"].get("errors")
        or [{"pointer": f"/items/{row['index']}", "detail": row["problem"]["detail"]}]
    ]
    return {
        **problems.problem(400, said, problems.BULK_REFUSED),
        "errors": faults,
        "results": refused,
    }

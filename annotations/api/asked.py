"""What requests have in common: the headers of a write, and the things that they name."""

import uuid

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from corpus_app.access import revisions_for
from corpus_app.asking import checked as checked
from corpus_app.models import Revision


def header(name: str, what: str, required: bool = False, kind: type = str) -> OpenApiParameter:
    """A header of a request, for the description of the API."""
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, required, what)


CHANGE = [
    header("Idempotency-Key", "A UUID; the same change sent twice is made once.", kind=uuid.UUID),
    header("Crossread-Undoes", "The id of the event that this change takes back.", kind=uuid.UUID),
    header("Crossread-User", "Who did this; if somebody else is signed in, nothing is written."),
]
COUNTED = (
    "The revision that one saw and counted in. What is counted in an older one is brought forward, "
    "and that the annotation was moved to a newer one meanwhile does not make the change stale."
)
GUARDED = [
    header("If-Match", 'The version seen, such as "3", or the ETag read.', required=True),
    header("Crossread-Revision", COUNTED, kind=uuid.UUID),
    *CHANGE,
]


def revision_called(request: Request, pk: uuid.UUID) -> Revision:
    """The revision of this id. Raises ValidationError if there is none that one may see."""
    revisions = revisions_for(request.user).select_related("project")
    revision = revisions.filter(pk=pk).order_by().first()
    if revision is None:
        raise ValidationError({"revision": ["There is no such revision."]})
    return revision


def article_called(pk: str) -> uuid.UUID:
    """The id of an article; Http404 if it is none."""
    try:
        return uuid.UUID(pk)
    except ValueError:
        raise Http404 from None

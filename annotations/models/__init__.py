"""The codebook, and the annotations made with it: who claims what about whom, and where.

Rows are written by the doors and by nobody else.
"""

from annotations.models.annotations import (
    Annotation,
    AnnotationQuerySet,
    Coding,
    Link,
    Participant,
    Span,
)
from annotations.models.cases import Case, Decision, Figures, Member, Overruling
from annotations.models.codebook import ClaimTag, Codebook, Definition, Facet
from annotations.models.corrections import Carrying
from annotations.models.desk import Preference, Presence, ReadingPosition
from annotations.models.exchange import Delivery, Import, Release, ReleasePiece, Webhook
from annotations.models.recoding import Recode, Recoding, TagMerger
from annotations.models.suggestions import Rejection, Verdict
from annotations.models.talk import Comment, Message, Notice
from annotations.models.work import Assignment

__all__ = [
    "Annotation",
    "AnnotationQuerySet",
    "Assignment",
    "Carrying",
    "Case",
    "ClaimTag",
    "Codebook",
    "Coding",
    "Comment",
    "Decision",
    "Definition",
    "Delivery",
    "Facet",
    "Figures",
    "Import",
    "Link",
    "Member",
    "Message",
    "Notice",
    "Overruling",
    "Participant",
    "Preference",
    "Presence",
    "ReadingPosition",
    "Recode",
    "Recoding",
    "Rejection",
    "Release",
    "ReleasePiece",
    "Span",
    "TagMerger",
    "Verdict",
    "Webhook",
]

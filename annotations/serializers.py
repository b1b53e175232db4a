"""The shapes that the API takes and shows. Nothing is written here: the doors do that."""

from typing import Any, NamedTuple

from rest_framework import serializers

from annotations import suggesting
from annotations.content import LONGEST_NOTE
from annotations.exchange.neutral import AnnotationRecord
from annotations.models import (
    Annotation,
    ClaimTag,
    Codebook,
    Coding,
    Definition,
    Facet,
    Link,
    Participant,
    Rejection,
)
from corpus_app.asking import LARGEST_INTEGER as LARGEST_INTEGER
from corpus_app.asking import (
    Identifier,
    Strict,
    Truth,
    Whole,
    Words,
)
from corpus_app.asking import change_of as change_of
from corpus_app.asking import etag_of as etag_of
from corpus_app.asking import revision_seen as revision_seen
from corpus_app.asking import seen_by as seen_by

MANY = 200


class SpanSerializer(Strict):
    start = Whole(min_value=0, help_text="In code points of the revision's text.")
    end = Whole(min_value=1, help_text="Half-open: the first code point after the span.")
    quote = Words(required=False, help_text="If sent, it must equal the text between the two.")


class ParticipantSerializer(Strict):
    role = serializers.ChoiceField(Participant.Role.choices)
    actor = Identifier(required=False, allow_null=True)
    stands_for = serializers.ChoiceField(
        Participant.StandsFor.choices, required=False, allow_blank=True
    )
    endorsement = serializers.ChoiceField(
        Participant.Endorsement.choices, required=False, allow_blank=True,
        help_text="Of a voice only: how it stands to what it passes on.",
    )  # fmt: skip
    name = serializers.CharField(read_only=True, help_text="Of who stands for the actor.")
    standing = serializers.UUIDField(
        read_only=True, allow_null=True, help_text="The actor into which it has been merged."
    )


class CodingSerializer(Strict):
    tag = Identifier()
    stance = serializers.ChoiceField(Coding.Stance.choices, required=False, allow_blank=True)
    slug = serializers.CharField(read_only=True)
    definition = serializers.IntegerField(read_only=True)


class LinkSerializer(Strict):
    relation = serializers.ChoiceField(Link.Relation.choices)
    claim = Identifier(help_text="The id of another claim of the project that one may see.")


class ContentSerializer(Strict):
    """Everything about an annotation that a person can change."""

    kind = serializers.ChoiceField(Annotation.Kind.choices)
    spans = SpanSerializer(many=True, max_length=MANY)
    participants = ParticipantSerializer(many=True, required=False, max_length=MANY)
    codings = CodingSerializer(many=True, required=False, max_length=MANY)
    attribution = serializers.ChoiceField(
        Annotation.Attribution.choices, required=False, allow_blank=True
    )
    certainty = serializers.ChoiceField(
        Annotation.Certainty.choices, required=False, allow_blank=True
    )
    note = Words(required=False, allow_blank=True, max_length=LONGEST_NOTE)
    flagged = Truth(required=False, help_text="Asks a curator to look here.")
    links = LinkSerializer(many=True, required=False, max_length=MANY)


class SuggestedSerializer(Strict):
    """What was suggested where a person accepts it: the actor, and its name as it was found."""

    actor = Identifier()
    name = Words(max_length=MANY)


class NewAnnotationSerializer(ContentSerializer):
    id = Identifier(
        required=False, help_text="Made by the client, so that sending twice makes it once."
    )
    revision = Identifier()
    suggestion = SuggestedSerializer(
        required=False, help_text="Of a mention that is a suggestion accepted."
    )


class RejectedSerializer(Strict):
    start = Whole(min_value=0, help_text="In code points of the revision's text.")
    end = Whole(min_value=1, help_text="Half-open: the first code point after the name.")
    name = Words(max_length=MANY)


class NewRejectionSerializer(Strict):
    """No to suggested mentions of one actor."""

    id = Identifier(
        required=False, help_text="Made by the client, so that sending twice makes it once."
    )
    revision = Identifier()
    actor = Identifier()
    places = RejectedSerializer(many=True, max_length=MANY, allow_empty=False)


class NothingSerializer(Strict):
    """An object without anything in it."""


class RejectionSerializer(serializers.Serializer):
    """A rejection, in the shape of an annotation: `spans` are the places, one is `named`."""

    id = serializers.UUIDField()
    article = serializers.UUIDField()
    revision = serializers.UUIDField()
    author = serializers.CharField()
    layer = serializers.CharField()
    version = serializers.IntegerField()
    kind = serializers.CharField()
    spans = SpanSerializer(many=True)
    participants = ParticipantSerializer(many=True)
    deleted = serializers.DateTimeField(allow_null=True)


class RestoreSerializer(Strict):
    version = Whole(min_value=1, help_text="The version to bring back, not the one that was seen.")


class PlaceSerializer(Strict):
    """Where an annotation belongs in the article's newest text."""

    spans = SpanSerializer(many=True, max_length=MANY)


class PersonSerializer(serializers.Serializer):
    """Somebody, as far as her work says who she is."""

    username = serializers.CharField()
    name = serializers.CharField(help_text="As it is shown.")


class NewestSerializer(serializers.Serializer):
    """The newest text of an article, and how it came to be if it was corrected."""

    revision = serializers.UUIDField()
    number = serializers.IntegerField()
    by = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class AnnotationSerializer(ContentSerializer):
    """The shape of `annotation_as_json`, for the description of the API."""

    id = serializers.UUIDField()
    project = serializers.SlugField()
    article = serializers.UUIDField()
    revision = serializers.UUIDField()
    author = serializers.CharField()
    layer = serializers.ChoiceField(Annotation.Layer.choices)
    state = serializers.ChoiceField(Annotation.State.choices)
    origin = serializers.ChoiceField(Annotation.Origin.choices)
    tool = serializers.CharField()
    tool_version = serializers.CharField()
    version = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()
    deleted = serializers.DateTimeField(allow_null=True)


class AskedSerializer(Strict):
    """What claims are searched for."""

    project = serializers.CharField(help_text="A project's slug.")
    q = serializers.CharField(
        max_length=MANY, help_text="Words of a quote or a note, of a name, or of a tag."
    )
    article = serializers.UUIDField(required=False, help_text="Only in this article.")


class FoundSerializer(serializers.Serializer):
    """A claim that a search found, as far as one has to know it to link to it."""

    id = serializers.UUIDField()
    article = serializers.UUIDField()
    title = serializers.CharField()
    quote = serializers.CharField()
    claimants = serializers.ListField(child=serializers.CharField())
    tags = serializers.ListField(child=serializers.CharField())
    author = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)


class CodebookSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = Codebook
        fields = ("id", "project", "name", "description", "version", "created", "updated")


class FacetSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = Facet
        fields = (
            "id", "project", "slug", "name", "position", "choose", "required", "takes_stance",
            "retired", "version", "created", "updated",
        )  # fmt: skip


class DefinitionSerializer(serializers.ModelSerializer):
    """What a tag meant at a time; codings say under which number they were made."""

    examples = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Definition
        fields = ("number", "label", "text", "examples", "created")


class ClaimTagSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)
    facet = serializers.UUIDField(source="facet_id")
    parent = serializers.UUIDField(source="parent_id", allow_null=True)
    merged_into = serializers.UUIDField(source="merged_into_id", allow_null=True)
    examples = serializers.ListField(child=serializers.CharField())
    definitions = DefinitionSerializer(many=True)

    class Meta:
        model = ClaimTag
        fields = (
            "id", "project", "facet", "parent", "slug", "label", "key", "colour", "position",
            "definition", "definition_number", "examples", "definitions", "retired", "merged_into",
            "version", "created", "updated",
        )  # fmt: skip


def rejection_as_json(rejection: Rejection) -> dict[str, Any]:
    """The rejection as `RejectionSerializer` describes it."""
    return {
        "id": rejection.pk, "article": rejection.article_id, "revision": rejection.revision_id,
        "author": rejection.author.username, "layer": Annotation.Layer.ANALYST,
        "version": rejection.version, **suggesting.rejection_content(rejection),
    }  # fmt: skip


def annotation_as_json(record: AnnotationRecord) -> dict[str, Any]:
    """The annotation as `AnnotationSerializer` describes it.

    A plain function, since nested serializers take several times as long.
    """
    return {
        **_named(record),
        "spans": [_named(span) for span in record.spans],
        "participants": [_named(part) for part in record.participants],
        "codings": [_named(code) for code in record.codings],
        "links": [_named(link) for link in record.links],
    }


def _named(values: NamedTuple) -> dict[str, Any]:
    # In Python 3.11 several times as fast as `_asdict`.
    return dict(zip(values._fields, values, strict=True))

"""The shapes of live updates and of a person's own desk, as the API takes and shows them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotations import desk_keeping
from annotations.api.comment_shapes import CommentSerializer
from annotations.serializers import (
    AnnotationSerializer,
    Identifier,
    NewestSerializer,
    Strict,
    Truth,
    Whole,
    Words,
)


class SinceSerializer(Strict):
    """What a question for live updates says."""

    since = serializers.DateTimeField(required=False, help_text="`at` of the last answer.")
    after = Identifier(required=False, help_text="`after` of the last answer, if it said one.")


class LiveSerializer(serializers.Serializer):
    """What was changed, and who else is there as [user name, shown name]."""

    at = serializers.DateTimeField(allow_null=True, help_text="Ask again with this as `since`.")
    after = serializers.UUIDField(
        allow_null=True, help_text="There is more: ask again at once with this as `after` too."
    )
    newest = NewestSerializer()
    annotations = AnnotationSerializer(many=True)
    comments = CommentSerializer(many=True)
    people = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="The authors of these annotations, as [user name, shown name].",
    )
    here = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class ReadingPositionSerializer(Strict):
    revision = Identifier()
    place = Whole(min_value=0, help_text="In code points of the revision's text.")


@extend_schema_field(
    {
        "type": "object",
        "propertyNames": {"pattern": f"^{desk_keeping.COMMAND.pattern}$"},
        "maxProperties": desk_keeping.MOST_KEYS,
        "additionalProperties": {"type": "string", "pattern": f"^({desk_keeping.KEY.pattern})$"},
    }
)
class Keys(serializers.DictField):
    """The keys of commands, by their names."""


class PreferenceSerializer(Strict):
    """How a person keeps her desk; of a change, what is not sent stays."""

    keys = Keys(
        child=Words(allow_blank=True),
        required=False,
        help_text="From the name of a command to its key; all of them at once.",
    )
    density = serializers.ChoiceField(desk_keeping.DENSITIES, required=False)
    toured = Truth(required=False)

"""The shapes of comments that the API takes and shows."""

from rest_framework import serializers

from annotations.discussing import LONGEST, MOST_NAMED
from annotations.serializers import Identifier, Strict, Words


class SaidSerializer(Strict):
    """What a comment says."""

    text = Words(max_length=LONGEST)
    mentions = serializers.ListField(
        child=Words(max_length=150), required=False, max_length=MOST_NAMED,
        help_text="User names of the members of the project whom the comment names.",
    )  # fmt: skip


class NewCommentSerializer(SaidSerializer):
    id = Identifier(
        required=False, help_text="Made by the client, so that sending twice makes it once."
    )
    annotation = Identifier()


class ThreadSerializer(Strict):
    """A thread, by its annotation."""

    annotation = Identifier()


class CommentSerializer(serializers.Serializer):
    """A comment; one taken back keeps its place, and its words for whoever wrote it alone."""

    id = serializers.UUIDField()
    project = serializers.SlugField()
    article = serializers.UUIDField()
    annotation = serializers.UUIDField()
    author = serializers.CharField()
    name = serializers.CharField(help_text="Of its author, as it is shown.")
    text = serializers.CharField(allow_blank=True)
    mentions = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()
    deleted = serializers.DateTimeField(allow_null=True)

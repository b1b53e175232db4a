"""The shapes of releases that the API takes, and of how two of them differ."""

from rest_framework import serializers

from annotations.models import Release
from annotations.releasing import LONGEST_NAME, LONGEST_NOTE
from annotations.serializers import Strict, Truth, Words
from corpus_app.filters import InProject
from corpus_app.shapes import New


class ReleaseFilter(InProject):
    pass


class NewReleaseSerializer(New):
    """A release to make."""

    name = Words(max_length=LONGEST_NAME)
    note = Words(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    with_texts = Truth(required=False, help_text="Whether the articles' texts are in it.")


class AudienceSerializer(Strict):
    """Whom a release is shown to."""

    audience = serializers.ChoiceField(Release.Audience.choices, required=False)


class ChangeSerializer(serializers.Serializer):
    """A row that both releases have and that differs; each column as it was and as it is."""

    key = serializers.CharField()
    columns = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(allow_blank=True))
    )


class ComparedSerializer(serializers.Serializer):
    """How one table differs: in how many rows, and the first of them."""

    table = serializers.CharField()
    same = serializers.IntegerField()
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    changed = serializers.IntegerField()
    columns = serializers.DictField(child=serializers.IntegerField())
    added_lines = serializers.ListField(child=serializers.DictField())
    removed_lines = serializers.ListField(child=serializers.DictField())
    changes = ChangeSerializer(many=True)

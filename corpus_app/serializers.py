"""How the API shows projects, articles, passages, actors and events. Nothing is written here."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from corpus_app.models import (
    Actor,
    Affiliation,
    Alias,
    Article,
    Event,
    ExternalId,
    Membership,
    Outlet,
    Passage,
    Project,
    Reuse,
    Revision,
    Story,
)


class ProjectSerializer(serializers.ModelSerializer):
    class Meta:
        model = Project
        fields = (
            "id", "slug", "name", "description", "language", "blind", "coders_per_article",
            "names_hidden", "figures_for", "archived", "version", "created", "updated",
        )  # fmt: skip


class OutletSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = Outlet
        fields = (
            "id", "project", "name", "country", "url", "standpoint", "version", "created",
            "updated",
        )  # fmt: skip


class StorySerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = Story
        fields = (
            "id", "project", "title", "happened_on", "summary", "version", "created", "updated",
        )  # fmt: skip


class MembershipSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)
    user = serializers.CharField(source="user.username")
    name = serializers.CharField(source="user.shown_name")

    class Meta:
        model = Membership
        fields = (
            "id", "project", "user", "name", "role", "most_open", "ended", "version", "created",
            "updated",
        )  # fmt: skip


class NewestRevisionSerializer(serializers.Serializer):
    """The newest text of an article, and where to point annotations at."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the text in UTF-8.")


class ArticleSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)
    outlet = serializers.CharField(
        source="outlet.name", read_only=True, default=None, allow_null=True
    )
    story = serializers.CharField(
        source="story.title", read_only=True, default=None, allow_null=True
    )
    outlet_id = serializers.UUIDField(allow_null=True)
    story_id = serializers.UUIDField(allow_null=True)
    authors = serializers.ListField(child=serializers.CharField())
    translators = serializers.ListField(child=serializers.CharField())
    revision = serializers.SerializerMethodField()

    class Meta:
        model = Article
        fields = (
            "id", "project", "title", "authors", "translators", "outlet", "outlet_id",
            "story", "story_id", "published_on", "language", "url", "rights", "raw_name",
            "raw_sha256", "revision", "version", "created", "updated",
        )  # fmt: skip

    @extend_schema_field(NewestRevisionSerializer(allow_null=True))
    def get_revision(self, article):
        if not article.revision_id:
            return None
        return {
            "id": article.revision_id,
            "number": article.revision_number,
            "sha256": article.revision_sha256,
        }


class PlainRevisionSerializer(serializers.ModelSerializer):
    """A text of an article, without its words."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    article = serializers.UUIDField(source="article_id")

    class Meta:
        model = Revision
        fields = ("id", "project", "article", "number", "sha256", "created")


class RevisionSerializer(PlainRevisionSerializer):
    text = serializers.CharField(help_text="Offsets count its code points.")

    class Meta(PlainRevisionSerializer.Meta):
        fields = (*PlainRevisionSerializer.Meta.fields, "text")


class ArticleWithTextSerializer(ArticleSerializer):
    text = serializers.CharField(
        source="revision_text", help_text="The newest revision's. Offsets count its code points."
    )

    class Meta(ArticleSerializer.Meta):
        fields = (*ArticleSerializer.Meta.fields, "text")


class PlaceSerializer(serializers.Serializer):
    """A stretch of a passage, `[start, end)` in code points of its revision's text."""

    article = serializers.UUIDField()
    revision = serializers.UUIDField()
    passage = serializers.UUIDField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class ReuseSerializer(serializers.ModelSerializer):
    """A stretch that two articles have: where the later one has it, and where the earlier."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    later = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()
    score = serializers.FloatField(help_text="The share of equal words, from 0 to 1.")

    class Meta:
        model = Reuse
        fields = ("id", "project", "kind", "score", "later", "source", "created")

    @extend_schema_field(PlaceSerializer)
    def get_later(self, reuse):
        return _place(reuse.passage, reuse.start, reuse.end)

    @extend_schema_field(PlaceSerializer)
    def get_source(self, reuse):
        return _place(reuse.source, reuse.source_start, reuse.source_end)


def _place(passage: Passage, start: int, end: int) -> dict:
    return {
        "article": passage.revision.article_id, "revision": passage.revision_id,
        "passage": passage.pk, "start": start, "end": end,
    }  # fmt: skip


class PassageSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)
    article = serializers.UUIDField(source="revision.article_id")
    revision = serializers.UUIDField(source="revision_id")
    text = serializers.SerializerMethodField()
    said_before = serializers.BooleanField(
        help_text="Whether an earlier article has four fifths of it or more."
    )
    reuses = ReuseSerializer(many=True, help_text="The stretches that earlier articles have.")

    class Meta:
        model = Passage
        fields = (
            "id", "project", "article", "revision", "number", "kind", "start", "end", "text",
            "said_before", "reuses",
        )  # fmt: skip

    def get_text(self, passage) -> str:
        return passage.slice(passage.revision.text)


class AffiliationSerializer(serializers.ModelSerializer):
    actor = serializers.UUIDField(source="whole_id")
    name = serializers.CharField(source="whole.name")

    class Meta:
        model = Affiliation
        fields = ("actor", "name", "since", "until")


class AliasSerializer(serializers.ModelSerializer):
    class Meta:
        model = Alias
        fields = ("name", "metonym", "language", "case", "since", "until")


class ExternalIdSerializer(serializers.ModelSerializer):
    class Meta:
        model = ExternalId
        fields = ("scheme", "value")


class ActorSerializer(serializers.ModelSerializer):
    """`standing` is who stands for an actor that was merged, however many mergers on."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    part_of = AffiliationSerializer(source="affiliations", many=True)
    aliases = AliasSerializer(many=True)
    external_ids = ExternalIdSerializer(many=True)
    merged_into = serializers.UUIDField(source="merged_into_id", allow_null=True)
    standing = serializers.UUIDField(source="standing_id", allow_null=True)

    class Meta:
        model = Actor
        fields = (
            "id", "project", "name", "kind", "part_of", "notes", "aliases", "external_ids",
            "retired", "merged_into", "standing", "version", "created", "updated",
        )  # fmt: skip


class OfferSerializer(serializers.Serializer):
    """An actor as type-ahead offers it; aliases and metonyms are plain names."""

    id = serializers.UUIDField(source="actor.id")
    name = serializers.CharField(source="actor.name")
    kind = serializers.CharField(source="actor.kind")
    aliases = serializers.SerializerMethodField()
    metonyms = serializers.SerializerMethodField()
    found_by = serializers.CharField(help_text="The name that fits what was typed.")

    def get_aliases(self, offer) -> list[str]:
        return [alias.name for alias in offer.actor.aliases.all() if not alias.metonym]

    def get_metonyms(self, offer) -> list[str]:
        return [alias.name for alias in offer.actor.aliases.all() if alias.metonym]


class EventSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    by = serializers.SlugRelatedField("username", read_only=True)
    object = serializers.CharField(source="object_id")
    article = serializers.UUIDField(source="article_id", allow_null=True)
    undoes = serializers.UUIDField(source="undoes_id", allow_null=True)
    before = serializers.DictField(allow_null=True)
    after = serializers.DictField(allow_null=True)

    class Meta:
        model = Event
        fields = (
            "id", "project", "at", "by", "by_name", "verb", "noun", "object", "version",
            "article", "before", "after", "undoes",
        )  # fmt: skip

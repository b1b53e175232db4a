"""The shapes of a team's work as the API shows it: assignments, cases, decisions, releases."""

from rest_framework import serializers

from annotations.models import Assignment, Case, Decision, Member, Release


class AssignmentSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)
    article = serializers.UUIDField(source="article_id")
    analyst = serializers.CharField(source="analyst.username")

    class Meta:
        model = Assignment
        fields = (
            "id", "project", "article", "analyst", "state", "due_on", "comment", "handed_in",
            "training", "version", "created", "updated",
        )  # fmt: skip


class MemberSerializer(serializers.ModelSerializer):
    """An annotation in a case, and the version of it that was looked at last."""

    annotation = serializers.UUIDField(source="annotation_id")

    class Meta:
        model = Member
        fields = ("annotation", "version")


class CaseSerializer(serializers.ModelSerializer):
    """Annotations of several analysts about one stretch, `[start, end)` in code points."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    article = serializers.UUIDField(source="article_id")
    held_by = serializers.CharField(source="held_by.username", allow_null=True, default=None)
    members = MemberSerializer(many=True)

    class Meta:
        model = Case
        fields = (
            "id", "project", "article", "kind", "state", "by_hand", "start", "end",
            "disagreement", "held_by", "held_until", "dissolved", "members", "version", "created",
            "updated",
        )  # fmt: skip


class DecisionSerializer(serializers.ModelSerializer):
    """What was decided of a case, by whom and why; the one with the highest number counts."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    case = serializers.UUIDField(source="case_id")
    by = serializers.CharField(source="by.username")
    gold = serializers.UUIDField(source="gold_id", allow_null=True)
    content = serializers.DictField(allow_null=True)
    sources = serializers.DictField(help_text="Which annotation each field was taken from.")
    versions = serializers.DictField(help_text="The versions looked at, by the annotation's id.")

    class Meta:
        model = Decision
        fields = (
            "id", "project", "case", "number", "by", "outcome", "error_class", "reason", "gold",
            "content", "sources", "versions", "created",
        )  # fmt: skip


class FileSerializer(serializers.Serializer):
    """A file in the archive."""

    name = serializers.CharField()
    about = serializers.CharField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())


class ReleaseSerializer(serializers.ModelSerializer):
    """A release; `sha256` and `size` are those of its archive."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    by = serializers.CharField(source="by.username")
    files = FileSerializer(many=True, source="manifest.files")

    class Meta:
        model = Release
        fields = (
            "id", "project", "number", "name", "note", "by", "audience", "with_texts", "size",
            "sha256", "files", "version", "created",
        )  # fmt: skip

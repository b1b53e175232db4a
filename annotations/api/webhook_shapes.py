"""The shapes of webhooks and of what was sent to them, as the API takes and shows them."""

from rest_framework import serializers

from annotations import hooking
from annotations.delivering import LONGEST_URL
from annotations.models import Delivery, Webhook
from corpus_app.asking import Strict, Truth, Words
from corpus_app.filters import InProject
from corpus_app.shapes import New


class WebhookFilter(InProject):
    pass


class EventName(serializers.ChoiceField):
    """A noun that webhooks can be told of, or one of its verbs."""

    def __init__(self, **kwargs):
        super().__init__(hooking.EVENTS, **kwargs)

    def fail(self, key, **told):
        raise serializers.ValidationError(hooking.unknown_event(str(told.get("input"))))


class HookSerializer(Strict):
    """What is said of a webhook."""

    name = Words(max_length=hooking.LONGEST_NAME)
    url = Words(
        max_length=LONGEST_URL,
        pattern=r"^[!-~]+$",
        help_text="Begins with https:// and is a public address.",
    )
    events = serializers.ListField(
        child=EventName(), required=False,
        max_length=len(hooking.EVENTS),
        help_text="A noun, or one of its verbs as `noun.verb`; none: all of these.",
    )  # fmt: skip


class NewHookSerializer(New, HookSerializer):
    """A webhook to make."""


class ChangedHookSerializer(HookSerializer):
    """What is to be otherwise; what is not sent stays."""

    active = Truth(help_text="What happens while it is not is told once it is again.")


class WebhookSerializer(serializers.ModelSerializer):
    """An address that is told what its owner sees of a project, as she sees it."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    owner = serializers.SlugRelatedField("username", read_only=True)
    events = serializers.ListField(child=serializers.CharField())
    told = serializers.SerializerMethodField(
        help_text="Whether anything is sent: not if its owner manages the project no more."
    )
    failing = serializers.DateTimeField(
        allow_null=True, help_text="Since when nothing gets through; null if it does."
    )

    class Meta:
        model = Webhook
        fields = (
            "id", "project", "name", "url", "events", "owner", "active", "told", "failing",
            "ended", "version", "created", "updated",
        )  # fmt: skip

    def get_told(self, webhook) -> bool:
        return webhook.active and not webhook.ended and webhook.owner_manages


class SecretSerializer(serializers.Serializer):
    """What messages are signed with; it is not shown again."""

    secret = serializers.CharField()


class MadeWebhookSerializer(WebhookSerializer):
    secret = serializers.SerializerMethodField(
        help_text="Messages are signed with it: keep it, it is not shown again."
    )

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")

    def get_secret(self, webhook) -> str:
        return hooking.secret_of(webhook)


class DeliverySerializer(serializers.ModelSerializer):
    """One message on its way to a webhook, and how the last try went."""

    webhook = serializers.UUIDField(source="webhook_id")
    cursor = serializers.UUIDField(source="event_id", help_text="As in `changes`.")
    noun = serializers.CharField(source="event.noun")
    verb = serializers.CharField(source="event.verb")
    due = serializers.SerializerMethodField(help_text="When it is tried again; null: not any more.")

    class Meta:
        model = Delivery
        fields = (
            "id", "webhook", "cursor", "noun", "verb", "state", "tries", "due", "tried", "status",
            "note", "seconds", "created",
        )  # fmt: skip

    def get_due(self, delivery) -> serializers.DateTimeField(allow_null=True):
        return delivery.due if delivery.state == Delivery.State.WAITING else None

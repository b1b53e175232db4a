"""The shapes of many writes at once."""

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from annotations.serializers import ContentSerializer, NewAnnotationSerializer
from corpus_app.asking import Choice, Identifier, Strict, Whole
from corpus_app.problems import ProblemSerializer

MOST = 1000


class NewItemSerializer(NewAnnotationSerializer):
    """An annotation to make; sent again with the same `id` or `change`, it is made once."""

    op = serializers.ChoiceField(["create"])
    change = Identifier(required=False, help_text="As the header Idempotency-Key.")


class ItemSerializer(Strict):
    id = Identifier()
    version = Whole(min_value=1, help_text="The version seen, as in the header If-Match.")
    change = Identifier(required=False, help_text="As the header Idempotency-Key.")
    undoes = Identifier(required=False, help_text="As the header Crossread-Undoes.")
    revision = Identifier(required=False, help_text="As the header Crossread-Revision.")


class ChangedItemSerializer(ItemSerializer, ContentSerializer):
    """An annotation to change: what is sent replaces what stands there, the rest stays."""

    op = serializers.ChoiceField(["update"])

    def get_fields(self):
        fields = super().get_fields()
        for name in ContentSerializer().fields:
            fields[name].required = False
        return fields


class DeletedItemSerializer(ItemSerializer):
    """An annotation to delete; it can be restored."""

    op = serializers.ChoiceField(["delete"])


class RestoredItemSerializer(ItemSerializer):
    """An annotation to bring back as it was at the version `to`, as a new version."""

    op = serializers.ChoiceField(["restore"])
    to = Whole(min_value=1, help_text="The version to bring back.")


ITEMS: dict[str, type[Strict]] = {
    "create": NewItemSerializer,
    "update": ChangedItemSerializer,
    "delete": DeletedItemSerializer,
    "restore": RestoredItemSerializer,
}


@extend_schema_field(
    PolymorphicProxySerializer("BulkItem", ITEMS, resource_type_field_name="op", many=True)
)
class Items(serializers.ListField):
    """Objects, each looked at by itself later, so that one which is wrong refuses no other."""

    child = serializers.DictField()


class BulkSerializer(Strict):
    """Up to 1,000 writes, worked off in their order."""

    mode = Choice(["all", "each"], help_text="`all` or nothing, or `each` by itself.")
    items = Items(min_length=1, max_length=MOST)


WHATEVER = "Anything else is refused in its own row."


@extend_schema_field(
    {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST,
        "items": {
            "anyOf": [
                {"$ref": "#/components/schemas/BulkItemRequest"},
                {"type": "object", "description": WHATEVER},
            ]
        },
    }
)
class AnyItems(serializers.ListField):
    """Objects of which each is answered by itself, whatever it is."""


class AllSerializer(BulkSerializer):
    """All items are stored, or none is."""

    mode = serializers.ChoiceField(["all"])


class EachSerializer(BulkSerializer):
    """What becomes of an item is told in its row of the report."""

    mode = serializers.ChoiceField(["each"])
    items = AnyItems()


BODY = PolymorphicProxySerializer(
    "BulkBody", {"all": AllSerializer, "each": EachSerializer}, resource_type_field_name="mode"
)


class BulkRowSerializer(serializers.Serializer):
    """What became of one item."""

    index = serializers.IntegerField()
    status = serializers.IntegerField(help_text="As if it had been sent by itself.")
    id = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    unchanged = serializers.BooleanField(
        help_text="Nothing was stored, since it was so already: as when the same is sent again."
    )
    problem = ProblemSerializer(allow_null=True)


class BulkReportSerializer(serializers.Serializer):
    """What became of each item, in the order in which they were sent."""

    stored = serializers.IntegerField(help_text="How many made something, or changed it.")
    unchanged = serializers.IntegerField(help_text="How many were so already.")
    results = BulkRowSerializer(many=True)

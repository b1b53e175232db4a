"""The API's webhooks: other systems that are told what changes in a project."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import access, hooking
from annotations.api.asked import GUARDED
from annotations.api.webhook_shapes import (
    ChangedHookSerializer,
    DeliverySerializer,
    MadeWebhookSerializer,
    NewHookSerializer,
    SecretSerializer,
    WebhookFilter,
    WebhookSerializer,
)
from annotations.models import Delivery, Webhook
from corpus_app.access import require_manager
from corpus_app.api import Reading
from corpus_app.api.writing import made_once, project_sent
from corpus_app.asking import checked, etag_of, seen_by

SEEN = GUARDED[:1]
LOG = {"cursor", "page_size"}


class Webhooks(Reading):
    """For managers. Each message is the entry that `changes` gives, signed.

    `Crossread-Signature` is `t=<seconds since 1970>,v1=<HMAC>`: SHA-256 with the secret over the
    seconds, a dot and the body, in hexadecimal. Refuse what is old or was seen before:
    `Crossread-Delivery` is the same each time a message is tried. Any answer from 200 to 299 says
    that it arrived; until then it is tried for about three days.
    """

    queryset = Webhook.objects.none()
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilter
    asked = {"deliveries": LOG}

    def get_queryset(self) -> QuerySet[Webhook]:
        rows = access.with_owners(access.webhooks_for(self.request.user))
        return rows.select_related("project", "owner")

    @extend_schema(
        request=NewHookSerializer, responses={200: WebhookSerializer, 201: MadeWebhookSerializer}
    )
    def create(self, request: Request) -> Response:
        """Make a webhook, which is told what happens from now on. Its secret is told here alone.

        Sent again with the same id it is made once, and tells no secret: ask for a new one then.
        """
        sent = checked(NewHookSerializer, request.data)
        project = project_sent(sent.pop("project"), request)
        require_manager(request.user, project)
        own = {"by": request.user, "project": project}
        rows, pk = self.get_queryset(), sent.get("id")
        webhook, new = made_once(rows, pk, lambda: hooking.create(**own, **sent), **own)
        if not new:
            return self._answer(webhook)
        body = MadeWebhookSerializer(rows.get(pk=webhook.pk)).data
        return Response(body, status=201, headers={"ETag": etag_of(webhook)})

    @extend_schema(
        request=ChangedHookSerializer, parameters=SEEN, responses={200: WebhookSerializer}
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is sent and leave the rest; while it is not active nothing is sent."""
        webhook, seen = self.load(pk), seen_by(request)
        if not isinstance(request.data, dict):
            raise ValidationError({"non_field_errors": ["Send an object."]})
        stored = {name: getattr(webhook, name) for name in ("name", "url", "events", "active")}
        sent = checked(ChangedHookSerializer, {**stored, **request.data})
        return self._answer(hooking.change(by=request.user, webhook=webhook, seen=seen, **sent))

    @extend_schema(parameters=SEEN, responses={200: WebhookSerializer})
    def destroy(self, request: Request, pk: str) -> Response:
        """End it for good; what was sent stays in the log."""
        webhook = self.load(pk)
        return self._answer(hooking.end(by=request.user, webhook=webhook, seen=seen_by(request)))

    @extend_schema(request=None, parameters=SEEN, responses={200: SecretSerializer})
    @action(detail=True, methods=["post"])
    def secret(self, request: Request, pk: str) -> Response:
        """Make a new secret: from now on messages are signed with it, and it is told here alone."""
        webhook = self.load(pk)
        secret = hooking.rotate(by=request.user, webhook=webhook, seen=seen_by(request))
        return Response({"secret": secret}, headers={"ETag": etag_of(webhook)})

    @extend_schema(request=None, responses={202: DeliverySerializer})
    @action(detail=True, methods=["post"])
    def ping(self, request: Request, pk: str) -> Response:
        """Have a message sent that tells of nothing but itself."""
        return _accepted(hooking.ping(by=request.user, webhook=self.load(pk)))

    @extend_schema(responses={200: DeliverySerializer(many=True)}, filters=False)
    @action(detail=True, filterset_class=None)
    def deliveries(self, request: Request, pk: str) -> Response:
        """What was sent or waits to be, oldest first, and how the last try of each went."""
        rows = access.deliveries_for(request.user).filter(webhook=self.load(pk))
        rows = self.paginate_queryset(rows.select_related("event"))
        return self.get_paginated_response(DeliverySerializer(rows, many=True).data)

    @extend_schema(request=None, responses={202: DeliverySerializer})
    @action(
        detail=True, methods=["post"], url_name="redeliver",
        url_path="deliveries/(?P<delivery>[^/]+)/redeliver",
    )  # fmt: skip
    def redeliver(self, request: Request, pk: str, delivery: str) -> Response:
        """Have a message sent again, whether it arrived or was given up."""
        rows = access.deliveries_for(request.user).filter(webhook=self.load(pk))
        try:
            found = rows.select_related("webhook", "event").filter(pk=uuid.UUID(delivery)).first()
        except ValueError:
            found = None
        if found is None:
            raise Http404
        return _accepted(hooking.redeliver(by=request.user, delivery=found))

    def present(self, webhook: Webhook) -> dict[str, Any]:
        """A webhook as it is shown, read anew after a write."""
        if self.request.method not in SAFE_METHODS:
            webhook = self.get_queryset().get(pk=webhook.pk)
        return super().present(webhook)

    def _answer(self, webhook: Webhook) -> Response:
        headers = {"ETag": etag_of(webhook)}
        return Response(self.present(webhook), headers=headers)


def _accepted(delivery: Delivery) -> Response:
    body: dict[str, Any] = DeliverySerializer(delivery).data
    return Response(body, status=202)

"""What a sender of webhooks does: messages are made of what happened, signed, sent and noted."""

import time
from collections import Counter
from collections.abc import Callable, Iterator

import orjson
from django.conf import settings

from annotations import delivering, hooking, journal
from annotations.delivering import Answer
from annotations.models import Delivery, Webhook

MOST_TRIES = 200  # with one webhook before another one has its turn


def send_due(is_stopped: Callable[[], bool] = lambda: False) -> Counter[bool]:
    """Send what is due to every webhook that nobody else sends to; how many arrived, and not.

    Once it `is_stopped` no further message is begun.
    """
    sent: Counter[bool] = Counter()
    for webhook in hooking.due():
        if is_stopped():
            break
        if hooking.may_be_told(webhook) and hooking.take(webhook):
            sent.update(_send(webhook, is_stopped))
            hooking.leave(webhook)
    return sent


def message(webhook: Webhook, delivery: Delivery) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of a message: the entry of `changes`, as the owner sees it now."""
    told = journal.entry(webhook.owner, delivery.event_id)
    body = orjson.dumps(told, default=str, option=orjson.OPT_UTC_Z)
    event = delivery.event
    return body, {
        "Content-Type": "application/json",
        "User-Agent": "Crossread",
        "Crossread-Event": f"{event.noun}.{event.verb}",
        "Crossread-Delivery": str(delivery.pk),
        "Crossread-Signature": delivering.signature(
            hooking.secret_of(webhook), int(time.time()), body
        ),
    }


def _send(webhook: Webhook, is_stopped: Callable[[], bool]) -> Iterator[bool]:
    """Whether each message arrived, until one did not or nothing more is due."""
    while hooking.enqueue(webhook) == hooking.AT_ONCE:
        continue
    for _ in range(MOST_TRIES):
        delivery = hooking.begin_try(webhook)
        if delivery is None:
            return
        answer = _deliver(webhook, delivery)
        hooking.conclude(webhook, delivery, answer)
        yield answer.accepted
        if is_stopped() or not answer.accepted:
            return


def _deliver(webhook: Webhook, delivery: Delivery) -> Answer:
    body, headers = message(webhook, delivery)
    private = settings.WEBHOOKS_MAY_REACH_PRIVATE
    return delivering.post(webhook.url, body, headers, private=private)

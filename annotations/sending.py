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
        if hooking.take(webhook):
            sent.update(_send(webhook, is_stopped))
            hooking.leave(webhook)
    return sent


def message(webhook: Webhook, delivery: Delivery) -> tuple[bytes, dict[str, str]] | None:
    """The body and the headers of a message: the entry of `changes`, as the owner sees it now.

    None if she is not told of it any more.
    """
    told = journal.entry(webhook.owner, delivery.event_id)
    if told is None:
        return None
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
        own = {"webhook": webhook, "delivery": delivery}
        answer = _deliver(**own)
        if answer is None:
            hooking.forgo(**own)
        else:
            hooking.conclude(**own, answer=answer)
            yield answer.accepted
        if is_stopped() or (answer and not answer.accepted):
            return


def _deliver(webhook: Webhook, delivery: Delivery) -> Answer | None:
    """What was answered; None if nothing was sent, as the owner is not told of it any more."""
    sent = message(webhook, delivery)
    if sent is None:
        return None
    body, headers = sent
    private = settings.WEBHOOKS_MAY_REACH_PRIVATE
    return delivering.post(webhook.url, body, headers, private=private)

"""The door for webhooks: who is told of what, and what became of each message.

A message is made for every event that a webhook chose, in the order of turns, and is tried until
it arrives or is given up. Any number of senders may work at once: a webhook is taken by one at a
time, and each try is counted before it is made.
"""

import random
import secrets
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from annotations import delivering
from annotations.access import changes_for, with_owners
from annotations.delivering import Answer, Unreachable
from annotations.models import Delivery, Webhook
from corpus_app.access import manages, require_open
from corpus_app.history import DoorError, advance, once, record
from corpus_app.models import Event, Project, User
from corpus_app.names import UnfitName, clean_name
from corpus_app.turns import settled

MOST_WEBHOOKS = 20  # of one project
LONGEST_NAME = 80
AT_ONCE = 500  # messages made in one step
LEASE = timedelta(seconds=60)  # after which a sender that fell silent holds nothing any more
SILENCE = (timedelta(minutes=1), timedelta(hours=1))  # for which one that fails is left alone
# What can be chosen: a noun, or one of its verbs as `noun.verb`.
WRITTEN = ("created", "changed")
VERBS: dict[str, tuple[str, ...]] = {
    "annotation": (
        *WRITTEN, "removed", "restored", "recoded", "recast", "carried", "placed", "put back",
    ),
    "comment": (*WRITTEN, "removed", "restored"),
    "assignment": (
        "assigned", "started", "handed in", "returned", "withdrawn", "rescheduled",
    ),
    "article": ("imported", "described", "corrected"),
    "actor": (
        *WRITTEN, "retired", "revived", "merged", "unmerged", "taken along", "split", "reunited",
    ),
    "outlet": WRITTEN,
    "story": WRITTEN,
    "codebook": WRITTEN,
    "facet": (*WRITTEN, "retired", "revived"),
    "claimtag": (*WRITTEN, "retired", "revived", "merged", "unmerged"),
    "case": (
        "decided", "asked", "answered", "reopened", "split", "split off", "joined", "dissolved",
    ),
    "project": (*WRITTEN, "archived", "unarchived"),
    "release": ("released", "shown"),
}  # fmt: skip
EVENTS = tuple(name for noun, verbs in VERBS.items() for name in (noun, *(
    f"{noun}.{verb}" for verb in verbs
)))  # fmt: skip


class HookingError(DoorError):
    """A webhook that cannot be kept so, or something that cannot be sent; the message says why."""


@transaction.atomic
def create(
    *,
    by: User,
    project: Project,
    name: str,
    url: str,
    events: Collection[str] = (),
    id: uuid.UUID | None = None,
) -> Webhook:
    """The new webhook, which is told what happens from now on and what its maker may see.

    `events` are of EVENTS; none means all. `id` is the one that the client made for it. Raises
    HookingError; Archived.
    """
    # Two who make one at the same moment: the second waits here, and counts the first.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    require_open(project.pk)
    told = settled()
    if Webhook.objects.filter(project=project, ended=None).count() >= MOST_WEBHOOKS:
        raise HookingError(f"A project has {MOST_WEBHOOKS} webhooks at most. End one first.")
    values = {"salt": _new_salt(), "told": told, **_checked(name, url, events)}
    webhook = Webhook(id=id or uuid.uuid4(), project=project, owner=by, **values)
    with once(HookingError(id="This id is taken. Make a new one.")):
        webhook.save(force_insert=True)
    record(by=by, verb="created", thing=webhook, after=as_values(webhook))
    return webhook


@transaction.atomic
def change(*, by: User, webhook: Webhook, seen: int, active: bool, **told: Any) -> Webhook:
    """The webhook with another name, url, events, and whether it is `active`.

    What happens while it is not is kept, and told once it is again. Raises HookingError; Stale.
    """
    _require_standing(webhook)
    return _move(by, "changed", webhook, seen, active=active, rests=None, **_checked(**told))


@transaction.atomic
def end(*, by: User, webhook: Webhook, seen: int) -> Webhook:
    """The webhook, to which nothing is sent any more; its log stays. Raises Stale."""
    if webhook.ended:
        return webhook
    # In this order: whoever makes messages of it now is waited for, and makes none afterwards.
    _move(by, "ended", webhook, seen, ended=timezone.now(), active=False)
    webhook.deliveries.filter(state=Delivery.State.WAITING).update(
        state=Delivery.State.GIVEN_UP, note="The webhook was ended first."
    )
    return webhook


@transaction.atomic
def rotate(*, by: User, webhook: Webhook, seen: int) -> str:
    """The webhook's new secret; the one before signs nothing any more. Raises Stale."""
    _require_standing(webhook)
    _move(by, "secret changed", webhook, seen, salt=_new_salt())
    return secret_of(webhook)


@transaction.atomic
def ping(*, by: User, webhook: Webhook) -> Delivery:
    """A message that says nothing, on its way to find out whether messages arrive."""
    webhook = _locked(webhook)
    _require_standing(webhook)
    _move(by, "pinged", webhook, webhook.version, rests=None)
    own = {"noun": "webhook", "object_id": str(webhook.pk), "version": webhook.version}
    return Delivery.objects.create(webhook=webhook, event=Event.objects.get(**own))


@transaction.atomic
def redeliver(*, by: User, delivery: Delivery) -> Delivery:
    """The message, to be tried anew from now on, whether it arrived before or was given up."""
    webhook = _locked(delivery.webhook)
    _require_standing(webhook)
    _move(by, "sent again", webhook, webhook.version, rests=None)
    anew = {"state": Delivery.State.WAITING, "tries": 0, "due": timezone.now()}
    Delivery.objects.filter(pk=delivery.pk).update(**anew)
    delivery.refresh_from_db()
    return delivery


def secret_of(webhook: Webhook) -> str:
    """What messages are signed with: made anew each time from the site's key, stored nowhere."""
    return salted_hmac("annotations.webhook", webhook.salt, algorithm="sha256").hexdigest()


def unknown_event(name: str) -> str:
    """That there is no event of this name, and which there are."""
    noun = name.partition(".")[0]
    if noun in VERBS:
        known = f"Of {noun} there are: {', '.join(f'{noun}.{verb}' for verb in VERBS[noun])}."
    else:
        known = f"Choose among {', '.join(VERBS)}, or one of their verbs, as in article.corrected."
    return f"There is no event “{name[:80]}”. {known}"


def may_be_told(webhook: Webhook) -> bool:
    """Whether its owner, who is read anew, still manages the project; if not, nothing is sent."""
    webhook.owner = User.objects.get(pk=webhook.owner_id)
    return manages(webhook.owner, webhook.project)


def as_values(webhook: Webhook) -> dict[str, Any]:
    """The webhook as JSON values, as history keeps it: nothing that opens anything."""
    return {
        "name": webhook.name,
        "url": webhook.url,
        "events": webhook.events,
        "owner": webhook.owner.username,
        "active": webhook.active,
        "ended": webhook.ended.isoformat() if webhook.ended else None,
    }


# What senders do. It leaves no events: that of a message is the event that it tells of.


def due() -> QuerySet[Webhook]:
    """The webhooks that a sender may take now."""
    rested = Q(rests=None) | Q(rests__lte=timezone.now())
    rows = with_owners(Webhook.objects.filter(rested, active=True, ended=None))
    rows = rows.filter(owner_manages=True)
    return rows.select_related("owner", "project").order_by("pk")


def take(webhook: Webhook) -> bool:
    """Whether this sender has the webhook for itself now, for LEASE."""
    return _hold(webhook, timezone.now() + LEASE)


def leave(webhook: Webhook) -> None:
    """Let others take the webhook: at once or, if it fails, once it was left alone for a while.

    That is as long as it has been failing, so that each rest is about twice the one before.
    """
    rests = None
    if webhook.failing:
        shortest, longest = SILENCE
        now = timezone.now()
        rests = now + min(max(now - webhook.failing, shortest), longest)
    _hold(webhook, rests)


def enqueue(webhook: Webhook) -> int:
    """How many messages were made of what happened since the last; if AT_ONCE, there may be more.

    None are if its owner may not be told any more, or the webhook was changed or ended meanwhile.
    Call it while the webhook is taken.
    """
    upto = settled()
    if upto <= webhook.told:
        return 0
    turns = {"turn__number__gt": webhook.told, "turn__number__lte": upto}
    rows = changes_for(webhook.owner).filter(turn__project=webhook.project_id, **turns)
    rows = rows.filter(chosen(webhook.events)).order_by("turn__number")
    found = list(rows.values_list("pk", "turn__number")[:AT_ONCE])
    if len(found) == AT_ONCE:
        upto = found[-1][1]
    # Asked once they are read: what she was not shown for want of her role is kept for later.
    if not may_be_told(webhook):
        return 0
    own = {"version": webhook.version, "told": webhook.told, "ended": None}
    with transaction.atomic():
        if not Webhook.objects.filter(pk=webhook.pk, **own).update(told=upto):
            return 0
        messages = [Delivery(webhook=webhook, event_id=event) for event, _ in found]
        Delivery.objects.bulk_create(messages, ignore_conflicts=True)
    webhook.told = upto
    return len(found)


def chosen(events: Collection[str]) -> Q:
    """Which events these names choose; none choose all that can be chosen."""
    wanted = Q()
    for name in events or VERBS:
        noun, _, verb = name.partition(".")
        wanted |= Q(noun=noun, verb=verb) if verb else Q(noun=noun)
    return wanted


@transaction.atomic
def begin_try(webhook: Webhook) -> Delivery | None:
    """The message to send now, the earliest due one by turn, with this try counted already.

    None if there is none, if its owner may not be told any more, or if the webhook was changed or
    taken by another sender meanwhile.
    """
    now = timezone.now()
    if not _hold(webhook, now + LEASE) or not may_be_told(webhook):
        return None
    waiting = webhook.deliveries.filter(state=Delivery.State.WAITING, due__lte=now)
    delivery = waiting.select_related("event").order_by("event__turn__number").first()
    if delivery is None:
        return None
    own = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, tries=delivery.tries)
    delivery.tries, delivery.tried = delivery.tries + 1, now
    begun = own.update(tries=delivery.tries, tried=now, due=now + LEASE)
    return delivery if begun else None


@transaction.atomic
def conclude(*, webhook: Webhook, delivery: Delivery, answer: Answer) -> None:
    """Keep what came of a try: arrived, to be tried again later, or given up."""
    _locked(webhook)  # before its messages, as everywhere
    now, state, due = timezone.now(), Delivery.State.WAITING, delivery.due
    if answer.accepted:
        state, webhook.failing = Delivery.State.DELIVERED, None
    else:
        webhook.failing = webhook.failing or now
        pause = delivering.pause(delivery.tries, random.random())  # noqa: S311 (no secret)
        state = state if pause else Delivery.State.GIVEN_UP
        due = now + timedelta(seconds=pause or 0)
    if _under_way(delivery).update(
        state=state, due=due, status=answer.status, note=answer.note, seconds=answer.seconds
    ):
        Webhook.objects.filter(pk=webhook.pk).update(failing=webhook.failing)


def forgo(*, webhook: Webhook, delivery: Delivery) -> None:
    """Keep that a message whose try was begun was not sent, as its owner is not told of it now.

    It waits if she manages the project no more, as all do then; else it is given up.
    """
    if may_be_told(webhook):
        note = "Not sent: the owner is not told of this any more."
        _under_way(delivery).update(state=Delivery.State.GIVEN_UP, note=note)
    else:
        _under_way(delivery).update(tries=delivery.tries - 1, due=timezone.now())


def _under_way(delivery: Delivery) -> QuerySet[Delivery]:
    """The message, unless it was ended or asked to be sent again since its try was begun."""
    own = Delivery.objects.filter(pk=delivery.pk, tries=delivery.tries)
    return own.filter(state=Delivery.State.WAITING)


def _hold(webhook: Webhook, until: datetime | None) -> bool:
    """Whether the webhook was still as it is known here, and now rests until then."""
    own = Webhook.objects.filter(pk=webhook.pk, version=webhook.version, rests=webhook.rests)
    webhook.rests = until
    return bool(own.update(rests=until))


def _locked(webhook: Webhook) -> Webhook:
    return Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)


def _require_standing(webhook: Webhook) -> None:
    if webhook.ended:
        raise HookingError("This webhook has ended. Make a new one.")


def _new_salt() -> str:
    return secrets.token_hex(32)


def _move(by: User, verb: str, webhook: Webhook, seen: int, **fields: Any) -> Webhook:
    before = as_values(webhook)
    advance(webhook, seen=seen, **fields)
    record(by=by, verb=verb, thing=webhook, before=before, after=as_values(webhook))
    return webhook


def _checked(name: str, url: str, events: Collection[str]) -> dict[str, Any]:
    faults: dict[str, str] = {}
    try:
        name = clean_name(name)
    except UnfitName as error:
        faults["name"] = str(error)
    if len(name) > LONGEST_NAME:
        faults["name"] = f"It has {len(name)} characters; {LONGEST_NAME} is the most."
    try:
        delivering.read_url(url, private=settings.WEBHOOKS_MAY_REACH_PRIVATE)
    except Unreachable as refusal:
        faults["url"] = str(refusal)
    if unknown := sorted(set(events) - set(EVENTS)):
        faults["events"] = unknown_event(unknown[0])
    if faults:
        raise HookingError(**faults)
    return {"name": name, "url": url, "events": [one for one in EVENTS if one in events]}

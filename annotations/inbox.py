"""What the inbox shows: messages and namings in one list, each said in one sentence.

All begins with `access`: what a person may no longer see is in none of these answers.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as written

from annotations.access import messages_for, notices_for
from annotations.models import Message, Notice, Preference
from corpus_app.models import Project, User

PAGE = 25
MESSAGE, NAMING = "message", "naming"
EVERY = {Preference.Digest.DAILY: timedelta(days=1), Preference.Digest.WEEKLY: timedelta(days=7)}


@dataclass(frozen=True)
class Entry:
    """A message or a naming. What happened is one sentence: `who before about after`.

    `about` is a title, tag or project; `instead` is said where titles are not to be told. `said`
    are somebody's words that go with it. `href` is where to deal with it.
    """

    kind: str
    pk: UUID | int
    at: datetime
    unread: bool
    project: Project
    who: str
    before: str
    about: str
    after: str
    instead: str
    href: str
    said: str = ""

    @property
    def key(self) -> str:
        """What the entry is called in addresses."""
        return f"{self.kind}-{self.pk}"

    @property
    def day(self) -> date:
        return timezone.localtime(self.at).date()


@dataclass(frozen=True)
class Place:
    """Where a page of the inbox ended: the moment, kind and id of its last entry."""

    at: datetime
    kind: str
    pk: UUID | int

    @property
    def asked(self) -> dict[str, str]:
        """The place as addresses name it."""
        return {"at": self.at.isoformat(), "last": f"{self.kind}-{self.pk}"}


def unread(user: User) -> int:
    """How much in the person's inbox is unread, in one query."""
    lists = (messages_for(user), notices_for(user))
    ones = [
        rows.filter(read=None).order_by().annotate(one=Value(1)).values("one") for rows in lists
    ]
    return ones[0].union(ones[1], all=True).count()


def page(user: User, after: Place | None = None) -> tuple[list[Entry], Place | None]:
    """The newest 25 entries after the place, and where they end if there are more.

    Of one moment messages come first. A constant number of queries.
    """
    messages, notices = _messages(user), _notices(user)
    if after:
        messages = messages.filter(_beyond(after, MESSAGE))
        notices = notices.filter(_beyond(after, NAMING))
    found = _entries(messages[: PAGE + 1], notices[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], last and Place(last.at, last.kind, last.pk)


def called(key: str) -> tuple[str, UUID | int] | None:
    """The kind and id of the entry that is called so in an address; None for no such name."""
    kind, _, name = key.partition("-")
    try:
        return (kind, {MESSAGE: UUID, NAMING: _number}[kind](name))
    except (KeyError, ValueError):
        return None


def entry(user: User, kind: str, pk: UUID | int) -> Entry | None:
    """The entry of the person's inbox of this kind and id, if she finds it there."""
    rows = _messages(user) if kind == MESSAGE else _notices(user)
    found = rows.filter(pk=pk)
    return next(iter(_entries(found, ()) if kind == MESSAGE else _entries((), found)), None)


def to_mail(user: User) -> list[Entry]:
    """What is unread in the person's inbox and was in no mail yet, newest first."""
    waiting = {"read": None, "mailed": None}
    return _entries(_messages(user).filter(**waiting), _notices(user).filter(**waiting))


def due(today: date) -> QuerySet[User]:
    """Who is to get a digest on this day, if what waits may be seen: those with an address."""
    chosen = Q(preference=None)
    for often, apart in EVERY.items():
        long_ago = Q(preference__digested=None) | Q(preference__digested__date__lte=today - apart)
        chosen |= Q(preference__digest=often) & long_ago
    waiting = {"read": None, "mailed": None}
    told = Message.objects.filter(**waiting).order_by().values("person")
    named = Notice.objects.filter(**waiting).order_by().values("person")
    people = User.objects.filter(chosen, Q(pk__in=told) | Q(pk__in=named), is_active=True)
    return people.exclude(email="").order_by("pk")


def _messages(user: User) -> QuerySet[Message]:
    """The person's messages with all that is said of them, newest first."""
    rows = messages_for(user).select_related(
        "by", "project", "assignment__article", "overruling__annotation__article", "recoding__tag"
    )
    raw = ("assignment__article__raw", "overruling__annotation__article__raw")
    return rows.defer(*raw).order_by("-created", "-pk")


def _notices(user: User) -> QuerySet[Notice]:
    """Where the person is named, with all that is said of it, newest first."""
    rows = notices_for(user).annotate(created=F("comment__created"))
    rows = rows.select_related("project", "comment__author", "comment__article")
    return rows.defer("comment__article__raw").order_by("-created", "-pk")


def _beyond(place: Place, kind: str) -> Q:
    """Which rows of this kind come after the place."""
    beyond = Q(created__lt=place.at)
    if kind == place.kind:
        beyond |= Q(created=place.at, pk__lt=place.pk)
    elif kind == NAMING:
        beyond |= Q(created=place.at)
    return beyond


def _entries(messages, notices) -> list[Entry]:
    """Both in one list, newest first; each comes in this order already."""
    both = [_of_message(message) for message in messages]
    both += [_of_notice(notice) for notice in notices]
    return sorted(both, key=lambda entry: entry.at, reverse=True)


def _of_message(message: Message) -> Entry:
    before, about, after, instead, href = _TOLD[message.kind](message)
    # An objection says whose version was decided against.
    hidden = message.kind == Message.Kind.CONTESTED and message.project.names_hidden
    returned = message.kind == Message.Kind.RETURNED
    return Entry(
        MESSAGE, message.pk, message.created, message.read is None, message.project,
        "An analyst" if hidden else message.by.shown_name,
        before, about, after, instead, href, message.assignment.comment if returned else "",
    )  # fmt: skip


def _of_notice(notice: Notice) -> Entry:
    comment = notice.comment
    href = f"{reverse('workbench', args=[comment.article_id])}#annotation-{comment.annotation_id}"
    return Entry(
        NAMING, notice.pk, comment.created, notice.read is None, notice.project,
        comment.author.shown_name, "named you in a comment on", comment.article.shown_title, "",
        "an article", href, comment.text,
    )  # fmt: skip


def _assigned(message: Message) -> tuple[str, ...]:
    number, slug = message.number, message.project.slug
    if number > 1:
        before, name = f"gave you {number} articles to code in", message.project.name
        return before, name, "", name, f"{reverse('home')}?project={slug}"
    own = message.assignment
    after = " to code to learn" if own.training else " to code"
    if own.due_on:
        after += f", due on {written(own.due_on, 'j F Y')}"
    return "gave you", own.article.shown_title, after, "an article", _workbench(own.article_id)


def _returned(message: Message) -> tuple[str, ...]:
    article = message.assignment.article
    return "returned", article.shown_title, " to you", "an article", _workbench(article.pk)


def _overruled(message: Message) -> tuple[str, ...]:
    number = message.number
    what = "an annotation of yours" if number == 1 else f"{number} annotations of yours"
    return _decided(message, f"decided otherwise than {what} in", "lessons")


def _contested(message: Message) -> tuple[str, ...]:
    number = message.number
    what = "a decision" if number == 1 else f"{number} decisions"
    return _decided(message, f"contests {what} on", "proposals")


def _answered(message: Message) -> tuple[str, ...]:
    number = message.number
    what = "your objection" if number == 1 else f"{number} of your objections"
    return _decided(message, f"answered {what} to decisions on", "lessons")


def _decided(message: Message, before: str, where: str) -> tuple[str, ...]:
    title = message.overruling.annotation.article.shown_title
    return before, title, "", "an article", reverse(where, args=[message.project.slug])


def _recoding(message: Message) -> tuple[str, ...]:
    tag, href = message.recoding.tag, reverse("recode", args=[message.recoding_id])
    return "asks you to code again what you coded as", tag.label, "", "a tag", href


_TOLD = {
    Message.Kind.ASSIGNED: _assigned,
    Message.Kind.RETURNED: _returned,
    Message.Kind.OVERRULED: _overruled,
    Message.Kind.CONTESTED: _contested,
    Message.Kind.ANSWERED: _answered,
    Message.Kind.RECODING: _recoding,
}


def _workbench(article: UUID) -> str:
    return reverse("workbench", args=[article])


def _number(name: str) -> int:
    """The id of a notice, as it stands in an address. Raises ValueError."""
    if not (name.isascii() and name.isdigit() and len(name) < 19):
        raise ValueError(name)
    return int(name)

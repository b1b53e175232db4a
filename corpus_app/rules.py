"""The door to the rules of outlets: what certain lines of their pages are there for."""

import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from corpus_app import text
from corpus_app.history import DoorError, advance, once, record
from corpus_app.models import Article, Outlet, OutletRule, Revision, User
from corpus_app.names import UnfitName, clean_prose
from corpus_app.reading import Readers, Unreadable
from corpus_app.text import learnt
from corpus_app.text.learnt import How, Rule
from corpus_app.text.lines import lines_of

# Nobody waits longer than this to be told how many articles a rule would change.
PATIENCE = 2.0  # seconds
# What lines can say of an article whose outlet is known.
LEARNT = ("title", "authors", "translators", "published_on")


class RuleError(DoorError):
    """A rule that cannot be stored; `messages` says why, field by field."""


@dataclass(frozen=True)
class Effect:
    """How many of the articles that were looked at each rule would change."""

    changed: Mapping[Rule, int]
    looked_at: int
    articles: int


@dataclass(frozen=True)
class Outcome:
    """What rules would do to a stored article.

    `lines` are the lines as they would be, `changed` those that change, each before and after,
    `rewritten` says whether the text would be another, `found` has what was not known of the
    article, by field.
    """

    lines: tuple[text.Line, ...]
    changed: tuple[tuple[text.Line, text.Line], ...]
    rewritten: bool
    found: Mapping[str, object]


def rules_of(outlet: Outlet | None) -> list[Rule]:
    """The current rules of the outlet, in the order in which they were made."""
    if outlet is None:
        return []
    return [as_rule(row) for row in OutletRule.objects.filter(outlet=outlet, retired=None)]


def as_rule(row: OutletRule) -> Rule:
    """What the stored rule says."""
    return Rule(row.how, row.words, row.place, row.role)


@transaction.atomic
def add(*, by: User, outlet: Outlet, rule: Rule) -> OutletRule:
    """The new rule of the outlet. Raises RuleError."""
    row = OutletRule(id=uuid.uuid4(), project_id=outlet.project_id, outlet=outlet)
    for name, value in _checked(row, rule).items():
        setattr(row, name, value)
    with once(_taken()):
        row.save(force_insert=True)
    record(by=by, verb="created", thing=row, after=as_values(row))
    return row


@transaction.atomic
def change(*, by: User, row: OutletRule, seen: int, rule: Rule) -> OutletRule:
    """The rule as it is to be from now on. Raises RuleError; Stale if it has moved on."""
    return _write(by, row, seen, "changed", **_checked(row, rule))


@transaction.atomic
def retire(*, by: User, row: OutletRule, seen: int) -> OutletRule:
    """The rule, applied no more. Raises Stale if it has moved on."""
    return _write(by, row, seen, "retired", retired=timezone.now())


@transaction.atomic
def revive(*, by: User, row: OutletRule, seen: int) -> OutletRule:
    """The rule, applied again. Raises RuleError if another is for the same lines by now."""
    _checked(row, as_rule(row))
    return _write(by, row, seen, "revived", retired=None)


@transaction.atomic
def adopt(*, by: User, outlet: Outlet, rules: Iterable[Rule]) -> list[OutletRule]:
    """The outlet's rules that say this: new ones, or those for the same lines, changed.

    Raises RuleError; Stale if somebody changes one of them at the same moment.
    """
    adopted = []
    for rule in dict.fromkeys(rules):
        same = _for_same_lines(outlet, rule)
        if same is None:
            adopted.append(add(by=by, outlet=outlet, rule=rule))
        elif same.role != rule.role:
            kept = replace(as_rule(same), role=rule.role)
            adopted.append(change(by=by, row=same, seen=same.version, rule=kept))
        else:
            adopted.append(same)
    return adopted


def as_values(row: OutletRule) -> dict[str, Any]:
    """The rule as JSON values, as history keeps it."""
    return {
        "outlet": row.outlet.name,
        "how": row.how,
        "words": row.words,
        "place": row.place,
        "role": row.role,
        "retired": row.retired.isoformat() if row.retired else None,
    }


def stored_lines(
    article: Article, revision: Revision, readers: Readers
) -> tuple[text.Line, ...] | None:
    """The lines of the article's raw input with the roles that made this revision.

    None where a person wrote the text otherwise than by roles, so that it must not be made anew
    from them, and where the raw input can no longer be read.
    """
    try:
        document = readers.read(article.raw_name, bytes(article.raw), article.raw_type)
    except Unreadable:
        return None
    lines = lines_of(text.normalise(document.text))
    if {str(line.number) for line in lines} != set(revision.roles):
        return None
    made = tuple(replace(line, role=text.Role(revision.roles[str(line.number)])) for line in lines)
    return made if text.compose(made)[0] == revision.text else None


def fit(rules: Sequence[Rule], article: Article, lines: Sequence[text.Line]) -> Outcome | None:
    """What the rules would do to the article of these lines; None if nothing would be different.

    A role that changes neither the text nor what is known of the article makes no difference.
    """
    after = learnt.apply(lines, rules)
    pairs = zip(lines, after, strict=True)
    changed = tuple((old, new) for old, new in pairs if old.role != new.role)
    if not changed:
        return None
    was, found = text.metadata(lines), text.metadata(after)
    lacking = {
        name: getattr(found, name)
        for name in LEARNT
        if not getattr(article, name) and getattr(found, name) not in (getattr(was, name), None)
    }
    rewritten = text.compose(lines) != text.compose(after)
    return Outcome(tuple(after), changed, rewritten, lacking) if rewritten or lacking else None


def effect(rules: Sequence[Rule], articles) -> Effect:
    """How many of the articles (a queryset, newest first) each rule alone would change.

    Looks for two seconds at the most, and says at how many articles.
    """
    changed, looked_at = dict.fromkeys(rules, 0), 0
    until = time.monotonic() + PATIENCE
    with Readers() as readers:
        for article, _, lines in stored(articles, readers):
            for rule in rules:
                changed[rule] += bool(lines and fit([rule], article, lines))
            looked_at += 1
            if time.monotonic() > until:
                break
    return Effect(changed, looked_at, articles.count())


def stored(
    articles, readers: Readers
) -> Iterator[tuple[Article, Revision, tuple[text.Line, ...] | None]]:
    """Every article of the queryset with its newest revision and that revision's lines."""
    newest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number").values("pk")[:1]
    rows = articles.defer(None).annotate(newest=Subquery(newest))
    # Raw input can be large: a few at a time.
    for page in _pages(rows.values_list("pk", "newest")):
        raw = Article.objects.select_related("outlet").in_bulk([article for article, _ in page])
        revisions = Revision.objects.in_bulk([revision for _, revision in page])
        for article, revision in page:
            own = raw[article], revisions[revision]
            yield *own, stored_lines(*own, readers)


def _pages(rows, size: int = 20) -> Iterator[list[tuple]]:
    pairs = list(rows)
    for start in range(0, len(pairs), size):
        yield pairs[start : start + size]


def _write(by: User, row: OutletRule, seen: int, verb: str, **fields: Any) -> OutletRule:
    before = as_values(OutletRule.objects.select_related("outlet").get(pk=row.pk))
    with once(_taken()):
        advance(row, seen=seen, **fields)
    record(by=by, verb=verb, thing=row, before=before, after=as_values(row))
    return row


def _checked(row: OutletRule, rule: Rule) -> dict[str, Any]:
    """The rule's values as they are stored. Raises RuleError."""
    faults = {}
    try:
        words = " ".join(clean_prose(rule.words).split())
    except UnfitName as error:
        raise RuleError(words=str(error)) from error
    if rule.how not in list(How):
        faults["how"] = "A rule knows lines by words, begins, after or place."
    elif rule.how == How.PLACE:
        if words or not rule.place or abs(rule.place) > 30_000:
            faults["place"] = "A place is 1, 2, … from the top or -1, -2, … from the bottom."
    elif rule.place is not None:
        faults["place"] = "Only a rule that knows lines by their place has one."
    elif not learnt.key(words) or len(words) > learnt.LONGEST_WORDS:
        faults["words"] = f"Give the words, {learnt.LONGEST_WORDS} characters at the most."
    if rule.role not in list(text.Role):
        faults["role"] = f"“{rule.role}” is not a role."
    if faults:
        raise RuleError(**faults)
    same = _for_same_lines(row.outlet, replace(rule, words=words))
    if same and same.pk != row.pk:
        raise _taken(same)
    return {"how": rule.how, "words": words, "place": rule.place, "role": rule.role}


def _for_same_lines(outlet: Outlet, rule: Rule) -> OutletRule | None:
    rows = OutletRule.objects.filter(outlet=outlet, retired=None, how=rule.how)
    return next((row for row in rows if as_rule(row).lines_meant == rule.lines_meant), None)


def _taken(same: OutletRule | None = None) -> RuleError:
    said = f": {as_rule(same)}" if same else ""
    return RuleError(f"The outlet has a rule for these lines already{said}. Change that one.")

"""Lines that say themselves what they are: buttons, captions, dates, bylines, sources."""

import re
from collections.abc import Iterable

from corpus_app.text.boilerplate import LONGEST_NOTICE, is_boilerplate, is_caption
from corpus_app.text.bylines import (
    BULLET,
    BY,
    ORGANISATION,
    PROVENANCE,
    TRADE,
    TRANSLATED,
    dates,
    is_name,
    people,
    without_dates,
)
from corpus_app.text.lines import Block, Role
from corpus_app.text.phrases import SECTION_LABEL

LONGEST_BYLINE = 160


def mark_wording(blocks: Iterable[Block]) -> None:
    """Lines that say themselves what they are, wherever they stand."""
    for block in blocks:
        if block.role is None and len(block.text) <= LONGEST_NOTICE:
            block.role = _role_by_wording(block.text)


def _role_by_wording(text: str) -> Role | None:
    if is_caption(text):
        return Role.CAPTION
    if PROVENANCE.match(text):
        return Role.PROVENANCE
    if len(text) <= LONGEST_BYLINE and (role := _signed_or_dated(text)):
        return role
    if is_boilerplate(text):
        return Role.BOILERPLATE
    if text.startswith("Subject: "):
        return Role.TITLE
    return None


def _signed_or_dated(text: str) -> Role | None:
    text = BULLET.sub("", text).removeprefix("Date: ")
    if TRANSLATED.search(text) and people(text)[1]:
        return Role.BYLINE
    if (BY.match(text) or _with_trade(text)) and people(text)[0]:
        return Role.BYLINE
    if next(dates(text), None) is None:
        return None
    authors, _ = people(text)
    if authors and _is_name_and_date(text, authors[0]):
        return Role.BYLINE
    rest = without_dates(text)
    if _is_label(rest):
        return Role.OUTLET if ORGANISATION.search(rest) and len(rest.split()) > 2 else Role.DATELINE
    return None


def _is_name_and_date(text: str, name: str) -> bool:
    """Whether the text is a name and a date with a sign between them: "Anna Holm / 5 May 2024"."""
    parted = re.search(
        rf"{re.escape(name)}\s?[/|•·–—,-]|[/|•·–—,-]\s?{re.escape(name)}", text, re.I
    )
    rest = re.sub(re.escape(name), " ", text, count=1, flags=re.IGNORECASE)
    section = all(SECTION_LABEL.fullmatch(word) for word in name.lower().split())
    return bool(parted) and not section and not without_dates(rest)


def _with_trade(text: str) -> bool:
    """Whether a name is followed by what the person does: "Anna Holm, reporter"."""
    name, comma, trade = text.partition(",")
    return bool(comma) and is_name(name) and len(text) <= 100 and bool(TRADE.match(trade.strip()))


def _is_label(text: str) -> bool:
    """Whether the text is empty or at most four words that all are capitalised."""
    words = text.split()
    return len(words) <= 4 and len(text) <= 40 and not any(word[0].islower() for word in words)

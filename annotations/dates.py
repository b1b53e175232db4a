"""The days that a text names: arithmetic, values in, values out.

A whole date says its day itself. A day without a year, a weekday and "yesterday" are resolved by
the day on which the article appeared, and left out where that is not known. What could be two
days is left out as well, and so is "today", which in most essays means these years.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import NamedTuple

from corpus_app.text.bylines import MONTHS, dates


class Dated(NamedTuple):
    """A stretch `[start, end)` of the text, in code points, and the day that it names."""

    start: int
    end: int
    day: date


# By language: Monday to Sunday, then (words, days after publication).
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "ru": "понедельник вторник среду четверг пятницу субботу воскресенье",
    "zh": "星期一 星期二 星期三 星期四 星期五 星期六 星期日",
}
NEAR = {
    "en": {"the day before yesterday": -2, "yesterday": -1, "last night": -1, "this morning": 0,
           "this afternoon": 0, "this evening": 0, "tonight": 0, "tomorrow": 1,
           "the day after tomorrow": 2},
    "de": {"vorgestern": -2, "gestern": -1, "übermorgen": 2},
    "fr": {"avant-hier": -2, "hier": -1, "demain": 1, "après-demain": 2},
    "es": {"anteayer": -2, "ayer": -1, "pasado mañana": 2},
    "it": {"ieri": -1, "domani": 1, "dopodomani": 2},
    "nl": {"eergisteren": -2, "gisteren": -1, "overmorgen": 2},
    "ru": {"позавчера": -2, "вчера": -1, "завтра": 1, "послезавтра": 2},
    "ar": {"أمس": -1, "غداً": 1},
    "zh": {"前天": -2, "昨天": -1, "昨日": -1, "明天": 1, "后天": 2},
}  # fmt: skip
WITHOUT_SPACES = ("zh",)

# Lower-case months only where no other word is written so: "3 may come", "5 mar".
_CAPITALISED = "|".join(sorted((re.escape(name.title()) for name in MONTHS), key=len, reverse=True))
_PLAIN = "|".join(
    sorted((re.escape(name) for name in MONTHS if len(name) > 3 and name != "march"), reverse=True)
)
_MONTH = rf"(?:{_CAPITALISED}|{_PLAIN})"
DAY_AND_MONTH = re.compile(
    rf"""(?<![\d.,:/-])(?:
      (?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?\s(?:de\s|of\s)?(?P<m1>{_MONTH})(?!\w)
    | (?<!\w)(?P<m2>{_MONTH})\.?\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?
      (?![\w%]|[.,:]\d|\s?(?:%|per\scent))
    | (?P<m3>\d{{1,2}})\s?[月월]\s?(?P<d3>\d{{1,2}})\s?[日일]
    )(?:,?\s(?:of\s)?(?P<year>last|this|next)\syear\b)?""",
    re.VERBOSE,
)
LATER = re.compile(r"\b(?:by|next|bis|d[’']ici le)\s(?:the\s)?$", re.IGNORECASE)
NO_ONE_DAY = re.compile(
    r"\b(?:every|each|any|an?|one|most|some|good|black|bloody|easter|ash|palm|holy|maundy|super|"
    r"this|jeden|chaque|cada|ogni|elke|кажд\w+)\s$|[每]$",
    re.IGNORECASE,
)
LAST = re.compile(r"\b(?:last|previous|letzten|vergangenen|прошл\w+)\s$|上$", re.IGNORECASE)
NEXT = re.compile(
    r"\b(?:next|coming|following|nächsten|kommenden|следующ\w+)\s$|下$", re.IGNORECASE
)
NAME_OF_A_PAPER = re.compile(
    r"\s(?:Times|Telegraph|Mirror|Mail|Post|Express|Herald|Review|Group)\b"
)
LAST_AFTER = re.compile(r"\s(?:dernier|pasado|scorso)\b")
NEXT_AFTER = re.compile(r"\s(?:prochain|próximo|prossimo)\b")
APART = re.compile(r"\s?,?\s?(?:the\s|den\s|dem\s|le\s|el\s|il\s|de\s)?")  # and a date follows
TIES = ("", " ", ", ", " (")  # between a date and its weekday


def named(text: str, *, language: str, published_on: date | None) -> list[Dated]:
    """Every day that the text names, in order and without overlaps.

    `language` is the article's (BCP 47); weekdays and "yesterday" are looked for in its words only.
    """
    whole = list(dates(text))
    found = [Dated(one.start, one.end, one.day) for one in whole if one.day]
    if not published_on or not MINYEAR < published_on.year < MAXYEAR:
        return found
    tongue = language.lower().split("-")[0]
    taken = sorted((one.start, one.end) for one in whole)
    dated = [one for one in _without_year(text, published_on) if not _meets(one, taken)]
    taken = sorted([*taken, *((one.start, one.end) for one in dated)])
    weekdays = [
        one for one in _weekdays(text, tongue, published_on) if not _beside(text, one, taken)
    ]
    return sorted([*found, *dated, *weekdays, *_near(text, tongue, published_on)])


def _neighbours(one: Dated, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The last stretch that begins before this one, and the first that does not."""
    nth = bisect_left(taken, (one.start, one.end))
    return taken[max(0, nth - 1) : nth + 1]


def _meets(one: Dated, taken: list[tuple[int, int]]) -> bool:
    return any(one.start < end and start < one.end for start, end in _neighbours(one, taken))


def _beside(text: str, one: Dated, taken: list[tuple[int, int]]) -> bool:
    """Whether a weekday only belongs to the date before or after it."""
    return any(
        APART.fullmatch(text, one.end, start) if one.end <= start else text[end : one.start] in TIES
        for start, end in _neighbours(one, taken)
    )


def _without_year(text: str, published_on: date) -> Iterator[Dated]:
    """Days of a month, each in the year that puts it nearest to publication.

    After "by" and "next" it is the first such day that follows.
    """
    for match in DAY_AND_MONTH.finditer(text):
        form = next(nth for nth in "123" if match[f"d{nth}"])
        name = match[f"m{form}"]
        month = int(name) if name.isdigit() else MONTHS[name.lower().replace("i̇", "i")]
        days = [
            _day(published_on.year + step, month, int(match[f"d{form}"])) for step in (-1, 0, 1)
        ]
        if match["year"]:
            chosen = days[("last", "this", "next").index(match["year"])]
        else:
            later = LATER.search(text, max(0, match.start() - 20), match.start())
            fitting = [day for day in days if day and (not later or day >= published_on)]
            chosen = min(fitting, key=lambda day: abs(day - published_on), default=None)
        if chosen:
            yield Dated(match.start(), match.end(), chosen)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekdays(text: str, tongue: str, published_on: date) -> Iterator[Dated]:
    """Weekdays: the day of publication or the nearest before it, as newspapers say it."""
    names = WEEKDAYS.get(tongue, "").split()
    for match in _words(names, tongue).finditer(text) if names else ():
        if _is_no_one_day(text, match):
            continue
        ahead = (names.index(match[0]) - published_on.weekday()) % 7
        if _said(text, match, NEXT, NEXT_AFTER):
            days = ahead or 7
        else:
            days = ahead - 7 if ahead or _said(text, match, LAST, LAST_AFTER) else 0
        yield Dated(match.start(), match.end(), published_on + timedelta(days=days))


def _is_no_one_day(text: str, match: re.Match[str]) -> bool:
    before = NO_ONE_DAY.search(text, max(0, match.start() - 12), match.start())
    return bool(before or NAME_OF_A_PAPER.match(text, match.end()))


def _said(text: str, match: re.Match[str], before: re.Pattern, after: re.Pattern) -> bool:
    found = before.search(text, max(0, match.start() - 14), match.start())
    return bool(found or after.match(text, match.end()))


def _near(text: str, tongue: str, published_on: date) -> Iterator[Dated]:
    """What is said from the day of publication: yesterday, tomorrow."""
    words = NEAR.get(tongue, {})
    for match in _words(words, tongue, re.IGNORECASE).finditer(text) if words else ():
        day = published_on + timedelta(days=words[match[0].lower()])
        yield Dated(match.start(), match.end(), day)


def _words(names, tongue: str, flags: int = 0) -> re.Pattern[str]:
    any_of = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    alone = any_of if tongue in WITHOUT_SPACES else rf"(?<!\w)(?:{any_of})(?!\w)"
    return re.compile(alone, flags)

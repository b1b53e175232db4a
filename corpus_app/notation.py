"""How an actor's aliases, wholes and ids stand in the cells of a CSV file: written and read.

Entries are parted by `|`. What is said of one stands after it in braces, parted by blanks: its
days as `since/until` (`..` where it is open), its language, `case:` and its rule of case. A `|`,
`{` or backslash of a name has a backslash before it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

OPEN = ".."
SPECIAL = re.compile(r"[\\|{]")
PIECE = re.compile(r"\\[\\|{]|.", re.DOTALL)


class UnfitCell(ValueError):
    """A cell that cannot be read; the message says what is wrong with it."""


def write_names(entries: Iterable[Mapping[str, Any]]) -> str:
    """The cell for entries with `name` and any of `language`, `case`, `since` and `until`."""
    return "|".join(_entry(entry) for entry in entries)


def read_names(cell: str) -> list[dict[str, str]]:
    """The entries of such a cell; a name alone stands for itself. Raises UnfitCell."""
    return [_read_entry(entry) for entry in _parted(cell) if "".join(entry).strip()]


def write_ids(ids: Iterable[Mapping[str, str]]) -> str:
    """The cell for external ids, each as `scheme:value`."""
    return "|".join(f"{each['scheme']}:{each['value']}" for each in ids)


def read_ids(cell: str) -> list[dict[str, str]]:
    """The external ids of such a cell. Raises UnfitCell."""
    found = []
    for each in filter(str.strip, cell.split("|")):
        scheme, colon, value = each.strip().partition(":")
        if not colon:
            raise UnfitCell(f"“{each}” does not say whose id it is. Write it like wikidata:Q159.")
        found.append({"scheme": scheme.lower(), "value": value})
    return found


def _entry(entry: Mapping[str, Any]) -> str:
    told = []
    if "since" in entry or "until" in entry:
        told.append(f"{entry.get('since', OPEN)}/{entry.get('until', OPEN)}")
    if "language" in entry:
        told.append(entry["language"])
    if "case" in entry:
        told.append(f"case:{entry['case']}")
    name = SPECIAL.sub(r"\\\g<0>", entry["name"])
    return f"{name} {{{' '.join(told)}}}" if told else name


def _parted(cell: str) -> list[list[str]]:
    """The pieces of each entry: characters, or a special one with its backslash."""
    entries: list[list[str]] = [[]]
    for piece in PIECE.findall(cell):
        if piece == "|":
            entries.append([])
        else:
            entries[-1].append(piece)
    return entries


def _read_entry(pieces: list[str]) -> dict[str, str]:
    end = pieces.index("{") if "{" in pieces else len(pieces)
    name = "".join(p[1:] if len(p) == 2 else p for p in pieces[:end]).strip()
    entry = {"name": name}
    if end == len(pieces):
        return entry
    rest = "".join(pieces[end:]).strip()
    if not rest.endswith("}"):
        raise UnfitCell(f"After “{name}” a brace is opened and not closed.")
    for word in rest[1:-1].split():
        entry |= _read_word(name, word)
    return entry


def _read_word(name: str, word: str) -> dict[str, str]:
    if word.startswith("case:"):
        return {"case": word.removeprefix("case:")}
    if "/" not in word:
        return {"language": word}
    since, _, until = word.partition("/")
    return {key: day for key, day in (("since", since), ("until", until)) if day not in ("", OPEN)}

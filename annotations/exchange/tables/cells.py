"""How values stand in the cells of a table, and how they are read from them again.

Several values are parted by `|`, and the parts of one by `:`. A bar or backslash of a value, a
colon of one that has parts, and a blank at either end have a backslash before them. Cells may
have been through a spreadsheet program: numbers as `12.0` and days in other notations are read.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from corpus_app.notation import UnfitCell
from corpus_app.reading.columns import read_day

SINGLE = re.compile(r"[\\|]|^\s|\s$")
OF_PARTS = re.compile(r"[\\|:]|^\s|\s$")
PIECE = re.compile(r"\\.|.", re.DOTALL)
NUMBER = re.compile(r"(\d{1,9})(?:[.,]0{1,2})?")
STAND_IN = re.compile(r"@+(?:author|outlet)")
LONGEST = 1 << 20  # of a cell that is taken apart
YES, NO = ("yes", "true", "1"), ("", "no", "false", "0")


def joined(values: Iterable[str]) -> str:
    """The cell for these values, none of which is empty."""
    return "|".join([escaped(value) for value in values])


def joined_parts(entries: Iterable[Sequence[str]]) -> str:
    """The cell for values of parts; empty parts at an entry's end are left out."""
    return "|".join([_of_parts(list(entry)) for entry in entries])


def escaped(value: str, special: re.Pattern[str] = SINGLE) -> str:
    """The value as it stands in a cell with others."""
    return special.sub(r"\\\g<0>", value) if special.search(value) else value


def parted(cell: str) -> list[str]:
    """The values of such a cell; blanks around them and empty ones do not count.

    Raises UnfitCell if it is too long.
    """
    return [value for value in map(_plain, _split(_pieces(cell), "|")) if value]


def parted_parts(cell: str, most: int) -> list[list[str]]:
    """The entries of such a cell, each with `most` parts.

    Raises UnfitCell if one has more, or the cell is too long.
    """
    entries = []
    for pieces in _split(_pieces(cell), "|"):
        parts = [_plain(part) for part in _split(pieces, ":")]
        if len(parts) > most:
            raise UnfitCell(f"“{''.join(pieces)}” has too many colons; write \\: for one in a name")
        if any(parts):
            entries.append(parts + [""] * (most - len(parts)))
    return entries


def name_cell(name: str, stands_for: str) -> str:
    """The name of somebody who takes part; whoever is really called `@author` has an @ more."""
    taken = name[:1] == "@" and not stands_for and STAND_IN.fullmatch(name)
    return f"@{name}" if taken else name


def read_name(cell: str) -> tuple[str, str]:
    """The name, and whether it is a stand-in (`author` or `outlet`), of such a cell."""
    if not STAND_IN.fullmatch(cell):
        return cell, ""
    return (cell[1:], "") if cell.startswith("@@") else (cell, cell[1:])


def read_number(cell: str, column: str) -> int:
    """The whole number in the cell. Raises UnfitCell."""
    if not (found := NUMBER.fullmatch(cell.strip())):
        raise UnfitCell(f"{column}: “{cell[:40]}” is no whole number")
    return int(found[1])


def read_yes(cell: str, column: str) -> bool:
    """Whether the cell says yes. Raises UnfitCell."""
    said = cell.strip().lower()
    if said not in YES + NO:
        raise UnfitCell(f"{column}: “{cell[:40]}” is neither yes nor no")
    return said in YES


def read_date(cell: str) -> date | None:
    """The day in the cell, in any notation that names only one; otherwise None."""
    return read_day(cell) if cell.strip() else None


def read_moment(cell: str) -> datetime | None:
    """The moment in the cell, in UTC, also where it names no zone; None if it names none."""
    try:
        moment = datetime.fromisoformat(cell.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_choice(cell: str, column: str, choices: Sequence[str]) -> str:
    """The cell, which is one of the choices. Raises UnfitCell."""
    said = cell.strip().lower()
    if said not in choices:
        known = ", ".join(choice or "nothing" for choice in choices)
        raise UnfitCell(f"{column}: “{cell[:40]}” is none of {known}")
    return said


def _of_parts(entry: list[str]) -> str:
    while entry and not entry[-1]:
        entry.pop()
    return ":".join([escaped(part, OF_PARTS) for part in entry])


def _pieces(cell: str) -> list[str]:
    if len(cell) > LONGEST:
        raise UnfitCell(f"“{cell[:40]}…” is longer than {LONGEST:,} characters")
    return PIECE.findall(cell)


def _split(pieces: Sequence[str], separator: str) -> list[list[str]]:
    entries: list[list[str]] = [[]]
    for piece in pieces:
        if piece == separator:
            entries.append([])
        else:
            entries[-1].append(piece)
    return entries


def _plain(pieces: list[str]) -> str:
    """The value without its backslashes, and without blanks around it that have none."""
    first, last = 0, len(pieces)
    while first < last and pieces[first].isspace():
        first += 1
    while last > first and pieces[last - 1].isspace():
        last -= 1
    return "".join(piece[-1] for piece in pieces[first:last])

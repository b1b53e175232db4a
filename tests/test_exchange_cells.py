"""Several values in a cell, and what spreadsheet programs make of numbers, days and names."""

from datetime import UTC, date, datetime

import pytest

from annotations.exchange.tables import cells
from corpus_app.notation import UnfitCell

VALUES = [
    [],
    ["Union"],
    ["a|b", "c:d", "e\\f"],
    ["\\", "|", "\\|"],
    [" blank ", "\n", "x\t"],
    ["'=1", "@home", "قال", "👩‍🚒"],
]


@pytest.mark.parametrize("values", VALUES)
def test_values_of_a_cell_are_read_as_they_were_written(values):
    assert cells.parted(cells.joined(values)) == values


@pytest.mark.parametrize("values", VALUES)
def test_parts_of_values_are_read_as_they_were_written(values):
    entries = [[value, "support"] for value in values] + [[value, ""] for value in values]
    assert cells.parted_parts(cells.joined_parts(entries), 2) == entries


def test_blanks_around_values_and_empty_ones_do_not_count():
    assert cells.parted(" a | b||  ") == ["a", "b"]
    assert cells.parted_parts(" a : x | b | ", 2) == [["a", "x"], ["b", ""]]


def test_a_value_of_too_many_parts_is_refused():
    with pytest.raises(UnfitCell, match="“a:b:c” has too many colons"):
        cells.parted_parts("a:b:c", 2)


@pytest.mark.parametrize(
    ("name", "stands_for", "cell"),
    [
        ("@author", "author", "@author"),
        ("@outlet", "outlet", "@outlet"),
        ("@author", "", "@@author"),
        ("@@outlet", "", "@@@outlet"),
        ("@home", "", "@home"),
        ("Union", "", "Union"),
    ],
)
def test_a_stand_in_is_told_from_somebody_of_that_name(name, stands_for, cell):
    assert cells.name_cell(name, stands_for) == cell
    assert cells.read_name(cell) == (name, stands_for)


@pytest.mark.parametrize(
    ("cell", "number"), [("12", 12), ("12.0", 12), ("12,00", 12), (" 0 ", 0), ("007", 7)]
)
def test_a_whole_number_is_read_however_it_is_shown(cell, number):
    assert cells.read_number(cell, "start") == number


@pytest.mark.parametrize("cell", ["", "1,000", "1.5", "-1", "1e3", "x", "٣x", "12345678901"])
def test_what_is_no_whole_number_is_refused(cell):
    with pytest.raises(UnfitCell, match=r"start: “.*” is no whole number"):
        cells.read_number(cell, "start")


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2024-03-14", date(2024, 3, 14)), ("14.03.2024", date(2024, 3, 14)), ("3/4", None)],
)
def test_a_day_is_read_in_any_notation_that_names_only_one(cell, day):
    assert cells.read_date(cell) == day


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2024-03-14T09:26:53.5+00:00", datetime(2024, 3, 14, 9, 26, 53, 500000, UTC)),
        ("2024-03-14 09:26", datetime(2024, 3, 14, 9, 26, tzinfo=UTC)),
        ("2024-03-14T01:26+02:00", datetime(2024, 3, 13, 23, 26, tzinfo=UTC)),
        ("0001-01-01T00:00+14:00", None),
        ("yesterday", None),
    ],
)
def test_a_moment_without_a_zone_is_in_utc(cell, moment):
    assert cells.read_moment(cell) == moment

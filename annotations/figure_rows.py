"""Agreement figures as rows of a table to take away."""

from collections.abc import Iterator
from typing import Any

from annotations.agreement import BY, Answer
from annotations.coefficients.estimates import MEASURES

COLUMNS = (
    "table", "line", "of", "measure", "level", "value", "low", "high", "units", "coders",
    "articles", "why",
)  # fmt: skip


def rows(answer: Answer) -> Iterator[list[Any]]:
    """One row for each figure, also for those that there are not, in the order of COLUMNS."""
    head = [{"name": "", "cells": answer.headline}] if answer.headline else []
    for line in [*head, *answer.lines]:
        for cell in line["cells"]:
            measure = MEASURES[cell["measure"]]
            numbers = [cell[name] for name in ("value", "low", "high", "units", "coders", "groups")]
            yield [
                BY[answer.by], line["name"], cell["name"], measure.name, measure.level,
                *("" if number is None else number for number in numbers), cell["why"],
            ]  # fmt: skip

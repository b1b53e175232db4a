"""What an event changed, in words."""

from collections.abc import Mapping
from typing import Any, NamedTuple

NOTHING = "–"


class Change(NamedTuple):
    """One value that differs: its name, and how it read before and after."""

    name: str
    before: str
    after: str


def changes(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    names: Mapping[str, str] = {},
) -> list[Change]:
    """Everything that differs between two states; what is not said is as good as no.

    `names` says what ids are called.
    """
    before, after = before or {}, after or {}
    told = (
        Change(
            key.replace("_", " "),
            in_words(before.get(key), names),
            in_words(after.get(key), names),
        )
        for key in {**before, **after}
        if before.get(key) or after.get(key)
    )
    return [change for change in told if change.before != change.after]


def in_words(value: Any, names: Mapping[str, str] = {}) -> str:
    """A JSON value as a person reads it; ids by their names, nothing as a dash."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        said = ((key.replace("_", " "), in_words(part, names)) for key, part in value.items())
        return ", ".join(f"{key}: {words}" for key, words in said if words != NOTHING)
    if isinstance(value, (list, tuple)):
        return "; ".join(in_words(part, names) for part in value)
    return names.get(str(value), str(value))

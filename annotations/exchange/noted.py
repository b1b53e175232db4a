"""A person's words and values of ours in one note, for formats whose only room is a note.

What a person wrote stands first, and on the last line `crossread: {…}`. Whoever edits the note in
another tool leaves that line as it is.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

_LINE = re.compile(r"^crossread: (\{[^\n]*\})[ \t\r]*$", re.MULTILINE)


def compact(values: Any) -> str:
    """JSON on one line."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def parsed(text: str) -> dict[str, Any]:
    """A JSON object, or an empty one if it is none."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def noted(text: str, values: Mapping[str, Any]) -> str:
    """A note of a person's text, and of values on its last line."""
    return f"{text}\n\ncrossread: {compact(values)}" if text else f"crossread: {compact(values)}"


def unnoted(note: str) -> tuple[str, dict[str, Any]]:
    """The person's text of such a note, and the values: none if it has no such line."""
    lines = list(_LINE.finditer(note))
    if not lines or not (values := parsed(lines[-1][1])):
        return note, {}
    before, after = note[: lines[-1].start()], note[lines[-1].end() :]
    return before.removesuffix("\n\n") + after.rstrip("\n"), values


def edited(native: str, shown: str, told: str) -> str:
    """What was kept, as long as what is shown of it was not changed; else what is there now."""
    return told if native == shown else native

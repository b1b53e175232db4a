"""What an office document or PDF says of itself: often of its template, or of who typed it."""

import re
from typing import Any

from corpus_app.text.bylines import is_name
from corpus_app.text.lines import flat

# Titles that programs give.
NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)|untitled|document\d*|dokument\d*|.*\.\w{2,4}$)\b.*", re.I
)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


def properties(title: str | None, authors: str | None, language: str | None) -> dict[str, Any]:
    """The fields that look like what they should be; the authors are parted by semicolons."""
    title, language = flat(title or ""), (language or "").strip()
    names = [flat(name) for name in re.split(r"[;\n]", authors or "")]
    values = {
        "title": "" if NO_TITLE.fullmatch(title) else title,
        "authors": [name for name in names if is_name(name)],
        "language": language.replace("_", "-") if LANGUAGE.fullmatch(language) else "",
    }
    return {name: value for name, value in values.items() if value}

"""Which line of an article says what is known about it."""

from collections.abc import Mapping, Sequence

from corpus_app.text.bylines import metadata
from corpus_app.text.lines import Line, Role

SAID_BY = {
    "title": (Role.TITLE,),
    "authors": (Role.BYLINE, Role.BIO),
    "translators": (Role.BYLINE,),
    "outlet": (Role.OUTLET, Role.PROVENANCE),
    "published_on": (Role.DATELINE, Role.BYLINE, Role.OUTLET),
}


def origins(lines: Sequence[Line], values: Mapping[str, object]) -> dict[str, int]:
    """For each of the values that a line says, the number of the first such line.

    `values` are title, authors, translators, outlet, published_on; others are passed over.
    """
    found: dict[str, int] = {}
    for line in lines:
        fields = [name for name, roles in SAID_BY.items() if line.role in roles]
        said = metadata([line]) if any(values.get(name) for name in fields) else None
        for name in fields:
            if said and _says(getattr(said, name), values.get(name)):
                found.setdefault(name, line.number)
    return found


def _says(said: object, value: object) -> bool:
    if not said or not value:
        return False
    if isinstance(said, tuple):
        return bool(set(said) & set(value))
    if isinstance(said, str):
        # A title may stand on two lines; a note of the source leaves out the article of The Post.
        return said.casefold() in str(value).casefold()
    return said == value

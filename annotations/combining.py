"""Versions of one annotation field by field, and one content put together from several."""

from collections.abc import Mapping

from annotations.content import ROLES, Content

FACET = "facet:"  # before the slug of a facet; a facet's tags are taken with their stances
PLAIN = ("attribution", "certainty", "note")


def fields_of(kind: str, facets: tuple[str, ...]) -> tuple[str, ...]:
    """The fields of this kind of annotation in the order in which they are read.

    `facets` are the slugs of the codebook's facets; only claims are coded.
    """
    coded = tuple(FACET + slug for slug in facets) if kind == "claim" else ()
    return ("spans", *ROLES[kind], *coded, *PLAIN)


def take(into: Content, field: str, source: Content, facet_of: Mapping[str, str]) -> Content:
    """The content with what another says in this field, instead of what it said there.

    `facet_of` gives the slug of the facet of each tag.
    """
    values = vars(into)
    if field == "spans" or field in PLAIN:
        return Content(**{**values, field: getattr(source, field)})
    if field.startswith(FACET):
        slug = field.removeprefix(FACET)
        kept = [code for code in into.codes if facet_of[code.tag] != slug]
        taken = [code for code in source.codes if facet_of[code.tag] == slug]
        return Content(**{**values, "codes": (*kept, *taken)})
    kept = [part for part in into.parts if part.role != field]
    taken = [part for part in source.parts if part.role == field]
    return Content(**{**values, "parts": (*kept, *taken)})


def combined(
    versions: Mapping[str, Content], sources: Mapping[str, str], facet_of: Mapping[str, str]
) -> Content:
    """The content whose every field is taken from the version that `sources` names for it.

    What no field says (links, and whether a curator is asked to look) is left out.
    """
    kind = next(iter(versions.values())).kind
    content = Content(kind=kind, spans=())
    for field, version in sources.items():
        content = take(content, field, versions[version], facet_of)
    return content


def common(contents: list[Content]) -> Content:
    """What contents that agree all say: the first, less its remarks that others do not make."""
    first = contents[0]
    same = {
        name: getattr(first, name)
        for name in ("note", "certainty", "links")
        if all(getattr(one, name) == getattr(first, name) for one in contents)
    }
    silent = {"note": "", "certainty": "", "links": (), "flagged": False}
    return Content(**{**vars(first), **silent, **same})

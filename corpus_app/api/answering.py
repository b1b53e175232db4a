"""What the answers of all addresses have in common: chosen fields, things shown whole, ETags."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.utils.http import parse_etags
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

Shown = dict[str, Any]


class Expansion(NamedTuple):
    """How an id in an answer becomes the thing itself.

    `load(user, ids)` is what is shown for each of the ids that the user may see, in a number of
    queries that does not grow; `shape` is the serializer that describes it. `key` is the field
    that has the id, if it is not the one that the thing is shown in.
    """

    load: Callable[[Any, set[str]], Mapping[str, Shown]]
    shape: type[serializers.Serializer]
    key: str = ""


def names_asked(request: Request, parameter: str, known: Iterable[str]) -> list[str]:
    """The names in a parameter, parted by commas; none if it is not there.

    Raises ValidationError for one that is not known.
    """
    text = request.query_params.get(parameter)
    if text is None:
        return []
    names, known = list(dict.fromkeys(text.split(","))), list(known)
    unknown = [name for name in names if name not in known]
    if unknown:
        shown = ", ".join(f"“{name[:80]}”" for name in unknown[:5])
        raise ValidationError({parameter: [f"There is no {shown} here; {', '.join(known)} are."]})
    return names


def expanded(
    rows: list[Shown], names: Iterable[str], expansions: Mapping[str, Expansion], user: Any
) -> list[Shown]:
    """The rows with the things themselves in the place of their ids, as far as one may see them.

    One call of `load` for each name, however many rows there are. A name is a path: of
    `participants.actor` each participant's actor is shown.
    """
    for name in names:
        load, _, key = expansions[name]
        holders, last = list(_holders(rows, name.split("."))), name.rpartition(".")[2]
        ids = [str(holder[key or last] or "") for holder in holders]
        found = load(user, set(filter(None, ids))) if any(ids) else {}
        for holder, pk in zip(holders, ids, strict=True):
            holder[last] = found.get(pk, holder[last])
    return rows


def _holders(rows: Iterable[Shown], path: list[str]) -> Iterator[Shown]:
    """What has the last name of the path, in each of the rows."""
    for row in rows:
        if len(path) == 1:
            yield row
        else:
            inner = row.get(path[0]) or []
            yield from _holders(inner if isinstance(inner, list) else [inner], path[1:])


def by_id(rows: Iterable[Any], serializer: type[serializers.Serializer]) -> dict[str, Shown]:
    """Each of the rows as the serializer shows it, by its id."""
    rows = list(rows)
    shown = serializer(rows, many=True).data
    return {str(row.pk): one for row, one in zip(rows, shown, strict=True)}


def trimmed(rows: list[Shown], names: list[str]) -> list[Shown]:
    """The rows with these fields only; as they are if none are named."""
    return [{name: row[name] for name in names} for row in rows] if names else rows


def is_known(request: Request, etag: str) -> bool:
    """Whether the client has the answer of this ETag already, and says so."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag in [one.removeprefix("W/") for one in known]


def tag(response: Response, request: Request, *, weak: bool) -> None:
    """Give the answer an ETag of what it says, and make it 304 if the client has it already.

    A version that the answer has as its ETag stays in it: `"3-…"` is fit for If-Match, too.
    """

    def conditional(rendered: Response) -> HttpResponse | None:
        digest = hashlib.sha256(rendered.content).hexdigest()[:16]
        version = rendered.headers.get("ETag", "").strip('"')
        value = f'"{version}-{digest}"' if version else f'"{digest}"'
        rendered["ETag"] = f"W/{value}" if weak else value
        if not is_known(request, value):
            return None
        kept = ("ETag", "Cache-Control", "Vary")
        headers = {name: rendered[name] for name in kept if name in rendered}
        return HttpResponse(status=304, headers=headers, content_type="")

    response.add_post_render_callback(conditional)

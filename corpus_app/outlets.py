"""The door to outlets and stories: who publishes, and the events that several articles report."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from corpus_app.history import DoorError, advance, once, record
from corpus_app.models import Outlet, Project, Story, User
from corpus_app.names import UnfitName, clean_name, clean_prose, name_key

_web = URLValidator(schemes=["http", "https"])
LONGEST_ADDRESS = Outlet._meta.get_field("url").max_length


class OutletError(DoorError):
    """An outlet or story that cannot be stored; `messages` says why, field by field."""


@dataclass(frozen=True)
class OutletValues:
    """What is known of an outlet. `country` is an ISO 3166 code of two letters, or empty."""

    name: str
    country: str = ""
    url: str = ""
    standpoint: str = ""


@dataclass(frozen=True)
class StoryValues:
    """What is known of a story."""

    title: str
    happened_on: date | None = None
    summary: str = ""


@transaction.atomic
def create_outlet(
    *, by: User, project: Project, values: OutletValues, id: uuid.UUID | None = None
) -> Outlet:
    """The new outlet, with the id that the client made for it. Raises OutletError."""
    return _create(by, Outlet(id=id or uuid.uuid4(), project=project), values)


@transaction.atomic
def change_outlet(*, by: User, outlet: Outlet, seen: int, values: OutletValues) -> Outlet:
    """The outlet with these values. Raises OutletError; Stale if it has moved on."""
    return _change(by, outlet, seen, values)


@transaction.atomic
def create_story(
    *, by: User, project: Project, values: StoryValues, id: uuid.UUID | None = None
) -> Story:
    """The new story, with the id that the client made for it. Raises OutletError."""
    return _create(by, Story(id=id or uuid.uuid4(), project=project), values)


@transaction.atomic
def change_story(*, by: User, story: Story, seen: int, values: StoryValues) -> Story:
    """The story with these values. Raises OutletError; Stale if it has moved on."""
    return _change(by, story, seen, values)


def as_values(thing: Outlet | Story) -> dict[str, Any]:
    """The outlet or story as JSON values, as history keeps it."""
    if isinstance(thing, Outlet):
        names = ("name", "country", "url", "standpoint")
        return {name: getattr(thing, name) for name in names}
    happened_on = thing.happened_on.isoformat() if thing.happened_on else None
    return {"title": thing.title, "happened_on": happened_on, "summary": thing.summary}


def _create(by: User, thing, values):
    for name, value in checked(thing, values).items():
        setattr(thing, name, value)
    with once(_taken(thing)):
        thing.save(force_insert=True)
    record(by=by, verb="created", thing=thing, after=as_values(thing))
    return thing


def _change(by: User, thing, seen: int, values):
    fields = checked(thing, values)
    before = as_values(type(thing).objects.get(pk=thing.pk))
    with once(_taken(thing)):
        advance(thing, seen=seen, **fields)
    record(by=by, verb="changed", thing=thing, before=before, after=as_values(thing))
    return thing


def checked(thing: Outlet | Story, values: OutletValues | StoryValues) -> dict[str, Any]:
    """The columns of these values, cleaned. Raises OutletError with every fault."""
    return (_checked_outlet if isinstance(thing, Outlet) else _checked_story)(thing, values)


def _checked_outlet(outlet: Outlet, values: OutletValues) -> dict[str, Any]:
    faults: dict[str, str] = {}
    name, key = _name(values.name, "name", 200, faults), name_key(values.name)
    if _others(outlet).filter(name_key=key).exists():
        faults["name"] = f"There is an outlet “{name}” in this project already."
    country = values.country.strip().upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        faults["country"] = "A country is two letters, such as JP."
    if fault := address_fault(values.url):
        faults["url"] = fault
    elif len(values.url) > LONGEST_ADDRESS:
        faults["url"] = f"It has {len(values.url)} characters; {LONGEST_ADDRESS} is the most."
    standpoint = _prose(values.standpoint, "standpoint", faults)
    if faults:
        raise OutletError(**faults)
    return {
        "name": name, "name_key": key, "country": country, "url": values.url,
        "standpoint": standpoint,
    }  # fmt: skip


def _checked_story(story: Story, values: StoryValues) -> dict[str, Any]:
    faults: dict[str, str] = {}
    title = _name(values.title, "title", 300, faults)
    if _others(story).filter(title=title).exists():
        faults["title"] = f"There is a story “{title}” in this project already."
    summary = _prose(values.summary, "summary", faults)
    if faults:
        raise OutletError(**faults)
    return {"title": title, "happened_on": values.happened_on, "summary": summary}


def address_fault(url: str) -> str:
    """What is wrong with an address on the web; nothing if it is one, or empty."""
    try:
        if url:
            _web(url)
    except ValidationError:
        return "This is not a full web address, such as https://example.org/page."
    return ""


def _taken(thing: Outlet | Story) -> OutletError:
    field = "name" if isinstance(thing, Outlet) else "title"
    return OutletError(**{field: "Somebody has just made one of this name in this project."})


def _others(thing: Outlet | Story):
    return type(thing).objects.filter(project_id=thing.project_id).exclude(pk=thing.pk)


def _name(name: str, field: str, most: int, faults: dict[str, str]) -> str:
    try:
        cleaned = clean_name(name)
    except UnfitName as error:
        faults[field] = str(error)
        return name
    if len(cleaned) > most:
        faults[field] = f"It has {len(cleaned)} characters; {most} is the most."
    return cleaned


def _prose(text: str, field: str, faults: dict[str, str]) -> str:
    try:
        return clean_prose(text)
    except UnfitName as error:
        faults[field] = str(error)
        return text

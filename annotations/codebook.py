"""The door to the codebook: facets and tags are made, changed and retired here."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from annotations.models import ClaimTag, Codebook, Definition, Facet
from corpus_app.history import DoorError, advance, once, record
from corpus_app.models import Project, User
from corpus_app.names import UnfitName, clean_name, clean_prose
from corpus_app.report import Report

# Letters that are commands of the workbench and so cannot be a tag's key.
RESERVED_KEYS = frozenset("mjk")
# How many tags may stand under each other.
DEEPEST = 8
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")
LAST_POSITION = 9999
USUAL = "Codebook of"  # how it is called, of this project, as long as nobody says otherwise


class CodebookError(DoorError):
    """A facet or tag that cannot be stored; `messages` says why, field by field."""


@dataclass(frozen=True)
class TagValues:
    """What a curator says of a tag."""

    label: str
    slug: str = ""
    parent: ClaimTag | None = None
    key: str = ""
    colour: str = ""
    position: int = 0
    definition: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class FacetValues:
    """What a curator says of a facet."""

    name: str
    slug: str = ""
    position: int = 0
    choose: str = Facet.Choose.ANY
    required: bool = False
    takes_stance: bool = False


@transaction.atomic
def codebook_of(*, by: User, project: Project, name: str = "", description: str = "") -> Codebook:
    """The project's codebook, made if there is none yet. Raises CodebookError for unfit words."""
    faults: dict[str, str] = {}
    fields = {
        "name": _name(name or f"{USUAL} {project.name}"[:200], "name", faults),
        "description": _prose(description, "description", faults),
    }
    if faults:
        raise CodebookError(**faults)
    codebook, made = Codebook.objects.get_or_create(project=project, defaults=fields)
    if made:
        record(by=by, verb="created", thing=codebook, after=_codebook(codebook))
    return codebook


@transaction.atomic
def take_words(
    *, by: User, project: Project, name: str, description: str
) -> tuple[bool, list[str]]:
    """Whether the project's codebook has got words of a file now, and of what it keeps its own.

    It gets a name as long as nobody has given it any, and a description if it has none. Raises
    CodebookError for unfit words; Stale.
    """
    own = Codebook.objects.filter(project=project).first()
    if own is None:
        codebook_of(by=by, project=project, name=name, description=description)
        return True, []
    faults: dict[str, str] = {}
    told = {
        "name": _name(name, "name", faults) if name.strip() else "",
        "description": _prose(description, "description", faults),
    }
    if faults:
        raise CodebookError(**faults)
    is_free = {
        "name": own.version == 1 and own.name.startswith(USUAL), "description": not own.description
    }  # fmt: skip
    other = [word for word in told if told[word] and told[word] != getattr(own, word)]
    taken = {word: told[word] for word in other if is_free[word]}
    if taken:
        change_codebook(by=by, codebook=own, seen=own.version, **{**_codebook(own), **taken})
    return bool(taken), [word for word in other if word not in taken]


@transaction.atomic
def change_codebook(
    *, by: User, codebook: Codebook, seen: int, name: str, description: str
) -> Codebook:
    """The codebook with this name and description. Raises CodebookError; Stale."""
    faults: dict[str, str] = {}
    fields = {
        "name": _name(name, "name", faults),
        "description": _prose(description, "description", faults),
    }
    if faults:
        raise CodebookError(**faults)
    before = _codebook(Codebook.objects.get(pk=codebook.pk))
    advance(codebook, seen=seen, **fields)
    record(by=by, verb="changed", thing=codebook, before=before, after=_codebook(codebook))
    return codebook


@transaction.atomic
def create_facet(
    *, by: User, codebook: Codebook, values: FacetValues, id: uuid.UUID | None = None
) -> Facet:
    """The new facet, with the id that the client made for it. Raises CodebookError."""
    facet = Facet(id=id or uuid.uuid4(), project_id=codebook.project_id, codebook=codebook)
    for name, value in _checked_facet(facet, values).items():
        setattr(facet, name, value)
    with once(_taken()):
        facet.save(force_insert=True)
    record(by=by, verb="created", thing=facet, after=facet_as_values(facet))
    return facet


@transaction.atomic
def change_facet(*, by: User, facet: Facet, seen: int, values: FacetValues) -> Facet:
    """The facet with these values. Raises CodebookError; Stale if it has moved on."""
    fields = _checked_facet(facet, values)
    before = facet_as_values(Facet.objects.get(pk=facet.pk))
    with once(_taken()):
        advance(facet, seen=seen, **fields)
    record(by=by, verb="changed", thing=facet, before=before, after=facet_as_values(facet))
    return facet


@transaction.atomic
def create_tag(
    *, by: User, facet: Facet, values: TagValues, id: uuid.UUID | None = None
) -> ClaimTag:
    """The new tag, with definition 1 and the client's id for it. Raises CodebookError."""
    tag = ClaimTag(id=id or uuid.uuid4(), project_id=facet.project_id, facet=facet)
    for name, value in _checked_tag(tag, values).items():
        setattr(tag, name, value)
    with once(_taken()):
        tag.save(force_insert=True)
    _write_definition(tag)
    record(by=by, verb="created", thing=tag, after=tag_as_values(tag))
    return tag


@transaction.atomic
def change_tag(*, by: User, tag: ClaimTag, seen: int, values: TagValues) -> ClaimTag:
    """The tag with these values; another wording makes another definition.

    Raises CodebookError; Stale if it has moved on.
    """
    # So that nobody else puts one tag under another while we look whether it goes round.
    Facet.objects.select_for_update(no_key=True).get(pk=tag.facet_id)
    fields = _checked_tag(tag, values)
    stored = ClaimTag.objects.get(pk=tag.pk)
    wording = ("label", "definition", "examples")
    reworded = any(getattr(stored, name) != fields[name] for name in wording)
    number = stored.definition_number + (1 if reworded else 0)
    before = tag_as_values(stored)
    with once(_taken()):
        advance(tag, seen=seen, definition_number=number, **fields)
    if reworded:
        _write_definition(tag)
    record(by=by, verb="changed", thing=tag, before=before, after=tag_as_values(tag))
    return tag


@transaction.atomic
def retire(*, by: User, thing: Facet | ClaimTag, seen: int) -> Facet | ClaimTag:
    """The facet or tag, not offered any more; annotations that have it keep it. Raises Stale."""
    return _set_retired(by, thing, seen, "retired", timezone.now())


@transaction.atomic
def revive(*, by: User, thing: Facet | ClaimTag, seen: int) -> Facet | ClaimTag:
    """The retired facet or tag, offered again. Raises Stale; CodebookError if its key is taken."""
    if isinstance(thing, ClaimTag) and thing.merged_into_id:
        raise CodebookError(f"“{thing}” is merged into “{thing.merged_into}”. Take that back.")
    if isinstance(thing, ClaimTag) and (fault := fault_in_key(thing, thing.key)):
        raise CodebookError(key=fault)
    return _set_retired(by, thing, seen, "revived", None)


def import_json(*, by: User, project: Project, text: str) -> Report:
    """The report on a codebook in JSON: `name`, `description`, `dimensions` with nested `tags`.

    Facets and tags that are there already (by slug) are left as they are; what cannot be stored
    is reported and stops nothing else. Raises CodebookError if it is not such a JSON.
    """
    try:
        book = json.loads(text)
        dimensions = [(dict(given), list(given["tags"])) for given in book["dimensions"]]
        words = {word: str(book.get(word) or "") for word in ("name", "description")}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CodebookError(file=f"This is not a codebook in JSON: {error!r}.") from error
    report = Report()
    _, kept = take_words(by=by, project=project, **words)
    if kept:
        report.remark(1, f"The codebook keeps its own {' and '.join(kept)}.")
    codebook = codebook_of(by=by, project=project)
    for position, (given, tags) in enumerate(dimensions, start=1):
        _import_facet(by, codebook, position, given, tags, report)
    return report


def as_json(codebook: Codebook) -> dict[str, Any]:
    """The codebook as the JSON that `import_json` reads; retired facets and tags are left out."""
    tags = ClaimTag.objects.current().filter(project_id=codebook.project_id)
    children: dict[Any, list[ClaimTag]] = {}
    for tag in tags:
        children.setdefault((tag.facet_id, tag.parent_id), []).append(tag)
    facets = codebook.facets.filter(retired=None)
    return {
        "name": codebook.name,
        "description": codebook.description,
        "dimensions": [
            {
                "slug": facet.slug,
                "name": facet.name,
                "choose": facet.choose,
                "required": facet.required,
                "stance": facet.takes_stance,
                "tags": _tree(children, facet.pk, None),
            }
            for facet in facets
        ],
    }


def facet_as_values(facet: Facet) -> dict[str, Any]:
    """The facet as JSON values, as history keeps it."""
    names = ("name", "slug", "position", "choose", "required", "takes_stance")
    retired = facet.retired.isoformat() if facet.retired else None
    return {name: getattr(facet, name) for name in names} | {"retired": retired}


def tag_as_values(tag: ClaimTag) -> dict[str, Any]:
    """The tag as JSON values, as history keeps it."""
    names = ("label", "slug", "key", "colour", "position", "definition", "examples")
    return {name: getattr(tag, name) for name in names} | {
        "facet": tag.facet.slug,
        "parent": tag.parent.slug if tag.parent else None,
        "definition_number": tag.definition_number,
        "retired": tag.retired.isoformat() if tag.retired else None,
        "merged_into": tag.merged_into.slug if tag.merged_into else None,
    }


def _import_facet(by, codebook, position: int, given: Mapping, tags: list, report: Report) -> None:
    slug = str(given.get("slug") or slugify(str(given.get("name") or "")))
    facet = _called(Facet, codebook.project_id, slug)
    if facet:
        report.unchanged += 1
    else:
        choose = str(given.get("choose") or Facet.Choose.ANY)
        values = FacetValues(
            name=str(given.get("name") or ""), slug=slug, position=position, choose=choose,
            required=bool(given.get("required", choose == Facet.Choose.ONE)),
            takes_stance=bool(given.get("stance", False)),
        )  # fmt: skip
        try:
            facet = create_facet(by=by, codebook=codebook, values=values)
            report.stored += 1
        except CodebookError as error:
            return report.refuse(position, f"facet “{given.get('name')}”: {error}")
    return _import_tags(by, facet, None, tags, report)


def _import_tags(by, facet: Facet, parent, tags: Any, report: Report, depth: int = 1) -> None:
    if tags and (depth > DEEPEST or not isinstance(tags, list)):
        where = f"“{parent or facet}”"
        return report.refuse(facet.position, f"Under {where} tags are no list, or too deep.")
    for position, given in enumerate(tags or (), start=1):
        if not isinstance(given, dict):
            report.refuse(facet.position, f"“{given}” is not a tag of “{facet.name}”.")
            continue
        label = str(given.get("label") or "")
        slug = str(given.get("slug") or slugify(label))
        tag = _called(ClaimTag, facet.project_id, slug)
        if tag:
            report.unchanged += 1
        else:
            values = TagValues(
                label=label, slug=slug, parent=parent, key=str(given.get("key") or ""),
                colour=str(given.get("colour") or ""), position=position,
                definition=str(given.get("definition") or ""),
                examples=_examples(given.get("examples")),
            )  # fmt: skip
            try:
                tag = create_tag(by=by, facet=facet, values=values)
                report.stored += 1
            except CodebookError as error:
                report.refuse(facet.position, f"tag “{label or slug}”: {error}")
                continue
        _import_tags(by, facet, tag, given.get("tags"), report, depth + 1)
    return None


def _examples(given: Any) -> tuple[str, ...]:
    return tuple(str(example) for example in given) if isinstance(given, list) else ()


def _tree(children: Mapping, facet_id, parent_id) -> list[dict[str, Any]]:
    return [
        {
            "slug": tag.slug,
            "label": tag.label,
            "key": tag.key,
            "colour": tag.colour,
            "definition": tag.definition,
            "examples": tag.examples,
            "tags": _tree(children, facet_id, tag.pk),
        }
        for tag in children.get((facet_id, parent_id), ())
    ]


def _checked_facet(facet: Facet, values: FacetValues) -> dict[str, Any]:
    faults: dict[str, str] = {}
    name = _name(values.name, "name", faults)
    slug = values.slug or slugify(name)
    _check_slug(Facet, facet, slug, faults)
    _check_position(values.position, faults)
    if values.choose not in Facet.Choose.values:
        faults["choose"] = "A facet takes “one” tag or “any” number."
    if faults:
        raise CodebookError(**faults)
    return {
        "name": name, "slug": slug, "position": values.position, "choose": values.choose,
        "required": values.required, "takes_stance": values.takes_stance,
    }  # fmt: skip


def _checked_tag(tag: ClaimTag, values: TagValues) -> dict[str, Any]:
    faults: dict[str, str] = {}
    label = _name(values.label, "label", faults)
    slug = values.slug or slugify(label)
    _check_slug(ClaimTag, tag, slug, faults)
    _check_position(values.position, faults)
    if fault := fault_in_key(tag, values.key):
        faults["key"] = fault
    if values.colour and not COLOUR.fullmatch(values.colour):
        faults["colour"] = "A colour is written as #rrggbb."
    if values.parent and values.parent.facet_id != tag.facet_id:
        faults["parent"] = "A tag and its parent belong to the same facet."
    if values.parent and _goes_round(tag, values.parent):
        faults["parent"] = "A tag cannot stand under itself, directly or through others."
    definition = _prose(values.definition, "definition", faults)
    examples = [_prose(example, "examples", faults) for example in values.examples]
    if faults:
        raise CodebookError(**faults)
    return {
        "label": label, "slug": slug, "parent": values.parent, "key": values.key,
        "colour": values.colour.lower(), "position": values.position,
        "definition": definition, "examples": examples,
    }  # fmt: skip


def _name(name: str, field: str, faults: dict[str, str]) -> str:
    try:
        cleaned = clean_name(name)
    except UnfitName as error:
        faults[field] = str(error)
        return ""
    if len(cleaned) > 200:
        faults[field] = f"It has {len(cleaned)} characters; 200 is the most."
    return cleaned


def _prose(text: str, field: str, faults: dict[str, str]) -> str:
    try:
        return clean_prose(text)
    except UnfitName as error:
        faults[field] = str(error)
        return text


def _codebook(codebook: Codebook) -> dict[str, Any]:
    return {"name": codebook.name, "description": codebook.description}


def _check_slug(model, thing, slug: str, faults: dict[str, str]) -> None:
    if not SLUG.fullmatch(slug):
        faults["slug"] = f"“{slug}” is not a slug: up to 80 letters, digits, hyphens."
    elif model.objects.filter(project_id=thing.project_id, slug=slug).exclude(pk=thing.pk).exists():
        faults["slug"] = f"The slug “{slug}” is taken in this project."


def _check_position(position: int, faults: dict[str, str]) -> None:
    if not 0 <= position <= LAST_POSITION:
        faults["position"] = f"A position is a number from 0 to {LAST_POSITION}."


def _called(model, project_id: uuid.UUID, slug: str) -> Facet | ClaimTag | None:
    """The project's facet or tag of this slug; what is no slug is not looked for."""
    rows = model.objects.filter(project_id=project_id, slug=slug)
    return rows.first() if SLUG.fullmatch(slug) else None


def _taken() -> CodebookError:
    return CodebookError("Somebody has just taken this slug or key. Look again, then save.")


def fault_in_key(tag: ClaimTag, key: str) -> str:
    """Why the tag cannot have this key, or nothing."""
    if not key:
        return ""
    if len(key) != 1 or not key.isalnum() or key in RESERVED_KEYS:
        reserved = ", ".join(sorted(RESERVED_KEYS))
        return f"A key is one letter or digit, and not one of the workbench's own: {reserved}."
    others = ClaimTag.objects.filter(project_id=tag.project_id, key=key, retired=None)
    other = others.exclude(pk=tag.pk).first()
    return f"The key {key} makes “{other.label}” already." if other else ""


def _goes_round(tag: ClaimTag, parent: ClaimTag) -> bool:
    parents = dict(ClaimTag.objects.filter(facet=tag.facet_id).values_list("pk", "parent"))
    place = parent.pk
    while place and place != tag.pk:
        place = parents.pop(place, None)
    return place == tag.pk


def _write_definition(tag: ClaimTag) -> None:
    Definition.objects.create(
        project_id=tag.project_id, tag=tag, number=tag.definition_number, label=tag.label,
        text=tag.definition, examples=tag.examples,
    )  # fmt: skip


def _set_retired(by: User, thing, seen: int, verb: str, when):
    values = tag_as_values if isinstance(thing, ClaimTag) else facet_as_values
    before = values(thing)
    with once(_taken()):
        advance(thing, seen=seen, retired=when)
    record(by=by, verb=verb, thing=thing, before=before, after=values(thing))
    return thing

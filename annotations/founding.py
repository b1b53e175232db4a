"""The door for new projects that do not begin with nothing: from a template or another project."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from annotations import codebook
from annotations.models import Codebook
from corpus_app import outlets, people, registry, rules
from corpus_app.history import DoorError
from corpus_app.models import Outlet, Project, User
from corpus_app.report import Report

BLUEPRINTS = Path(__file__).resolve().parent / "blueprints"
# What a new project takes over from another, besides its codebook.
SETTINGS = ("blind", "coders_per_article", "names_hidden", "figures_for")
MOST_TOLD = 5


class FoundingError(DoorError):
    """A project that cannot be made as it should be; nothing of it is kept."""


@dataclass(frozen=True)
class Template:
    """A beginning of our own writing: settings and a codebook as `codebook.import_json` reads."""

    key: str
    name: str
    summary: str
    settings: Mapping[str, Any]
    codebook: Mapping[str, Any]

    @property
    def facets(self) -> Iterable[str]:
        return [facet["name"] for facet in self.codebook["dimensions"]]


@cache
def templates() -> Mapping[str, Template]:
    """The templates by key, in the order in which they are offered."""
    read = {path.stem: json.loads(path.read_text("utf-8")) for path in BLUEPRINTS.glob("*.json")}
    ordered = sorted(read.items(), key=lambda one: one[1].pop("position"))
    return {key: Template(key, **told) for key, told in ordered}


@transaction.atomic
def from_template(*, by: User, template: str, slug: str, name: str, **fields: str) -> Project:
    """The new project with the template's settings and codebook, managed by its maker.

    `fields` are `description` and `language`. Raises FoundingError for a template that is none;
    PeopleError for values that do not fit.
    """
    if template not in templates():
        raise FoundingError(template=f"There is no template “{template}”.")
    found = templates()[template]
    project = people.create_project(by=by, slug=slug, name=name, **fields, **found.settings)
    text = json.dumps(found.codebook)
    _require_whole(codebook.import_json(by=by, project=project, text=text))
    return project


@transaction.atomic
def from_project(
    *, by: User, source: Project, actors: bool, slug: str, name: str, **fields: str
) -> Project:
    """The new project with codebook, settings, outlets and their rules of another one.

    With `actors` its registry comes, too; articles, people and work stay where they are. The
    caller says whether the person may see the source. Raises FoundingError if something cannot be
    brought; PeopleError for values that do not fit.
    """
    settings = {name: getattr(source, name) for name in SETTINGS}
    project = people.create_project(by=by, slug=slug, name=name, **fields, **settings)
    if book := Codebook.objects.filter(project=source).first():
        text = json.dumps(codebook.as_json(book))
        _require_whole(codebook.import_json(by=by, project=project, text=text))
    for outlet in Outlet.objects.filter(project=source).order_by("created", "id"):
        _bring_outlet(by, project, outlet)
    if actors:
        _require_whole(registry.copy(by=by, project=project, source=source))
    return project


def _bring_outlet(by: User, project: Project, outlet: Outlet) -> None:
    """Make an outlet like this one, with its rules, in the project."""
    values = outlets.OutletValues(**outlets.as_values(outlet))
    made = outlets.create_outlet(by=by, project=project, values=values)
    rules.adopt(by=by, outlet=made, rules=rules.rules_of(outlet))


def _require_whole(report: Report) -> None:
    """Refuse a project that would begin with a part of what was asked for."""
    if report.refused:
        told = "; ".join(str(problem) for problem in report.problems[:MOST_TOLD])
        raise FoundingError(f"No project was made, since not all of it can be brought: {told}")

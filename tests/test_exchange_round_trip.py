"""Out, into an empty project, out again: equal but for what the table of losses names."""

import pytest
from django.db import transaction

from annotations import demonstration
from annotations.exchange import storing
from annotations.exchange.formats import FORMATS
from annotations.exchange.holdings import Feature
from annotations.exchange.neutral import Parcel, Row
from annotations.exchange.source import source_for
from corpus_app.models import Project, Role, User
from tests import corpus, exchange, factories, parcels

BOTH_WAYS = [name for name, known in FORMATS.items() if known.writes and known.reads]
# Versions and the moments of changes are those of the desk on which something is stored.
OF_THE_DESK = frozenset({Feature.TIMES})


def demo() -> tuple[Project, User]:
    """The demo project and its curator."""
    demonstration.load(tell=lambda words: None)
    return Project.objects.get(slug=demonstration.SLUG), User.objects.get(username="clara")


@pytest.fixture(scope="module")
def projects(django_db_setup, django_db_blocker) -> dict[str, Parcel]:
    """The demo project and, if it is there, the real one, as the database gives them.

    They are not in it any more, so that ids are free.
    """
    found = {}
    makers = {"demo": demo} | ({"real": exchange.real_project} if corpus.CORPUS.exists() else {})
    with django_db_blocker.unblock():
        for name, make in makers.items():
            with transaction.atomic():
                project, curator = make()
                data = exchange.exported(curator, project).encode()
                transaction.set_rollback(True)
            found[name] = parcels.collected(parcels.read("jsonl", data))
    return found


def stored(name: str, parcel: Parcel, rows: list[Row]) -> Parcel:
    """What an empty project has once the rows are stored there; of a format without texts, one
    that has the articles."""
    project = factories.ProjectFactory(slug="empty")
    max_ = factories.member(project, Role.MANAGER, user__username="max")
    annotations = [one for _, own in parcel.annotated() for one in own]
    people = {one.author for one in [*annotations, *parcel.comments()]}
    for person in sorted(people - {"max"}):
        factories.member(project, Role.CURATOR, user__username=person)
    if Feature.TEXTS in FORMATS[name].loses:
        articles = [Row(0, article) for article in parcel.articles()]
        storing.store(by=max_, project=project, rows=articles)
    report = storing.store(by=max_, project=project, rows=rows)
    assert [str(problem) for problem in report.problems] == []
    return source_for(max_, project).parcel()


@pytest.mark.parametrize("which", ["demo", pytest.param("real", marks=corpus.needs_corpus)])
@pytest.mark.parametrize("name", BOTH_WAYS)
def test_what_is_read_of_a_file_is_what_was_written(projects, name, which):
    before, after = parcels.round_trip(name, projects[which])
    assert after == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_project_is_the_same_on_another_desk(projects, name):
    same_elsewhere(name, projects["demo"])


@corpus.needs_corpus
@pytest.mark.django_db
@pytest.mark.parametrize("name", ["jsonl", "csv"])
def test_the_real_articles_are_the_same_on_another_desk(projects, name):
    same_elsewhere(name, projects["real"])


def same_elsewhere(name: str, parcel: Parcel) -> None:
    lost = FORMATS[name].loses | OF_THE_DESK
    there = stored(name, parcel, parcels.read(name, parcels.written(name, parcel)))
    assert parcels.forgotten(there, lost) == parcels.forgotten(parcel, lost)

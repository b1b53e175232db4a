"""The door to what is known of a stored article."""

from dataclasses import replace
from datetime import date

import pytest

from corpus_app import describing
from corpus_app.describing import DescribingError
from corpus_app.history import Stale
from corpus_app.ingest import Fields
from corpus_app.models import Article, Event, Outlet, Reuse
from tests import factories

pytestmark = pytest.mark.django_db

KNOWN = Fields(
    title=" Calm at last ", authors=("Ada Quill", "Ben Okri"), translators=("Cy Moss",),
    outlet="The Quay", published_on=date(2024, 3, 5), language="de",
    url="https://quay.example/1", rights="Ask.\r\n",
)  # fmt: skip


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, "curator")


@pytest.fixture
def article(project):
    return factories.article(project)


def test_everything_that_is_known_can_be_changed_and_the_text_stays(curator, article):
    text = article.revisions.get().sha256
    fields = replace(KNOWN, story=factories.story(article.project))
    describing.describe(by=curator, article=article, seen=1, fields=fields)
    stored = Article.objects.get()
    assert (stored.title, stored.authors, stored.translators, stored.outlet.name) == (
        "Calm at last", ["Ada Quill", "Ben Okri"], ["Cy Moss"], "The Quay",
    )  # fmt: skip
    assert (stored.published_on, stored.language, stored.url, stored.rights) == (
        date(2024, 3, 5), "de", "https://quay.example/1", "Ask.\n",
    )  # fmt: skip
    assert (stored.story, stored.version, stored.revisions.get().sha256) == (fields.story, 2, text)
    event = Event.objects.get(noun="article", verb="described")
    assert (event.by, event.article_id, event.version) == (curator, article.pk, 2)
    assert (event.before["title"], event.after["title"]) == ("The strait is calm", "Calm at last")
    assert (event.before["outlet"], event.after["outlet"]) == (None, "The Quay")


def test_the_outlet_is_known_by_its_name_in_any_case(curator, article):
    describing.describe(by=curator, article=article, seen=1, fields=KNOWN)
    fields = replace(KNOWN, outlet="THE QUAY", title="Other")
    describing.describe(by=curator, article=article, seen=2, fields=fields)
    assert Outlet.objects.count() == 1


def test_what_is_as_it_was_is_not_written(curator, article):
    describing.describe(by=curator, article=article, seen=1, fields=KNOWN)
    describing.describe(by=curator, article=article, seen=2, fields=KNOWN)
    assert Article.objects.get().version == 2
    assert Event.objects.filter(verb="described").count() == 1


def test_nobody_changes_what_she_has_not_seen(curator, article):
    describing.describe(by=curator, article=article, seen=1, fields=KNOWN)
    with pytest.raises(Stale) as refused:
        describing.describe(by=curator, article=article, seen=1, fields=Fields(title="Mine"))
    assert refused.value.current.title == "Calm at last"
    assert Article.objects.get().title == "Calm at last"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "x" * 501}, "title"),
        ({"title": "a\0b"}, "non_field_errors"),
        ({"url": "ftp://quay.example"}, "url"),
        ({"outlet": "x" * 201}, "outlet"),
        ({"outlet": "Qu\u200bay"}, "outlet"),
        ({"language": "x" * 36}, "language"),
        ({"authors": ("Ada \ud800",)}, "non_field_errors"),
    ],
)
def test_what_no_page_can_take_is_refused_and_nothing_is_made(curator, article, change, field):
    with pytest.raises(DescribingError) as refused:
        describing.describe(by=curator, article=article, seen=1, fields=replace(KNOWN, **change))
    assert list(refused.value.messages) == [field]
    assert (Article.objects.get().version, Outlet.objects.count()) == (1, 0)


def test_a_story_of_another_project_is_refused(curator, article):
    fields = replace(KNOWN, story=factories.story(factories.ProjectFactory()))
    with pytest.raises(DescribingError):
        describing.describe(by=curator, article=article, seen=1, fields=fields)


def test_without_a_language_it_has_the_projects(curator, article):
    fields = replace(KNOWN, language="")
    assert describing.describe(by=curator, article=article, seen=1, fields=fields).language == "en"


def test_another_day_turns_who_took_from_whom(curator, project):
    said = (
        "The Harbour Office says that the strait is calm and will stay calm until the winter. "
        "Nobody in the harbour agrees with it, least of all those who sail there every morning.\n"
    )
    first = factories.plain_article(project, said, published_on=date(2024, 3, 1))
    later = factories.plain_article(project, said + "\nAnd so on.\n", published_on=date(2024, 3, 2))
    assert Reuse.objects.get().passage.revision.article == later
    fields = Fields(title="A plain text", published_on=date(2024, 3, 3))
    describing.describe(by=curator, article=first, seen=1, fields=fields)
    assert Reuse.objects.get().passage.revision.article == first

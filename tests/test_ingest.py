"""The door for articles."""

import hashlib

import pytest

from corpus_app import ingest, text
from corpus_app.models import Article, Event, Outlet
from tests import factories
from tests.corpus import manifest, needs_corpus, raw

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, "curator")


def test_the_raw_input_is_kept_byte_for_byte(project, curator):
    data = b"\xef\xbb\xbfA line\r\n\r\nAnother line, which is a little longer.\r\n"
    article = ingest.store(
        by=curator, project=project, data=data, proposal=ingest.propose(data=data)
    )
    stored = Article.objects.get(pk=article.pk)
    assert bytes(stored.raw) == data
    assert stored.raw_sha256 == hashlib.sha256(data).hexdigest()


def test_passages_cut_their_text_from_the_revision(project):
    revision = factories.article(project).revisions.get()
    assert [(p.kind, p.slice(revision.text)) for p in revision.passages.all()] == [
        ("title", "The strait is calm"),
        (
            "body",
            "The Harbour Office says that the strait is calm. "
            "Nobody in the harbour agrees with it.",
        ),
    ]
    assert revision.sha256 == text.sha256(revision.text)


def test_the_same_raw_input_twice_is_refused_and_names_the_first(project, curator):
    first = factories.article(project, by=curator)
    with pytest.raises(ingest.IngestError) as refused:
        factories.article(project, by=curator)
    assert refused.value.article == first
    assert Article.objects.count() == 1


def test_the_same_raw_input_in_another_project_is_another_article(project):
    factories.article(project)
    factories.article(factories.ProjectFactory())
    assert Article.objects.count() == 2


def test_a_corrected_role_decides_what_is_stored(project, curator):
    data = factories.PLAIN.encode()
    proposal = ingest.propose(data=data, roles={1: "boilerplate", 5: "heading"})
    article = ingest.store(by=curator, project=project, data=data, proposal=proposal)
    assert list(article.revisions.get().passages.values_list("kind", flat=True)) == ["heading"]
    assert article.revisions.get().roles["1"] == "boilerplate"


@pytest.mark.parametrize(
    ("data", "roles", "message"),
    [
        (b"", {}, "no text"),
        (b" \n\t\n ", {}, "no text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", {}, "PNG"),
        (b"A line of text.", {7: "body"}, "no line 7"),
        (b"A line of text.", {1: "poem"}, "not a role"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(data, roles, message):
    with pytest.raises(ingest.IngestError, match=message):
        ingest.propose(data=data, roles=roles)


def test_an_article_without_a_kept_line_is_refused_and_leaves_nothing(project, curator):
    data = b"Share this article"
    proposal = ingest.propose(data=data, roles={1: "boilerplate"})
    with pytest.raises(ingest.IngestError, match="dropped"):
        ingest.store(by=curator, project=project, data=data, proposal=proposal)
    assert (Article.objects.count(), Event.objects.count()) == (0, 0)


def test_outlets_are_the_same_whatever_their_case(project, curator):
    factories.article(project, by=curator, outlet="The  Lantern")
    factories.article(project, factories.PLAIN + "More.", by=curator, outlet="the lantern")
    assert list(Outlet.objects.values_list("name", flat=True)) == ["The Lantern"]


@needs_corpus
@pytest.mark.parametrize("known", manifest(), ids=lambda known: known["file"][4:7])
def test_the_real_articles_are_stored_as_the_manifest_says(project, curator, known):
    data = raw(known["file"])
    article = ingest.store(
        by=curator, project=project, data=data, proposal=ingest.propose(data=data)
    )
    kinds = list(article.revisions.get().passages.values_list("kind", flat=True))
    stored = {
        "title": article.title or None,
        "authors": article.authors,
        "translators": article.translators,
        "outlet": article.outlet.name if article.outlet else None,
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "language": article.language,
        "body_passages": kinds.count("body"),
        "headings": kinds.count("heading"),
    }
    assert stored == {name: known[name] for name in stored}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "javascript:alert(1)"),
        ("url", "data:text/html,x"),
        ("url", "https://example.org/" + "x" * 2000),
        ("title", "x" * 501),
        ("language", "x" * 36),
    ],
)
def test_metadata_that_no_page_or_column_can_take_are_refused(project, curator, field, value):
    data = factories.PLAIN.encode()
    proposal = ingest.propose(data=data)
    proposal = ingest.Proposal(proposal.lines, ingest.Fields(**{field: value}))
    with pytest.raises(ingest.IngestError) as refused:
        ingest.store(by=curator, project=project, data=data, proposal=proposal)
    assert list(refused.value.messages) == [field]
    assert Article.objects.count() == 0


def test_raw_input_has_an_end():
    data = b"A line.\n\n" * ingest.MOST_LINES
    assert len(ingest.propose(data=data).lines) == ingest.MOST_LINES
    with pytest.raises(ingest.IngestError) as refused:
        ingest.propose(data=data + b"One more.\n")
    assert list(refused.value.messages) == ["file"]

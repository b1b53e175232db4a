"""The door for articles."""

import hashlib
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corpus_app import ingest, outlets, text
from corpus_app.models import Article, Event, Outlet
from corpus_app.reading import MEDIA_TYPES
from tests import factories
from tests.corpus import manifest, needs_corpus, raw
from tests.reading import BYLINE, PARAGRAPH, docx_of, eml_of, html_of

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


# Other kinds than plain text --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.html", html_of().encode(), "text/html"),
        ("a.docx", docx_of(), MEDIA_TYPES["word"]),
        ("a.eml", bytes(eml_of(text=f"{BYLINE}\n\n{PARAGRAPH}\n")), "message/rfc822"),
    ],
)
def test_an_article_of_any_kind_is_stored_as_it_came_and_can_be_read_again(
    project, curator, name, data, kind
):
    proposal = ingest.propose(data=data, name=name)
    article = ingest.store(by=curator, project=project, data=data, proposal=proposal, name=name)
    article.refresh_from_db()
    assert (bytes(article.raw), article.raw_type, article.raw_name) == (data, kind, name)
    assert (article.title, article.authors) == ("The strait is calm", ["Ada Quill"])
    revision = article.revisions.get()
    assert [p.slice(revision.text) for p in revision.passages.all()][-1] == PARAGRAPH
    again = ingest.propose(data=bytes(article.raw), kind=article.raw_type)
    assert (again.lines, again.kind) == (proposal.lines, proposal.kind)


def test_a_person_goes_before_the_format_and_the_format_before_the_wording():
    data = html_of(paragraphs=["Advertisement", PARAGRAPH]).encode()
    found = ingest.propose(data=data)
    numbers = {line.text: line.number for line in found.lines}
    assert {line.text: line.role for line in found.lines} == {
        "Home": "boilerplate",
        "The sea": "boilerplate",
        "The strait is calm": "title",
        "Advertisement": "boilerplate",
        PARAGRAPH: "body",
        "Sign up for our newsletter": "boilerplate",
    }
    roles = {numbers["The strait is calm"]: "heading", numbers["Home"]: "body"}
    told = {line.text: line.role for line in ingest.propose(data=data, roles=roles).lines}
    assert (told["The strait is calm"], told["Home"]) == ("heading", "body")


def test_pages_know_their_metadata_better_than_their_words_and_documents_worse():
    page = html_of().replace("<head>", '<head><meta name="author" content="Ben Okri">')
    assert ingest.propose(data=page.encode()).fields.authors == ("Ben Okri",)
    document = docx_of(author="Ben Okri")
    assert ingest.propose(data=document).fields.authors == ("Ada Quill",)
    unsigned = docx_of(paragraphs=[PARAGRAPH], author="Ben Okri")
    assert ingest.propose(data=unsigned).fields.authors == ("Ben Okri",)


@pytest.mark.parametrize(
    "head",
    [
        f'<meta property="og:title" content="{"x" * 501}">',
        f'<meta property="og:site_name" content="{"x" * 201}">',
        f'<link rel="canonical" href="https://lantern.example/{"x" * 2000}">',
        '<link rel="canonical" href="https://lantern_example/calm">',
    ],
)
def test_what_a_page_says_of_itself_and_no_column_takes_is_passed_over(project, curator, head):
    data = html_of().replace("<head>", f"<head>{head}").encode()
    proposal = ingest.propose(data=data, name="a.html")
    article = ingest.store(by=curator, project=project, data=data, proposal=proposal)
    assert (article.outlet, article.url) == (None, "")


def test_an_outlet_is_known_by_its_site(project, curator):
    values = outlets.OutletValues("The Lantern", url="https://www.lantern.example/")
    lantern = outlets.create_outlet(by=curator, project=project, values=values)
    link = '<link rel="canonical" href="https://lantern.example/calm">'
    page = html_of().replace("<head>", f"<head>{link}").encode()
    assert ingest.propose(data=page, project=project).outlet == lantern
    elsewhere = page.replace(b"lantern.example", b"lanterns.example")
    assert ingest.propose(data=elsewhere, project=project).outlet is None


# Many at once -----------------------------------------------------------------------------------


def entry(text: str, **fields) -> ingest.Entry:
    proposal = ingest.propose(data=text.encode())
    changed = ingest.Fields(**{**vars(proposal.fields), **fields})
    return ingest.Entry(text.encode(), replace(proposal, fields=changed), "a.txt")


def test_many_are_stored_and_what_cannot_be_is_told_in_its_place(project, curator):
    first = factories.article(project, by=curator)
    unkept = entry("Share this article")
    lines = tuple(replace(line, role=text.Role.BOILERPLATE) for line in unkept.proposal.lines)
    entries = [
        entry("A first text.", outlet="The Lantern"),
        entry(factories.PLAIN),
        entry("A second text.", outlet="the lantern"),
        entry("A first text."),
        entry("A third text.", url="javascript:alert(1)"),
        replace(unkept, proposal=replace(unkept.proposal, lines=lines)),
    ]
    found = ingest.store_many(by=curator, project=project, entries=entries)
    assert [type(one).__name__ for one in found] == [
        "Article", "IngestError", "Article", "IngestError", "IngestError", "IngestError",
    ]  # fmt: skip
    assert found[1].article == first
    assert [list(one.messages) for one in found if isinstance(one, ingest.IngestError)] == [
        ["non_field_errors"], ["non_field_errors"], ["url"], ["roles"],
    ]  # fmt: skip
    assert [one.outlet.name for one in (found[0], found[2])] == ["The Lantern", "The Lantern"]
    assert Article.objects.count() == 3


def test_many_leave_the_same_rows_as_each_alone(project, curator):
    def rows(article: Article) -> list:
        revision = article.revisions.get()
        event = Event.objects.get(article=article, verb="imported")
        own = [getattr(article, name) for name in ("title", "authors", "raw_name", "raw_type")]
        passages = [(p.number, p.kind, p.start, p.end) for p in revision.passages.all()]
        return [own, revision.text, revision.sha256, revision.roles, passages, event.after]

    elsewhere = factories.member(factories.ProjectFactory(), "curator")
    alone = entry(factories.PLAIN)
    one = ingest.store(
        by=elsewhere, project=elsewhere.memberships.get().project, data=alone.data,
        proposal=alone.proposal, name=alone.name,
    )  # fmt: skip
    many = ingest.store_many(
        by=curator, project=project, entries=[entry("Another text."), entry(factories.PLAIN)]
    )
    assert rows(many[1]) == rows(one)


def test_the_number_of_queries_does_not_grow_with_the_number_of_articles(project, curator):
    def stored(numbers) -> int:
        entries = [entry(f"Text number {number} of many.") for number in numbers]
        with CaptureQueriesContext(connection) as queries:
            ingest.store_many(by=curator, project=project, entries=entries)
        return len(queries)

    assert stored(range(2)) == stored(range(10, 40))

"""The page on which a person imports an article."""

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from corpus_app import outlets, rules
from corpus_app.forms.review import KEYS
from corpus_app.ingest import MOST_LINES
from corpus_app.models import Article
from corpus_app.outlets import OutletValues
from corpus_app.text.learnt import Rule
from tests import factories
from tests.reading import (
    BYLINE,
    PARAGRAPH,
    TITLE,
    docx_of,
    eml_of,
    html_of,
    odt_of,
    pdf_of,
    zipped,
)

pytestmark = pytest.mark.django_db

RAW = factories.PLAIN.encode()


@pytest.fixture
def project():
    return factories.ProjectFactory(slug="strait")


@pytest.fixture
def page(project):
    return reverse("import", args=[project.slug])


@pytest.fixture
def signed_in(client, project):
    client.force_login(factories.member(project))
    return client


def reviewed(**changes):
    """What the review form sends for the plain article, with changes."""
    roles = {"role-1": "title", "role-3": "byline", "role-5": "body"}
    return {
        "raw": base64.b64encode(RAW).decode(),
        "title": "The strait is calm",
        "authors": "Ada Quill",
        "language": "en",
        **roles,
        **changes,
    }


def test_a_pasted_text_is_shown_with_its_roles_and_nothing_is_stored(signed_in, page):
    answer = signed_in.post(page, {"text": factories.PLAIN})
    assert [(line.number, line.role.value) for line in answer.context["proposal"].lines] == [
        (1, "title"),
        (3, "byline"),
        (5, "body"),
    ]
    assert answer.context["form"].initial["authors"] == ("Ada Quill",)
    assert Article.objects.count() == 0


def test_a_file_keeps_its_bytes_and_its_name(signed_in, page):
    data = b"\xef\xbb\xbf" + RAW.replace(b"\n", b"\r\n")
    answer = signed_in.post(page, {"file": SimpleUploadedFile("strait.txt", data)})
    form = answer.context["form"]
    assert base64.b64decode(form.initial["raw"]) == data
    assert form.initial["name"] == "strait.txt"


def test_a_date_that_was_found_stands_in_the_date_field(signed_in, page):
    raw = factories.PLAIN.replace("By Ada Quill", "By Ada Quill\n\n3 March 2024")
    answer = signed_in.post(page, {"text": raw})
    assert '<input type="date" name="published_on" value="2024-03-03"' in answer.text


def test_line_ends_that_the_browser_added_are_not_part_of_a_pasted_text(signed_in, page):
    answer = signed_in.post(page, {"text": factories.PLAIN.replace("\n", "\r\n")})
    assert base64.b64decode(answer.context["form"].initial["raw"]) == RAW


def test_the_reviewed_article_is_stored_as_the_person_left_it(signed_in, page):
    changes = {"title": "Calm?", "outlet": "The Lantern", "role-5": "heading", "store": "1"}
    answer = signed_in.post(page, reviewed(**changes))
    article = Article.objects.get()
    assert answer.url == reverse("workbench", args=[article.pk])
    assert (article.title, article.outlet.name) == ("Calm?", "The Lantern")
    assert list(article.revisions.get().passages.values_list("kind", flat=True)) == [
        "title",
        "heading",
    ]


def test_the_preview_takes_found_values_only_where_the_person_left_none(signed_in, page):
    changes = {"title": "Mine", "authors": "", "preview": "1"}
    answer = signed_in.post(page, reviewed(**changes))
    assert answer.context["form"].initial["title"] == "Mine"
    assert answer.context["form"].initial["authors"] == ("Ada Quill",)


def test_a_text_that_is_there_already_is_refused_with_a_link_to_it(signed_in, page, project):
    first = factories.article(project)
    answer = signed_in.post(page, reviewed(store="1", title="Typed in vain?"))
    assert answer.status_code == 400
    assert f'href="{reverse("workbench", args=[first.pk])}"' in answer.text
    assert 'value="Typed in vain?"' in answer.text


def test_a_text_that_is_there_already_is_refused_before_it_is_reviewed(signed_in, page, project):
    first = factories.article(project)
    answer = signed_in.post(page, {"text": factories.PLAIN})
    assert answer.status_code == 400
    assert f'href="{reverse("workbench", args=[first.pk])}"' in answer.text
    assert "The Harbour Office says" in answer.text


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Paste a text or choose a file"),
        ({"text": "   "}, "Paste a text or choose a file"),
        ({"text": "a\x00b"}, "Null characters are not allowed"),
        ({"file": SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n")}, "PNG"),
    ],
)
def test_bad_input_is_answered_with_the_reason(signed_in, page, sent, message):
    answer = signed_in.post(page, sent)
    assert (answer.status_code, message in answer.text) == (400, True)


@pytest.mark.parametrize(
    "change",
    [
        {"published_on": "yesterday"},
        {"url": "no address"},
        {"role-5": "poem"},
        {"role-99": "body"},
        {"language": "x" * 36},
        {"outlet": "a\0b"},
        {"name": "a\0b"},
    ],
)
def test_a_faulty_review_is_shown_again_with_what_was_typed(signed_in, page, change):
    answer = signed_in.post(page, reviewed(title="Kept as typed", store="1", **change))
    assert answer.status_code == 400
    assert 'value="Kept as typed"' in answer.text
    assert Article.objects.count() == 0


@pytest.mark.parametrize("raw", ["?", base64.b64encode(b"\x89PNG").decode()])
def test_raw_input_that_was_damaged_on_the_way_is_not_stored(signed_in, page, raw):
    answer = signed_in.post(page, reviewed(raw=raw, store="1"))
    assert (answer.status_code, "damaged" in answer.text) == (400, True)


def test_a_stranger_finds_no_such_page(client, page):
    client.force_login(factories.UserFactory())
    assert client.get(page).status_code == 404
    assert client.post(page, {"text": "x"}).status_code == 404


def test_a_story_of_another_project_cannot_be_chosen(signed_in, page):
    from_elsewhere = factories.story(factories.ProjectFactory())
    answer = signed_in.post(page, reviewed(story=from_elsewhere.pk, store="1"))
    assert (answer.status_code, Article.objects.count()) == (400, 0)


def test_a_long_text_comes_through_its_review(signed_in, page):
    raw = "".join(f"This is line number {number}.\n" for number in range(MOST_LINES)).encode()
    encoded = base64.b64encode(raw).decode()
    roles = {f"role-{number}": "body" for number in range(1, MOST_LINES + 1)}
    answer = signed_in.post(page, reviewed(raw=encoded) | roles)
    assert (answer.status_code, Article.objects.count()) == (302, 1)


@pytest.mark.parametrize(
    "sent",
    [
        {"text": "A line of text.\n" * 150_000},
        {"text": "".join(f"Line {number}.\n" for number in range(MOST_LINES + 1))},
    ],
)
def test_a_text_that_is_too_long_is_told_at_once(signed_in, page, sent):
    answer = signed_in.post(page, sent)
    assert (answer.status_code, bool(answer.context["form"].errors)) == (400, True)


@pytest.mark.parametrize(
    "raw", [b"%PDF-1.4", bytes(range(256)), b"", b"A line.\n" * (MOST_LINES + 1)]
)
def test_a_review_of_what_is_no_text_starts_anew(signed_in, page, raw):
    sent = reviewed(raw=base64.b64encode(raw).decode(), title="x" * 501)
    answer = signed_in.post(page, sent)
    assert answer.status_code == 400
    assert Article.objects.count() == 0


@pytest.mark.parametrize("role", ["role-" + "1" * 5000, "role-99", "role-²", "role-", "role-0"])
def test_a_role_of_a_line_that_there_is_not_breaks_nothing(signed_in, page, role):
    answer = signed_in.post(page, reviewed(title="x" * 501, **{role: "body"}))
    assert (answer.status_code, Article.objects.count()) == (400, 0)


FILES = {
    "a.html": html_of().encode(),
    "a.docx": docx_of(),
    "a.odt": odt_of(),
    "a.eml": bytes(eml_of(text=f"{BYLINE}\n\n{PARAGRAPH}\n")),
    "a.pdf": pdf_of([(TITLE, 22, 780), (BYLINE, 11, 740), (PARAGRAPH, 11, 700)]),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_any_kind_goes_the_same_way(signed_in, page, name):
    answer = signed_in.post(page, {"file": SimpleUploadedFile(name, FILES[name])})
    form, proposal = answer.context["form"], answer.context["proposal"]
    assert f"read as {proposal.read_as}" in answer.text
    assert (form.initial["title"], form.initial["authors"]) == (TITLE, ("Ada Quill",))
    sent = {field: form.initial[field] or "" for field in ("raw", "name", "title", "language")}
    stored = signed_in.post(page, {**sent, "authors": "Ada Quill", "store": "1"})
    article = Article.objects.get()
    assert stored.url == reverse("workbench", args=[article.pk])
    assert (bytes(article.raw), article.raw_type) == (FILES[name], proposal.kind)
    assert article.revisions.get().text == f"{TITLE}\n\n{PARAGRAPH}"


def test_the_source_of_a_page_can_be_pasted(signed_in, page):
    answer = signed_in.post(page, {"text": html_of()})
    assert answer.context["proposal"].read_as == "a web page"
    assert ("title", TITLE) in answer.context["proposal"].passages


def test_the_page_says_which_files_it_takes(signed_in, page):
    field = signed_in.get(page).context["form"]["file"]
    assert field.field.widget.attrs["accept"] == (
        ".txt,.text,.md,.html,.htm,.xhtml,.docx,.odt,.pdf,.eml,.mht,.mhtml"
    )
    assert "Up to 10 MB" in field.help_text


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.zip", zipped(("a.txt", b"x")), "Import it as a batch."),
        ("a.csv", b"Title,Text\n", "Import it as a batch."),
        ("a.docx", docx_of()[:9000], "damaged"),
        ("a.txt", b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
        ("a.txt", b"x " * 1_200_000, "more than 2,000,000 characters"),
    ],
)
def test_a_file_that_is_no_article_is_told_at_once(signed_in, page, name, data, says):
    answer = signed_in.post(page, {"file": SimpleUploadedFile(name, data)})
    assert (answer.status_code, says in answer.text) == (400, True)


# Rules of the outlet

SHARED = factories.PLAIN + "\nCome and join us.\n"
JOIN = Rule("words", "Come and join us.", None, "boilerplate")


@pytest.fixture
def quay(project):
    curator = factories.member(project, "curator")
    made = outlets.create_outlet(by=curator, project=project, values=OutletValues("The Quay"))
    rules.adopt(by=curator, outlet=made, rules=[JOIN])
    return made


@pytest.fixture
def curating(client, project):
    client.force_login(factories.member(project, "curator"))
    return client


def sent(was, **changes):
    """What the review form sends for the text with an invitation, whose lines were `was`."""
    roles = {f"role-{n}": KEYS[letter].value for n, letter in zip((1, 3, 5, 7), was, strict=True)}
    raw = base64.b64encode(SHARED.encode()).decode()
    return {"raw": raw, "was": was, "title": "Calm", "language": "en", **roles, **changes}


def shown(answer):
    return [(row.line.role.value, row.said) for row in answer.context["rows"]]


def test_another_outlet_applies_its_rules_to_what_the_person_left_alone(signed_in, page, quay):
    answer = signed_in.post(page, sent("tybb", outlet="the quay", preview="1"))
    assert shown(answer)[-1] == ("boilerplate", "rule of The Quay")
    assert 'name="was" value="tybx"' in answer.text
    answer = signed_in.post(page, sent("tybx", outlet="", preview="1"))
    assert shown(answer)[-1] == ("body", "")


def test_what_the_person_chose_goes_before_the_rules(signed_in, page, quay):
    changes = {"role-7": "bio", "outlet": "The Quay"}
    answer = signed_in.post(page, sent("tybb", preview="1", **changes))
    assert shown(answer)[-1] == ("bio", "your choice")
    signed_in.post(page, sent("tybx", store="1", **changes))
    assert Article.objects.get().revisions.get().roles["7"] == "bio"


def test_what_rules_change_unseen_is_shown_before_it_is_stored(signed_in, page, quay):
    answer = signed_in.post(page, sent("tybb", outlet="The Quay", store="1"))
    assert shown(answer)[-1] == ("boilerplate", "rule of The Quay")
    assert "Nothing is stored yet." in answer.text
    assert Article.objects.count() == 0
    signed_in.post(page, sent("tybx", outlet="The Quay", store="1"))
    assert Article.objects.get().revisions.get().roles["7"] == "boilerplate"


def test_a_curators_ticks_are_kept_by_the_outlet_and_lead_to_its_other_articles(
    curating, page, project, quay
):
    ticked = ["words bio 0 Come and join us.", "nonsense", "place title 1 "]
    answer = curating.post(page, sent("tybx", outlet="The Quay", store="1", rule=ticked))
    assert answer.url == reverse("workbench", args=[Article.objects.get().pk])
    assert rules.rules_of(quay) == [
        Rule("words", "Come and join us.", None, "bio"), Rule("place", "", 1, "title"),
    ]  # fmt: skip
    other = base64.b64encode(b"Another text.\n\nIt is short.\n").decode()
    more = {"raw": other, "was": "", "role-3": "body", "role-1": "title", "outlet": "The Quay"}
    answer = curating.post(page, {"title": "B", "store": "1", "rule": ticked[:1], **more})
    assert answer.url.startswith(reverse("apply-rules", args=[quay.pk]))


def test_an_analysts_ticks_are_told_and_not_kept(signed_in, page, quay):
    ticked = ["words bio 0 Come and join us."]
    answer = signed_in.post(page, sent("tybx", outlet="The Quay", store="1", rule=ticked))
    assert answer.url == reverse("workbench", args=[Article.objects.get().pk])
    assert rules.rules_of(quay) == [JOIN]


def test_rules_without_an_outlet_are_asked_back(curating, page):
    answer = curating.post(page, sent("tybb", store="1", rule=["words bio 0 Come and join us."]))
    assert (answer.status_code, "that is to keep these rules" in answer.text) == (400, True)


def test_only_curators_are_asked_what_always_holds(client, project, page):
    for role, offered in (("analyst", False), ("curator", True)):
        client.force_login(factories.member(project, role))
        answer = client.post(page, sent("tybb", preview="1", **{"role-7": "boilerplate"}))
        assert ("offers" in answer.context, "data-offers" in answer.text) == (offered, offered)


def test_rules_are_proposed_for_the_lines_that_are_sent(curating, project, quay):
    factories.plain_article(project, SHARED, outlet="The Quay")
    lines = "1 tt The strait is calm\n5 bb It is.\n7 bx Come and join us."
    answer = curating.post(
        reverse("offer-rules", args=[project.slug]), {"outlet": "The Quay", "lines": lines}
    )
    assert [(str(one.rule), one.articles) for one in answer.context["offers"]] == [
        ("Lines that read “Come and join us.” are boilerplate", 1),
        ("The last line is boilerplate", 1),
    ]


@pytest.mark.parametrize("lines", ["", "1 t Calm", "x tt Calm", "1 tz Calm", "1 tt a\x00b"])
def test_what_are_no_lines_of_a_page_is_refused(curating, project, lines):
    address = reverse("offer-rules", args=[project.slug])
    assert curating.post(address, {"lines": lines}).status_code == 400


@pytest.mark.parametrize(
    ("role", "text", "field", "value"),
    [
        ("title", "Calm at last", "title", "Calm at last"),
        ("byline", "By Ada Quill and Ben Okri", "authors", "Ada Quill\nBen Okri"),
        ("byline", "Translated by Cy Moss", "translators", "Cy Moss"),
        ("dateline", "Posted: 3 March 2024", "published_on", "2024-03-03"),
        ("dateline", "Yesterday", "published_on", ""),
        ("outlet", "The Quay", "outlet", "The Quay"),
    ],
)
def test_a_line_is_read_for_what_the_person_takes_it_for(
    signed_in, project, role, text, field, value
):
    address = reverse("read-line", args=[project.slug])
    assert signed_in.post(address, {"role": role, "text": text}).json()[field] == value


def test_the_review_of_a_long_text_is_light(signed_in, page):
    raw = "".join(f"This is line number {number}.\n" for number in range(MOST_LINES))
    answer = signed_in.post(page, {"text": raw})
    assert len(answer.content) < 2_500_000
    assert answer.text.count("<option>") == MOST_LINES


def test_the_review_asks_the_database_as_often_for_few_lines_as_for_many(
    curating, page, quay, django_assert_num_queries
):
    for count in (3, 300):
        raw = "".join(f"A line of number {number}, and more.\n\n" for number in range(count))
        with django_assert_num_queries(13):
            curating.post(page, {"text": f"{raw}\nFirst published in The Quay.\n"})

"""Lists: sorted, in pages that stay exact, cut to what is asked for, and known by an ETag."""

from datetime import date

import pytest

from corpus_app.models import Article
from tests import api, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def ada(desk):
    return api.Caller(desk.ada)


def walked(caller, path: str) -> tuple[list[str], list[str]]:
    """The ids of all pages, forwards and then backwards."""
    pages = [caller.get(path).json()]
    while pages[-1]["next"]:
        pages.append(caller.get(pages[-1]["next"].partition(api.V1)[2]).json())
    back, page = [pages[-1]], pages[-1]
    while page["previous"]:
        page = caller.get(page["previous"].partition(api.V1)[2]).json()
        back.append(page)
    forth = [row["id"] for page in pages for row in page["results"]]
    return forth, [row["id"] for page in reversed(back) for row in page["results"]]


def test_pages_are_exact_under_every_sort_with_equal_and_missing_values(desk, ada):
    days = [None, date(2024, 1, 2), date(2024, 1, 1), date(2024, 1, 2), None, date(2024, 1, 3)]
    for number, day in enumerate(days):
        made = factories.plain_article(desk.project, f"Text {number}.\n\nMore.\n", by=desk.cora)
        Article.objects.filter(pk=made.pk).update(published_on=day, title=f"T{number % 2}")
    for sort in ("created", "updated", "title", "published_on"):
        whole = [row["id"] for row in ada.results(f"articles/?sort={sort}")]
        assert len(set(whole)) == 7
        for sign, expected in (("", whole), ("-", whole[::-1])):
            found = walked(ada, f"articles/?page_size=2&sort={sign}{sort}")
            assert found == (expected, expected), sign + sort
    published = [row["published_on"] for row in ada.results("articles/?sort=published_on")]
    assert published[:4] == ["2024-01-01", "2024-01-02", "2024-01-02", "2024-01-03"]
    assert published[4:] == [None] * 3


def test_a_cursor_goes_with_the_sort_and_the_filters_it_came_with(desk, ada):
    api.claims(desk, desk.ada, 4)
    page = ada.get("annotations/?page_size=2&kind=claim").json()
    path = page["next"].partition(api.V1)[2]
    assert ada.get(path + "&fields=id").status_code == 200
    for changed in (path + "&sort=-created", path.replace("kind=claim", "kind=mention")):
        answer = ada.get(changed)
        assert (answer.status_code, api.wrong(answer)) == (400, ["cursor"])
        assert "another list" in answer.json()["detail"]


@pytest.mark.parametrize("sort", ["", "note", "--created", "-", "created,updated", "author"])
def test_a_list_is_sorted_by_what_is_declared_and_nothing_else(desk, ada, sort):
    answer = ada.get(f"annotations/?sort={sort}")
    assert (answer.status_code, api.wrong(answer)) == (400, ["sort"])


def test_only_the_fields_that_are_asked_for_are_shown(desk, ada):
    [claim] = api.claims(desk, desk.ada, 1)
    assert ada.results("annotations/?fields=id,kind") == [{"id": str(claim.pk), "kind": "claim"}]
    one = ada.get(f"articles/{desk.article.pk}/?fields=title,text").json()
    assert one == {"title": "A plain text", "text": desk.revision.text}
    assert ada.results("revisions/?fields=number") == [{"number": 1}]
    for path in ("annotations/?fields=id,password", "articles/?fields=text", "tags/?fields="):
        answer = ada.get(path)
        assert (answer.status_code, api.wrong(answer)) == (400, ["fields"]), path


def test_what_is_named_by_its_id_is_shown_whole_if_asked(desk, ada):
    api.claims(desk, desk.ada, 2)
    names = "article,revision,author,participants.actor,codings.tag"
    rows = ada.results(f"annotations/?expand={names}")
    for row in rows:
        assert row["article"] == ada.results("articles/")[0]
        assert row["revision"]["id"] == str(desk.revision.pk)
        assert "text" not in row["revision"]
        assert row["author"] == {"username": "ada-strait", "name": desk.ada.shown_name}
        assert row["participants"][0]["actor"]["name"] == "Harbour Office"
        assert [code["tag"]["label"] for code in row["codings"]] == ["Fact", "The strait is calm"]
    alone = ada.get(f"annotations/{rows[0]['id']}/?expand=article&fields=article").json()
    assert alone == {"article": rows[0]["article"]}
    answer = ada.get("annotations/?expand=project")
    assert (answer.status_code, api.wrong(answer)) == (400, ["expand"])
    assert ada.results("passages/?expand=revision")[0]["revision"]["number"] == 1


def test_expanding_costs_the_same_for_a_few_and_for_many(desk, ada):
    names = "article,revision,author,participants.actor,codings.tag"
    api.claims(desk, desk.ada, 2)
    few = api.queries(lambda: ada.results(f"annotations/?expand={names}"))
    other = factories.plain_article(desk.project, "Another.\n\nText.\n", by=desk.cora)
    factories.assigned(other, desk.ada)
    factories.claim(other, desk.ada)
    api.claims(desk, desk.ada, 9)
    assert api.queries(lambda: ada.results(f"annotations/?expand={names}")) == few


@pytest.mark.parametrize("noun", ["annotations", "articles", "actors", "tags", "passages"])
def test_who_has_the_answer_already_is_told_so(desk, ada, noun):
    api.claims(desk, desk.ada, 1)
    for path in (f"{noun}/", f"{noun}/{ada.results(f'{noun}/')[0]['id']}/"):
        first = ada.get(path)
        assert first["ETag"].startswith("W/") == path.endswith(f"{noun}/")
        for known in (first["ETag"], f'"x", {first["ETag"]}', "*"):
            again = ada.get(path, If_None_Match=known)
            assert (again.status_code, again.content) == (304, b"")
            assert again["ETag"] == first["ETag"]
        assert ada.get(path, If_None_Match='"x"').content == first.content
        assert ada.get(f"{path}?fields=id", If_None_Match=first["ETag"]).status_code == 200


def test_the_etag_of_what_was_read_is_fit_to_change_it(desk, ada):
    [claim] = api.claims(desk, desk.ada, 1)
    path = f"annotations/{claim.pk}/"
    etag = ada.get(path)["ETag"]
    assert ada.ask("PATCH", path, {"note": "x"}, If_Match=etag).status_code == 200
    assert ada.get(path, If_None_Match=etag).status_code == 200
    assert ada.ask("PATCH", path, {"note": "y"}, If_Match=etag).status_code == 412


def test_a_renamed_actor_is_another_answer_though_the_annotation_is_the_same(desk, ada):
    [claim] = api.claims(desk, desk.ada, 1)
    path = f"annotations/{claim.pk}/"
    etag = ada.get(path)["ETag"]
    change = {"name": "Harbour Board"}
    api.Caller(desk.cora).ask("PATCH", f"actors/{desk.office.pk}/", change, If_Match='"1"')
    assert ada.get(path, If_None_Match=etag).status_code == 200


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("annotations/?kind=claim&kind=mention", ["kind"]),
        ("annotations/?kind=claim&page_size=2&kind=claim&page_size=3", ["kind", "page_size"]),
        ("articles/?sort=title&sort=created", ["sort"]),
        ("articles/?fields=id&fields=title", ["fields"]),
        ("articles/{article}/?fields=id&fields=title", ["fields"]),
        ("annotations/search/?project=strait&q=a&q=b", ["q"]),
        ("actors/suggest/?project=strait&q=a&q=b", ["q"]),
        ("articles/{article}/live/?since=2026-01-01T00:00:00Z&since=2027-01-01T00:00:00Z",
         ["since"]),
        ("changes/?project=strait&project=other", ["project"]),
        ("projects/strait/export/csv/?author=ada-strait&author=ben-strait", ["author"]),
        ("projects/strait/network/?mode=two&mode=actors", ["mode"]),
    ],
)  # fmt: skip
def test_a_parameter_that_is_given_more_than_once_is_refused(desk, ada, path, names):
    answer = ada.get(path.format(article=desk.article.pk))
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"parameter": name, "detail": "This parameter is given more than once. Give it once."}
        for name in names
    ]


def test_a_parameter_of_a_write_is_told_as_one_if_it_is_given_twice(desk):
    answer = api.Caller(desk.cora).post("projects/strait/imports/?format=csv&format=jsonl", "x")
    assert (answer.status_code, api.wrong(answer)) == (400, ["format"])


def test_a_parameter_that_takes_several_is_given_as_often_as_there_are(desk, ada):
    api.claims(desk, desk.ada, 1)
    api.hand_in(desk.article, desk.ada)

    def actors(query: str) -> list[str]:
        [network] = ada.get(f"projects/strait/network/?{query}").json()["networks"]
        return [node["name"] for node in network["nodes"] if node["mode"] == "actor"]

    assert actors("isolates=true") == ["Harbour Office"]
    assert actors("isolates=true&without_actors=Nobody&without_actors=Harbour+Office") == []
    assert actors("") == ["Harbour Office"]
    assert actors(f"without_tags={desk.fact.slug}") == ["Harbour Office"]
    assert actors(f"without_tags={desk.calm.slug}&without_tags={desk.fact.slug}") == []

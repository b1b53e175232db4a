"""Links between claims, certainty, flags and endorsement: stored, kept, and hidden with claims."""

import uuid

import pytest
from django.urls import reverse

from annotations import annotating, correcting
from annotations.checking import AnnotatingError
from annotations.content import Content, Part, Tie
from annotations.models import Annotation, Link
from corpus_app.models import Event, Project
from tests import api, factories

pytestmark = pytest.mark.django_db

NEVER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def elsewhere(desk):
    return factories.plain_article(desk.project, "Another text altogether.\n", by=desk.cora)


def linked(*claims, relation="supports", **values):
    ties = tuple(Tie(relation, str(getattr(claim, "pk", claim))) for claim in claims)
    return Content("claim", ((0, 5, None),), links=ties, **values)


def rewrite(claim, content, by=None, **values):
    return annotating.rewrite(
        by=by or claim.author, annotation=claim, seen=claim.version, content=content, **values
    )


def test_what_a_claim_says_is_read_back_as_it_was_written(desk):
    other = factories.claim(desk.article, desk.ada)
    voices = (
        Part("voice", str(desk.office.pk), endorsement="distances"),
        Part("voice", stands_for="outlet", endorsement="endorses"),
    )
    claim = factories.claim(
        desk.article, desk.ada, parts=voices, certainty="low", flagged=True,
        links=(Tie("contradicts", str(other.pk)),),
    )  # fmt: skip
    stored = annotating.content_of(Annotation.objects.get(pk=claim.pk))
    assert (stored.parts, stored.certainty, stored.flagged) == (voices, "low", True)
    assert stored.links == (Tie("contradicts", str(other.pk)),)
    event = Event.objects.get(noun="annotation", object_id=str(claim.pk))
    assert event.after == annotating.snapshot(claim)


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"certainty": "very"}, "certainty", "“very” is not one of high, medium, low."),
        (
            {"parts": (Part("claimant", stands_for="author", endorsement="neutral"),)},
            "participants",
            "A claimant endorses nothing: only a step of the voice chain does.",
        ),
        (
            {"parts": (Part("voice", stands_for="author", endorsement="cheers"),)},
            "participants",
            "A voice endorses, is neutral or distances itself, not “cheers”.",
        ),
        (
            {
                "parts": (
                    Part("voice", stands_for="author", endorsement="neutral"),
                    Part("voice", stands_for="author"),
                )
            },
            "participants",
            "The same voice stands there twice.",
        ),
        (
            {"links": (Tie("denies", NEVER),)},
            "links",
            "“denies” is not one of restates, supports, contradicts, qualifies.",
        ),
        (
            {"links": (Tie("supports", NEVER), Tie("restates", NEVER))},
            "links",
            "The same claim is linked twice. Keep one of the two.",
        ),
        (
            {"links": (Tie("supports", NEVER),)},
            "links",
            "A linked claim is not in this project, or you cannot see it.",
        ),
        (
            {"links": (Tie("supports", "harbour"),)},
            "links",
            "A linked claim is not in this project, or you cannot see it.",
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_name(desk, values, field, message):
    with pytest.raises(AnnotatingError) as refused:
        factories.claim(desk.article, desk.ada, **values)
    assert refused.value.messages == {field: [message]}
    assert Annotation.objects.count() == 0


def test_a_claim_is_linked_to_another_claim_that_stands_and_is_seen(desk, elsewhere):
    claim = factories.claim(desk.article, desk.ada)
    mention = Content("mention", ((0, 5, None),), (Part("named", str(desk.office.pk)),))
    revision = desk.article.revisions.get()
    named, _ = annotating.create(by=desk.ada, revision=revision, content=mention)
    gone = factories.claim(desk.article, desk.ada)
    annotating.remove(by=desk.ada, annotation=gone, seen=1)
    hidden = factories.claim(elsewhere, desk.ben)
    far = api.desk("far")
    foreign = factories.claim(far.article, far.ada)
    unseen = "A linked claim is not in this project, or you cannot see it."
    for target, message in (
        (claim, "A claim is not linked to itself."),
        (named, "A link leads to a claim, not to a mention."),
        (gone, "A linked claim has been removed. Restore it first, or leave the link out."),
        (hidden, unseen),
        (foreign, unseen),
    ):
        with pytest.raises(AnnotatingError) as refused:
            rewrite(claim, linked(target))
        assert refused.value.messages == {"links": [message]}
    with pytest.raises(AnnotatingError, match="only claims are linked"):
        rewrite(named, Content("mention", ((0, 5, None),), links=linked(claim).links))


def test_a_link_stays_when_its_claim_is_removed_and_comes_back_with_an_undo(desk):
    other, claim = (factories.claim(desk.article, desk.ada) for _ in range(2))
    rewrite(claim, linked(other))
    annotating.remove(by=desk.ada, annotation=other, seen=1)
    rewrite(claim, linked(other, note="still"))
    rewrite(claim, linked())
    assert Link.objects.count() == 0
    annotating.restore(by=desk.ada, annotation=claim, seen=4, version=2)
    assert [link.claim for link in claim.links.all()] == [other]


def test_a_link_stays_when_its_claim_is_hidden_from_the_writer_again(desk):
    claim = factories.claim(desk.article, desk.ada)
    theirs = factories.claim(desk.article, desk.ben)
    Project.objects.filter(pk=desk.project.pk).update(blind=False)
    rewrite(claim, linked(theirs))
    Project.objects.filter(pk=desk.project.pk).update(blind=True)
    rewrite(claim, linked(theirs, relation="qualifies"))
    assert [link.relation for link in claim.links.all()] == ["qualifies"]
    shown = api.Caller(desk.ada).get(f"annotations/{claim.pk}/").json()
    assert shown["links"] == [{"relation": "qualifies", "claim": str(theirs.pk)}]


def test_a_version_from_before_there_were_links_is_restored(desk):
    claim = factories.claim(desk.article, desk.ada, note="now")
    Annotation.objects.filter(pk=claim.pk).update(version=3, flagged=True, certainty="high")
    told = annotating.snapshot(claim)
    older = {name: told[name] for name in told if name not in ("certainty", "flagged", "links")}
    Event.objects.create(
        project=desk.project, by=desk.ada, by_name="Ada", verb="changed", noun="annotation",
        object_id=str(claim.pk), version=2, article=desk.article, author=desk.ada,
        before=older, after={**older, "note": "then"},
    )  # fmt: skip
    claim.refresh_from_db()
    restored = annotating.restore(by=desk.ada, annotation=claim, seen=3, version=2)
    assert (restored.note, restored.certainty, restored.flagged) == ("then", "", False)


def test_links_and_endorsement_come_along_into_a_corrected_text(desk):
    other = factories.claim(desk.article, desk.ada)
    voices = (Part("voice", stands_for="outlet", endorsement="neutral"),)
    claim = factories.claim(
        desk.article, desk.ada, 4, 10, parts=voices, certainty="medium", flagged=True,
        links=linked(other).links,
    )  # fmt: skip
    before = annotating.snapshot(claim)
    correcting.correct(
        by=desk.cora, article=desk.article, seen=desk.article.version, reason="A word more.",
        text=desk.article.revisions.get().text.replace("calm", "very calm"),
    )  # fmt: skip
    moved = Event.objects.get(noun="annotation", object_id=str(claim.pk), verb="carried")
    changed = {"spans": moved.after["spans"], "revision": moved.after["revision"]}
    assert (moved.before, moved.after) == (before, {**before, **changed})
    assert annotating.snapshot(Annotation.objects.get(pk=claim.pk)) == moved.after


def test_the_api_takes_and_gives_all_of_it(desk):
    ada, other = api.Caller(desk.ada), factories.claim(desk.article, desk.ada)
    told = {
        "certainty": "high", "flagged": True,
        "links": [{"relation": "restates", "claim": str(other.pk)}],
        "participants": [{"role": "voice", "stands_for": "author", "endorsement": "endorses"}],
    }  # fmt: skip
    body = api.claim_body(desk, **told)
    made = ada.post("annotations/", body).json()
    assert (made["certainty"], made["flagged"], made["links"]) == ("high", True, told["links"])
    assert made["participants"][0]["endorsement"] == "endorses"
    path = f"annotations/{made['id']}/"
    kept = ada.ask("PATCH", path, {"note": "hm"}, If_Match='"1"').json()
    assert {name: kept[name] for name in ("certainty", "flagged", "links")} == {
        name: told[name] for name in ("certainty", "flagged", "links")
    }
    del body["id"], body["revision"]
    emptied = {name: value for name, value in body.items() if name not in told}
    bare = ada.ask("PUT", path, emptied, If_Match='"2"').json()
    assert (bare["certainty"], bare["flagged"], bare["links"]) == ("", False, [])
    for wrong in ({"flagged": 1}, {"certainty": "sure"}, {"links": [{"claim": made["id"]}]}):
        refused = ada.ask("PATCH", path, wrong, If_Match='"3"')
        [fault] = refused.json()["errors"]
        assert (refused.status_code, fault["pointer"].split("/")[1]) == (400, *wrong)


def test_lists_are_narrowed_by_certainty_flag_and_link(desk):
    ada, other = api.Caller(desk.ada), factories.claim(desk.article, desk.ada)
    sure = factories.claim(desk.article, desk.ada, certainty="high", links=linked(other).links)
    asked = factories.claim(desk.article, desk.ada, flagged=True)
    for query, wanted in (
        ("certainty=high", [sure]),
        ("flagged=true", [asked]),
        ("flagged=false", [other, sure]),
        (f"linked_to={other.pk}", [sure]),
        (f"linked_to={NEVER}", []),
        ("linked=true", [sure]),
        ("linked=false", [other, asked]),
    ):
        found = ada.results(f"annotations/?{query}")
        assert {row["id"] for row in found} == {str(row.pk) for row in wanted}
    assert ada.get("annotations/?flagged=perhaps").status_code == 400


@pytest.fixture
def told(desk, elsewhere):
    """Everything that could tell Ada of links, as one list of bytes."""
    ada = api.Caller(desk.ada)

    def read(claim, target):
        paths = [
            "annotations/", "annotations/?page_size=1", f"annotations/?article={desk.article.pk}",
            f"annotations/{claim.pk}/", f"annotations/?linked_to={target.pk}",
            "annotations/?linked=true", "events/?page_size=500", f"events/?object={claim.pk}",
            "annotations/search/?project=strait&q=another", "projects/strait/export/jsonl/",
            "projects/strait/export/csv/", "projects/strait/export/jsonld/",
        ]  # fmt: skip
        created = Event.objects.filter(noun="annotation", object_id=str(claim.pk)).first()
        pages = [
            f"/articles/{desk.article.pk}/",
            *(reverse(f"admin:annotations_annotation_{name}", args=[claim.pk])
              for name in ("change", "history")),
            reverse("admin:annotations_annotation_changelist"),
            reverse("admin:corpus_app_event_change", args=[created.pk]),
        ]  # fmt: skip
        answers = [(path, ada.get(path)) for path in paths]
        answers += [(page, ada.client.get(page)) for page in pages]
        assert {answer.status_code for _, answer in answers} == {200}
        return [
            (path, api.without_keys(
                b"".join(answer.streaming_content) if answer.streaming else answer.content
            ))
            for path, answer in answers
        ]  # fmt: skip

    return read


def test_of_links_to_what_is_hidden_nothing_is_told(desk, elsewhere, told):
    hidden = factories.claim(elsewhere, desk.ben)
    claim = factories.claim(desk.article, desk.ben)
    api.hand_in(desk.article, desk.ada)
    before = told(claim, hidden)
    Link.objects.create(
        project=desk.project, annotation=claim, relation="supports", claim=hidden
    )  # fmt: skip
    assert told(claim, hidden) == before


def test_what_the_history_tells_of_links_is_hidden_with_the_claim(desk, elsewhere, told):
    hidden = factories.claim(elsewhere, desk.ben)
    claim = factories.claim(desk.article, desk.ben, links=linked(hidden).links)
    rewrite(claim, linked(hidden, note="more"))
    api.hand_in(desk.article, desk.ada)
    for path, page in told(claim, hidden):
        if str(hidden.pk) not in path:  # who asks by the id is told what she asked
            assert not any(pk.encode() in page for pk in (str(hidden.pk), hidden.pk.hex))
    made, changed = api.Caller(desk.ada).results(f"events/?object={claim.pk}")
    assert (made["after"]["links"], changed["before"]["links"], changed["after"]["links"]) == (
        [], [], [],
    )  # fmt: skip
    page = api.Caller(desk.ada).client.get(
        reverse("admin:annotations_annotation_history", args=[claim.pk])
    )
    assert [{change.name for change in changes} for _, changes in page.context["told"]] == [
        {"note"},
        {"kind", "spans", "revision", "state", "layer"},
    ]


def test_of_links_to_what_one_sees_all_is_told(desk, told):
    seen = factories.claim(desk.article, desk.ben)
    claim = factories.claim(desk.article, desk.ben)
    api.hand_in(desk.article, desk.ada)
    without = told(claim, seen)
    Link.objects.create(project=desk.project, annotation=claim, relation="supports", claim=seen)
    shown = api.Caller(desk.ada).get(f"annotations/{claim.pk}/").json()
    assert shown["links"] == [{"relation": "supports", "claim": str(seen.pk)}]
    then, now = (dict(pages) for pages in (without, told(claim, seen)))
    assert {name for name in then if then[name] != now[name]} == {
        "annotations/", f"annotations/?article={desk.article.pk}", f"annotations/{claim.pk}/",
        f"annotations/?linked_to={seen.pk}", "annotations/?linked=true",
        "projects/strait/export/jsonl/", "projects/strait/export/csv/",
        "projects/strait/export/jsonld/", f"/articles/{desk.article.pk}/",
        reverse("admin:annotations_annotation_change", args=[claim.pk]),
    }  # fmt: skip


@pytest.fixture
def at_the_desk(client, desk):
    """The page of an annotation at the desk, as Ada sees it."""
    client.force_login(desk.ada)

    def read(claim):
        return client.get(reverse("admin:annotations_annotation_change", args=[claim.pk])).text

    return read


def test_the_desk_shows_what_a_claim_is_linked_to_and_leads_there(desk, at_the_desk):
    seen, gone = (factories.claim(desk.article, desk.ada, 0, end) for end in (10, 18))
    claim = factories.claim(desk.article, desk.ada, links=linked(seen, gone).links)
    annotating.remove(by=desk.ada, annotation=gone, seen=1)
    page = at_the_desk(claim)
    there = reverse("admin:annotations_annotation_change", args=[seen.pk])
    assert f'<a href="{there}">The strait</a>' in page
    assert "The strait is calm</a> (deleted)" in page


def test_the_desk_says_of_ones_own_link_that_its_claim_is_hidden(desk, elsewhere, at_the_desk):
    hidden = factories.claim(elsewhere, desk.ben, 0, 12)
    claim = factories.claim(desk.article, desk.ada)
    Link.objects.create(project=desk.project, annotation=claim, relation="supports", claim=hidden)
    page = at_the_desk(claim)
    assert "a claim that is hidden from you now" in page
    assert "Another text" not in page


def test_the_desk_lists_what_is_flagged_and_how_sure_one_is(client, desk):
    factories.claim(desk.article, desk.ada)
    flagged = factories.claim(desk.article, desk.ada, flagged=True, certainty="low")
    client.force_login(desk.cora)
    there = reverse("admin:annotations_annotation_changelist")
    for query in ("flagged__exact=1", "certainty__exact=low"):
        shown = client.get(f"{there}?{query}").context["cl"]
        assert [row.pk for row in shown.result_list] == [flagged.pk]


def test_curators_see_every_link(desk, elsewhere):
    hidden = factories.claim(elsewhere, desk.ben)
    claim = factories.claim(desk.article, desk.ben, links=linked(hidden).links)
    shown = api.Caller(desk.cora).get(f"annotations/{claim.pk}/").json()
    assert [link["claim"] for link in shown["links"]] == [str(hidden.pk)]


def test_the_number_of_queries_does_not_grow_with_the_links(desk):
    ada = api.Caller(desk.ada)

    def cost(number):
        for _ in range(number):
            other = factories.claim(desk.article, desk.ada)
            factories.claim(desk.article, desk.ada, links=linked(other).links)
        paths = ("annotations/", "events/", f"annotations/?linked_to={other.pk}")
        return [api.queries(lambda path=path: ada.get(path)) for path in paths]

    assert cost(2) == cost(10)


def test_a_change_sent_twice_is_made_once_with_its_links(desk):
    other, claim = (factories.claim(desk.article, desk.ada) for _ in range(2))
    change = uuid.uuid4()
    for _ in range(2):
        annotating.rewrite(
            by=desk.ada, annotation=claim, seen=1, content=linked(other), change=change
        )
    assert (Link.objects.count(), claim.version) == (1, 2)

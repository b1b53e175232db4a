"""What curators do to many rows at the desk: asked, looked at, done, told, and taken back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations import annotating, assigning, retagging
from annotations.models import Annotation, Assignment, Case, ClaimTag, Facet, TagMerger
from corpus_app import people
from corpus_app.models import Event, Operation
from tests import factories

pytestmark = pytest.mark.django_db

ANNOTATIONS, TAGS, OPERATIONS, EVENTS, MERGERS, CASES = (
    reverse(f"admin:{name}_changelist")
    for name in (
        "annotations_annotation", "annotations_claimtag", "corpus_app_operation",
        "corpus_app_event", "annotations_tagmerger", "annotations_case",
    )
)  # fmt: skip


def ask(client, address, action, rows, **typed):
    """The page after what is typed was sent: what would change."""
    sent = {"action": action, "_selected_action": [row.pk for row in rows], "go": "yes"}
    return client.post(address, {**sent, "reason": "Agreed.", **typed})


def do(client, address, action, rows, **typed):
    """The answer once what was looked at is done."""
    page = ask(client, address, action, rows, **typed)
    seen = {name: page.context["form"].data.get(name, "") for name in ("seen", "looked")}
    return ask(client, address, action, rows, **typed, **seen, do="Do it")


def told(answer) -> list[str]:
    return [str(message) for message in answer.wsgi_request._messages]


@pytest.fixture
def project():
    return factories.ProjectFactory(name="Ours")


@pytest.fixture
def curator(project, client):
    user = factories.member(project, "curator")
    client.force_login(user)
    return user


@pytest.fixture
def tags(project, curator):
    factories.small_codebook(project, by=curator)
    return {tag.slug: tag for tag in ClaimTag.objects.all()}


@pytest.fixture
def claims(project, curator, tags):
    article, analyst = factories.article(project, by=curator), factories.member(project)
    code = (factories.coded(tags["fact"]),)
    return [factories.claim(article, analyst, n, n + 3, codes=code) for n in (0, 4, 8)]


def codes() -> list[str]:
    rows = Annotation.objects.order_by("created").values_list("codings__tag__slug", flat=True)
    return list(rows)


def test_annotations_are_recoded_after_a_look_and_come_back(client, curator, tags, claims):
    page = ask(client, ANNOTATIONS, "recode", claims[:2], away=tags["fact"].pk, to=tags["norm"].pk)
    assert page.context["preview"].number == 2
    [first, _] = page.context["examples"]
    assert [tuple(change) for change in first["changes"]] == [
        ("codings", "tag: Fact, definition: 1", "tag: Norm, definition: 1")
    ]
    assert codes() == ["fact"] * 3
    do(client, ANNOTATIONS, "recode", claims[:2], away=tags["fact"].pk, to=tags["norm"].pk)
    assert codes() == ["norm", "norm", "fact"]
    operation = Operation.objects.get()
    assert (operation.by, operation.reason, operation.number) == (curator, "Agreed.", 2)
    undo = reverse("admin:corpus_app_operation_undo", args=[operation.pk])
    assert client.get(undo).context["preview"].number == 2
    assert list(client.post(undo, {"reason": " "}).context["form"].errors) == ["reason"]
    assert client.post(undo, {"reason": "No."}).status_code == 302
    assert codes() == ["fact"] * 3
    assert told(client.post(undo, {"reason": "No."}))[-1] == (
        "Nothing was taken back. This is taken back already."
    )


def test_another_order_than_was_looked_at_is_looked_at_first(client, curator, tags, claims):
    page = ask(client, ANNOTATIONS, "recode", claims, away=tags["fact"].pk)
    seen = {name: page.context["form"].data[name] for name in ("seen", "looked")}
    page = ask(client, ANNOTATIONS, "recode", claims, to=tags["calm"].pk, **seen, do="Do it")
    assert page.context["preview"].number == 3
    assert Operation.objects.count() == 0


def test_what_was_changed_since_the_look_is_passed_over(client, curator, tags, claims):
    page = ask(client, ANNOTATIONS, "remove", claims)
    seen = {name: page.context["form"].data[name] for name in ("seen", "looked")}
    content = annotating.content_of(claims[0])
    annotating.rewrite(by=claims[0].author, annotation=claims[0], seen=1, content=content)
    answer = ask(client, ANNOTATIONS, "remove", claims, **seen, do="Do it")
    assert "2 rows written" in told(answer)[0]
    assert "Not written: 1 changed since you looked." in told(answer)[0]
    assert Annotation.objects.standing().get() == claims[0]
    do(client, f"{ANNOTATIONS}?deleted=yes", "put_back", claims)
    assert Annotation.objects.standing().count() == 3


def test_all_that_a_filter_finds_is_recoded_at_once(client, curator, tags, claims):
    address = f"{ANNOTATIONS}?tag={tags['fact'].pk}"
    do(client, address, "recode", claims[:1], away=tags["fact"].pk, select_across="1")
    assert codes() == [None] * 3


@pytest.mark.parametrize("seen", ["x", "x:1", "1:x", "::"])
def test_what_cannot_be_read_is_not_done(client, curator, claims, seen):
    page = ask(client, ANNOTATIONS, "remove", claims, seen=seen, looked="x", do="Do it")
    assert list(page.context["form"].errors) == ["seen"]
    assert Annotation.objects.standing().count() == 3


def test_rows_of_two_projects_and_of_others_are_refused(client, project, curator, claims):
    elsewhere = factories.ProjectFactory()
    people.join(by=curator, project=elsewhere, user=curator, role="analyst")
    theirs = factories.claim(factories.article(elsewhere), curator)
    answer = ask(client, ANNOTATIONS, "remove", [*claims, theirs])
    assert told(answer) == ["Choose rows of one project."]
    answer = ask(client, ANNOTATIONS, "remove", [theirs])
    assert told(answer)[-1] == f"You do not curate {elsewhere}."


def test_an_analyst_does_nothing_at_once(client, project, curator, claims):
    client.force_login(claims[0].author)
    for action in ("recode", "remove", "put_back", "split_tag"):
        ask(client, ANNOTATIONS, action, claims)
    assert Annotation.objects.standing().count() == 3
    for address in (OPERATIONS, MERGERS, CASES):
        assert client.get(address).status_code == 403


def test_assignments_are_given_away_and_withdrawn(client, project, curator, claims):
    other = factories.member(project, user__username="bea")
    address = reverse("admin:annotations_assignment_changelist")
    own = Assignment.objects.get()
    do(client, address, "reassign", [own], analyst=other.pk)
    own.refresh_from_db()
    assert own.state == "withdrawn"
    do(client, address, "withdraw", Assignment.objects.filter(analyst=other))
    assert set(Assignment.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert [o.what for o in Operation.objects.order_by("created")] == ["reassign", "withdraw"]


def test_tags_are_merged_and_parted_on_their_page(client, project, curator, tags, claims):
    page = reverse("admin:annotations_claimtag_change", args=[tags["fact"].pk])
    merge = reverse("admin:annotations_claimtag_merge", args=[tags["fact"].pk])
    assert merge in client.get(page).content.decode()
    asked = {"target": tags["norm"].pk, "reason": "The same."}
    looked = client.post(merge, asked)
    assert looked.context["preview"].number == 3
    asked["looked"] = looked.context["form"].data["looked"]
    assert client.post(merge, {**asked, "do": "Merge"}).status_code == 302
    assert codes() == ["norm"] * 3
    merger = TagMerger.objects.get()
    undo = reverse("admin:corpus_app_operation_undo", args=[merger.operation_id])
    assert undo in client.get(page).content.decode()
    assert client.get(undo).context["preview"].number == 3
    client.post(undo, {"reason": "They differ."})
    assert codes() == ["fact"] * 3


def test_a_merger_that_cannot_be_says_why(client, curator, tags, claims):
    merge = reverse("admin:annotations_claimtag_merge", args=[tags["fact"].pk])
    answer = client.post(merge, {"target": tags["calm"].pk, "reason": "So."})
    assert list(answer.context["form"].errors) == ["target"]
    values = {"by": curator, "source": tags["norm"], "target": tags["fact"], "reason": "So."}
    retagging.merge_tags(**values)
    own = reverse("admin:annotations_claimtag_merge", args=[tags["norm"].pk])
    answer = client.post(own, {"target": tags["fact"].pk, "reason": "So."})
    assert "merged already" in answer.context["form"].non_field_errors()[0]


def test_chosen_annotations_are_split_off(client, curator, tags, claims):
    typed = {"source": tags["fact"].pk, "label": "Number", "definition": "A figure."}
    page = ask(client, ANNOTATIONS, "split_tag", claims[:2], **typed)
    assert page.context["preview"].number == 2
    assert ClaimTag.objects.filter(label="Number").count() == 0
    do(client, ANNOTATIONS, "split_tag", claims[:2], **typed)
    assert codes() == ["number", "number", "fact"]
    assert TagMerger.objects.get().whole is False


def test_tags_and_facets_are_retired_at_once(client, curator, tags):
    do(client, TAGS, "retire", list(tags.values()))
    facets = reverse("admin:annotations_facet_changelist")
    do(client, facets, "retire", Facet.objects.all())
    assert ClaimTag.objects.filter(retired=None).count() == 0
    assert Facet.objects.filter(retired=None).count() == 0
    assert Operation.objects.filter(what="retire").count() == 2


# The history


def test_history_tells_who_and_why_and_is_only_read(client, curator, tags, claims):
    do(client, ANNOTATIONS, "recode", claims, away=tags["fact"].pk)
    operation = Operation.objects.get()
    page = client.get(f"{EVENTS}?operation={operation.pk}")
    shown = page.context["cl"].queryset
    assert {(e.reason, e.operation) for e in shown} == {("Agreed.", operation)}
    assert shown.count() == 3
    assert "“Fact” taken away" in page.content.decode()
    own = reverse("admin:annotations_annotation_history", args=[claims[0].pk])
    assert "Why: Agreed." in client.get(own).content.decode()
    client.force_login(factories.UserFactory(is_superuser=True))
    event = Event.objects.first()
    change = reverse("admin:corpus_app_event_change", args=[event.pk])
    delete = reverse("admin:corpus_app_event_delete", args=[event.pk])
    for address in (change, delete, f"{EVENTS}add/", f"{OPERATIONS}add/", f"{MERGERS}add/"):
        assert client.post(address, {"post": "yes", "reason": "x"}).status_code == 403
    for row, name in ((operation, "corpus_app_operation"),):
        for page in ("change", "delete"):
            address = reverse(f"admin:{name}_{page}", args=[row.pk])
            assert client.post(address, {"post": "yes", "reason": "x"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"}
    client.post(EVENTS, sent)
    assert Event.objects.filter(pk=event.pk, reason=event.reason).exists()


def test_an_analyst_learns_why_her_work_was_changed_and_nothing_of_others(
    client, project, curator, tags, claims
):
    other = factories.member(project)
    factories.claim(claims[0].article, other, codes=(factories.coded(tags["fact"]),))
    do(client, ANNOTATIONS, "recode", Annotation.objects.all(), away=tags["fact"].pk)
    operation = Operation.objects.get()
    client.force_login(claims[0].author)
    page = client.get(EVENTS).content.decode()
    assert "Agreed." in page
    assert f"operation={operation.pk}" not in page
    everything = client.get(EVENTS).context["cl"].result_count
    asked = client.get(f"{EVENTS}?operation={operation.pk}").context["cl"]
    assert asked.result_count == everything
    shown = client.get(EVENTS).context["cl"].queryset.filter(noun="annotation", verb="recoded")
    assert shown.count() == 3


@pytest.mark.parametrize("address", [OPERATIONS, MERGERS, EVENTS])
def test_a_list_asks_as_often_for_many_rows_as_for_few(client, curator, tags, address):
    def questions():
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    def merge():
        source, target = ClaimTag.objects.get(slug="fact"), ClaimTag.objects.get(slug="norm")
        told = {"by": curator, "reason": "So."}
        merger = retagging.merge_tags(source=source, target=target, **told)
        retagging.undo(merger=merger, **told)

    merge()
    few = questions()
    for _ in range(5):
        merge()
    assert questions() == few


def test_every_page_and_filter_of_the_lists_opens(client, curator, tags, claims):
    merger = retagging.merge_tags(
        by=curator, source=tags["fact"], target=tags["norm"], reason="So."
    )
    retagging.undo(by=curator, merger=merger, reason="No.")
    own = Assignment.objects.get()
    Annotation.objects.update(state="complete")
    assigning.hand_in(by=own.analyst, assignment=own, seen=own.version)
    case = Case.objects.create(
        project=own.project, article=own.article, kind="claim", start=0, end=3
    )
    for row in (*Operation.objects.all(), merger, case):
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    for address in (OPERATIONS, MERGERS, CASES, EVENTS, ANNOTATIONS):
        cl = client.get(address).context["cl"]
        asked = {c["query_string"] for spec in cl.filter_specs for c in spec.choices(cl)}
        assert {q for q in asked if client.get(address + q).status_code != 200} == set()

"""An archived project: everything in it is read and exported, and nothing is written."""

import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from annotations import (
    annotating,
    assigning,
    codebook,
    discussing,
    founding,
    handing,
    suggesting,
)
from annotations.content import Content
from annotations.models import Annotation, Assignment, ClaimTag, Codebook, Comment, Facet
from corpus_app import (
    actors,
    batches,
    describing,
    ingest,
    inviting,
    merging,
    outlets,
    people,
    registry,
    rules,
)
from corpus_app.access import Archived
from corpus_app.ingest import Fields
from corpus_app.models import Actor, Event, Membership, OutletRule, Project, Role
from corpus_app.reading import Readers
from corpus_app.text.learnt import Rule
from tests import factories

pytestmark = pytest.mark.django_db

SAID = "This project is archived."
CLAIM = Content(kind="claim", spans=((0, 5, None),))


@pytest.fixture
def manager():
    return factories.UserFactory(username="mia")


@pytest.fixture
def analyst(project):
    return factories.member(project, user__username="ada")


@pytest.fixture
def project(manager):
    return people.create_project(by=manager, slug="tunnel", name="The tunnel")


@pytest.fixture
def article(project, manager, analyst):
    """An article that its analyst is at work on; the project is archived."""
    factories.small_codebook(project, by=manager)
    for name in ("Harbour Office", "Port Office"):
        factories.actor(project, name, by=manager)
    article = factories.article(project, by=manager, outlet="The Quay")
    share = Rule("words", "Share this", None, "boilerplate")
    rules.add(by=manager, outlet=article.outlet, rule=share)
    claim = factories.claim(article, analyst)
    discussing.comment(by=analyst, annotation=claim, text="Is it one claim?")
    batches.open_batch(by=manager, project=project, name="Reports")
    Annotation.objects.update(state=Annotation.State.COMPLETE)
    people.archive(by=manager, project=project, seen=1)
    return article


def first(model, project):
    return model.objects.filter(project=project).first()


def bytes_of_a_text(project, by):
    data = b"Another text\n\nIt says nothing new.\n"
    ingest.store(by=by, project=project, data=data, proposal=ingest.propose(data=data))


def files(project, by):
    with Readers() as readers:
        batch = project.batch_set.get()
        batches.add(by=by, batch=batch, files=[("a.txt", b"A\n\nB.\n")], readers=readers)


# What each door is asked to do: `a` is the article, `by` its analyst for her own work.
DOORS = {
    "mark": lambda a, by: annotating.create(by=by, revision=a.revisions.get(), content=CLAIM),
    "change a mark": lambda a, by: annotating.rewrite(
        by=by, annotation=Annotation.objects.get(), seen=1, content=CLAIM
    ),
    "remove a mark": lambda a, by: annotating.remove(
        by=by, annotation=Annotation.objects.get(), seen=1
    ),
    "comment": lambda a, by: discussing.comment(
        by=by, annotation=Annotation.objects.get(), text="Yes."
    ),
    "take a comment back": lambda a, by: discussing.remove(
        by=by, comment=Comment.objects.get(), seen=1
    ),
    "reject a suggestion": lambda a, by: suggesting.reject(
        by=by, revision=a.revisions.get(), actor=first(Actor, a.project).pk,
        places=[suggesting.Place(4, 10, "Strait")],
    ),
    "hand in": lambda a, by: handing.hand_in(by=by, assignment=Assignment.objects.get(), seen=1),
    "begin": lambda a, by: _begin(a, by),
    "assign": lambda a, by: assigning.assign(by=by, article=a, analyst=a.project_manager),
    "make a facet": lambda a, by: codebook.create_facet(
        by=by, codebook=Codebook.objects.get(), values=codebook.FacetValues("Another")
    ),
    "reword a tag": lambda a, by: codebook.change_tag(
        by=by, tag=ClaimTag.objects.get(slug="calm"), seen=1, values=codebook.TagValues("Rough")
    ),
    "retire a facet": lambda a, by: codebook.retire(
        by=by, thing=first(Facet, a.project), seen=1
    ),
    "import a codebook": lambda a, by: codebook.import_json(
        by=by, project=a.project, text='{"dimensions": [{"name": "Tone", "tags": []}]}'
    ),
    "make an actor": lambda a, by: actors.create(
        by=by, project=a.project, values=actors.ActorValues("New")
    ),
    "import actors": lambda a, by: registry.import_csv(
        by=by, project=a.project, text="name\nNew\n"
    ),
    "merge actors": lambda a, by: merging.merge(
        by=by, actor=Actor.objects.first(), into=Actor.objects.last(), seen=1
    ),
    "tell actors apart": lambda a, by: merging.tell_apart(
        by=by, one=Actor.objects.first(), other=Actor.objects.last()
    ),
    "make a story": lambda a, by: outlets.create_story(
        by=by, project=a.project, values=outlets.StoryValues("Calm")
    ),
    "retire a rule": lambda a, by: rules.retire(by=by, row=OutletRule.objects.get(), seen=1),
    "describe an article": lambda a, by: describing.describe(
        by=by, article=a, seen=1, fields=Fields(title="Another")
    ),
    "import an article": lambda a, by: bytes_of_a_text(a.project, by),
    "open a batch": lambda a, by: batches.open_batch(by=by, project=a.project),
    "add files": lambda a, by: files(a.project, by),
    "discard a batch": lambda a, by: batches.discard(by=by, batch=a.project.batch_set.get()),
    "invite": lambda a, by: inviting.invite(by=by, project=a.project, role="analyst", days=1),
    "add a member": lambda a, by: people.join(
        by=by, project=a.project, user=factories.UserFactory(), role="analyst"
    ),
    "change a role": lambda a, by: people.change_role(
        by=by, membership=Membership.objects.get(user__username="ada"), seen=1, role="curator"
    ),
}  # fmt: skip


def _begin(article, by):
    Assignment.objects.update(state=Assignment.State.ASSIGNED)
    assigning.begin(by=by, article_id=article.pk, analyst=by)


def rows() -> dict:
    """How many rows of everything there are."""
    counted = (Annotation, Comment, Assignment, Facet, ClaimTag, Actor, Event, Membership)
    return {model.__name__: model.objects.count() for model in counted}


def outcome(call) -> str:
    """What the call said; nothing that it did stays."""
    with transaction.atomic():
        try:
            call()
        except Archived as refusal:
            return str(refusal)[: len(SAID)]
        finally:
            transaction.set_rollback(True)
    return "done"


def test_no_door_writes(article, analyst, manager):
    article.project_manager = manager
    before = rows()
    said = {name: outcome(lambda door=door: door(article, analyst)) for name, door in DOORS.items()}
    assert said == dict.fromkeys(DOORS, SAID)
    assert rows() == before


# Faces: what is sent where, by whom.
FORMS = {
    "import": ("import", ["tunnel"], {"text": "A\n\nB."}, "mia"),
    "batches": ("batches", ["tunnel"], {"name": "More"}, "mia"),
    "invite": ("people", ["tunnel"], {"role": "analyst", "days": 1, "most_uses": 1}, "mia"),
    "add": ("member-add", ["tunnel"], {"user_name": "eve", "role": "analyst"}, "mia"),
    "take": ("take", ["article"], {}, "mia"),
    "hand in": ("hand-in", ["article"], {"version": 2, "sure": "yes"}, "ada"),
}


def test_no_page_writes_and_each_says_why(client, article):
    factories.UserFactory(username="eve")
    before, answers = rows(), {}
    for name, (address, args, sent, person) in FORMS.items():
        client.force_login(Membership.objects.get(user__username=person).user)
        args = [article.pk if arg == "article" else arg for arg in args]
        answer = client.post(reverse(address, args=args), sent)
        answers[name] = (answer.status_code, SAID in answer.content.decode())
    assert answers == dict.fromkeys(FORMS, (403, True))
    assert rows() == before


def test_the_api_writes_nothing_and_says_why(client, article, analyst):
    client.force_login(analyst)
    claim = Annotation.objects.get()
    spans = [{"start": 0, "end": 5}]
    revision = str(article.revisions.get().pk)
    body = {"id": str(uuid.uuid4()), "revision": revision, "kind": "claim", "spans": spans}
    made = client.post(reverse("annotation-list"), body, "application/json")
    detail = reverse("annotation-detail", args=[claim.pk])
    changed = client.put(
        detail, {"kind": "claim", "spans": spans}, "application/json",
        headers={"If-Match": f'"{claim.version}"'},
    )  # fmt: skip
    removed = client.delete(detail, headers={"If-Match": f'"{claim.version}"'})
    for answer in (made, changed, removed):
        assert (answer.status_code, answer.json()["detail"][: len(SAID)]) == (403, SAID)


def test_the_desk_shows_everything_and_lets_nobody_write(client, article, manager):
    for user in (manager, factories.UserFactory(is_superuser=True)):
        client.force_login(user)
        for model in ("actor", "outlet", "story"):
            assert client.get(reverse(f"admin:corpus_app_{model}_changelist")).status_code == 200
        actor = Actor.objects.first()
        answer = client.get(reverse("admin:corpus_app_actor_change", args=[actor.pk]))
        assert answer.status_code == 200
        assert 'name="seen"' not in answer.content.decode()
        page = reverse("admin:corpus_app_actor_change", args=[actor.pk])
        assert client.post(page, {"name": "Other", "seen": 1}).status_code == 403
    assert Actor.objects.filter(name="Other").count() == 0


def test_commands_say_why_they_do_nothing(article, manager, tmp_path):
    file = tmp_path / "actors.csv"
    file.write_text("name\nNew\n")
    with pytest.raises(CommandError, match=SAID):
        call_command("import_actors", str(file), project="tunnel", by="mia")


def test_everything_is_read_and_exported_as_before(client, article, analyst, manager):
    seen = {}
    for user in (analyst, manager):
        client.force_login(user)
        pages = [
            reverse("workbench", args=[article.pk]), reverse("home") + "?project=tunnel",
            reverse("export", args=["tunnel", "jsonl"]), reverse("project-detail", args=["tunnel"]),
            reverse("annotation-list"), reverse("admin:annotations_annotation_changelist"),
        ]  # fmt: skip
        seen[user.username] = [client.get(address).status_code for address in pages]
    assert seen == {"ada": [200] * 6, "mia": [200] * 6}
    text = client.get(reverse("workbench", args=[article.pk])).content.decode()
    assert "archived" in text
    assert "Take this article" not in text
    assert client.get(reverse("project-detail", args=["tunnel"])).json()["archived"] is not None


def test_settings_and_taking_rights_away_go_on(article, project, manager, analyst):
    project.refresh_from_db()
    values = people.ProjectValues("tunnel", "The old tunnel")
    people.change_project(by=manager, project=project, seen=2, values=values)
    people.end(by=manager, membership=Membership.objects.get(user=analyst), seen=1)
    people.unarchive(by=manager, project=project, seen=3)
    _, secret = inviting.invite(by=manager, project=project, role=Role.ANALYST, days=1)
    people.archive(by=manager, project=project, seen=4)
    invitation = project.invitation_set.get()
    assert inviting.find(inviting.digest_of(secret)) is None
    inviting.revoke(by=manager, invitation=invitation)
    people.unarchive(by=manager, project=project, seen=5)
    assert inviting.find(inviting.digest_of(secret)) is None


def test_out_of_the_archive_work_goes_on(article, project, analyst, manager):
    project.refresh_from_db()
    people.unarchive(by=manager, project=project, seen=2)
    annotating.create(by=analyst, revision=article.revisions.get(), content=CLAIM)
    assert Annotation.objects.count() == 2


def test_other_projects_are_written_as_before(article, manager):
    other = founding.from_template(by=manager, template="empty", slug="other", name="Other")
    factories.article(other, by=manager)
    assert Project.objects.filter(archived=None).get() == other

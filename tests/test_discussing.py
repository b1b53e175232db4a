"""Threads: what is said of an annotation, whom it names, and who is told."""

import uuid

import pytest

from annotations import annotating, discussing
from annotations.access import comments_for, events_for, nameable_for, notices_for
from annotations.discussing import DiscussingError
from annotations.models import Comment, Notice
from corpus_app.history import Stale
from corpus_app.models import Event, User
from tests import api, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def claim(desk):
    return factories.claim(desk.article, desk.ada)


def said(by, annotation, text="Is this a norm?", **values):
    return discussing.comment(by=by, annotation=annotation, text=text, **values)[0]


def seen(person):
    return [comment.text for comment in comments_for(person)]


def events_of(comment):
    own = Event.objects.filter(noun="comment", object_id=str(comment.pk))
    return list(own.order_by("version").values_list("verb", "version"))


def test_a_comment_is_stored_with_its_event(desk, claim):
    comment = said(desk.cora, claim, "  See §3,\r\n@ada-strait. ", mentions=["ada-strait"])
    assert (comment.text, comment.author, comment.article) == (
        "See §3,\n@ada-strait.", desk.cora, desk.article,
    )  # fmt: skip
    event = Event.objects.get(noun="comment")
    assert (event.verb, event.author, event.article, event.before) == (
        "created", desk.ada, desk.article, None,
    )  # fmt: skip
    assert event.after == {
        "kind": "comment", "annotation": str(claim.pk), "text": "See §3,\n@ada-strait.",
        "mentions": ["ada-strait"], "deleted": None,
    }  # fmt: skip


def test_the_annotation_is_as_it_was(desk, claim):
    said(desk.cora, claim)
    claim.refresh_from_db()
    assert (claim.version, desk.ada.assignments.get().version) == (1, 2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "says nothing"), (" \n\t", "says nothing"), ("\u200b\u202e\ufeff", "says nothing"),
        ("a\0b", "U\\+0000"), ("a\ud800b", "U\\+D800"), ("x" * 5001, "5,000 characters at most"),
    ],
)  # fmt: skip
def test_an_unfit_text_is_refused(desk, claim, text, told):
    with pytest.raises(DiscussingError, match=told):
        said(desk.ada, claim, text)
    assert not Comment.objects.exists()


def test_what_a_script_needs_is_kept(desk, claim):
    text = "نعم\u200c و\u202eלא\u202c 👩\u200d👩\u200d👧"
    assert said(desk.ada, claim, text).text == text


def test_a_comment_sent_twice_is_made_once(desk, claim):
    pk, change = uuid.uuid4(), uuid.uuid4()
    sent = {"by": desk.ada, "annotation": claim, "text": "Why?", "id": pk, "change": change}
    made = [discussing.comment(**sent) for _ in range(2)]
    assert [(comment.pk, new) for comment, new in made] == [(pk, True), (pk, False)]
    assert Event.objects.filter(noun="comment").count() == 1
    without_id = {**sent, "id": None}
    assert discussing.comment(**without_id)[0].pk == pk


def test_a_copy_is_not_judged_again(desk, claim):
    sent = {
        "by": desk.ada, "annotation": claim, "text": "@ben-strait", "mentions": ["ben-strait"],
        "id": uuid.uuid4(),
    }  # fmt: skip
    discussing.comment(**sent)
    User.objects.filter(pk=desk.ben.pk).update(is_active=False)
    assert discussing.comment(**sent)[1] is False


def test_an_id_that_is_taken_is_refused(desk, claim):
    comment = said(desk.ada, claim)
    with pytest.raises(DiscussingError, match="id is taken"):
        said(desk.cora, claim, id=comment.pk)
    event = Event.objects.get(noun="annotation")
    with pytest.raises(DiscussingError, match="id of a change is taken"):
        said(desk.ada, claim, change=event.pk)


def test_it_is_changed_taken_back_and_said_again(desk, claim):
    comment = said(desk.ada, claim)
    discussing.rewrite(by=desk.ada, comment=comment, seen=1, text="A norm, surely.")
    discussing.remove(by=desk.ada, comment=comment, seen=2)
    assert comment.deleted
    discussing.rewrite(by=desk.ada, comment=comment, seen=3, text="A norm.")
    comment.refresh_from_db()
    assert (comment.text, comment.deleted, comment.version) == ("A norm.", None, 4)
    assert events_of(comment) == [("created", 1), ("changed", 2), ("removed", 3), ("restored", 4)]


def test_a_change_states_the_version_it_saw(desk, claim):
    comment = said(desk.ada, claim)
    discussing.rewrite(by=desk.ada, comment=comment, seen=1, text="First.")
    with pytest.raises(Stale) as refused:
        discussing.rewrite(by=desk.ada, comment=comment, seen=1, text="Second.")
    assert refused.value.current.text == "First."
    with pytest.raises(Stale):
        discussing.remove(by=desk.ada, comment=comment, seen=1)


def test_a_change_sent_twice_is_made_once(desk, claim):
    comment = said(desk.ada, claim)
    for door, values in ((discussing.rewrite, {"text": "New."}), (discussing.remove, {})):
        sent = {"by": desk.ada, "comment": comment, "seen": comment.version, "change": uuid.uuid4()}
        door(**sent, **values)
        version = comment.version
        assert door(**sent, **values).version == version


def test_only_a_change_of_this_comment_is_undone_by_it(desk, claim):
    comment, other = said(desk.ada, claim), said(desk.ada, claim)
    events = {event.object_id: event for event in Event.objects.filter(noun="comment")}
    with pytest.raises(DiscussingError, match="no such change"):
        discussing.remove(by=desk.ada, comment=comment, seen=1, undoes=events[str(other.pk)].pk)
    comment.refresh_from_db()
    discussing.remove(by=desk.ada, comment=comment, seen=1, undoes=events[str(comment.pk)].pk)
    assert Event.objects.get(verb="removed").undoes == events[str(comment.pk)]


def test_who_is_named_is_a_member_and_somebody_else(desk, claim):
    stranger = factories.UserFactory(username="somebody")
    api.desk("elsewhere")
    for name in ("nobody", stranger.username, "cora-elsewhere", "ada-strait"):
        with pytest.raises(DiscussingError, match=f"is called “{name}”"):
            said(desk.ada, claim, mentions=["ben-strait", name])
    names = nameable_for(desk.ada, desk.project).values_list("username", flat=True)
    assert sorted(names) == ["ben-strait", "cora-strait"]


def test_notices_follow_the_names_in_the_comment(desk, claim):
    comment = said(desk.ada, claim, mentions=["ben-strait", "cora-strait"])
    discussing.mark_read(by=desk.cora, annotation_id=claim.pk)
    discussing.rewrite(by=desk.ada, comment=comment, seen=1, text="?", mentions=["cora-strait"])
    assert [(n.person, bool(n.read)) for n in Notice.objects.all()] == [(desk.cora, True)]


def test_who_left_may_stay_named_and_not_be_named_anew(desk, claim):
    comment = said(desk.ada, claim, mentions=["ben-strait"])
    desk.ben.memberships.all().delete()
    discussing.rewrite(by=desk.ada, comment=comment, seen=1, text="!", mentions=["ben-strait"])
    with pytest.raises(DiscussingError, match="Nobody else"):
        said(desk.ada, claim, mentions=["ben-strait"])


def test_a_notice_is_unread_until_the_thread_was_opened(desk, claim):
    said(desk.ada, claim, mentions=["cora-strait"])
    assert notices_for(desk.cora).filter(read=None).count() == 1
    discussing.mark_read(by=desk.ben, annotation_id=claim.pk)
    assert notices_for(desk.cora).filter(read=None).count() == 1
    discussing.mark_read(by=desk.cora, annotation_id=claim.pk)
    assert notices_for(desk.cora).filter(read=None).count() == 0


def test_a_comment_taken_back_asks_nobody(desk, claim):
    comment = said(desk.ada, claim, mentions=["cora-strait"])
    discussing.remove(by=desk.ada, comment=comment, seen=1)
    assert not notices_for(desk.cora).exists()
    discussing.rewrite(
        by=desk.ada, comment=comment, seen=2, text="Again.", mentions=["cora-strait"]
    )
    assert notices_for(desk.cora).exists()


# Who sees what


def test_a_mention_waits_until_its_person_may_see_the_annotation(desk, claim):
    said(desk.ada, claim, mentions=["ben-strait"])
    assert (seen(desk.ben), list(notices_for(desk.ben))) == ([], [])
    api.hand_in(desk.article, desk.ben)
    assert (seen(desk.ben), notices_for(desk.ben).count()) == (["Is this a norm?"], 1)


def test_whoever_sees_the_annotation_sees_its_thread(desk, claim):
    stranger = api.desk("elsewhere").cora
    said(desk.ada, claim, "Mine.")
    said(desk.cora, claim, "Hers.")
    people = (desk.ada, desk.cora, desk.ben, stranger)
    assert [seen(person) for person in people] == [["Mine.", "Hers."]] * 2 + [[], []]
    root = User.objects.create_superuser("root", password="a long pass phrase")
    assert seen(root) == ["Mine.", "Hers."]


def test_another_analysts_remark_on_ones_own_work_waits_too(desk, claim):
    api.hand_in(desk.article, desk.ben)
    said(desk.ben, claim, "I marked the same.", mentions=["ada-strait"])
    assert (seen(desk.ada), list(notices_for(desk.ada))) == ([], [])
    assert not events_for(desk.ada).filter(noun="comment").exists()
    api.hand_in(desk.article, desk.ada)
    assert (seen(desk.ada), notices_for(desk.ada).count()) == (["I marked the same."], 1)


def test_in_a_sighted_project_everybody_sees_every_thread(desk, claim):
    desk.project.blind = False
    desk.project.save()
    said(desk.ben, claim)
    assert seen(desk.ada) == seen(desk.ben) == ["Is this a norm?"]


def test_what_a_comment_once_said_is_told_to_its_writer_and_to_curators(desk, claim):
    desk.project.blind = False
    desk.project.save()
    discussing.remove(by=desk.ben, comment=said(desk.ben, claim), seen=1)
    told = {
        person.username: events_for(person).filter(noun="comment").count()
        for person in (desk.ada, desk.ben, desk.cora)
    }
    assert told == {"ada-strait": 0, "ben-strait": 2, "cora-strait": 2}


def test_the_thread_of_a_removed_annotation_stays(desk, claim):
    said(desk.cora, claim)
    annotating.remove(by=desk.ada, annotation=claim, seen=1)
    assert seen(desk.ada) == ["Is this a norm?"]

"""The digest: what is unread comes by mail, once, to whoever wants it, without article text."""

import smtplib
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from annotations import desk_keeping, discussing, inbox, telling
from annotations.models import Assignment, Message, Notice, Preference
from tests import api, factories

pytestmark = pytest.mark.django_db


class Refusing(EmailBackend):
    """A mail server that takes nothing for Ada."""

    def send_messages(self, letters):
        if letters[0].to == ["ada@example.org"]:
            raise smtplib.SMTPRecipientsRefused({"ada@example.org": (550, b"No such person")})
        return super().send_messages(letters)


class Gone(EmailBackend):
    """A mail server that does not answer."""

    def open(self):
        raise ConnectionRefusedError(111, "Connection refused")


@pytest.fixture
def desk(settings):
    settings.SENDS_MAIL, settings.SITE_URL = True, "https://desk.example.org"
    desk = api.desk()
    for person in (desk.ada, desk.ben):
        person.email = f"{person.username.partition('-')[0]}@example.org"
        person.save()
        work = Assignment.objects.get(article=desk.article, analyst=person)
        telling.tell(by=desk.cora, person=person, kind="returned", assignment=work)
    return desk


def send():
    """What the command says."""
    said = StringIO()
    call_command("send_digests", stdout=said)
    return said.getvalue()


def sent_to():
    return sorted(letter.to[0] for letter in mail.outbox)


def days_pass(number):
    for own in Preference.objects.exclude(digested=None):
        own.digested -= timedelta(days=number)
        own.save()


def test_what_is_unread_comes_once(desk):
    assert send() == "Sent 2 digests.\n"
    assert sent_to() == ["ada@example.org", "ben@example.org"]
    assert Message.objects.filter(mailed=None).count() == 0
    assert send() == "Sent 0 digests.\n"
    days_pass(10)
    assert send() == "Sent 0 digests.\n"


def test_the_letter_is_short_and_has_no_text_of_an_article(desk):
    claim = factories.claim(desk.article, desk.ada, note="Hush.")
    text = "@ada-strait, the strait is calm?"
    discussing.comment(by=desk.cora, annotation=claim, text=text, mentions=["ada-strait"])
    telling.read(by=desk.ben, messages=Message.objects.values_list("pk", flat=True))
    send()
    [letter] = mail.outbox
    here = f"https://desk.example.org/articles/{desk.article.pk}/"
    assert letter.subject == "Crossread: 2 things wait for you"
    assert letter.body == (
        "Hello ada-strait,\n\n"
        "this waits for you in Crossread:\n\n"
        "- cora-strait named you in a comment on an article (Strait)\n"
        f"  {here}#annotation-{claim.pk}\n\n"
        "- cora-strait returned an article to you (Strait)\n"
        f"  {here}\n\n"
        "All of it: https://desk.example.org/inbox/\n"
        "How often this mail comes is chosen there too.\n"
    )
    assert Notice.objects.exclude(mailed=None).count() == 1


def test_only_what_is_unread_and_to_be_seen_comes(desk):
    telling.read_all(by=desk.ada)
    desk.ben.memberships.update(ended=timezone.now())
    assert send() == "Sent 0 digests.\n"


def test_whoever_declined_or_has_no_address_or_left_gets_none(desk):
    desk_keeping.prefer(by=desk.ada, digest="never")
    desk.ben.email = ""
    desk.ben.save()
    assert send() == "Sent 0 digests.\n"
    desk.ben.email, desk.ben.is_active = "ben@example.org", False
    desk.ben.save()
    assert send() == "Sent 0 digests.\n"


@pytest.mark.parametrize(
    ("digest", "days", "again"),
    [("daily", 0, 0), ("daily", 1, 1), ("weekly", 1, 0), ("weekly", 6, 0), ("weekly", 7, 1)],
)
def test_it_comes_as_often_as_chosen(desk, digest, days, again):
    desk_keeping.prefer(by=desk.ada, digest=digest)
    send()
    days_pass(days)
    mail.outbox.clear()
    work = Assignment.objects.get(article=desk.article, analyst=desk.ada)
    telling.tell(by=desk.cora, person=desk.ada, kind="returned", assignment=work)
    send()
    assert len(mail.outbox) == again


def test_of_very_much_the_newest_is_listed_and_the_rest_counted(desk):
    articles = [
        factories.plain_article(desk.project, f"Ferry {n}.\n", by=desk.cora) for n in range(24)
    ]
    for article in articles:
        work = factories.assigned(article, desk.ada)
        telling.tell(by=desk.cora, person=desk.ada, kind="returned", assignment=work)
    send()
    letter = next(one for one in mail.outbox if one.to == ["ada@example.org"])
    assert letter.body.count("returned an article") == 20
    assert "And 5 more." in letter.body


def test_a_refused_letter_loses_nothing_and_stops_no_other(desk, settings):
    settings.EMAIL_BACKEND = "tests.test_digests.Refusing"
    with pytest.raises(CommandError, match="Not sent to ada-strait") as told:
        send()
    assert "Nothing is lost" in str(told.value)
    assert sent_to() == ["ben@example.org"]
    assert len(inbox.to_mail(desk.ada)) == 1
    assert Preference.objects.get(user=desk.ada).digested is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send() == "Sent 1 digest.\n"
    assert sent_to() == ["ada@example.org", "ben@example.org"]


def test_a_server_that_does_not_answer_is_told_before_anything_is_mailed(desk, settings):
    settings.EMAIL_BACKEND = "tests.test_digests.Gone"
    with pytest.raises(CommandError, match="The mail server does not answer"):
        send()
    assert Message.objects.exclude(mailed=None).count() == 0
    assert Preference.objects.exclude(digested=None).count() == 0


def test_what_another_run_mails_meanwhile_is_not_mailed_twice(desk):
    own = [entry.pk for entry in inbox.to_mail(desk.ada)]
    with (
        telling.mailing(to=desk.ada, messages=own),
        pytest.raises(telling.TellingError, match="in another mail already"),
        telling.mailing(to=desk.ada, messages=own),
    ):
        pass
    assert Message.objects.filter(person=desk.ada).exclude(mailed=None).count() == 1


def test_without_a_mail_server_it_says_so(desk, settings):
    settings.SENDS_MAIL = False
    assert send() == "No mail server is configured (EMAIL_URL), so nothing was sent.\n"
    assert Message.objects.exclude(mailed=None).count() == 0


def test_it_costs_the_same_for_each_however_much_waits(desk):
    few = api.queries(send)
    days_pass(1)
    for person in (desk.ada, desk.ben):
        work = Assignment.objects.get(article=desk.article, analyst=person)
        for by in [factories.member(desk.project, "curator") for _ in range(5)]:
            telling.tell(by=by, person=person, kind="returned", assignment=work)
    # The preferences are there already: they are not made, but written.
    assert api.queries(send) <= few

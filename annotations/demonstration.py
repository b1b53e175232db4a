"""The door to the demo project: what lies in `demo/`, stored through all the other doors."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.db import transaction

from annotations import (
    adjudication,
    annotating,
    assigning,
    codebook,
    contesting,
    discussing,
    handing,
    releasing,
)
from annotations.content import Tie
from annotations.exchange import claims
from annotations.models import Annotation, Assignment, Case, Decision, Overruling
from corpus_app import ingest, outlets, people, registry
from corpus_app.history import DoorError
from corpus_app.models import Project, Role, User

DEMO = Path(__file__).resolve().parent / "demo"
SLUG = "lantern-tunnel"
ADMINISTRATOR = "admin"
PEOPLE = (
    ("amina", "Amina", "Rahal", Role.ANALYST),
    ("boris", "Boris", "Tenev", Role.ANALYST),
    ("clara", "Clara", "Voss", Role.CURATOR),
)
# On the claim at which a curator is asked to look: who says what, and whom it names.
TALK = (
    ("amina", "@clara, does “has heard” promise anything? I left the stance unclear.", "clara"),
    ("clara", "@amina, unclear is right: to have heard is no promise. The claim stays.", "amina"),
)
STORY = outlets.StoryValues(
    "The Alder Declaration",
    happened_on=date(2024, 3, 13),
    summary="Marenna and Lethany sign a declaration on the Lantern Tunnel in Port Alder.",
)


LINK = (
    "But the declaration will probably not survive the first bill.",
    "contradicts",
    "The declaration will hold through the summer, because neither side can afford to be seen "
    "breaking it first.",
)
# What the curator says where one of two versions is taken, in this order.
TAKEN = (
    ("boris", "codebook", "A target is named in the passage itself. Here nobody is."),
    ("amina", "span", "The reason belongs to the claim: the mark begins where the reason does."),
    ("amina", "stance", "That a grievance cannot be made says neither yes nor no to it."),
    ("amina", "ambiguous", "Both frames fit. The quarrel about the credit weighs more here."),
)
RELEASES = (
    ("As coded by two", "What both analysts handed in, before anything was decided."),
    ("With the first decisions", "The gold layer begins: what both said, and four cases."),
)
OBJECTION = "Before the comma stands a claim of its own. Two marks would say more than one."
QUESTION = "You differ in one field. Which words of the text decide it for you?"


class DemoError(DoorError):
    """The demo project cannot be stored as it is; the message says what was refused."""


@dataclass(frozen=True)
class Login:
    """Somebody who can sign in now, and her password, which is stored only as a hash."""

    username: str
    password: str
    part: str


def is_there() -> bool:
    """Whether the demo project has been loaded into this database."""
    return Project.objects.filter(slug=SLUG).exists()


@transaction.atomic
def load(*, tell: Callable[[str], None]) -> list[Login]:
    """The people who can sign in now; the demo project is stored whole or not at all.

    `tell` is given a few words before every step. Raises DemoError.
    """
    tell("People")
    administrator, logins = _administrator()
    project = people.create_project(
        by=administrator, slug=SLUG, name="The Lantern Tunnel",
        description="An invented dispute as seven invented outlets tell it.",
    )  # fmt: skip
    analysts = []
    for username, first, last, role in PEOPLE:
        names = {"first_name": first, "last_name": last}
        user, login = _person(username, role, by=administrator, **names)
        people.join(by=administrator, project=project, user=user, role=role)
        analysts += [user] if role == Role.ANALYST else []
        logins += login
    articles = _articles(administrator, project, tell)
    tell("Actors")
    _require_whole(registry.import_csv(by=administrator, project=project, text=_read("actors.csv")))
    tell("Codebook")
    book = _read("codebook.json")
    _require_whole(codebook.import_json(by=administrator, project=project, text=book))
    for name in ("claims", "mentions"):
        tell(name.title())
        rows = _read(f"{name}.jsonl")
        _require_whole(claims.import_jsonl(by=administrator, project=project, text=rows))
    _link(analysts[0])
    _talk(project)
    tell("Assignments")
    _assign(administrator, articles, analysts)
    curator = User.objects.get(username="clara")
    _release(project, curator, *RELEASES[0], tell=tell)
    tell("Adjudication")
    _adjudicate(project, curator)
    _release(project, curator, *RELEASES[1], tell=tell)
    return logins


def _administrator() -> tuple[User, list[Login]]:
    """The site's administrator, and how she signs in if she had to be made."""
    there = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if there:
        return there, []
    return _person(ADMINISTRATOR, "administrator", is_superuser=True, is_staff=True)


def _person(username: str, part: str, by: User | None = None, **fields) -> tuple[User, list[Login]]:
    """The person of this name, and how she signs in if she had to be made.

    Without `by`, as the first of all, she is made by herself.
    """
    there = User.objects.filter(username=username).first()
    if there:
        return there, []
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(username, password=password, **fields)
    people.note_person(by=by or user, user=user, verb="created")
    return user, [Login(username, password, part)]


def _articles(by: User, project: Project, tell: Callable[[str], None]) -> list:
    """The stored articles, with the facts that `articles.json` gives of them."""
    story = outlets.create_story(by=by, project=project, values=STORY)
    described = json.loads(_read("articles.json"))
    stored = []
    for number, facts in enumerate(described, start=1):
        tell(f"Article {number} of {len(described)}")
        data = (DEMO / facts["file"]).read_bytes()
        proposal = ingest.propose(data=data)
        published_on = facts["published_on"] and date.fromisoformat(facts["published_on"])
        fields = ingest.Fields(
            title=facts["title"], authors=tuple(facts["authors"]),
            translators=tuple(facts["translators"]), outlet=facts["outlet"],
            published_on=published_on or None, language=facts["language"],
            rights="Written for Crossread.", story=story,
        )  # fmt: skip
        stored.append(
            ingest.store(
                by=by, project=project, data=data, name=facts["file"],
                proposal=replace(proposal, fields=fields),
            )
        )  # fmt: skip
    return stored


def _link(analyst: User) -> None:
    """Link a claim of hers to one that she has marked in another article."""
    said, relation, of = LINK
    own = Annotation.objects.filter(author=analyst, layer=Annotation.Layer.ANALYST)
    claim = own.get(spans__quote=said)
    tie = Tie(relation, str(own.get(spans__quote=of).pk))
    annotating.link(by=analyst, annotation=claim, links=[tie])


def _talk(project: Project) -> None:
    """A question to the curator and her answer, which waits to be read."""
    flagged = Annotation.objects.get(project=project, flagged=True)
    for username, text, named in TALK:
        by = User.objects.get(username=username)
        discussing.mark_read(by=by, annotation_id=flagged.pk)
        discussing.comment(by=by, annotation=flagged, text=text, mentions=[named])


def _assign(by: User, articles: list, analysts: list[User]) -> None:
    """Work for both analysts: what both have coded is handed in but for the last of it.

    So the desk shows every state: handed in, started, not started, and one article to be taken.
    """
    coded = [one for one in articles if _coded_by_all(one, analysts)]
    for article in coded[:-1]:
        for own in Assignment.objects.filter(article=article):
            handing.hand_in(by=own.analyst, assignment=own, seen=own.version)
    for article in articles[:-1]:
        for analyst in analysts:
            assigning.assign(by=by, article=article, analyst=analyst)


def _adjudicate(project: Project, curator: User) -> None:
    """What both said is gold; of the rest one case is asked about, and some are decided.

    Of the decisions one is contested, and most cases are left to whoever tries it.
    """
    adjudication.take_over(by=curator, rows=Case.objects.filter(project=project))
    both = Case.objects.standing().filter(
        project=project, kind="claim", state=Case.State.OPEN, disagreement__lt=1
    )
    asked, *rest = both.order_by("disagreement", "article", "start")[: len(TAKEN) + 1]
    adjudication.ask(by=curator, case=asked, seen=asked.version, text=QUESTION)
    for case, (username, error_class, reason) in zip(rest, TAKEN, strict=True):
        taken = Annotation.objects.get(member__case=case, author__username=username)
        adjudication.decide(
            by=curator, case=case, seen=case.version, outcome=Decision.Outcome.ACCEPTED,
            content=annotating.content_of(taken), counted_in=taken.revision,
            error_class=error_class, reason=reason,
        )  # fmt: skip
    overruled = Overruling.objects.filter(decision__error_class="span").get()
    contesting.contest(
        by=overruled.analyst, overruling=overruled, seen=overruled.version, objection=OBJECTION
    )


def _release(project: Project, curator: User, name: str, note: str, tell: Callable) -> None:
    tell("A release")
    releasing.release(by=curator, project=project, name=name, note=note)


def _coded_by_all(article, analysts: list[User]) -> bool:
    return Assignment.objects.filter(article=article).count() == len(analysts)


def _read(name: str) -> str:
    return (DEMO / name).read_text(encoding="utf-8")


def _require_whole(report) -> None:
    """Refuse a demo that would be stored in part."""
    if report.refused:
        raise DemoError("; ".join(str(problem) for problem in report.problems))

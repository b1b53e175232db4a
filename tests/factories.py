"""Real rows with few words; texts go through the doors, so that they are as in life."""

import factory
from factory.django import DjangoModelFactory

from annotations import adjudication, annotating, assigning, codebook, handing, recoding, retagging
from annotations.content import Code, Content, Part
from annotations.models import Assignment, Case, ClaimTag, Overruling, Recoding, TagMerger
from corpus_app import actors, ingest
from corpus_app.models import Membership, Project, Role, Story, User

PLAIN = (
    "The strait is calm\n\nBy Ada Quill\n\n"
    "The Harbour Office says that the strait is calm. Nobody in the harbour agrees with it.\n"
)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    password = factory.django.Password("a long pass phrase")


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project

    slug = factory.Sequence(lambda n: f"project-{n}")
    name = factory.Sequence(lambda n: f"Project {n}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    project = factory.SubFactory(ProjectFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.ANALYST


def member(project: Project, role: str = Role.ANALYST, **fields) -> User:
    """A new person with this role in the project."""
    return MembershipFactory(project=project, role=role, **fields).user


def article(project: Project, text: str = PLAIN, by: User | None = None, **fields):
    """An article whose raw input is this text; lines get the roles the cleaner gives them."""
    data = text.encode()
    proposal = ingest.propose(data=data)
    if fields:
        proposal = ingest.Proposal(
            proposal.lines, ingest.Fields(**{**vars(proposal.fields), **fields})
        )
    by = by or member(project, Role.CURATOR)
    return ingest.store(by=by, project=project, data=data, proposal=proposal)


def plain_article(project: Project, text: str, by: User | None = None, name="", **fields):
    """An article all of whose lines are body text."""
    data = text.encode()
    found = ingest.propose(data=data)
    roles = {line.number: "body" for line in found.lines}
    proposal = ingest.propose(data=data, roles=roles)
    proposal = ingest.Proposal(proposal.lines, ingest.Fields(title="A plain text", **fields))
    by = by or member(project, Role.CURATOR)
    return ingest.store(by=by, project=project, data=data, proposal=proposal, name=name)


def actor(project: Project, name: str, by: User | None = None, part_of=None, **values):
    """An actor of the project; `part_of` is a whole whose days are open."""
    by = by or member(project, Role.CURATOR)
    if part_of:
        values["affiliations"] = (actors.AffiliationValues(part_of),)
    return actors.create(by=by, project=project, values=actors.ActorValues(name, **values))


def small_codebook(project: Project, by: User | None = None):
    """Claim type (one, required) with fact and norm; proposition (any, stance) with calm."""
    by = by or member(project, Role.CURATOR)
    book = codebook.codebook_of(by=by, project=project)
    kind = codebook.create_facet(
        by=by, codebook=book,
        values=codebook.FacetValues("Claim type", position=1, choose="one", required=True),
    )  # fmt: skip
    proposition = codebook.create_facet(
        by=by, codebook=book,
        values=codebook.FacetValues("Proposition", position=2, takes_stance=True),
    )  # fmt: skip
    for slug, key in (("fact", "f"), ("norm", "n")):
        values = codebook.TagValues(slug.title(), slug=slug, key=key, definition=f"A {slug}.")
        codebook.create_tag(by=by, facet=kind, values=values)
    values = codebook.TagValues("The strait is calm", slug="calm")
    codebook.create_tag(by=by, facet=proposition, values=values)
    return book


def assigned(article, analyst: User) -> Assignment:
    """The analyst's assignment on the article."""
    return assigning.assign(by=analyst, article=article, analyst=analyst)


def claim(article, author: User, start: int = 0, end: int = 5, **values):
    """A stored claim of the author on this stretch, assigned to her if it was not."""
    assigned(article, author)
    content = Content(kind="claim", spans=((start, end, None),), **values)
    revision = article.revisions.get(number=1)
    return annotating.create(by=author, revision=revision, content=content)[0]


def claimant(actor) -> Part:
    return Part("claimant", str(actor.pk))


def coded(tag, stance: str = "") -> Code:
    return Code(str(tag.pk), stance)


def story(project: Project, title: str = "The strait", **fields) -> Story:
    """A story of the project."""
    return Story.objects.create(project=project, title=title, **fields)


def handed_in(article, *analysts: User) -> list[Case]:
    """The article's cases, in reading order, now that these analysts have handed it in."""
    for analyst in analysts:
        own = Assignment.objects.get(article=article, analyst=analyst)
        handing.hand_in(by=analyst, assignment=own, seen=own.version)
    return list(article.cases.standing().order_by("start"))


def overruled(article, analyst: User, by: User) -> Overruling:
    """That the analyst's one claim on the article, handed in now, was decided to be none."""
    claimed = claim(article, analyst, **fact(article.project))
    [case] = handed_in(article, analyst)
    adjudication.decide(
        by=by, case=case, seen=case.version, outcome="rejected", error_class="codebook",
        reason="Nobody claims this.",
    )  # fmt: skip
    return claimed.overrulings.get()


def reworded(project: Project, by: User) -> Recoding:
    """A queue of what is coded as fact, which is defined anew."""
    tag = ClaimTag.objects.get(project=project, slug="fact")
    values = codebook.TagValues("Fact", slug="fact", key="f", definition="What can be checked.")
    tag = codebook.change_tag(by=by, tag=tag, seen=tag.version, values=values)
    return recoding.open_recoding(by=by, tag=tag, seen=tag.definition_number)


def fact(project: Project) -> dict:
    """What makes a claim complete: the type fact, and somebody who claims it."""
    tag = ClaimTag.objects.get(project=project, slug="fact")
    return {"codes": (coded(tag),), "parts": (Part("claimant", stands_for="author"),)}


def merged(project: Project, by: User) -> TagMerger:
    """The merger of a new tag into the small codebook's calm."""
    calm = ClaimTag.objects.get(project=project, slug="calm")
    values = codebook.TagValues("The strait is still", slug="still", position=9)
    still = codebook.create_tag(by=by, facet=calm.facet, values=values)
    return retagging.merge_tags(by=by, source=still, target=calm, reason="They mean the same.")

"""Who may see and do what with codebooks, assignments and annotations.

Blindness: in a blind project an analyst sees another person's annotations on an article only
while she has handed that article in; with an article that she codes to learn it is so in an open
project too. Curators and managers see all. Every queryset of every face starts here, so that no
list, count, filter, sort, search or export can say more.
"""

from collections.abc import Iterable

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from annotations.models import (
    Annotation,
    Assignment,
    Case,
    ClaimTag,
    Codebook,
    Comment,
    Decision,
    Delivery,
    Facet,
    Import,
    Link,
    Member,
    Message,
    Notice,
    Overruling,
    Preference,
    Presence,
    ReadingPosition,
    Recode,
    Recoding,
    Rejection,
    Release,
    TagMerger,
    Verdict,
    Webhook,
)
from corpus_app.access import (
    CURATING,
    Forbidden,
    curates,
    everywhere,
    is_member,
    manages,
    memberships_of,
    scoped,
    told_to,
)
from corpus_app.models import Article, Event, Membership, Project, Role, User

# What history tells of these is for curators: it would say what colleagues marked.
CURATED_NOUNS = ("case", "decision", "overruling", "recoding", "recode", "release")


def codebooks_for(user) -> QuerySet[Codebook]:
    return scoped(Codebook.objects.all(), user)


def facets_for(user) -> QuerySet[Facet]:
    return scoped(Facet.objects.all(), user)


def tags_for(user) -> QuerySet[ClaimTag]:
    return scoped(ClaimTag.objects.all(), user)


def _open_to(user) -> Q:
    """What is not hidden from the user by blindness, for rows with `project` and `article`."""
    return Q(author_id=user.pk) | _unhidden(user)


def _unhidden(user) -> Q:
    """Where nobody's work is hidden from the user, for rows with `project` and `article`."""
    curated = memberships_of(user, CURATING).values("project_id")
    sighted = Project.objects.filter(blind=False).values("pk")
    return (
        Q(project_id__in=curated)
        | Q(project_id__in=sighted) & ~Q(article_id__in=_learnt_from(user))
        | Q(article_id__in=_handed_in(user))
    )


def _learnt_from(user) -> QuerySet:
    """The ids of the articles that the user has open to learn; blind in an open project too."""
    own = Assignment.objects.filter(analyst_id=user.pk, training=True)
    return own.under_way().values("article_id")


def _handed_in(user) -> QuerySet:
    """The ids of the articles that the user has handed in."""
    own = Assignment.objects.filter(analyst_id=user.pk, state=Assignment.State.HANDED_IN)
    return own.values("article_id")


def annotations_for(user) -> QuerySet[Annotation]:
    """The annotations the user may see, deleted ones included (`standing()` leaves them out)."""
    rows = scoped(Annotation.objects.all(), user)
    return rows if everywhere(user) else rows.filter(_open_to(user))


def links_for(user) -> QuerySet[Link]:
    """The links the user may see: her own whole, others' only to claims that she may see."""
    claims = annotations_for(user).filter(pk=OuterRef("claim"))
    rows = scoped(Link.objects.all(), user)
    return (
        rows if everywhere(user) else rows.filter(Q(annotation__author_id=user.pk) | Exists(claims))
    )


def with_seen_links(user, events: Iterable[Event]) -> list[Event]:
    """The events, not to be saved, with such links only as `links_for` lets the user see.

    What an event tells of a link is hidden with the claim that it led to. One query.
    """
    events = list(events)
    told = [
        state for event in events if event.noun == "annotation" and event.author_id != user.pk
        for state in (event.before, event.after) if state and state.get("links")
    ]  # fmt: skip
    wanted = {link["claim"] for state in told for link in state["links"]}
    seen = annotations_for(user).filter(pk__in=wanted).order_by().values_list("pk", flat=True)
    known = {str(pk) for pk in seen}
    for state in told:
        state["links"] = [link for link in state["links"] if link["claim"] in known]
    return events


def rejections_for(user) -> QuerySet[Rejection]:
    """The user's own rejections of suggestions; nobody else's business, not even a curator's."""
    return scoped(Rejection.objects.filter(author_id=user.pk), user)


def verdicts_for(user) -> QuerySet[Verdict]:
    """What was said of suggestions, for counting: in the projects that the user curates."""
    return scoped(Verdict.objects.standing(), user, CURATING)


def comments_for(user) -> QuerySet[Comment]:
    """The threads of the annotations the user may see, comments taken back included.

    While others' work is hidden from her, she is told on her own annotations what she and
    curators said: a remark of another analyst would tell that there was one.
    """
    rows = scoped(Comment.objects.all(), user)
    if everywhere(user):
        return rows
    told = _said_to_all(user, "author")
    return rows.filter(_unhidden(user) | Q(annotation__author_id=user.pk) & told)


def _said_to_all(user, speaker: str) -> Q:
    """What the user herself or a curator said, for rows with `project` and this speaker."""
    heads = Membership.objects.filter(
        user=OuterRef(speaker), project=OuterRef("project"), role__in=CURATING
    )
    return Q(**{speaker: user.pk}) | Q(**{f"{speaker}__is_superuser": True}) | Exists(heads)


def notices_for(user) -> QuerySet[Notice]:
    """Where the user is named in comments that stand, on what stands, and that she may see."""
    seen = comments_for(user).filter(pk=OuterRef("comment"), deleted=None, annotation__deleted=None)
    return Notice.objects.filter(Exists(seen), person_id=user.pk)


def nameable_for(user, project: Project) -> QuerySet[User]:
    """Whom the user may name in a comment: the other members of her project."""
    members = Membership.objects.filter(project=project, ended=None)
    members = scoped(members, user).values("user_id")
    return User.objects.filter(pk__in=members, is_active=True).exclude(pk=user.pk)


def events_for(user) -> QuerySet[Event]:
    """The history the user may see: an event on somebody's work is hidden with that work.

    What a comment once said is told to whoever wrote it and to curators: others see it as it is.
    """
    rows = scoped(Event.objects.all(), user)
    if everywhere(user):
        return rows
    curated = memberships_of(user, CURATING).values("project_id")
    remarks = ~Q(noun="comment") | Q(by_id=user.pk) | Q(project_id__in=curated)
    return _uncurated(user, rows.filter(Q(author=None) | _open_to(user)).filter(remarks))


def changes_for(user) -> QuerySet[Event]:
    """The events of which the user may be told that they were, and of what; not what they say.

    As `events_for`, and of comments those on what `comments_for` shows her: who wrote a comment
    wrote each of its events.
    """
    rows = scoped(Event.objects.all(), user)
    if everywhere(user):
        return rows
    seen = ~Q(noun="comment") & Q(author_id=user.pk) | _unhidden(user)
    told = Q(noun="comment", author_id=user.pk) & _said_to_all(user, "by")
    return _uncurated(user, rows.filter(Q(author=None) | seen | told))


def _uncurated(user, events: QuerySet[Event]) -> QuerySet[Event]:
    """The events without those of which curators and managers alone are told.

    As in `assignments_for`, nobody else is told who else was given an article and handed it in.
    """
    curated = memberships_of(user, CURATING).values("project_id")
    plain = ~Q(noun__in=CURATED_NOUNS) | Q(project_id__in=curated)
    own = ~Q(noun="assignment") | Q(author_id=user.pk) | Q(project_id__in=curated)
    return told_to(user, events.filter(plain, own))


def cases_for(user) -> QuerySet[Case]:
    """The cases of the projects that the user curates; to anybody else there are none."""
    return scoped(Case.objects.all(), user, CURATING)


def decisions_for(user) -> QuerySet[Decision]:
    """What was decided in the projects that the user curates."""
    return scoped(Decision.objects.all(), user, CURATING)


def overrulings_for(user) -> QuerySet[Overruling]:
    """Where the user's own work was decided otherwise; a curator's and manager's whole projects.

    Of an article that was returned to her she is told again when it is handed in.
    """
    rows = scoped(Overruling.objects.all(), user)
    if not user.is_authenticated or everywhere(user):
        return rows
    curated = Q(project_id__in=memberships_of(user, CURATING).values("project_id"))
    own = Q(analyst_id=user.pk, annotation__article_id__in=_handed_in(user))
    return rows.filter(curated | own)


def judged_for(user) -> QuerySet[Member]:
    """The user's own work of which it was decided; a curator's and manager's whole projects.

    Hers as in `overrulings_for`: of articles that are handed in.
    """
    rows = Member.objects.filter(case__state=Case.State.DECIDED, case__dissolved=None)
    rows = scoped(rows, user)
    if not user.is_authenticated or everywhere(user):
        return rows
    curated = Q(project_id__in=memberships_of(user, CURATING).values("project_id"))
    own = Q(annotation__author_id=user.pk, annotation__article_id__in=_handed_in(user))
    return rows.filter(curated | own)


def undecided_for(user) -> QuerySet[Member]:
    """What is in cases that are still to be decided, in the projects that the user curates."""
    cases = cases_for(user).standing().exclude(state=Case.State.DECIDED)
    return Member.objects.filter(case__in=cases)


def recodings_for(user) -> QuerySet[Recoding]:
    """The queues of the projects that the user curates, and those that hold work of her own."""
    rows = scoped(Recoding.objects.all(), user)
    if not user.is_authenticated or everywhere(user):
        return rows
    curated = Q(project_id__in=memberships_of(user, CURATING).values("project_id"))
    own = Recode.objects.filter(analyst_id=user.pk).values("recoding_id")
    return rows.filter(curated | Q(pk__in=own))


def recodes_for(user) -> QuerySet[Recode]:
    """What the user herself is to code again."""
    return scoped(Recode.objects.filter(analyst_id=user.pk), user)


def mergers_for(user) -> QuerySet[TagMerger]:
    """The mergers and splits of tags, with why, in the projects that the user curates."""
    return scoped(TagMerger.objects.all(), user, CURATING)


def releases_for(user) -> QuerySet[Release]:
    """The releases of the projects that the user curates, and those that are shown to her.

    A release tells of everybody's work, so one for members stays hidden from an analyst while she
    works blind. Somebody who is not signed in sees those that are shown to anybody.
    """
    shown = Q(audience=Release.Audience.ANYBODY)
    rows = Release.objects.select_related("project", "by")
    if not user.is_authenticated:
        return rows.filter(shown)
    if everywhere(user):
        return rows
    curated = memberships_of(user, CURATING).values("project_id")
    own = memberships_of(user).values("project_id")
    told = Q(project_id__in=own, audience=Release.Audience.MEMBERS)
    blind = Assignment.objects.blind().filter(analyst_id=user.pk).order_by()
    told &= ~Q(project_id__in=blind.values("project_id"))
    return rows.filter(Q(project_id__in=curated) | told | shown)


def messages_for(user) -> QuerySet[Message]:
    """What waits in the user's own inbox, as far as she still sees what it is about."""
    told = overrulings_for(user).order_by().values("pk")
    rows = scoped(Message.objects.filter(person_id=user.pk), user)
    return rows.filter(Q(overruling=None) | Q(overruling__in=told))


def sees_figures(user, project: Project) -> bool:
    """Whether the project's agreement figures are for the user at all, over whichever articles."""
    if project.figures_for == Project.Figures.MEMBERS:
        return is_member(user, project)
    curators = project.figures_for == Project.Figures.CURATORS
    return curates(user, project) if curators else manages(user, project)


def figures_articles_for(user, project: Project) -> QuerySet[Article]:
    """The articles over which the user may see agreement figures; none if she may see none.

    An analyst's are those that she has handed in: figures over others would tell of hidden work.
    """
    rows = scoped(Article.objects.filter(project=project).defer("raw"), user)
    if everywhere(user) or memberships_of(user, [Role.MANAGER]).filter(project=project).exists():
        return rows
    if project.figures_for != Project.Figures.MANAGERS and curates(user, project):
        return rows
    if project.figures_for != Project.Figures.MEMBERS:
        return rows.none()
    return rows.filter(pk__in=_handed_in(user))


def assignments_for(user) -> QuerySet[Assignment]:
    """An analyst's own assignments; a curator's and manager's whole projects."""
    if not user.is_authenticated or everywhere(user):
        return scoped(Assignment.objects.all(), user)
    own = Q(analyst_id=user.pk)
    curated = Q(project_id__in=memberships_of(user, CURATING).values("project_id"))
    return scoped(Assignment.objects.all(), user).filter(own | curated)


def sees_others(user, article: Article) -> bool:
    """Whether others' work on an article that she may see is shown to the user."""
    own = Assignment.objects.filter(article=article, analyst_id=user.pk).first()
    if (own and own.state == Assignment.State.HANDED_IN) or curates(user, article.project):
        return True
    return not article.project.blind and not (own and own.open and own.training)


def offered_for(user, article: Article) -> QuerySet[User]:
    """Whom the workbench offers to name in a comment on the article.

    Where others' work is hidden these are curators and managers only: any other name would say
    who else may be working there.
    """
    members = nameable_for(user, article.project)
    if sees_others(user, article):
        return members
    return members.filter(
        memberships__project=article.project_id, memberships__role__in=CURATING
    ).distinct()


def preferences_for(user) -> QuerySet[Preference]:
    """The user's own preferences; nobody else's business."""
    return Preference.objects.filter(user_id=user.pk)


def positions_for(user) -> QuerySet[ReadingPosition]:
    """Where the user herself stopped reading; nobody else's business."""
    return scoped(ReadingPosition.objects.filter(user_id=user.pk), user)


def presences_for(user) -> QuerySet[Presence]:
    """Who has which article open; of a blind project nobody is told, as it would say too much."""
    return scoped(Presence.objects.filter(project__blind=False), user)


def webhooks_for(user) -> QuerySet[Webhook]:
    """The webhooks of the projects that the user manages, ended ones included."""
    return scoped(Webhook.objects.all(), user, [Role.MANAGER])


def with_owners(webhooks: QuerySet[Webhook]) -> QuerySet[Webhook]:
    """The webhooks, each with `owner_manages`: what `manages` says of its owner and project."""
    heads = Membership.objects.filter(
        user=OuterRef("owner"), project=OuterRef("project"), role=Role.MANAGER, ended=None
    )
    managing = Q(owner__is_superuser=True) | Exists(heads)
    return webhooks.annotate(owner_manages=ExpressionWrapper(
        Q(owner__is_active=True) & managing, output_field=BooleanField()
    ))  # fmt: skip


def deliveries_for(user) -> QuerySet[Delivery]:
    """What was sent, or waits to be, to the webhooks that the user sees."""
    return Delivery.objects.filter(webhook__in=webhooks_for(user))


def imports_for(user) -> QuerySet[Import]:
    """What was imported into the projects that the user curates."""
    return scoped(Import.objects.all(), user, CURATING)


def require_writer(user, annotation: Annotation) -> None:
    """An analyst's work is changed by herself only; the gold layer by curators and managers."""
    if annotation.layer == Annotation.Layer.GOLD:
        if not curates(user, annotation.project):
            raise Forbidden("Only curators and managers of this project change the gold layer.")
    elif annotation.author_id != user.pk:
        raise Forbidden("This is somebody else's work. You can see it but not change it.")


def require_speaker(user, comment: Comment) -> None:
    """A comment is changed, taken back and said again by whoever wrote it."""
    if comment.author_id != user.pk:
        raise Forbidden("Only whoever wrote a comment changes it. Answer with one of your own.")


def require_placer(user, annotation: Annotation) -> None:
    """Work that lost its place in the text gets it back from its author or from a curator."""
    if annotation.author_id != user.pk and not curates(user, annotation.project):
        raise Forbidden("Only its author and curators of this project may give it a place.")

"""Who may see and do what with codebooks, assignments and annotations.

Blindness: in a blind project an analyst sees another person's annotations on an article only
while she has handed that article in. Curators and managers see all. Every queryset of every face
starts here, so that no list, count, filter, sort, search or export can say more.
"""

from django.db.models import Q, QuerySet

from annotations.models import (
    Annotation,
    Assignment,
    ClaimTag,
    Codebook,
    Facet,
    Rejection,
    Verdict,
)
from corpus_app.access import (
    CURATING,
    Forbidden,
    curates,
    everywhere,
    memberships_of,
    scoped,
    told_to,
)
from corpus_app.models import Event, Project


def codebooks_for(user) -> QuerySet[Codebook]:
    return scoped(Codebook.objects.all(), user)


def facets_for(user) -> QuerySet[Facet]:
    return scoped(Facet.objects.all(), user)


def tags_for(user) -> QuerySet[ClaimTag]:
    return scoped(ClaimTag.objects.all(), user)


def _open_to(user) -> Q:
    """What is not hidden from the user by blindness, for rows with `project` and `article`."""
    curated = memberships_of(user, CURATING).values("project_id")
    handed_in = Assignment.objects.filter(
        analyst_id=user.pk, state=Assignment.State.HANDED_IN
    ).values("article_id")
    sighted = Project.objects.filter(blind=False).values("pk")
    return (
        Q(author_id=user.pk)
        | Q(project_id__in=curated)
        | Q(project_id__in=sighted)
        | Q(article_id__in=handed_in)
    )


def annotations_for(user) -> QuerySet[Annotation]:
    """The annotations the user may see, deleted ones included (`standing()` leaves them out)."""
    rows = scoped(Annotation.objects.all(), user)
    return rows if everywhere(user) else rows.filter(_open_to(user))


def rejections_for(user) -> QuerySet[Rejection]:
    """The user's own rejections of suggestions; nobody else's business, not even a curator's."""
    return scoped(Rejection.objects.filter(author_id=user.pk), user)


def verdicts_for(user) -> QuerySet[Verdict]:
    """What was said of suggestions, for counting: in the projects that the user curates."""
    return scoped(Verdict.objects.standing(), user, CURATING)


def events_for(user) -> QuerySet[Event]:
    """The history the user may see: an event on somebody's work is hidden with that work."""
    rows = scoped(Event.objects.all(), user)
    if everywhere(user):
        return rows
    return told_to(user, rows.filter(Q(author=None) | _open_to(user)))


def assignments_for(user) -> QuerySet[Assignment]:
    """An analyst's own assignments; a curator's and manager's whole projects."""
    if not user.is_authenticated or everywhere(user):
        return scoped(Assignment.objects.all(), user)
    own = Q(analyst_id=user.pk)
    curated = Q(project_id__in=memberships_of(user, CURATING).values("project_id"))
    return scoped(Assignment.objects.all(), user).filter(own | curated)


def require_writer(user, annotation: Annotation) -> None:
    """An analyst's work is changed by herself only; the gold layer by curators and managers."""
    if annotation.layer == Annotation.Layer.GOLD:
        if not curates(user, annotation.project):
            raise Forbidden("Only curators and managers of this project change the gold layer.")
    elif annotation.author_id != user.pk:
        raise Forbidden("This is somebody else's work. You can see it but not change it.")


def require_placer(user, annotation: Annotation) -> None:
    """Work that lost its place in the text gets it back from its author or from a curator."""
    if annotation.author_id != user.pk and not curates(user, annotation.project):
        raise Forbidden("Only its author and curators of this project may give it a place.")

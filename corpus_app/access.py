"""Who may see and do what with projects, articles and actors.

Every queryset of every face starts here. A superuser runs the site and sees everything; anybody
else sees the projects she is a member of.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from corpus_app.models import (
    Actor,
    Article,
    Batch,
    Event,
    Invitation,
    Membership,
    Operation,
    Outlet,
    OutletRule,
    Passage,
    Project,
    Reuse,
    Revision,
    Role,
    SavedFilter,
    Story,
    Token,
    User,
)

CURATING = (Role.CURATOR, Role.MANAGER)


class Forbidden(PermissionDenied):
    """The person may see the thing but not do this with it; the message says what would help."""


class Archived(Forbidden):
    """Nothing is written to a project that is archived, whoever asks."""

    def __init__(self):
        super().__init__(
            "This project is archived. It can be read and exported as before, and nothing in it "
            "changes until a manager takes it out of the archive, in its settings."
        )


def memberships_of(user, roles=None) -> QuerySet[Membership]:
    """The user's own memberships that have not ended, of certain roles if asked."""
    own = Membership.objects.filter(user_id=user.pk, ended=None)
    if user.only_project_id:
        own = own.filter(project_id=user.only_project_id)
    return own.filter(role__in=roles) if roles else own


def everywhere(user) -> bool:
    """Whether the user runs the site and acts through nothing that narrows her to a project."""
    return user.is_superuser and not user.only_project_id


def scoped(queryset: QuerySet, user, roles=None) -> QuerySet:
    """The rows of projects in which the user is a member (of one of the roles)."""
    if not user.is_authenticated or not user.is_active:
        return queryset.none()
    if everywhere(user):
        return queryset
    return queryset.filter(project_id__in=memberships_of(user, roles).values("project_id"))


def projects_for(user, roles=None) -> QuerySet[Project]:
    """The projects that the user may open (in one of the roles)."""
    if not user.is_authenticated or not user.is_active:
        return Project.objects.none()
    if everywhere(user):
        return Project.objects.all()
    return Project.objects.filter(pk__in=memberships_of(user, roles).values("project_id"))


def members_for(user) -> QuerySet[Membership]:
    """The memberships that a manager sees; anybody sees her own."""
    managed = scoped(Membership.objects.all(), user, [Role.MANAGER])
    return managed | memberships_of(user) if user.is_authenticated else managed


def people_for(user) -> QuerySet[User]:
    """The people the user may know of: herself and, for a manager, the members of her projects."""
    if everywhere(user):
        return User.objects.all()
    known = members_for(user).values("user_id")
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=known))


def colleagues_for(user) -> QuerySet[User]:
    """Those whose work the user sees by her role: herself and the members of what she curates."""
    if everywhere(user):
        return User.objects.all()
    curated = scoped(Membership.objects.all(), user, CURATING).values("user_id")
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=curated))


def members_of(user, project) -> QuerySet[Membership]:
    """Who can be given work in a project that the user curates."""
    return scoped(Membership.objects.filter(project=project, ended=None), user, CURATING)


def invitations_for(user) -> QuerySet[Invitation]:
    """The invitations to the projects that the user manages."""
    return scoped(Invitation.objects.all(), user, [Role.MANAGER])


def open_events_for(user) -> QuerySet[Event]:
    """The history of the user's projects as far as it tells of nobody's own work."""
    return told_to(user, scoped(Event.objects.filter(author=None), user))


def told_to(user, events: QuerySet[Event]) -> QuerySet[Event]:
    """The events without those on memberships, invitations and webhooks that she does not see."""
    if everywhere(user) or not user.is_authenticated:
        return events
    own = [str(pk) for pk in memberships_of(user).values_list("pk", flat=True)]
    managed = memberships_of(user, [Role.MANAGER]).values("project_id")
    of_managers = Q(noun__in=["membership", "invitation", "webhook"])
    return events.filter(~of_managers | Q(object_id__in=own) | Q(project_id__in=managed))


def outlets_for(user) -> QuerySet[Outlet]:
    return scoped(Outlet.objects.all(), user)


def rules_for(user) -> QuerySet[OutletRule]:
    return scoped(OutletRule.objects.all(), user)


def stories_for(user) -> QuerySet[Story]:
    return scoped(Story.objects.all(), user)


def articles_for(user) -> QuerySet[Article]:
    """The articles of the user's projects, without their raw input."""
    return scoped(Article.objects.defer("raw"), user)


def batches_for(user) -> QuerySet[Batch]:
    """The batches of the user's projects, whoever opened them."""
    return scoped(Batch.objects.select_related("by", "project"), user)


def drives(user, batch: Batch) -> bool:
    """Whether the user may add to a batch and go on with it: its own person, and curators."""
    return batch.by_id == user.pk or curates(user, batch.project)


def revisions_for(user) -> QuerySet[Revision]:
    return scoped(Revision.objects.all(), user)


def passages_for(user) -> QuerySet[Passage]:
    return scoped(Passage.objects.all(), user)


def reuses_for(user) -> QuerySet[Reuse]:
    return scoped(Reuse.objects.all(), user)


def actors_for(user) -> QuerySet[Actor]:
    return scoped(Actor.objects.all(), user)


def operations_for(user) -> QuerySet[Operation]:
    """What was done to many rows at once: it tells of analysts' work, so it is for curators."""
    return scoped(Operation.objects.all(), user, CURATING)


def saved_filters_for(user) -> QuerySet[SavedFilter]:
    """The user's own saved filters; nobody sees another's."""
    return SavedFilter.objects.filter(user_id=user.pk)


def tokens_for(user) -> QuerySet[Token]:
    """The user's own tokens; nobody sees another's."""
    return Token.objects.filter(user_id=user.pk)


def is_member(user, project) -> bool:
    return everywhere(user) or memberships_of(user).filter(project=project).exists()


def curates(user, project=None) -> bool:
    """Whether the user is curator or manager of the project (of any, if none is given)."""
    if not user.is_authenticated or not user.is_active:
        return False
    own = memberships_of(user, CURATING)
    return everywhere(user) or (own.filter(project=project) if project else own).exists()


def manages(user, project=None) -> bool:
    """Whether the user is manager of the project (of any, if none is given)."""
    if not user.is_authenticated or not user.is_active:
        return False
    own = memberships_of(user, [Role.MANAGER])
    return everywhere(user) or (own.filter(project=project) if project else own).exists()


def founds(user) -> bool:
    """Whether the user may make projects: she manages one already, or runs the site."""
    return manages(user) and not user.only_project_id


def require_open(*project_ids) -> None:
    """Raises Archived if one of the projects is."""
    if Project.objects.filter(pk__in=project_ids).exclude(archived=None).exists():
        raise Archived


def require_curator(user, project) -> None:
    if not curates(user, project):
        raise Forbidden("Only curators and managers of this project may do this.")


def require_manager(user, project) -> None:
    if not manages(user, project):
        raise Forbidden("Only managers of this project may do this.")

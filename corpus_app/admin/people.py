"""Projects, their members, people and tokens at the desk."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as AuthUserAdmin
from django.contrib.auth.models import Group
from django.utils import timezone

from corpus_app import access, people
from corpus_app.admin.doors import ThroughADoor
from corpus_app.admin.scoped import People, Scoped, Theirs
from corpus_app.forms.desk import MembershipForm, ProjectForm, RoleForm
from corpus_app.models import Membership, Project, Role, Token, User

# What a person may do is said by her memberships; groups would be a second answer.
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(Scoped, AuthUserAdmin):
    """Everybody who can sign in; for superusers only."""

    visible = staticmethod(access.people_for)

    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("username", "first_name", "last_name", "email")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("May", {"fields": ("is_active", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def has_view_permission(self, request, obj=None):
        return access.everywhere(request.user)

    has_add_permission = has_change_permission = has_view_permission

    def save_model(self, request, obj, form, change):
        if change:
            request.before = people.person_values(User.objects.get(pk=obj.pk))
        super().save_model(request, obj, form, change)

    def log_addition(self, request, obj, message):
        people.note_person(by=request.user, user=obj, verb="created")

    def log_change(self, request, obj, message):
        """Called for a new password too, of which history keeps nothing but that it was set."""
        before = getattr(request, "before", None)
        values = {"verb": "changed", "before": before} if before else {"verb": "set a password of"}
        people.note_person(by=request.user, user=obj, **values)

    def get_readonly_fields(self, request, obj=None):
        """Nobody changes her own rights, nor locks herself out."""
        own = ("is_active", "is_superuser") if obj == request.user else ()
        return ("last_login", "date_joined", *own)


@admin.register(Project)
class ProjectAdmin(ThroughADoor):
    """Projects; managers change theirs, superusers make new ones."""

    visible = staticmethod(access.projects_for)
    roles = (Role.MANAGER,)
    form = ProjectForm
    fields = ("name", "slug", "description", "language", "blind")

    list_display = ("name", "slug", "language", "blind", "created")
    list_filter = ("blind",)
    search_fields = ("name", "slug")

    def project_id_of(self, obj):
        return obj.pk

    def project_for(self, request, obj):
        return obj or Project()

    def has_add_permission(self, request):
        return access.everywhere(request.user)

    def write(self, request, form, seen):
        values = form.given("name", "slug", "description", "language", "blind")
        if seen is None:
            return people.create_project(by=request.user, **values)
        return people.change_project(
            by=request.user,
            project=form.instance,
            seen=seen,
            values=people.ProjectValues(**values),
        )


@admin.register(Membership)
class MembershipAdmin(ThroughADoor):
    visible = staticmethod(access.members_for)
    roles = (Role.MANAGER,)
    form = RoleForm
    fields = ("person", "role")
    readonly_fields = ("person",)

    list_display = ("user", "full_name", "role", "project", "created")
    list_filter = ("role", ("user", People), ("project", Theirs))
    list_select_related = ("user", "project")
    search_fields = ("user__username", "user__first_name", "user__last_name")

    def person(self, membership):
        return f"{membership.user.shown_name} ({membership.user.username})"

    @admin.display(description="name")
    def full_name(self, membership):
        return membership.user.get_full_name()

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = MembershipForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request, obj=None):
        if obj is None:
            return ("user_name", "role")
        return super().get_fields(request, obj)

    def write(self, request, form, seen):
        role = form.cleaned_data["role"]
        if seen is not None:
            return people.change_role(
                by=request.user, membership=form.instance, seen=seen, role=role
            )
        return people.admit(
            by=request.user,
            project=form.project,
            username=form.cleaned_data["user_name"],
            role=role,
        )


@admin.register(Token)
class TokenAdmin(Scoped):
    """One's own tokens, as a list alone: a page of each would have its digest as address."""

    visible = staticmethod(access.tokens_for)
    list_display = ("name", "scope", "project", "created", "expiry", "expired")
    list_display_links = None
    list_select_related = ("project",)
    actions = None

    def get_urls(self):
        return [url for url in super().get_urls() if url.name == "corpus_app_token_changelist"]

    @admin.display(boolean=True)
    def expired(self, token):
        return token.expiry is not None and token.expiry < timezone.now()

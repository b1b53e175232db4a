"""Projects, their members and invitations, people and tokens at the desk."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as AuthUserAdmin
from django.contrib.auth.models import Group
from django.utils import timezone

from corpus_app import access, inviting, people
from corpus_app.admin.doors import ThroughADoor
from corpus_app.admin.scoped import People, Scoped, Theirs
from corpus_app.forms.desk import MembershipForm, ProjectForm, RoleForm
from corpus_app.models import Invitation, Membership, Project, Role, Token, User

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
    values = (*ProjectForm.Meta.fields,)
    fields = (*values, "archived")
    readonly_fields = ("archived",)
    actions = ("archive", "unarchive")

    list_display = ("name", "slug", "language", "blind", "coders_per_article", "archived")
    list_filter = ("blind", ("archived", admin.EmptyFieldListFilter))
    search_fields = ("name", "slug")

    def may_write(self, request, project_id=None):
        """Archived ones too: by their settings they are taken out of the archive."""
        own = access.projects_for(request.user, self.roles)
        return (own.filter(pk=project_id) if project_id else own).exists()

    def project_id_of(self, obj):
        return obj.pk

    def project_for(self, request, obj):
        return obj or Project()

    def has_add_permission(self, request):
        return access.everywhere(request.user)

    def write(self, request, form, seen):
        values = form.given(*self.values)
        if seen is None:
            return people.create_project(by=request.user, **values)
        return people.change_project(
            by=request.user,
            project=form.instance,
            seen=seen,
            values=people.ProjectValues(**values),
            reason=form.cleaned_data["reason"],
        )

    def get_fields(self, request, obj=None):
        """With a field for the reason of a change, for those who may make one."""
        shown = super().get_fields(request, obj)
        return (*shown, "reason") if "seen" in shown else shown

    @admin.action(description="Archive: read and exported, not changed", permissions=["write"])
    def archive(self, request, queryset):
        self._each_open(request, queryset.filter(archived=None), people.archive, "archived")

    @admin.action(description="Take out of the archive", permissions=["write"])
    def unarchive(self, request, queryset):
        rows = queryset.exclude(archived=None)
        self._each_open(request, rows, people.unarchive, "taken out of the archive")

    def _each_open(self, request, rows, door, done):
        self.each(
            request, rows, lambda row: door(by=request.user, project=row, seen=row.version), done
        )


@admin.register(Membership)
class MembershipAdmin(ThroughADoor):
    visible = staticmethod(access.members_for)
    roles = (Role.MANAGER,)
    form = RoleForm
    fields = ("person", "role", "most_open", "ended")
    readonly_fields = ("person", "ended")
    actions = ("end",)

    list_display = ("user", "full_name", "role", "project", "created", "ended")
    list_filter = (
        "role", ("ended", admin.EmptyFieldListFilter), ("user", People), ("project", Theirs)
    )  # fmt: skip
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
            most = form.cleaned_data["most_open"]
            return people.change_membership(
                by=request.user, membership=form.instance, seen=seen, role=role, most_open=most
            )
        return people.admit(
            by=request.user,
            project=form.project,
            username=form.cleaned_data["user_name"],
            role=role,
        )

    @admin.action(description="End: she opens nothing any more", permissions=["write"])
    def end(self, request, queryset):
        def end(row):
            people.end(by=request.user, membership=row, seen=row.version)

        self.each(request, queryset.filter(ended=None), end, "ended; the work stays")


@admin.register(Invitation)
class InvitationAdmin(ThroughADoor):
    """Invitations, to look through and revoke; they are made on the project's page of people."""

    visible = staticmethod(access.invitations_for)
    roles = (Role.MANAGER,)
    fields = ("role", "by", "note", "expires", "most_uses", "used", "revoked")
    readonly_fields = fields
    actions = ("revoke",)

    list_display = ("__str__", "role", "by", "state", "used", "most_uses", "expires", "project")
    list_filter = ("role", ("project", Theirs))
    list_select_related = ("by", "project")
    search_fields = ("note",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.action(description="Revoke: nobody can follow it any more", permissions=["write"])
    def revoke(self, request, queryset):
        def revoke(row):
            inviting.revoke(by=request.user, invitation=row)

        self.each(request, queryset.filter(revoked=None), revoke, "revoked")


@admin.register(Token)
class TokenAdmin(Scoped):
    """One's own tokens, as a list alone: a page of each would have its digest as address."""

    visible = staticmethod(access.tokens_for)
    list_display = ("name", "scope", "project", "created", "expiry", "expired")
    list_display_links = None
    list_select_related = ("project",)
    actions = None

    def get_urls(self):
        pages = ("changelist", "filter_save", "filter_drop")
        own = {f"corpus_app_token_{page}" for page in pages}
        return [url for url in super().get_urls() if url.name in own]

    @admin.display(boolean=True)
    def expired(self, token):
        return token.expiry is not None and token.expiry < timezone.now()

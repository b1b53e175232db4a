"""Following an invitation: who comes with a good link joins, with an account or a new one."""

from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from corpus_app import inviting
from corpus_app.access import memberships_of
from corpus_app.forms.arriving import RegisterForm, SignInForm
from corpus_app.forms.fields import show_refusal
from corpus_app.history import DoorError
from corpus_app.models import Invitation, User

BACKEND = "django.contrib.auth.backends.ModelBackend"
FOLLOWED = "invitation"  # under which the session keeps the digest of the link's secret
# Links that nobody made are counted like failed attempts to sign in under a name nobody can have.
GUESSER = {"username": "(invitation)"}


@login_not_required
@never_cache
@require_safe
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """On to the page where one joins, so that the secret is in no address and no log after it.

    A link that is not good gets the same answer whatever is wrong with it.
    """
    if not AxesProxyHandler.is_allowed(request, GUESSER):
        request.axes_locked_out, request.axes_credentials = True, GUESSER
        return HttpResponse(status=429)  # the middleware puts its page in its place
    digest = inviting.digest_of(secret)
    if inviting.find(digest):
        request.session[FOLLOWED] = digest
        return redirect("join")
    if not inviting.is_known(digest):
        user_login_failed.send(sender=__name__, credentials=GUESSER, request=request)
    return _nowhere(request)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """What the link is for; then the project, for whoever joins, signs in or makes an account."""
    digest = request.session.get(FOLLOWED, "")
    invitation = inviting.find(digest)
    if invitation is None:
        return _nowhere(request)
    asked = request.POST.get("do") if request.method == "POST" else ""
    try:
        if request.user.is_authenticated:
            return _signed_in(request, invitation)
        sign_in = SignInForm(request, request.POST if asked == "sign-in" else None, prefix="own")
        new = RegisterForm(request.POST if asked == "register" else None)
        if sign_in.is_valid():
            login(request, sign_in.get_user())
            return _joined(request, request.user, invitation)
        if new.is_valid() and (user := _registered(new, digest)):
            login(request, user, backend=BACKEND)
            return _arrived(request, invitation, "Welcome to")
    except inviting.InvitingError:
        return _nowhere(request)
    context = {"invitation": invitation, "sign_in": sign_in, "new": new}
    status = 400 if request.method == "POST" else 200
    return render(request, "corpus_app/invitation.html", context, status=status)


def _signed_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """For somebody who is signed in: the button, or that she is in already."""
    if request.method == "POST":
        return _joined(request, request.user, invitation)
    own = memberships_of(request.user).filter(project=invitation.project_id).first()
    context = {"invitation": invitation, "membership": own}
    return render(request, "corpus_app/invitation.html", context)


def _joined(request: HttpRequest, user: User, invitation: Invitation) -> HttpResponse:
    before = memberships_of(user).filter(project=invitation.project_id).exists()
    inviting.accept(by=user, digest=invitation.digest)
    return _arrived(request, invitation, "You were a member already of" if before else "Welcome to")


def _registered(form: RegisterForm, digest: str) -> User | None:
    """The new person, or None and on the form why there is none. Raises InvitingError."""
    names = ("username", "password", "first_name", "last_name", "email")
    given = {name: form.cleaned_data[name] for name in names}
    try:
        return inviting.register(digest=digest, **given).user
    except inviting.InvitingError:
        raise
    except DoorError as refusal:
        show_refusal(form, refusal)
        return None


def _arrived(request: HttpRequest, invitation: Invitation, said: str) -> HttpResponse:
    request.session.pop(FOLLOWED, None)
    messages.success(request, f"{said} “{invitation.project.name}”.")
    return redirect(f"{reverse('home')}?{urlencode({'project': invitation.project.slug})}")


def _nowhere(request: HttpRequest) -> HttpResponse:
    return render(request, "corpus_app/invitation_nowhere.html", status=404)

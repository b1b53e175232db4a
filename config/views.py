"""Signing in, and what is answered where Django itself refuses."""

from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from django.views.generic import TemplateView

from corpus_app import problems
from corpus_app.forms.arriving import SignInForm


class SignIn(LoginView):
    """Asks who is there; somebody who is signed in already goes on to where she was going.

    Asked for `?as=NAME` it is that person's turn, whoever is signed in now.
    """

    authentication_form = SignInForm

    @property
    def redirect_authenticated_user(self):
        return "as" not in self.request.GET

    def get_initial(self):
        return super().get_initial() | {"username": self.request.GET.get("as", "")}

    def get_redirect_url(self, *args, **kwargs):
        """Where she was going, unless that is this very page."""
        target = super().get_redirect_url(*args, **kwargs)
        return "" if target == self.request.path else target


class Problem(TemplateView):
    """What a problem's type stands for: the page that the address in it leads to."""

    template_name = "problem.html"

    def get_context_data(self, kind: str, **kwargs):
        if kind not in problems.TYPES:
            raise Http404
        status, title = problems.TYPES[kind]
        return super().get_context_data(kind=kind, status=status, title=title, **kwargs)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    told = _in_api(request, 400, "This request cannot be read.")
    return told or defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    told = _in_api(request, 403, "You do not have permission to do this.")
    return told or defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    told = _in_api(request, 404, "Not found.")
    return told or defaults.page_not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    told = _in_api(request, 500, "Something broke on our side; nothing was stored.")
    return told or defaults.server_error(request)


def _in_api(request: HttpRequest, status: int, detail: str) -> HttpResponse | None:
    """The answer under the API's addresses; elsewhere None."""
    if not request.path_info.startswith("/api/"):
        return None
    told = problems.problem(status, detail)
    return JsonResponse(told, status=status, content_type=problems.MEDIA_TYPE)

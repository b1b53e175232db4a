"""Signing in."""

from django.contrib.auth.views import LoginView

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

"""Signing in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.views import LoginView

from corpus_app.models import User


class SignInForm(AuthenticationForm):
    """The name and the password; a name that nobody can have is not counted as an attempt."""

    username = UsernameField(
        max_length=User._meta.get_field("username").max_length,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )


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

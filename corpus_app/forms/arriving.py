"""What people say at the door: who signs in, and who makes an account."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField

from corpus_app.models import User

LONGEST_NAME = User._meta.get_field("username").max_length


class SignInForm(AuthenticationForm):
    """The name and the password; a name that nobody can have is not counted as an attempt."""

    username = UsernameField(
        max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autofocus": True})
    )


class RegisterForm(forms.Form):
    """Who makes an account. Whether names and password are fit is for the door to say."""

    username = UsernameField(
        label="User name", max_length=LONGEST_NAME, help_text="Letters, digits and @ . + - _ only."
    )
    first_name = forms.CharField(required=False, max_length=150)
    last_name = forms.CharField(
        required=False, max_length=150, help_text="Your colleagues see your name beside your work."
    )
    email = forms.EmailField(
        label="E-mail", required=False, help_text="Optional: for news of your work, if you ask."
    )
    password = forms.CharField(
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least eight characters, not digits alone, nothing that many people use.",
    )
    again = forms.CharField(
        label="The same password again",
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self):
        """The second password, if it is the first."""
        again = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise forms.ValidationError("The two passwords are not the same. Type both again.")
        return again

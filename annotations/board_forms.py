"""What people send to the board and to the page of an assignment, checked for shape."""

from django import forms
from django.db.models import QuerySet

from annotations import board
from annotations.forms import DayForm, ReturnForm, SeenForm, day_input
from annotations.models import Assignment
from corpus_app.access import articles_for, members_of, stories_for
from corpus_app.models import Article, Project, Story, User


class BoardForm(forms.Form):
    """Which articles the board's address asks for; what it may not name is no choice."""

    person = forms.ModelChoiceField(
        User.objects.none(), to_field_name="username", required=False, empty_label="Anybody"
    )
    state = forms.ChoiceField(
        choices=[("", "Any state"), *Assignment.State.choices], required=False
    )
    story = forms.ModelChoiceField(Story.objects.none(), required=False, empty_label="Any story")
    title = forms.CharField(
        required=False, max_length=200, label="Words in the title",
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    waiting = forms.ChoiceField(choices=[("", ""), *board.WAITING.items()], required=False)
    after = forms.UUIDField(required=False)

    def __init__(self, *args, user, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = board.workers(user, project).order_by("username")
        self.fields["person"].label_from_instance = lambda one: one.shown_name
        self.fields["story"].queryset = stories_for(user).filter(project=project)

    @property
    def wish(self) -> board.Wish:
        """The wish. Call it on a valid form."""
        return board.Wish(**self.cleaned_data)


class ChosenForm(forms.Form):
    """Articles that were ticked on the board."""

    article = forms.ModelMultipleChoiceField(
        Article.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, *args, user, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["article"].queryset = articles_for(user).filter(project=project)


class GivingForm(ChosenForm):
    """Which articles are given to which members, and until when."""

    coders = forms.ModelMultipleChoiceField(
        User.objects.none(), to_field_name="username", widget=forms.CheckboxSelectMultiple
    )
    due_on = forms.DateField(label="Due on", required=False, widget=day_input())

    def __init__(self, *args, user, project, **kwargs):
        super().__init__(*args, user=user, project=project, **kwargs)
        self.fields["coders"].queryset = _coders(user, project)
        self.fields["coders"].label_from_instance = lambda one: one.shown_name


class HandGivingForm(GivingForm):
    """Each of some articles for each of some members."""

    training = forms.BooleanField(
        required=False, label="For training",
        help_text="Coded blind, then compared with the gold layer, which each article must have. "
        "Never counted.",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["article"].required = True


class SpreadForm(GivingForm):
    """How articles are spread; `seen` is the plan that was looked at."""

    story = forms.ModelChoiceField(
        Story.objects.none(), required=False, empty_label="The whole project"
    )
    k = forms.IntegerField(min_value=1, max_value=20, label="Coders per article")
    seed = forms.IntegerField(
        min_value=1, max_value=2**31 - 2, required=False, widget=forms.HiddenInput
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, user, project, **kwargs):
        super().__init__(*args, user=user, project=project, **kwargs)
        self.fields["story"].queryset = stories_for(user).filter(project=project)

    def clean_seed(self):
        return self.cleaned_data["seed"] or 1


class DueForm(SeenForm, DayForm):
    """The day, and which version of the assignment was seen."""


class WithdrawForm(SeenForm):
    """Whether an assignment is withdrawn although something is marked."""

    sure = forms.BooleanField(required=False)


class PassOnForm(SeenForm):
    """Who gets open work instead of whoever has it."""

    analyst = forms.ModelChoiceField(
        User.objects.none(), to_field_name="username", label="To whom", empty_label="Choose"
    )

    def __init__(self, *args, user, assignment, **kwargs):
        super().__init__(*args, **kwargs)
        others = _coders(user, assignment.project).exclude(pk=assignment.analyst_id)
        self.fields["analyst"].queryset = others
        self.fields["analyst"].label_from_instance = lambda one: one.shown_name


class GiveBackForm(SeenForm, ReturnForm):
    """Why work is returned, and which version of it was seen."""


def _coders(user: User, project: Project) -> QuerySet[User]:
    """The members, by user name."""
    members = members_of(user, project).values("user_id")
    return User.objects.filter(pk__in=members, is_active=True).order_by("username")

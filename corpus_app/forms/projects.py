"""What managers say of a project: how it begins, how it is set, who is in it."""

from collections.abc import Mapping

from django import forms
from django.utils.text import slugify

from corpus_app.access import CURATING, projects_for
from corpus_app.forms.desk import ProjectForm
from corpus_app.forms.fields import ProseField
from corpus_app.models import Project, Role

LIKE = "like"  # the beginning that is another project
LARGEST = 2**31 - 1


class FoundingForm(forms.Form):
    """A new project and what it begins with: a template's key, or `like` and a project."""

    name = forms.CharField(max_length=200)
    slug = forms.SlugField(
        label="Address", required=False, max_length=80, help_text="Empty: made from the name."
    )
    description = ProseField(rows=3)
    language = forms.CharField(
        max_length=35, initial="en", help_text="Of articles that do not say theirs (BCP 47)."
    )
    beginning = forms.ChoiceField(widget=forms.RadioSelect)
    source = forms.ModelChoiceField(
        Project.objects.none(), label="Which project", required=False, empty_label="Choose one"
    )
    actors = forms.BooleanField(label="Its actors, too", required=False)

    def __init__(self, *args, user, templates: Mapping[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        own = projects_for(user, CURATING)
        self.fields["source"].queryset = own
        like = [(LIKE, "As another project of mine")] if own.exists() else []
        self.fields["beginning"].choices = [*templates.items(), *like]
        self.fields["beginning"].initial = next(iter(templates))

    def clean(self):
        told = super().clean()
        told["slug"] = told.get("slug") or slugify(told.get("name", ""))[:80]
        if not told["slug"] and "slug" not in self.errors:
            self.add_error("slug", "Nothing of the name can stand in an address. Give one.")
        if told.get("beginning") == LIKE and not told.get("source") and "source" not in self.errors:
            self.add_error("source", "Choose the project that it is to begin like.")
        return told


class SettingsForm(ProjectForm):
    """A project's settings, for those who work in it; its address stays as it is."""

    blind = forms.TypedChoiceField(
        label="While an analyst works on an article, others’ marks on it are",
        choices=[(True, "hidden from her until she hands it in (blind)"), (False, "shown (open)")],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )
    confirmed = forms.BooleanField(required=False)
    unsaved = frozenset({"seen", "reason", "confirmed"})

    class Meta(ProjectForm.Meta):
        fields = (
            "name", "description", "language", "coders_per_article", "blind", "names_hidden",
            "figures_for",
        )  # fmt: skip
        labels = {
            "coders_per_article": "Coders per article",
            "names_hidden": "Hide from whoever adjudicates whose version is whose",
            "figures_for": "Agreement figures are seen by",
        }
        help_texts = {"names_hidden": ""}

    @property
    def switches(self) -> bool:
        """Whether what was sent would make a blind project open, or an open one blind."""
        return self.cleaned_data["blind"] != self.instance.blind


class ArchiveForm(forms.Form):
    """That a project is to be archived, or opened again."""

    version = forms.IntegerField(min_value=1, max_value=LARGEST)
    confirmed = forms.BooleanField()
    reason = ProseField(rows=2)


class MemberForm(forms.Form):
    """What a member is to be from now on."""

    version = forms.IntegerField(min_value=1, max_value=LARGEST)
    role = forms.ChoiceField(choices=Role)
    most_open = forms.IntegerField(required=False, max_value=LARGEST)


class EndForm(forms.Form):
    """That a membership is to end."""

    version = forms.IntegerField(min_value=1, max_value=LARGEST)


class AdmissionForm(forms.Form):
    """Who is added as what. People are named by user name, so that nobody is listed."""

    user_name = forms.CharField(max_length=150, help_text="Exactly as she signs in with it.")
    role = forms.ChoiceField(choices=Role, initial=Role.ANALYST)


class InvitationForm(forms.Form):
    """A new link: for whom, as what, how long and how often it can be followed."""

    role = forms.ChoiceField(label="They join as", choices=Role, initial=Role.ANALYST)
    days = forms.TypedChoiceField(
        label="It is good for",
        choices=[(1, "a day"), (7, "a week"), (30, "30 days"), (90, "90 days")],
        initial=7,
        coerce=int,
    )
    most_uses = forms.IntegerField(
        label="How many people can follow it", initial=1, min_value=1, max_value=LARGEST
    )
    note = forms.CharField(
        label="For whom it is",
        required=False,
        max_length=200,
        help_text="Only managers see this, such as “seminar on Tuesdays”.",
    )

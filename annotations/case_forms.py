"""What curators send of cases, checked for shape."""

from django import forms

from annotations.docket import ONE, SEVERAL, Wish
from annotations.forms import SeenForm
from annotations.models import Annotation, Case, ClaimTag, Decision
from corpus_app.access import articles_for, members_of, stories_for
from corpus_app.forms.fields import ProseField
from corpus_app.models import Article, Project, Story, User

EVERY = "every"  # state


class DocketForm(forms.Form):
    """What the address of the queue of cases asks for."""

    state = forms.ChoiceField(
        choices=[*Case.State.choices, (EVERY, "every state")], required=False, initial="open"
    )
    kind = forms.ChoiceField(choices=[("", "both kinds"), *Annotation.Kind.choices], required=False)
    coders = forms.ChoiceField(
        choices=[("", "one or several"), (SEVERAL, "several"), (ONE, "one only")],
        required=False, label="Coders",
    )  # fmt: skip
    tag = forms.ModelChoiceField(ClaimTag.objects.none(), required=False, empty_label="any tag")
    story = forms.ModelChoiceField(Story.objects.none(), required=False, empty_label="any story")
    analyst = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="anybody")
    flagged = forms.BooleanField(required=False, label="Flagged by a coder")
    article = forms.ModelChoiceField(
        Article.objects.none(), required=False, widget=forms.HiddenInput
    )
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, user: User, project: Project):
        super().__init__(data)
        own = {"project": project}
        self.fields["tag"].queryset = ClaimTag.objects.filter(**own)
        self.fields["story"].queryset = stories_for(user).filter(**own).order_by("title")
        self.fields["article"].queryset = articles_for(user).filter(**own)
        coders = members_of(user, project).values("user_id")
        self.fields["analyst"].queryset = User.objects.filter(pk__in=coders).order_by("username")
        self.fields["analyst"].label_from_instance = lambda person: person.shown_name
        if project.names_hidden:
            del self.fields["analyst"]

    @property
    def wish(self) -> Wish:
        """The wish. Call it on a valid form."""
        told = self.cleaned_data
        state = told.pop("state") or Case.State.OPEN
        return Wish(state="" if state == EVERY else state, **told)


class DecisionForm(SeenForm):
    """What is decided of a case, besides its fields (`lineup.Choice` reads those).

    `do` is `decide`, `reject`, or `accept:` and the id of an annotation; `revision` the text in
    which typed places are counted.
    """

    revision = forms.UUIDField()
    do = forms.RegexField(r"^(decide|reject|accept:[-0-9a-f]{36})$", required=False)
    over = forms.BooleanField(required=False)  # decide otherwise what is decided
    error_class = forms.ChoiceField(
        choices=Decision.ErrorClass.choices, required=False, label="What went wrong"
    )
    reason = ProseField(rows=2, label="Reason", max_length=5_000)
    question = ProseField(rows=2, label="Question to its coders", max_length=5_000)


class ReasonForm(SeenForm):
    """Why something is done to a case."""

    reason = ProseField(rows=2, max_length=5_000)


class SplitForm(ReasonForm):
    """Which versions of a case make one of their own."""

    annotations = forms.ModelMultipleChoiceField(
        Annotation.objects.none(), error_messages={"required": "Choose the versions to split off."}
    )

    def __init__(self, data, *, case: Case):
        super().__init__(data)
        self.fields["annotations"].queryset = Annotation.objects.filter(member__case=case)


class JoinForm(ReasonForm):
    """Which other case of the article is joined with this one, in the version that was seen."""

    other = forms.RegexField(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]{1,9}$")


class TakeForm(forms.Form):
    """Of which article the agreed cases are taken over; of all if none is said."""

    article = forms.ModelChoiceField(
        Article.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data, *, user: User, project: Project):
        super().__init__(data)
        self.fields["article"].queryset = articles_for(user).filter(project=project)

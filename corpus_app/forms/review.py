"""The review of an article: what every line is for, its metadata, and rules for its outlet."""

import base64
import binascii
import re
import uuid
from collections.abc import Mapping, Sequence

from django import forms
from django.http import QueryDict

from corpus_app.forms.fields import DAY, NamesField
from corpus_app.ingest import Fields
from corpus_app.models import Article, OutletRule, Story
from corpus_app.rules import as_rule
from corpus_app.text import Line, Role
from corpus_app.text.learnt import Rule

# One key for each role; one letter for each line tells what the page proposed for it.
KEYS = {
    "t": Role.TITLE, "y": Role.BYLINE, "l": Role.DATELINE, "o": Role.OUTLET, "h": Role.HEADING,
    "b": Role.BODY, "c": Role.CAPTION, "i": Role.BIO, "p": Role.PROVENANCE,
    "d": Role.DUPLICATE, "x": Role.BOILERPLATE,
}  # fmt: skip
LETTERS = {role: letter for letter, role in KEYS.items()}
ROLES = [role.value for role in Role]

CHOSEN = re.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([1-9][0-9]{0,8})")

_EMPTY = vars(Fields())
_TITLE = Article._meta.get_field("title")


class LinesForm(forms.Form):
    """The role of every line and the metadata as the person wants them.

    `was` has a letter for every line: the role that the page proposed.
    """

    was = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(required=False, max_length=_TITLE.max_length)
    authors = NamesField(help_text="One a line; empty if unsigned.")
    translators = NamesField(help_text="One a line.")
    outlet = forms.CharField(
        required=False, max_length=200, widget=forms.TextInput(attrs={"list": "outlets"})
    )
    published_on = forms.DateField(label="Published on", required=False, widget=DAY)
    language = forms.CharField(required=False, max_length=35, help_text="Such as en or ar.")
    story = forms.ModelChoiceField(Story.objects.none(), required=False)
    url = forms.URLField(label="Address", required=False, max_length=2000, assume_scheme="https")
    rights = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    METADATA = (
        "title", "authors", "translators", "outlet", "published_on", "language", "story", "url",
        "rights",
    )  # fmt: skip

    def __init__(self, *args, stories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["story"].queryset = stories
        self.ticked: list[str] = []

    @property
    def metadata(self) -> Fields:
        """The metadata as the person left it."""
        return Fields(**{name: self.cleaned_data[name] or _EMPTY[name] for name in self.METADATA})

    @property
    def sent_roles(self) -> dict[int, str]:
        """Line number → role as it stood on the page, whoever said so."""
        return {
            int(name[5:]): role
            for name, role in self.data.items()
            if re.fullmatch("role-[0-9]{1,9}", name)
        }

    def own_roles(self, lines: Sequence[Line]) -> dict[int, str]:
        """Line number → role, for every line of which the person thought otherwise than the page.

        Odd entries are passed over. A page that did not say what it proposed proposed nothing.
        """
        sent = self.sent_roles
        letters = self.data.get("was", "")
        if len(letters) != len(lines):
            return sent
        shown = {line.number: KEYS.get(was) for line, was in zip(lines, letters, strict=True)}
        return {number: role for number, role in sent.items() if shown.get(number) != role}

    def unseen(self, lines: Sequence[Line]) -> list[int]:
        """Numbers of the lines whose role is another than stood on the page."""
        stood = self.sent_roles
        return [line.number for line in lines if stood.get(line.number, line.role) != line.role]

    @property
    def rules(self) -> list[Rule]:
        """The rules that were ticked, for the outlet to keep; odd entries are passed over."""
        sent = self.data.getlist("rule") if self.is_bound else self.ticked
        return [rule for rule in map(rule_of, sent) if rule]

    def metadata_fields(self):
        return [self[name] for name in self.METADATA]


class ReviewForm(LinesForm):
    """The review of raw input that is not stored yet, and comes along."""

    raw = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_raw(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["raw"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise forms.ValidationError("The raw input was damaged on the way.") from error


class StoredReviewForm(LinesForm):
    """The review of an article that is stored. `seen` is the version that the person saw."""

    seen = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    reason = forms.CharField(required=False, max_length=500)


class AppliedRulesForm(forms.Form):
    """Which of an outlet's rules are applied to its articles (all, if none is named)."""

    rule = forms.ModelMultipleChoiceField(OutletRule.objects.none(), required=False)
    after = forms.UUIDField(required=False)

    def __init__(self, *args, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = rules.filter(retired=None)

    def clean_rule(self):
        chosen = self.cleaned_data["rule"]
        return list(chosen or self.fields["rule"].queryset)

    @property
    def said(self) -> list[Rule]:
        """What the rules say. Call it on a valid form."""
        return [as_rule(row) for row in self.cleaned_data["rule"]]

    def address(self, after: uuid.UUID | None = None) -> str:
        """The query of this page, or of the one from this article on."""
        asked = self.data.copy()
        asked.pop("after", None)
        if after:
            asked["after"] = str(after)
        return asked.urlencode()


class ProposedLinesForm(forms.Form):
    """The lines of a page, so that rules can be learnt from what the person changed.

    Each line is its number, the letters of its role as proposed and as it is now, and its words,
    parted by blanks.
    """

    LINE = re.compile(rf"(\d{{1,9}}) ([{''.join(KEYS)}])([{''.join(KEYS)}]) (.*)")

    outlet = forms.CharField(required=False, max_length=200)
    article = forms.UUIDField(required=False)
    lines = forms.CharField(strip=False)

    def clean_lines(self) -> tuple[list[Line], list[Line]]:
        found = [
            self.LINE.fullmatch(line)
            for line in self.cleaned_data["lines"].replace("\r", "").split("\n")
            if line
        ]
        if not all(found):
            raise forms.ValidationError("These are no lines of a page.")
        return tuple(
            [Line(int(line[1]), line[4], KEYS[line[which]]) for line in found] for which in (2, 3)
        )


class LineForm(forms.Form):
    """One line that a person says is there for something."""

    role = forms.ChoiceField(choices=[(role, role) for role in ROLES])
    text = forms.CharField(max_length=2000, strip=False)


def chosen_in(data: QueryDict) -> list[tuple[uuid.UUID, int]]:
    """The articles that were ticked, each with the version that was shown; odd ones are left."""
    found = (CHOSEN.fullmatch(value) for value in data.getlist("article"))
    return [(uuid.UUID(one[1]), int(one[2])) for one in found if one]


def letters(lines: Sequence[Line]) -> str:
    """The role of every line as one letter each."""
    return "".join(LETTERS[line.role] for line in lines)


def code_of(rule: Rule) -> str:
    """The rule as the value of a box to tick."""
    return f"{rule.how} {rule.role} {rule.place or 0} {rule.words}"


def rule_of(code: str) -> Rule | None:
    """The rule that the value of a box means, None for what is none."""
    found = re.fullmatch(r"(\w+) (\w+) (-?\d{1,5}) (.*)", code)
    return Rule(found[1], found[4], int(found[3]) or None, found[2]) if found else None


def initial_of(values: Mapping[str, object] | Fields) -> dict[str, object]:
    """What the fields of the metadata show for these values."""
    known = values if isinstance(values, Mapping) else vars(values)
    return {name: known[name] for name in LinesForm.METADATA}

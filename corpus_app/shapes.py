"""What is sent to the API to make or change outlets, stories, articles and actors."""

from rest_framework import serializers

from corpus_app.asking import Identifier, Strict, Truth, Words
from corpus_app.identifiers import FORMS
from corpus_app.models import Actor, Alias
from corpus_app.reading import MEDIA_TYPES

MANY = 200
LONGEST = 20_000  # of prose
LANGUAGE = r"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?$"
COUNTRY = r"^([A-Za-z]{2}|\s*)$"
BASE64 = r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"


class New(Strict):
    """What everything new says."""

    id = Identifier(
        required=False, help_text="Made by the client, so that sending twice makes it once."
    )
    project = Words(max_length=80, help_text="A project's slug.")


class OutletChange(Strict):
    name = Words(max_length=200, required=False)
    country = Words(
        max_length=2, required=False, allow_blank=True, pattern=COUNTRY, help_text="Such as JP."
    )
    url = Words(max_length=500, required=False, allow_blank=True)
    standpoint = Words(max_length=LONGEST, required=False, allow_blank=True)


class NewOutlet(New, OutletChange):
    name = Words(max_length=200)


class StoryChange(Strict):
    title = Words(max_length=300, required=False)
    happened_on = serializers.DateField(required=False, allow_null=True)
    summary = Words(max_length=LONGEST, required=False, allow_blank=True)


class NewStory(New, StoryChange):
    title = Words(max_length=300)


class AliasShape(Strict):
    name = Words(max_length=200)
    metonym = Truth(required=False)
    language = Words(max_length=35, required=False, allow_blank=True, pattern=LANGUAGE)
    case = serializers.ChoiceField(Alias.Case.choices, required=False)
    since = serializers.DateField(required=False, allow_null=True)
    until = serializers.DateField(required=False, allow_null=True)


class PartOfShape(Strict):
    actor = Identifier(help_text="What it is part of.")
    since = serializers.DateField(required=False, allow_null=True)
    until = serializers.DateField(required=False, allow_null=True)


class ExternalIdShape(Strict):
    scheme = serializers.ChoiceField(list(FORMS))
    value = Words(max_length=500)


class ActorChange(Strict):
    name = Words(max_length=200, required=False)
    kind = serializers.ChoiceField(Actor.Kind.choices, required=False)
    notes = Words(max_length=LONGEST, required=False, allow_blank=True)
    aliases = AliasShape(many=True, required=False, max_length=MANY)
    part_of = PartOfShape(many=True, required=False, max_length=MANY)
    external_ids = ExternalIdShape(many=True, required=False, max_length=MANY)


class NewActor(New, ActorChange):
    name = Words(max_length=200)


class ArticleChange(Strict):
    """What is known of an article; its text is corrected in the desk."""

    title = Words(max_length=500, required=False, allow_blank=True)
    authors = serializers.ListField(child=Words(max_length=300), required=False, max_length=MANY)
    translators = serializers.ListField(
        child=Words(max_length=300), required=False, max_length=MANY
    )
    outlet = Words(
        max_length=200, required=False, allow_blank=True, allow_null=True,
        help_text="An outlet's name; made if the project does not have it.",
    )  # fmt: skip
    story_id = Identifier(required=False, allow_null=True)
    published_on = serializers.DateField(required=False, allow_null=True)
    language = Words(max_length=35, required=False, allow_blank=True)
    url = Words(max_length=2000, required=False, allow_blank=True)
    rights = Words(max_length=LONGEST, required=False, allow_blank=True)


class NewArticle(New, ArticleChange):
    """An article by its text, or by the bytes of a file; what it says of itself is found in it."""

    one_of = ("text", "raw")

    text = Words(required=False, help_text="Plain text, as it was taken.")
    raw = Words(required=False, pattern=BASE64, help_text="The bytes of a file, in Base64.")
    media_type = serializers.ChoiceField(
        [(one, one) for one in MEDIA_TYPES.values()], required=False,
        help_text="Of the bytes; found out if it is not said.",
    )  # fmt: skip
    raw_name = Words(max_length=255, required=False, allow_blank=True, help_text="Of the file.")

    def validate(self, sent):
        if sum(name in sent for name in self.one_of) != 1:
            raise serializers.ValidationError("Send either text or raw.")
        return sent

"""What is sent to the API to make or change facets and tags."""

from rest_framework import serializers

from annotations.codebook import LAST_POSITION
from annotations.models import Facet
from corpus_app.asking import Identifier, Strict, Truth, Whole, Words
from corpus_app.shapes import LONGEST, MANY, New

SLUG = r"^[-a-zA-Z0-9_]*$"
COLOUR = r"^(#[0-9a-fA-F]{6})?$"
OWN = "Made of the name if it is not said."


class FacetChange(Strict):
    name = Words(max_length=200, required=False)
    slug = Words(max_length=80, required=False, allow_blank=True, pattern=SLUG, help_text=OWN)
    position = Whole(min_value=0, max_value=LAST_POSITION, required=False)
    choose = serializers.ChoiceField(Facet.Choose.choices, required=False)
    required = Truth(required=False)
    takes_stance = Truth(required=False)


class NewFacet(New, FacetChange):
    name = Words(max_length=200)


class TagChange(Strict):
    label = Words(max_length=200, required=False)
    slug = Words(max_length=80, required=False, allow_blank=True, pattern=SLUG, help_text=OWN)
    parent = Identifier(required=False, allow_null=True)
    key = Words(max_length=1, required=False, allow_blank=True)
    colour = Words(
        max_length=7, required=False, allow_blank=True, pattern=COLOUR, help_text="#rrggbb."
    )
    position = Whole(min_value=0, max_value=LAST_POSITION, required=False)
    definition = Words(max_length=LONGEST, required=False, allow_blank=True)
    examples = serializers.ListField(child=Words(max_length=1000), required=False, max_length=MANY)


class NewTag(New, TagChange):
    facet = Identifier()
    label = Words(max_length=200)

"""What lists of the corpus can be narrowed by. Nothing that is not declared can be asked."""

import uuid
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField
from drf_spectacular.utils import extend_schema_field

from corpus_app.access import outlets_for, projects_for, stories_for
from corpus_app.models import (
    Actor,
    Alias,
    Passage,
    Reuse,
    Revision,
    Role,
)
from corpus_app.names import name_key
from corpus_app.searching import holds

MOST = 2**31 - 1  # the largest version that a table holds


@extend_schema_field({"type": "boolean"})
class TruthFilter(filters.TypedChoiceFilter):
    """`true` or `false`, and nothing that is guessed to be one of them."""

    def __init__(self, *args, **kwargs):
        truth = (("true", "so"), ("false", "not so"))
        super().__init__(*args, choices=truth, coerce=lambda said: said == "true", **kwargs)


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": MOST})
class WholeFilter(filters.NumberFilter):
    """A whole number that a table can hold."""

    def __init__(self, *args, **kwargs):
        kwargs = {"min_value": 0, "max_value": MOST, "decimal_places": 0, **kwargs}
        super().__init__(*args, **kwargs)


class MomentField(IsoDateTimeField):
    """A moment that is one everywhere on earth: databases keep it in UTC."""

    def clean(self, value: Any) -> datetime | None:
        moment = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError("This moment is out of range.") from error


class MomentFilter(filters.IsoDateTimeFilter):
    """A moment that a table can hold."""

    field_class = MomentField


class InProject(filters.FilterSet):
    """By the project's slug."""

    project = filters.CharFilter(method="in_project", help_text="A project's slug.")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any):
        # Each filter is copied for each request: to copy all would be a tenth of a page's time.
        asked = data or {}
        self.base_filters = {name: one for name, one in self.base_filters.items() if name in asked}
        super().__init__(data, *args, **kwargs)

    def in_project(self, rows, name, value):
        # By its id, since the planner does not go along an index behind a join.
        wanted = projects_for(self.request.user).filter(slug=value).values_list("pk", flat=True)
        # Of no project is what concerns the site, which is not what an unknown one has.
        pk = wanted.first()
        return rows.filter(project=pk) if pk else rows.none()


class Made(InProject):
    """Also by when a row was made."""

    created_after = MomentFilter("created", "gte", help_text="Then or later.")
    created_before = MomentFilter("created", "lte", help_text="Then or earlier.")


class Changing(Made):
    """Also by when a row was changed last."""

    updated_after = MomentFilter("updated", "gte", help_text="Then or later.")
    updated_before = MomentFilter("updated", "lte", help_text="Then or earlier.")


def called(rows: QuerySet, field: str, value: str) -> list[uuid.UUID]:
    """The ids of the outlets or stories of an id or a name.

    Read here, so that the planner knows how frequent they are.
    """
    try:
        rows = rows.filter(pk=uuid.UUID(value))
    except ValueError:
        rows = rows.filter(**{field: value})
    return list(rows.order_by().values_list("pk", flat=True))


class Titled(filters.FilterSet):
    """By what the title says."""

    search = filters.CharFilter(method="saying", help_text="Part of the title, in any case.")

    def saying(self, rows, name, value):
        return rows.filter(holds("title", value))


class Published(filters.FilterSet):
    """By what is known of an article."""

    outlet = filters.CharFilter(method="by_outlet", help_text="An outlet's id or name.")
    story = filters.CharFilter(method="by_story", help_text="A story's id or title.")
    language = filters.CharFilter(method="by_article", help_text="BCP 47, such as en.")
    published_after = filters.DateFilter(method="by_article", help_text="That day or later.")
    published_before = filters.DateFilter(method="by_article", help_text="That day or earlier.")

    def by_outlet(self, rows, name, value):
        return self.among(rows, outlet__in=called(outlets_for(self.request.user), "name", value))

    def by_story(self, rows, name, value):
        return self.among(rows, story__in=called(stories_for(self.request.user), "title", value))

    def by_article(self, rows, name, value):
        lookup = {"published_after": "published_on__gte", "published_before": "published_on__lte"}
        return self.among(rows, **{lookup.get(name, name): value})

    def among(self, rows, **articles):
        """The rows of articles that are so."""
        return rows.filter(**articles)


class OutletFilter(Changing):
    name = filters.CharFilter(method="named", help_text="The name, in any case.")
    country = filters.CharFilter("country", help_text="ISO 3166 code, such as JP.")

    def named(self, rows, name, value):
        return rows.filter(name_key=name_key(value))


class StoryFilter(Titled, Changing):
    happened_after = filters.DateFilter("happened_on", "gte", help_text="That day or later.")
    happened_before = filters.DateFilter("happened_on", "lte", help_text="That day or earlier.")


class ArticleFilter(Titled, Changing, Published):
    raw_sha256 = filters.CharFilter("raw_sha256")


class RevisionFilter(Made):
    article = filters.UUIDFilter("article_id")
    number = WholeFilter("number")
    newest = TruthFilter(method="is_newest", help_text="Whether no later one is there.")
    sha256 = filters.CharFilter("sha256", help_text="Of the text in UTF-8.")

    def is_newest(self, rows, name, value):
        later = Revision.objects.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
        return rows.filter(~Exists(later) if value else Exists(later))


class PassageFilter(Made):
    article = filters.UUIDFilter("revision__article_id")
    revision = filters.UUIDFilter("revision_id")
    kind = filters.ChoiceFilter(choices=Passage.Kind.choices)
    reused = TruthFilter(
        "said_before", help_text="Whether an earlier article has four fifths of it or more."
    )


class ReuseFilter(Made):
    kind = filters.ChoiceFilter(choices=Reuse.Kind.choices)
    article = filters.UUIDFilter("passage__revision__article_id", help_text="The later article.")
    source_article = filters.UUIDFilter(
        "source__revision__article_id", help_text="The earlier article."
    )
    passage = filters.UUIDFilter("passage_id", help_text="The later passage.")
    source = filters.UUIDFilter("source_id", help_text="The earlier passage.")


class MembershipFilter(Changing):
    user = filters.CharFilter("user__username", help_text="A user name.")
    role = filters.ChoiceFilter(choices=Role.choices)
    current = TruthFilter("ended", "isnull", help_text="Whether it has not ended.")


class ActorFilter(Changing):
    kind = filters.ChoiceFilter(choices=Actor.Kind.choices)
    part_of = filters.UUIDFilter(
        method="within", help_text="An actor's id: what is part of it, at whatever time."
    )
    transitive = TruthFilter(
        method="passed_over", help_text="With `part_of`: directly or through others."
    )
    search = filters.CharFilter(method="named", help_text="Part of the name or of an alias.")
    starts = filters.CharFilter(method="beginning", help_text="How the name begins, in any case.")
    current = TruthFilter(method="offered", help_text="Neither retired nor merged into another.")
    retired = TruthFilter("retired", "isnull", exclude=True)

    def named(self, rows, name, value):
        key = name_key(value)
        aliases = Alias.objects.filter(actor=OuterRef("pk"), name_key__contains=key)
        return rows.filter(Q(name_key__contains=key) | Exists(aliases))

    def beginning(self, rows, name, value):
        return rows.filter(name_key__startswith=name_key(value))

    def within(self, rows, name, value):
        """The parts of an actor and of those merged into it."""
        through = self.form.cleaned_data.get("transitive")
        return rows.within(value, through=bool(through))

    def passed_over(self, rows, name, value):
        """The rows as they are: `within` looks at both values at once."""
        return rows

    def offered(self, rows, name, value):
        current = Q(retired=None, merged_into=None)
        return rows.filter(current if value else ~current)


class EventFilter(InProject):
    article = filters.UUIDFilter("article_id")
    by = filters.CharFilter("by__username", help_text="A user name.")
    noun = filters.CharFilter("noun")
    verb = filters.CharFilter("verb")
    object = filters.CharFilter("object_id")
    version_from = WholeFilter("version", "gte")
    version_until = WholeFilter("version", "lte")

"""What lists of the corpus can be narrowed by. Nothing that is not declared can be asked."""

from django.db.models import Exists, OuterRef, Q
from django_filters import rest_framework as filters

from corpus_app.models import Actor, Alias, Passage, Reuse
from corpus_app.names import name_key

MOST = 2**31 - 1  # the largest version that a table holds


class ArticleFilter(filters.FilterSet):
    project = filters.CharFilter("project__slug", help_text="A project's slug.")
    outlet = filters.CharFilter("outlet__name", help_text="An outlet's name.")
    story = filters.CharFilter("story__title", help_text="A story's title.")
    language = filters.CharFilter("language")
    published_from = filters.DateFilter("published_on", "gte")
    published_until = filters.DateFilter("published_on", "lte")
    search = filters.CharFilter("title", "icontains", help_text="Part of the title.")
    raw_sha256 = filters.CharFilter("raw_sha256")


class PassageFilter(filters.FilterSet):
    article = filters.UUIDFilter("revision__article_id")
    revision = filters.UUIDFilter("revision_id")
    kind = filters.ChoiceFilter(choices=Passage.Kind.choices)
    reused = filters.BooleanFilter(
        "said_before", help_text="Whether an earlier article has four fifths of it or more."
    )


class ReuseFilter(filters.FilterSet):
    project = filters.CharFilter("project__slug", help_text="A project's slug.")
    kind = filters.ChoiceFilter(choices=Reuse.Kind.choices)
    article = filters.UUIDFilter("passage__revision__article_id", help_text="The later article.")
    source_article = filters.UUIDFilter(
        "source__revision__article_id", help_text="The earlier article."
    )
    passage = filters.UUIDFilter("passage_id", help_text="The later passage.")
    source = filters.UUIDFilter("source_id", help_text="The earlier passage.")


class ActorFilter(filters.FilterSet):
    project = filters.CharFilter("project__slug", help_text="A project's slug.")
    kind = filters.ChoiceFilter(choices=Actor.Kind.choices)
    part_of = filters.UUIDFilter(
        method="within", help_text="An actor's id: what is part of it, at whatever time."
    )
    transitive = filters.BooleanFilter(
        method="passed_over", help_text="With `part_of`: directly or through others."
    )
    search = filters.CharFilter(method="named", help_text="Part of the name or of an alias.")
    current = filters.BooleanFilter(
        method="offered", help_text="Neither retired nor merged into another."
    )

    def named(self, rows, name, value):
        key = name_key(value)
        aliases = Alias.objects.filter(actor=OuterRef("pk"), name_key__contains=key)
        return rows.filter(Q(name_key__contains=key) | Exists(aliases))

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


class EventFilter(filters.FilterSet):
    project = filters.CharFilter("project__slug", help_text="A project's slug.")
    article = filters.UUIDFilter("article_id")
    by = filters.CharFilter("by__username", help_text="A user name.")
    noun = filters.CharFilter("noun")
    verb = filters.CharFilter("verb")
    object = filters.CharFilter("object_id")
    version_from = filters.NumberFilter("version", "gte", min_value=0, max_value=MOST)
    version_until = filters.NumberFilter("version", "lte", min_value=0, max_value=MOST)

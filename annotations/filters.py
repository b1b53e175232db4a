"""What lists of annotations, facets and tags can be narrowed by, and nothing else."""

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from annotations.access import links_for
from annotations.models import Annotation, ClaimTag, Coding, Participant
from corpus_app.models import Actor


class FacetFilter(filters.FilterSet):
    project = filters.CharFilter("project__slug", help_text="A project's slug.")


class ClaimTagFilter(filters.FilterSet):
    project = filters.CharFilter("project__slug", help_text="A project's slug.")
    facet = filters.UUIDFilter("facet_id")
    parent = filters.UUIDFilter("parent_id")


class CommentFilter(filters.FilterSet):
    project = filters.CharFilter("project__slug", help_text="A project's slug.")
    article = filters.UUIDFilter("article_id")
    annotation = filters.UUIDFilter("annotation_id", help_text="The annotation's thread.")
    author = filters.CharFilter("author__username", help_text="A user name.")


class AnnotationFilter(filters.FilterSet):
    """Actor and role, and tag and stance, are looked for in one participant and one coding."""

    article = filters.UUIDFilter("article_id")
    revision = filters.UUIDFilter("revision_id")
    project = filters.CharFilter("project__slug", help_text="A project's slug.")
    author = filters.CharFilter("author__username", help_text="A user name.")
    kind = filters.ChoiceFilter(choices=Annotation.Kind.choices)
    layer = filters.ChoiceFilter(choices=Annotation.Layer.choices)
    state = filters.ChoiceFilter(choices=Annotation.State.choices)
    actor = filters.UUIDFilter(
        method="passed_over", help_text="An actor's id; those merged into it count as well."
    )
    within = filters.BooleanFilter(
        method="passed_over", help_text="With `actor`: whatever is part of it counts as well."
    )
    role = filters.ChoiceFilter(choices=Participant.Role.choices, method="passed_over")
    tag = filters.UUIDFilter(
        method="passed_over", help_text="A tag's id; of a merged one, what it was merged into."
    )
    stance = filters.ChoiceFilter(
        choices=[choice for choice in Coding.Stance.choices if choice[0]], method="passed_over"
    )
    certainty = filters.ChoiceFilter(
        choices=[choice for choice in Annotation.Certainty.choices if choice[0]]
    )
    flagged = filters.ChoiceFilter(
        choices=[("true", "asks a curator to look"), ("false", "does not")], method="passed_over"
    )
    linked_to = filters.UUIDFilter(
        method="passed_over", help_text="A claim's id: those that are linked to it."
    )
    deleted = filters.ChoiceFilter(
        choices=[("false", "standing"), ("true", "deleted"), ("any", "both")],
        method="passed_over",
        help_text="Standing annotations only, unless asked otherwise.",
    )

    def passed_over(self, rows, name, value):
        """The rows as they are: `filter_queryset` looks at several values at once."""
        return rows

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        rows = super().filter_queryset(queryset)
        asked = {name: value for name, value in self.form.cleaned_data.items() if value}
        for model, names in ((Participant, ("actor", "role")), (Coding, ("tag", "stance"))):
            wanted = {name: asked[name] for name in names if name in asked}
            if "actor" in wanted:
                wanted["actor__in"] = self._counted_as(wanted.pop("actor"))
            if "tag" in wanted:
                wanted["tag__in"] = ClaimTag.objects.counted_with(wanted.pop("tag"))
            if wanted:
                rows = rows.filter(pk__in=model.objects.filter(**wanted).values("annotation"))
        if "flagged" in asked:
            rows = rows.filter(flagged=asked["flagged"] == "true")
        if "linked_to" in asked:
            links = links_for(self.request.user).filter(claim=asked["linked_to"])
            rows = rows.filter(pk__in=links.values("annotation"))
        standing = asked.get("deleted", "false")
        return rows if standing == "any" else rows.filter(deleted__isnull=standing == "false")

    def _counted_as(self, actor) -> QuerySet[Actor]:
        """The actor, those merged into it and, if asked, those that are part of it."""
        own = Actor.objects.counted_as(actor)
        if not self.form.cleaned_data.get("within"):
            return own
        return own | Actor.objects.within(actor, through=True)

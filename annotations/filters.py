"""What lists of annotations, of the codebook and of a team's work can be narrowed by."""

import uuid
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django_filters import rest_framework as filters

from annotations.access import links_for, tags_for
from annotations.models import (
    Annotation,
    Assignment,
    Case,
    Coding,
    Decision,
    Import,
    Participant,
    Span,
)
from corpus_app.access import projects_for
from corpus_app.filters import Changing, InProject, Made, Published, TruthFilter
from corpus_app.models import Actor
from corpus_app.searching import holds

MOST_WORDS = 6  # that are looked for; more would only narrow what is found
FEW = 2_000  # annotations that are named one by one


class CodebookFilter(Changing):
    pass


class FacetFilter(Changing):
    slug = filters.CharFilter("slug")


class ClaimTagFilter(Changing):
    facet = filters.UUIDFilter("facet_id")
    parent = filters.UUIDFilter("parent_id")
    slug = filters.CharFilter("slug")
    current = TruthFilter(
        method="offered", help_text="Whether it can be chosen: neither retired nor merged."
    )

    def offered(self, rows, name, value):
        current = Q(retired=None, merged_into=None, facet__retired=None)
        return rows.filter(current if value else ~current)


class CommentFilter(InProject):
    article = filters.UUIDFilter("article_id")
    annotation = filters.UUIDFilter("annotation_id", help_text="The annotation's thread.")
    author = filters.CharFilter("author__username", help_text="A user name.")


class AssignmentFilter(Changing):
    article = filters.UUIDFilter("article_id")
    analyst = filters.CharFilter("analyst__username", help_text="A user name.")
    state = filters.ChoiceFilter(choices=Assignment.State.choices)
    training = TruthFilter("training")


class CaseFilter(Changing):
    article = filters.UUIDFilter("article_id")
    kind = filters.ChoiceFilter(choices=Annotation.Kind.choices)
    state = filters.ChoiceFilter(choices=Case.State.choices)
    annotation = filters.UUIDFilter("members__annotation_id", help_text="That has it.")
    dissolved = TruthFilter("dissolved", "isnull", exclude=True)


class ImportFilter(Made):
    by = filters.CharFilter("by__username", help_text="A user name.")
    format = filters.CharFilter("format")
    state = filters.ChoiceFilter(choices=Import.State.choices)


class DecisionFilter(Made):
    case = filters.UUIDFilter("case_id")
    article = filters.UUIDFilter("case__article_id")
    by = filters.CharFilter("by__username", help_text="A user name.")
    outcome = filters.ChoiceFilter(choices=Decision.Outcome.choices)
    error_class = filters.ChoiceFilter(
        choices=[choice for choice in Decision.ErrorClass.choices if choice[0]]
    )


class AnnotationFilter(Changing, Published):
    """Actor and role are looked for in one participant; tag, facet and stance in one coding."""

    article = filters.UUIDFilter("article_id")
    revision = filters.UUIDFilter("revision_id")
    author = filters.CharFilter("author__username", help_text="A user name.")
    kind = filters.ChoiceFilter(choices=Annotation.Kind.choices)
    layer = filters.ChoiceFilter(choices=Annotation.Layer.choices)
    state = filters.ChoiceFilter(choices=Annotation.State.choices)
    origin = filters.ChoiceFilter(choices=Annotation.Origin.choices)
    actor = filters.UUIDFilter(
        method="passed_over", help_text="An actor's id; those merged into it count as well."
    )
    within = TruthFilter(
        method="passed_over", help_text="With `actor`: whatever is part of it counts as well."
    )
    role = filters.ChoiceFilter(choices=Participant.Role.choices, method="passed_over")
    tag = filters.UUIDFilter(
        method="passed_over", help_text="A tag's id; of a merged one, what it was merged into."
    )
    subtree = TruthFilter(
        method="passed_over", help_text="With `tag`: whatever is under it counts as well."
    )
    facet = filters.UUIDFilter(method="passed_over", help_text="A facet's id.")
    stance = filters.ChoiceFilter(
        choices=[choice for choice in Coding.Stance.choices if choice[0]], method="passed_over"
    )
    attribution = filters.ChoiceFilter(
        choices=[choice for choice in Annotation.Attribution.choices if choice[0]]
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
    linked = TruthFilter(
        method="tied", help_text="Whether it has links to claims that one may see."
    )
    text = filters.CharFilter(
        method="saying", help_text="Words that are all in a quote or in the note, in any case."
    )
    deleted = filters.ChoiceFilter(
        choices=[("false", "standing"), ("true", "deleted"), ("any", "both")],
        method="passed_over",
        help_text="Standing annotations only, unless asked otherwise.",
    )

    def passed_over(self, rows, name, value):
        """The rows as they are: `filter_queryset` looks at several values at once."""
        return rows

    def among(self, rows, **articles):
        return rows.filter(**{f"article__{name}": value for name, value in articles.items()})

    def tied(self, rows, name, value):
        links = Exists(links_for(self.request.user).filter(annotation=OuterRef("pk")))
        return rows.filter(links if value else ~links)

    def saying(self, rows, name, value):
        """Those of a rare word are looked up first; for others the list is gone through.

        The planner does not know how frequent a word is, and takes the slower way for either.
        """
        found = False
        for word in value.split()[:MOST_WORDS]:
            few = [] if found else self._told(word)
            if found or len(few) > FEW:
                quote = Span.objects.filter(holds("quote", word), annotation=OuterRef("pk"))
                rows = rows.alias(quoted=Subquery(quote.order_by().values("pk")[:1]))
                rows = rows.filter(holds("note", word) | Q(quoted__isnull=False))
            else:
                rows, found = rows.filter(pk__in=few), True
        return rows

    def _told(self, word: str) -> list[uuid.UUID]:
        """The ids of the annotations with the word in a quote or in the note, FEW and one at most.

        Of the projects that are asked about, whoever may see what of them.
        """
        projects = projects_for(self.request.user).order_by()
        if slug := self.form.cleaned_data.get("project"):
            projects = projects.filter(slug=slug)
        own = {"project__in": list(projects.values_list("pk", flat=True))}
        quotes = Span.objects.filter(holds("quote", word), **own).order_by()
        notes = Annotation.objects.filter(holds("note", word), **own).exclude(note="").order_by()
        ids = quotes.values_list("annotation", flat=True)[: FEW + 1]
        return [*ids, *notes.values_list("pk", flat=True)[: FEW + 1 - len(ids)]]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        rows = super().filter_queryset(queryset)
        asked = {name: value for name, value in self.form.cleaned_data.items() if value}
        for model, wanted in (
            (Participant, self._participant(asked)),
            (Coding, self._coding(asked)),
        ):
            if wanted:
                rows = rows.filter(pk__in=model.objects.filter(**wanted).values("annotation"))
        if "flagged" in asked:
            rows = rows.filter(flagged=asked["flagged"] == "true")
        if "linked_to" in asked:
            links = links_for(self.request.user).filter(claim=asked["linked_to"])
            rows = rows.filter(pk__in=links.values("annotation"))
        standing = asked.get("deleted", "false")
        return rows if standing == "any" else rows.filter(deleted__isnull=standing == "false")

    def _participant(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What is asked of one participant: one of the actors, and the role.

        By ids, here and of tags, so that the planner knows how frequent they are.
        """
        wanted = {"role": asked["role"]} if "role" in asked else {}
        if "actor" in asked:
            own = Actor.objects.counted_as(asked["actor"])
            if asked.get("within"):
                own = own | Actor.objects.within(asked["actor"], through=True)
            wanted["actor__in"] = list(own.order_by().values_list("pk", flat=True))
        return wanted

    def _coding(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What is asked of one coding: one of the tags, and the stance."""
        wanted = {"stance": asked["stance"]} if "stance" in asked else {}
        seen = tags_for(self.request.user).order_by()
        if "tag" in asked:
            tags = set(seen.counted_with(asked["tag"]).values_list("pk", flat=True))
            wanted["tag__in"] = seen.subtree(tags) if asked.get("subtree") else tags
        if "facet" in asked:
            own = set(seen.filter(facet=asked["facet"]).values_list("pk", flat=True))
            wanted["tag__in"] = own & wanted.get("tag__in", own)
        return wanted

"""What tags, actors and annotators are called in a database of Discourse Network Analyzer."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from annotations.exchange.aside import Particulars
from annotations.exchange.dna.schema import MOST
from annotations.exchange.neutral import (
    ActorRecord,
    AnnotationRecord,
    CodeRecord,
    TagRecord,
)

GOLD = "gold"
PEOPLE = frozenset({"person", "author"})


class Names:
    """The names of a project's tags and actors; none is longer than DNA takes.

    A concept is called by its label, and by its slug too where another has the same label.
    """

    def __init__(self, tags: Iterable[TagRecord], actors: Iterable[ActorRecord]):
        tags = list(tags)
        self.actors = {actor.name: actor for actor in actors}
        self.labels = {tag.slug: tag.label for tag in tags}
        self.concepts: dict[str, str] = {}
        labels = Counter(tag.label[:MOST] for tag in tags)
        taken: set[str] = set()
        for tag in tags:
            shown = tag.label[:MOST]
            if labels[shown] > 1:
                shown = f"{shown[: MOST - len(tag.slug) - 3]} ({tag.slug})"
            while shown in taken:
                shown = f"{shown[: MOST - 1]}*"
            taken.add(shown)
            self.concepts[tag.slug] = shown

    def concept(self, code: CodeRecord) -> str:
        """What a coding's tag is called."""
        return self.concepts.get(code.slug, code.slug)

    def label(self, code: CodeRecord) -> str:
        """The label of a coding's tag."""
        return self.labels.get(code.slug, code.slug)

    def speaker(self, name: str, article: Particulars) -> tuple[str, str]:
        """Whom a claimant is: a person, who may speak for an organization, and an organization.

        The article's author and outlet are called by their own names, as far as they are known.
        """
        shown = self.standing(name)
        if name == "@author":
            person, organization = "; ".join(article.authors) or name, article.outlet
        elif name == "@outlet":
            person, organization = "", article.outlet or name
        elif self.is_person(shown):
            person, organization = shown, self._speaks_for(shown, article.published_on)
        else:
            person, organization = "", shown
        return person[:MOST], organization[:MOST]

    def standing(self, name: str) -> str:
        """The name that somebody stands under now, who may have been merged with another."""
        seen = {name}
        while name in self.actors and self.actors[name].merged_into:
            name = self.actors[name].merged_into
            if name in seen:
                break
            seen.add(name)
        return name

    def is_person(self, name: str) -> bool:
        return name in self.actors and self.actors[name].kind in PEOPLE

    def _speaks_for(self, person: str, day: date | None) -> str:
        """What the person was part of on that day, the last first; nothing if that is not known."""
        for whole in reversed(self.actors[person].part_of):
            since, until = whole.get("since", ""), whole.get("until", "9999")
            if not day or since <= day.isoformat() <= until:
                return whole["name"]
        return ""


def coder(annotation: AnnotationRecord) -> str:
    """Who has the annotation in DNA: its author, or nobody in particular if it is gold."""
    return GOLD if annotation.layer == GOLD else annotation.author


def agreement(code: CodeRecord) -> bool | None:
    """Whether a claim agrees; None if DNA's yes and no would say what it does not say."""
    return {"": True, "support": True, "oppose": False}.get(code.stance)

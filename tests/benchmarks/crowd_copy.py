"""A program that keeps a copy of a project by `changes` alone, and the comparison with the lists.

What is in it is replaced by `data` and dropped when there is none; what `reread` names is read
from the lists. Names that a thing says of other things are as old as its entry: they are taken
from those things. Cases have no entry when they are matched anew, and are left out.
"""

from collections.abc import Iterator
from typing import Any

from tests.benchmarks.crowd_asking import Caller

Thing = dict[str, Any]
# The address of the list of each noun of which changes give the state.
LISTS = {
    "project": "projects/", "membership": "members/", "outlet": "outlets/", "story": "stories/",
    "article": "articles/", "actor": "actors/", "codebook": "codebooks/", "facet": "facets/",
    "claimtag": "tags/", "assignment": "assignments/",
    "annotation": "annotations/", "comment": "comments/",
}  # fmt: skip
OF_ARTICLES = ("annotation", "comment")


class Copy:
    """A plain dict of things by noun and id, as `changes` tell of them."""

    def __init__(self, caller: Caller, project: str, *, size: int):
        self.caller, self.project, self.size = caller, project, size
        self.cursor: str | None = None
        self.things: dict[tuple[str, str], Thing] = {}
        self.heard: set[str] = set()
        self.reread = 0

    def follow(self) -> None:
        """Ask until there is nothing more."""
        while self._page():
            pass

    def _page(self) -> bool:
        since = f"&since={self.cursor}" if self.cursor else ""
        asked = f"changes/?project={self.project}&page_size={self.size}{since}"
        answer = self.caller.ask("follow changes", "GET", asked)
        if answer.status != 200:
            return False
        page = answer.data
        for entry in page["results"]:
            self._take(entry)
        # After the entries: what is read now is newer than what they say.
        for entry in page["results"]:
            if entry["reread"]:
                self._read_anew(**entry["reread"])
        self.cursor = page["next"]
        return page["more"]

    def _take(self, entry: Thing) -> None:
        if entry["cursor"] in self.heard:
            self.caller.tally.complain(f"changes told twice of {entry['cursor']}")
        self.heard.add(entry["cursor"])
        key = (entry["noun"], entry["id"])
        if entry["data"] is None:
            self.things.pop(key, None)
        else:
            self.things[key] = entry["data"]

    def _read_anew(self, article: str = "", project: str = "") -> None:
        self.reread += 1
        nouns = OF_ARTICLES if article else LISTS
        for key in [key for key in self.things if key[0] in nouns]:
            if not article or self.things[key]["article"] == article:
                del self.things[key]
        asked = f"article={article}" if article else f"project={project}"
        for noun in nouns:
            for row in listed(self.caller, noun, asked):
                self.things[noun, row["id"]] = row
        if article:
            self._tie_anew()

    def _tie_anew(self) -> None:
        """A link is shown with the claim that it leads to: any annotation's may have changed."""
        linked = listed(self.caller, "annotation", f"project={self.project}&linked=true")
        for (noun, _), thing in self.things.items():
            if noun == "annotation":
                thing["links"] = []
        self.things |= {("annotation", row["id"]): row for row in linked}

    def differences(self) -> Iterator[str]:
        """What the lists say otherwise, noun by noun."""
        here, there = named(self.things), {}
        for noun in LISTS:
            rows = listed(self.caller, noun, f"project={self.project}")
            there |= {(noun, row["id"]): row for row in rows}
        there = named(there)
        here = {key: thing for key, thing in here.items() if key[0] in LISTS}
        for key in sorted(here.keys() | there.keys()):
            if here.get(key) != there.get(key):
                yield f"{key}: the copy has {_short(here.get(key), there.get(key))}"


def listed(caller: Caller, noun: str, asked: str) -> list[Thing]:
    """What the list of the noun shows now."""
    if noun == "project":
        return [row for row in caller.all("compare", LISTS[noun]) if asked.endswith(row["slug"])]
    return caller.all("compare", f"{LISTS[noun]}?{asked}&page_size=500")


def named(things: dict[tuple[str, str], Thing]) -> dict[tuple[str, str], Thing]:
    """The things, each with the names that other things have now."""

    def said(noun: str, pk: str | None, field: str) -> str | None:
        return things[noun, pk][field] if pk else None

    told = {}
    for (noun, pk), thing in things.items():
        own = dict(thing)
        if noun == "article":
            own["outlet"] = said("outlet", own["outlet_id"], "name")
            own["story"] = said("story", own["story_id"], "title")
        elif noun == "actor":
            wholes = own["part_of"]
            own["part_of"] = [{**w, "name": said("actor", w["actor"], "name")} for w in wholes]
        elif noun == "annotation":
            parts = own["participants"]
            own["participants"] = [
                {**p, "name": said("actor", p["actor"], "name") or p["name"]} for p in parts
            ]
            codes = own["codings"]
            own["codings"] = [{**c, "slug": said("claimtag", c["tag"], "slug")} for c in codes]
        told[noun, pk] = own
    return told


def _short(here: Thing | None, there: Thing | None) -> str:
    if here is None or there is None:
        return f"{'nothing' if here is None else 'one more'}: {str(here or there)[:300]}"
    fields = [name for name in here if here[name] != there.get(name)]
    return "; ".join(f"{name} {here[name]!r}, not {there.get(name)!r}" for name in fields)[:600]

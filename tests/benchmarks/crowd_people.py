"""What clients do, at random: what everybody does, curators and managers, and a reader."""

import hashlib
import html
import json
import random
import re
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.crowd_asking import FORM, Caller, Tally, Unless

PROJECT = "desk"
TYPED = re.compile(r"<textarea[^>]*>(.*?)</textarea>", re.S)
VERSION = re.compile(r'name="version" value="(\d+)"')
STALE: Unless = {412: ("changed meanwhile",)}
QUESTIONS = (
    "sort=-updated&page_size=20&expand=article,codings.tag",
    "kind=claim&deleted=any&page_size=50&fields=id,version,spans",
    "tag={calm}&stance=support&expand=participants.actor",
    "text=harbour&sort=-created&page_size=10",
    "actor={actor}&role=claimant&within=true",
    "article={article}&state=complete&expand=author",
)


@dataclass
class Known:
    """What all clients know of the project: texts by revision, and ids."""

    texts: dict[str, tuple[str, str]]  # revision: article, text
    actors: list[str]
    tags: dict[str, str]  # by slug
    made: Counter = field(default_factory=Counter)  # annotations by id: how often said to be new


class Client:
    """Somebody at one computer. `step` does one thing."""

    # By the name of a method: how often it is done, of the sum of all.
    does: dict[str, int] = {}

    def __init__(self, known: Known, tally: Tally, port: int, person: dict[str, str], seed: int):
        self.known, self.tally = known, tally
        self.random = random.Random(seed)
        self.name = person["name"]
        self.api = Caller(port, tally, token=person["token"])
        self.other = Caller(port, tally, token=person["token"])
        self.desk = Caller(port, tally, session=person["session"])
        self.acts = [getattr(self, name) for name in self.does]

    def step(self) -> None:
        act: Callable[[], None] = self.random.choices(self.acts, list(self.does.values()))[0]
        act()

    def rows(self, path: str) -> list[dict[str, Any]]:
        answer = self.api.ask("list", "GET", path)
        return answer.data["results"] if answer.status == 200 else []

    def some(self, path: str) -> dict[str, Any] | None:
        rows = self.rows(path)
        return self.random.choice(rows) if rows else None

    def words(self, what: str) -> str:
        return f"{what} {self.random.getrandbits(40):x}"

    # What everybody does

    def browse(self) -> None:
        article = self.random.choice(list(self.known.texts.values()))[0]
        asked = self.random.choice(QUESTIONS).format(
            actor=self.random.choice(self.known.actors), article=article, **self.known.tags
        )
        rows = self.api.ask("list, filtered", "GET", f"annotations/?project={PROJECT}&{asked}")
        path = rows.data["next"] if rows.status == 200 else None
        if path:
            self.api.ask("list, next page", "GET", path.partition("/api/v1/")[2])

    def look_around(self) -> None:
        nouns = ("articles", "actors", "tags", "comments", "events", "assignments", "members")
        noun = self.random.choice(nouns)
        for row in self.rows(f"{noun}/?project={PROJECT}&page_size=20")[:1]:
            if noun != "events":
                self.api.ask("one", "GET", f"{noun}/{row['id']}/")

    def export(self) -> None:
        name = self.random.choice(["jsonl", "csv", "csv", "jsonld"])
        article = self.random.choice(list(self.known.texts.values()))[0]
        path = f"projects/{PROJECT}/export/{name}/?article={article}"
        answer = self.api.ask(f"export {name}", "GET", path)
        if name == "jsonl" and answer.status == 200:
            body, _, trailer = answer.body.rstrip(b"\n").rpartition(b"\n")
            told = json.loads(trailer)
            if told.get("sha256") != hashlib.sha256(body + b"\n").hexdigest():
                self.tally.complain(f"an export that is not whole: {trailer[:200]!r}")

    def poll(self) -> None:
        self.api.ask("changes", "GET", f"changes/?project={PROJECT}&page_size=20")

    def comment(self) -> None:
        one = self.some(f"annotations/?project={PROJECT}&page_size=30&sort=-updated&fields=id")
        if one is None:
            return
        body = {"id": str(uuid.uuid4()), "annotation": one["id"], "text": self.words("Is it")}
        gone = {400: ("no such annotation",)}  # hidden again, as the article was returned to her
        made = self.api.ask("comment", "POST", "comments/", body, expect=(201,), unless=gone)
        if made.status == 201:
            self.api.ask("comment again", "POST", "comments/", body, expect=(200,), unless=gone)

    def take_back_comment(self) -> None:
        own = f"comments/?project={PROJECT}&author={self.name}&sort=-updated&page_size=20"
        one = self.some(own)
        if one is None:
            return
        path, seen = f"comments/{one['id']}/", f'"{one["version"]}"'
        gone = {**STALE, 404: ("Not found",)}
        if self.random.random() < 0.5:
            self.api.ask("comment, delete", "DELETE", path, unless=gone, If_Match=seen)
        else:
            body = {"text": self.words("It is not")}
            self.api.ask("comment, change", "PUT", path, body, unless=gone, If_Match=seen)


class Curator(Client):
    """Looks after the codebook, the actors and the corpus, and gives work back."""

    does = {
        "browse": 10, "look_around": 8, "cases": 4, "export": 3, "poll": 4, "comment": 8,
        "take_back_comment": 6, "give_back": 12, "correct": 3, "make": 8, "alter": 14,
        "stale_alter": 4, "take_in": 2, "freeze": 0,
    }  # fmt: skip

    def cases(self) -> None:
        self.rows(f"cases/?project={PROJECT}&sort=-disagreement&page_size=20&expand=article")
        self.rows(f"decisions/?project={PROJECT}&page_size=20")

    def give_back(self) -> None:
        asked = f"assignments/?project={PROJECT}&state=handed_in&page_size=100"
        if one := self.some(asked):
            path = f"/assignments/{one['id']}/return/"
            words = {"version": one["version"], "comment": self.words("Again")}
            faster: Unless = {400: ("Only work that is handed in",), 412: ("has moved on",)}
            self.desk.ask(
                "give back", "POST", path, words, expect=(302,), unless=faster,
                Content_Type=FORM,
            )  # fmt: skip

    def correct(self) -> None:
        """A word of an article is put right, while others mark in it."""
        article = self.random.choice(list(self.known.texts.values()))[0]
        path = f"/articles/{article}/correct/"
        page = self.desk.ask("open the editor", "GET", path)
        if page.status != 200:
            return
        shown = page.body.decode()
        typed = html.unescape(TYPED.search(shown)[1]).removeprefix("\n")
        words = typed.split(" ")
        words[self.random.randrange(len(words) // 2, len(words))] += f"{self.random.randrange(99)}"
        body = {
            "text": " ".join(words), "reason": self.words("So"), "save": "1",
            "version": VERSION.search(shown)[1],
        }  # fmt: skip
        faster: Unless = {412: ("",)}
        done = self.desk.ask(
            "correct", "POST", path, body, expect=(302,), unless=faster, Content_Type=FORM
        )
        whole = self.api.ask("one", "GET", f"articles/{article}/") if done.status == 302 else None
        if whole and whole.status == 200:
            now = {whole.data["revision"]["id"]: (article, whole.data["text"])}
            with self.tally.lock:
                self.known.texts = {**self.known.texts, **now}

    def new(self) -> tuple[str, dict[str, Any]]:
        kind = self.random.choice(["outlets", "stories", "actors", "tags", "facets", "articles"])
        name = self.words(kind)
        whole = {"actor": self.random.choice(self.known.actors)}
        said = {
            "outlets": {"name": name, "country": "JP"}, "stories": {"title": name},
            "actors": {"name": name, "aliases": [{"name": f"Alias {name}"}], "part_of": [whole]},
            "tags": {"label": name, "facet": self.known.tags["of calm"]},
            "facets": {"name": name, "choose": "any"},
            "articles": {"text": f"{name}\n\nNobody saw {name}.\n", "title": name},
        }[kind]  # fmt: skip
        return kind, {"id": str(uuid.uuid4()), "project": PROJECT, **said}

    def make(self) -> None:
        kind, body = self.new()
        self.api.ask(f"make {kind}", "POST", f"{kind}/", body, expect=(201,))
        if self.random.random() < 0.5:
            self.api.ask(f"make {kind} again", "POST", f"{kind}/", body)

    def altered(self) -> tuple[str, dict[str, Any] | None, dict[str, Any]]:
        kind = self.random.choice(["outlets", "stories", "actors", "tags", "articles"])
        row = self.some(f"{kind}/?project={PROJECT}&sort=-updated&page_size=30")
        name = self.words(kind)
        body = {
            "outlets": {"name": name}, "stories": {"title": name, "summary": name},
            "actors": {"name": name}, "tags": {"definition": name, "label": name},
            "articles": {"title": name, "outlet": f"Outlet {self.random.randrange(6)}"},
        }[kind]  # fmt: skip
        return kind, row, body

    def alter(self) -> None:
        kind, row, body = self.altered()
        if row:
            path = f"{kind}/{row['id']}/"
            seen = f'"{row["version"]}"'
            self.api.ask(f"alter {kind}", "PATCH", path, body, unless=STALE, If_Match=seen)

    def stale_alter(self) -> None:
        kind, row, body = self.altered()
        if row and row["version"] > 1:
            seen = f'"{row["version"] - 1}"'
            path = f"{kind}/{row['id']}/"
            self.api.ask(f"alter {kind}, stale", "PATCH", path, body, expect=(412,), If_Match=seen)

    def take_in(self) -> None:
        """A small file of another tool, twice: the second time it is known."""
        text = f"The {self.words('ferry')} was seen by the port office."
        line = json.dumps({"id": 1, "text": text, "label": [[4, 9, "Ship"], [29, 33, "Seen"]]})
        path = f"projects/{PROJECT}/imports/?format=doccano&name=small.jsonl"
        path += f"&whole={self.random.choice(['true', 'false'])}"
        for kind in ("import", "import again"):
            answer = self.api.ask(kind, "POST", path, line.encode())
            if answer.status == 200:
                told = json.loads(answer.body.splitlines()[-1])
                report = (
                    told["report"] if told["is"] == "report" else {"problems": [], "refused": 1}
                )
                # Of two who bring in a facet of one name at once, one is told to send again.
                at_once = [one for one in report["problems"] if "has just taken" in one["reason"]]
                if report["refused"] != len(at_once):
                    self.tally.complain(f"{kind}: {told}")

    def freeze(self) -> None:
        body = {"project": PROJECT, "name": self.words("Release")}
        faster = {400: ("Somebody else has just made a release",)}
        self.api.ask("release", "POST", "releases/", body, expect=(201,), unless=faster)


class Manager(Curator):
    """A curator who also makes releases."""

    does = {**Curator.does, "freeze": 1}


class Reader(Client):
    """A program whose token may only read, and only this project."""

    does = {"browse": 10, "look_around": 10, "export": 6, "poll": 10, "try_to_write": 3}

    def try_to_write(self) -> None:
        body = {"project": PROJECT, "name": "Nothing"}
        self.api.ask("write with a read token", "POST", "outlets/", body, expect=(403,))
        self.api.ask("another project", "GET", "projects/beside/", expect=(404,))

"""What an analyst does in the articles that she has open, one by one and many at once."""

import time
import uuid
from typing import Any

from tests.benchmarks.crowd_asking import Answer, Unless
from tests.benchmarks.crowd_people import PROJECT, STALE, Client

OPEN = ("assigned", "started", "returned")
# What another client may have done a moment ago: handed the article in, deleted a claim that is
# linked to, or had it hidden again.
WRITING: Unless = {400: ("handed in", "linked claim has been removed", "linked claim is not in")}
LOOKED_AGAIN = 12  # times that something was done
MOST_MARKS = 150  # of one analyst
RELATIONS = ("restates", "supports", "contradicts", "qualifies")


class Analyst(Client):
    """Marks claims in the articles that she has open, one by one and many at once."""

    does = {
        "create": 14, "create_twice": 5, "patch": 16, "patch_twice": 5, "put": 5, "delete": 7,
        "restore": 4, "stale": 5, "many_or_none": 3, "many_each": 3, "browse": 10,
        "look_around": 5, "export": 2, "poll": 3, "comment": 5, "take_back_comment": 3,
        "hand_in": 2, "refuse": 1,
    }  # fmt: skip

    def __init__(self, *told: Any):
        super().__init__(*told)
        self.texts: list[tuple[str, str]] = []  # revisions that she may mark in, and their words
        self.marks: dict[str, dict[str, Any]] = {}  # of her own: the last that she saw of each
        self.looked = 0

    def step(self) -> None:
        """As a program that keeps what it saw, and looks again from time to time."""
        if self.looked % LOOKED_AGAIN == 0:
            self.look()
        self.looked += 1
        super().step()

    def look(self) -> None:
        mine = [one["article"] for one in self.work()]
        self.texts = [
            (revision, text) for revision, (article, text) in self.known.texts.items()
            if article in mine
        ]  # fmt: skip
        asked = f"author={self.name}&deleted=any&layer=analyst&page_size=200&sort=-updated"
        rows = self.rows(f"annotations/?project={PROJECT}&{asked}")
        self.marks = {row["id"]: row for row in rows if row["revision"] in self.known.texts}

    def work(self) -> list[dict[str, Any]]:
        """Her assignments that are open."""
        mine = self.rows(f"assignments/?project={PROJECT}&analyst={self.name}&page_size=100")
        return [one for one in mine if one["state"] in OPEN]

    def open_text(self) -> tuple[str, str] | None:
        """A revision that she may mark in, and its text."""
        return self.random.choice(self.texts) if self.texts else None

    def own(self, deleted: bool = False) -> dict[str, Any] | None:
        marks = [one for one in self.marks.values() if bool(one["deleted"]) == deleted]
        return self.random.choice(marks) if marks else None

    def keep(self, answer: Answer) -> Answer:
        """The answer; what it shows of an annotation of hers is kept."""
        if answer.status in (200, 201):
            self.marks[answer.data["id"]] = answer.data
        elif answer.status == 412:
            self.marks[answer.data["current"]["id"]] = answer.data["current"]
        return answer

    def content(self, text: str) -> dict[str, Any]:
        """A whole claim, at times of two stretches, with who claims it and a link."""
        count = self.random.choice([1, 1, 1, 2, 3])
        edges = sorted(self.random.sample(range(1, len(text) - 1), 2 * count))
        spans = [{"start": s, "end": e} for s, e in zip(edges[::2], edges[1::2], strict=True)]
        for span in spans:
            if not text[span["start"] : span["end"]].strip():
                return self.content(text)
            span["quote"] = text[span["start"] : span["end"]]
        actor, target = self.random.sample(self.known.actors, 2)
        tags = self.known.tags
        codes = [{"tag": self.random.choice([tags["fact"], tags["norm"]])}]
        if self.random.random() < 0.6:
            stance = self.random.choice(["support", "oppose", "neutral"])
            codes.append({"tag": tags["calm"], "stance": stance})
        parts = [{"role": "claimant", "actor": actor}, {"role": "target", "actor": target}]
        return {
            "kind": "claim", "spans": spans, "participants": parts, "codings": codes,
            "note": self.words("Seen"), "links": self.links(),
        }  # fmt: skip

    def links(self) -> list[dict[str, str]]:
        if self.random.random() < 0.7:
            return []
        asked = f"project={PROJECT}&kind=claim&page_size=30&sort=-updated&fields=id"
        to = self.some(f"annotations/?{asked}")
        return [{"relation": self.random.choice(RELATIONS), "claim": to["id"]}] if to else []

    def new(self, text: tuple[str, str]) -> dict[str, Any]:
        return {"id": str(uuid.uuid4()), "revision": text[0], **self.content(text[1])}

    def note_made(self, answer: Answer, pk: str) -> None:
        self.keep(answer)
        if answer.status == 201:
            with self.tally.lock:
                self.known.made[pk] += 1

    def create(self) -> None:
        if text := self.open_text():
            body = self.new(text)
            answer = self.api.ask(
                "create", "POST", "annotations/", body, expect=(201,), unless=WRITING
            )
            self.note_made(answer, body["id"])

    def create_twice(self) -> None:
        """The same creation from two connections at the same moment, and once more."""
        if not (text := self.open_text()):
            return
        body, began = self.new(text), time.perf_counter()
        for caller in (self.api, self.other):
            caller.send("POST", "annotations/", body)
        answers = [
            caller.receive("create, sent twice", "POST", began, (200, 201), WRITING)
            for caller in (self.api, self.other)
        ]
        again = self.api.ask(
            "create, sent again", "POST", "annotations/", body, expect=(200, 201), unless=WRITING
        )
        for answer in (*answers, again):
            self.note_made(answer, body["id"])
            if answer.status in (200, 201) and answer.data["id"] != body["id"]:
                self.tally.complain("another annotation was answered than the one sent")
        statuses = [answer.status for answer in (*answers, again)]
        # Refused twice and made then, it was sent to an article that was given back in between.
        if 201 in statuses[:2] and 400 in statuses:
            self.tally.complain(f"one of the copies of a creation was refused: {statuses}")

    def change(self, kind: str, method: str, one: dict, body: Any, **headers: str) -> Answer:
        answer = self.api.ask(
            kind, method, f"annotations/{one['id']}/", body, unless=WRITING | STALE,
            If_Match=f'"{one["version"]}"', **headers,
        )  # fmt: skip
        return self.keep(answer)

    def patch(self) -> None:
        if one := self.own():
            body = self.random.choice([
                {"note": self.words("Noted")}, {"flagged": self.random.random() < 0.5},
                {"links": self.links()}, {"note": "=cmd|“”\n\t,"},
            ])  # fmt: skip
            self.change("change", "PATCH", one, body)

    def patch_twice(self) -> None:
        """The same change sent again after its answer was lost."""
        if one := self.own():
            key, body = str(uuid.uuid4()), {"note": self.words("Twice")}
            first = self.change("change", "PATCH", one, body, Idempotency_Key=key)
            again = self.change("change, sent again", "PATCH", one, body, Idempotency_Key=key)
            if first.status == 200 and again.status == 412:
                self.tally.complain(f"a change sent again is stale: {again.body[:200]!r}")

    def put(self) -> None:
        if one := self.own():
            content = self.content(self.known.texts[one["revision"]][1])
            self.change("replace", "PUT", one, content)

    def delete(self) -> None:
        if one := self.own():
            self.change("delete", "DELETE", one, None)

    def restore(self) -> None:
        if one := self.own(deleted=True):
            body = {"version": self.random.randint(1, one["version"])}
            answer = self.api.ask(
                "restore", "POST", f"annotations/{one['id']}/restore/", body,
                unless=WRITING | STALE, If_Match=f'"{one["version"]}"',
            )  # fmt: skip
            self.keep(answer)

    def stale(self) -> None:
        one = self.own()
        if one and one["version"] > 1:
            self.api.ask(
                "stale change", "PATCH", f"annotations/{one['id']}/", {"note": "Too late"},
                expect=(412,), unless=WRITING, If_Match=f'"{one["version"] - 1}"',
            )  # fmt: skip

    def refuse(self) -> None:
        """What is wrong in itself is refused as such."""
        if text := self.open_text():
            body = self.new(text) | {"spans": [{"start": 5, "end": 4}]}
            self.api.ask("create, wrong", "POST", "annotations/", body, expect=(400,))

    def items(self) -> list[dict[str, Any]]:
        rows = [one for one in self.marks.values() if not one["deleted"]]
        items: list[dict[str, Any]] = []
        for row in self.random.sample(rows, min(len(rows), 8)):
            own = {"id": row["id"], "version": row["version"], "change": str(uuid.uuid4())}
            op = self.random.choice(["update", "delete"])
            items.append({"op": op, **own} | ({"note": "At once"} if op == "update" else {}))
        if len(rows) < MOST_MARKS and (text := self.open_text()):
            items += [{"op": "create", **self.new(text)} for _ in range(8)]
        self.random.shuffle(items)
        return items

    def bulk(self, mode: str, items: list[dict[str, Any]]) -> None:
        if not items:
            return
        body = {"mode": mode, "items": items}
        may = {412: ("bulk-refused",), 400: ("bulk-refused",)} if mode == "all" else {}
        for kind in (f"bulk, {mode}", f"bulk, {mode}, again"):
            answer = self.api.ask(kind, "POST", "annotations/bulk/", body, unless=may)
            if answer.status not in (200, 400, 412):
                return
            for row in answer.data["results"]:
                item = items[row["index"]]
                if answer.status == 200 and row["status"] == 201:
                    with self.tally.lock:
                        self.known.made[item["id"]] += 1
                self._judge(kind, row)

    def _judge(self, kind: str, row: dict[str, Any]) -> None:
        detail = (row["problem"] or {}).get("detail", "")
        fits = row["status"] in (200, 201) or any(
            row["status"] == status and any(one in detail for one in words)
            for status, words in (WRITING | STALE).items()
        )
        if not fits:
            self.tally.complain(f"{kind}, a row: {row}")

    def many_or_none(self) -> None:
        self.bulk("all", self.items())

    def many_each(self) -> None:
        self.bulk("each", self.items())

    def hand_in(self) -> None:
        mine = self.work()
        if len(mine) > 2:
            one = self.random.choice(mine)
            path = f"/articles/{one['article']}/hand-in/"
            self.desk.form("hand in", path, version=one["version"], sure="on")

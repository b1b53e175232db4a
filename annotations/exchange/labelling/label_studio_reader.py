"""Label Studio's JSON and JSON_MIN, and the zip that `label_studio` writes: the reader.

Regions of one id are one claim: its labels and choices are tags, its text areas the note; of our
own controls each is what it was written from. A result that is the ground truth is gold, a
prediction that nobody took over comes from a suggestion. Offsets count code points, half-open.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, NamedTuple

from annotations.anchors import AnchorError, quote_of
from annotations.content import RELATIONS, ROLES
from annotations.exchange import aside
from annotations.exchange.aside import Misshapen
from annotations.exchange.labels import SHORT, Labels
from annotations.exchange.neutral import (
    AnnotationRecord,
    ArticleRecord,
    LinkRecord,
    ReadError,
    Refusal,
    Remark,
    Row,
    text_of,
)
from annotations.exchange.packed import unzipped

LABELS, TEXT, STANCE, FLAGGED, NOTE, PIECE = (
    "label", "text", "stance", "flagged", "note", "piece",
)  # fmt: skip
BARE = {"mention": "@mention", "claim": "@claim"}
ALL_ROLES = tuple(role for roles in ROLES.values() for role in roles)
OF_TEXT = ("labels", "choices", "textarea", "number", "rating", "datetime", "taxonomy")
TAKE_JSON = (
    "This is not Label Studio's JSON. Its CSV, TSV and CoNLL exports leave out relations, or who "
    "marked what: export as JSON (or JSON_MIN) instead."
)


def read(file: BinaryIO) -> Iterator[Row]:
    """The rows of tasks.json, in the zip or alone, or of a JSON_MIN export.

    Raises ReadError for anything else, such as CSV.
    """
    zipped = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    files = dict(unzipped(file)) if zipped else {"tasks.json": file.read()}
    own = [name for name in files if name.endswith(aside.FILE)]
    beside = aside.read(files.pop(own[0]) if own else b"")
    found = [data for name, data in files.items() if name.endswith(".json")]
    if not found:
        raise ReadError("There is no .json file with tasks in this archive.")
    yield from beside.before
    tasks = _Tasks(Labels(beside.facets))
    for data in found:
        yield from tasks.rows(_items(data))
    yield from beside.after


def _items(data: bytes) -> list[Any]:
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.lstrip()[:1] not in (b"[", b"{"):
        raise ReadError(TAKE_JSON)
    try:
        items = aside.json_of(data)
    except Misshapen as error:
        raise ReadError(f"{error}.") from error
    items = items if isinstance(items, list) else [items]
    if items and not any(isinstance(one, dict) and _of_tasks(one) for one in items):
        raise ReadError(f"These are no tasks of Label Studio. {TAKE_JSON}")
    return items


def _of_tasks(item: Mapping[str, Any]) -> bool:
    return isinstance(item.get("data"), dict) or "annotation_id" in item


class _Tasks:
    """The rows of task after task; a task's facets and tags come before its article."""

    def __init__(self, labels: Labels):
        self.labels = labels
        self._articles: set[str] = set()

    def rows(self, items: list[Any]) -> Iterator[Row]:
        for number, item in enumerate(items, 1):
            try:
                task = item if "annotations" in item else _of_min(item)
                article = _article(task)
            except Misshapen as error:
                yield Row(number, Refusal(f"Task {number}: {error}."))
                continue
            except (TypeError, AttributeError):
                yield Row(number, Refusal(f"Task {number}: it is not as Label Studio writes it."))
                continue
            results = list(self._results(task, article))
            new = [] if article.id in self._articles else [article]
            self._articles.add(article.id)
            for record in [*self.labels.taken(), *new, *results]:
                yield Row(number, record)

    def _results(self, task: Mapping[str, Any], article: ArticleRecord) -> Iterator[Any]:
        """What was marked; predictions are only read where no annotation has taken them over."""
        seen: set[str] = set()
        for kind in ("annotations", "predictions"):
            for nth, told in enumerate(_list(task.get(kind)), 1):
                place = f"Task {task.get('id', '?')}, {kind} {nth}"
                if not isinstance(told, dict) or not isinstance(told.get("result"), list):
                    yield Refusal(f"{place}: it has no list “result”.")
                elif not told.get("was_cancelled"):
                    work = _Work(place, told, article, self.labels, _is_ours(task))
                    yield from work.records(seen)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _of_min(item: Mapping[str, Any]) -> dict[str, Any]:
    """A task of JSON_MIN as one of JSON, without the ids that regions have lost there."""
    result: list[dict[str, Any]] = []
    for control, told in item.items():
        values = [value for value in _list(told) if isinstance(value, dict) and "start" in value]
        result += [
            {"id": f"{control}{nth}", "from_name": control, "type": "labels", "value": value}
            for nth, value in enumerate(values, 1)
        ]
        if told and isinstance(told, list) and not values:
            result.append({"from_name": control, "type": "choices", "value": {"choices": told}})
    work = {"completed_by": item.get("annotator"), "id": item.get("annotation_id")}
    return {"id": item.get("id"), "data": item, "annotations": [work | {"result": result}]}


def _is_ours(task: Mapping[str, Any]) -> bool:
    return isinstance(task["data"].get("crossread"), dict)


def _article(task: Mapping[str, Any]) -> ArticleRecord:
    """The text of a task: its `text`, or else the longest that its data has."""
    data = task.get("data", {})
    texts = [value for value in data.values() if isinstance(value, str)]
    if not texts:
        raise Misshapen("its data has no text")
    text = data["text"] if isinstance(data.get("text"), str) else max(texts, key=len)
    if _is_ours(task):
        return aside.article_of(data["crossread"], text)
    title = data.get("title")
    return text_of(text, title=title if isinstance(title, str) else "")


class _Moments(NamedTuple):
    created_at: datetime
    updated_at: datetime


@dataclass
class _Region:
    """All that a result says of one region; choices and texts by the name of their control."""

    start: int
    end: int
    labels: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    said: Any = None
    quote: str = ""


class _Work:
    """One annotation or prediction of Label Studio: what one person or tool marked on a text."""

    def __init__(
        self, place: str, told: dict[str, Any], article: ArticleRecord, labels: Labels,
        ours: bool,
    ):  # fmt: skip
        self.place, self.told, self.article, self.labels = place, told, article, labels
        self.ours = ours
        self.predicted = "model_version" in told
        self.regions: dict[str, _Region] = {}
        self.relations: list[tuple[str, str, str]] = []
        self.problems: list[Refusal | Remark] = []
        for nth, item in enumerate(told["result"], 1):
            try:
                self._take(item, str(nth))
            except KeyError as error:
                self._refuse(f"region {nth}: it has no {error}.")
            except Misshapen as error:
                self._refuse(f"region {nth}: {error}.")
            except (TypeError, AttributeError, ValueError):
                self._refuse(f"region {nth}: it is not as Label Studio writes it.")
        self.pieces: dict[str, list[str]] = defaultdict(list)
        self.later: set[str] = set()
        self.ties: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for first, other, label in self.relations:
            self._tie(first, other, label)

    def records(self, seen: set[str]) -> Iterator[Any]:
        """The annotations, and what could not be read or kept; `seen` are regions of this task."""
        firsts = [id for id in self.regions if id not in self.later]
        if self.predicted:
            firsts = [id for id in firsts if id not in seen]
        ids = {id: self._id(id, seen) for id in firsts}
        seen.update(self.regions)
        for first, id in ids.items():
            try:
                yield self._annotation(first, id, ids)
            except (AnchorError, Misshapen) as error:
                self._refuse(f"region {first}: {error}")
        yield from self.problems

    def _id(self, region: str, seen: set[str]) -> str:
        """The id of what begins with a region: our own, unless somebody copied it."""
        own = self.regions[region].said is not None and region not in seen
        return region if own else f"{self.article.id}/{self.place}/{region}"

    def _take(self, item: Any, nth: str) -> None:
        if item["type"] == "relation":
            self._take_relation(item)
            return
        value, control = item["value"], str(item.get("from_name", LABELS))
        if "start" not in value:
            told = f"“{control}” says something of the whole text, or does not say of which region"
            self.problems.append(Remark(f"{self.place}: {told}; it was not kept."))
            return
        if item["type"] not in OF_TEXT or "startOffset" in value:
            raise Misshapen(f"“{item['type']}” is no stretch of a plain text")
        start, end = value["start"], value["end"]
        region = self.regions.setdefault(str(item.get("id", nth)), _Region(start, end))
        if (start, end) != (region.start, region.end):
            raise Misshapen("its parts stand at several places")
        told = item.get("meta")
        if isinstance(told, dict) and "crossread" in told:
            region.said = told["crossread"]
        self._take_value(region, item["type"], control, value)

    def _take_value(self, region: _Region, kind: str, control: str, value: Mapping) -> None:
        if kind == "textarea":
            told = value["text"]
            region.texts[control] = [str(one) for one in (told if _list(told) else [told])]
            return
        region.quote = str(value.get("text") or region.quote)
        told = value[kind] if _list(value[kind]) else [value[kind]]
        if kind == "labels":
            region.labels += [(control, str(label)) for label in told]
        else:
            # A choice among narrower ones is a list of them, from the broadest on.
            chosen = [" / ".join(map(str, one)) if _list(one) else str(one) for one in told]
            region.choices[control] = chosen

    def _take_relation(self, item: Mapping[str, Any]) -> None:
        ends = item["from_id"], item["to_id"]
        first, other = reversed(ends) if item.get("direction") == "left" else ends
        for label in _list(item.get("labels")) or ["relation"]:
            self.relations.append((str(first), str(other), str(label)))

    def _tie(self, first: str, other: str, label: str) -> None:
        """A relation, or a piece of the first; a piece has none of its own."""
        if missing := [id for id in (first, other) if id not in self.regions]:
            self._refuse(f"relation “{label}”: there is no region “{missing[0]}”.")
        elif label != PIECE:
            self.ties[first].append((other, label))
        elif first == other or {first, other} & self.later or other in self.pieces:
            self._refuse(f"relation “{label}”: region {other} is no piece of just one other.")
        else:
            self.pieces[first].append(other)
            self.later.add(other)

    def _annotation(self, first: str, id: str, ids: Mapping[str, str]) -> AnnotationRecord:
        """The claim or mention that begins with a region; on a task of ours as it was written."""
        region = self.regions[first]
        known = aside.record_said(region.said or {})
        spans = [self._span(self.regions[one]) for one in (first, *self.pieces[first])]
        notes = list(self._lines(first))
        choices, texts = dict(region.choices), dict(region.texts)
        shown: dict[str, Any] = {"names": [], "tags": []}
        if self.ours:
            shown = self._ours(region, known, choices, texts)
            notes += shown.pop("notes")
        else:
            shown["tags"] = [(self.labels.tag(*label), "") for label in region.labels]
        shown["tags"] += [(slug, "") for slug in self._chosen(choices, notes)]
        notes += [f"{control}: {text}" for control, told in texts.items() for text in told]
        links = [LinkRecord(label, ids[other]) for other, label in self.ties[first]
                 if label in RELATIONS and other in ids]  # fmt: skip
        if region.said is None:
            known = known._replace(**self._usual())
        return aside.retold(
            known, self.article, id=id, spans=spans, links=[*known.links, *links],
            layer="gold" if self.told.get("ground_truth") else known.layer,
            author=known.author or self._person(), note="\n".join(notes), **shown,
        )  # fmt: skip

    def _usual(self) -> dict[str, Any]:
        """What is true of all that a person or tool marked here."""
        usual: dict[str, Any] = {}
        if self.predicted:
            usual = {"origin": "suggestion", "tool": str(self.told["model_version"])[:SHORT]}
        try:
            moments = aside.record_of(_Moments, self.told)
        except Misshapen:
            return usual
        return usual | {"created": moments.created_at, "updated": moments.updated_at}

    def _ours(
        self, region: _Region, known: AnnotationRecord, choices: dict, texts: dict
    ) -> dict[str, Any]:
        """What our own controls say of a region; they are taken out of its choices and texts."""
        labels = [label for _, label in region.labels]
        stances = dict(one.split(": ", 1) for one in choices.pop(STANCE, []) if ": " in one)
        facets = {code.slug: code.tag for code in known.codings}
        kind = "mention" if BARE["mention"] in labels else "claim"
        slugs = [self.labels.own(label, facets.get(label, "")) for label in labels
                 if label not in BARE.values()]  # fmt: skip
        return {
            "kind": kind,
            "tags": [(slug, stances.get(slug, "")) for slug in dict.fromkeys(slugs)],
            "names": [(role, name) for role in ROLES[kind] for name in texts.pop(role, [])],
            "attribution": (choices.pop("attribution", None) or [""])[0],
            "certainty": (choices.pop("certainty", None) or [""])[0],
            "flagged": bool(choices.pop(FLAGGED, [])),
            "notes": texts.pop(NOTE, []),
        }

    def _chosen(self, choices: Mapping[str, list[str]], notes: list[str]) -> Iterator[str]:
        """The tags that the choices of other people's controls are; long ones become notes."""
        for control, chosen in choices.items():
            for value in chosen:
                if len(value) <= SHORT:
                    yield self.labels.tag(control, value)
                else:
                    notes.append(f"{control}: {value}")

    def _span(self, region: _Region) -> tuple[int, int]:
        text = self.article.newest.text
        found = quote_of(text, region.start, region.end)
        if region.quote and _plain(found) != _plain(region.quote):
            raise AnchorError(f"the text reads “{found:.60}” there, not “{region.quote:.60}”.")
        return region.start, region.end

    def _lines(self, first: str) -> Iterator[str]:
        """A line for each relation that is no link of ours."""
        for other, label in self.ties[first]:
            if label not in RELATIONS:
                region = self.regions[other]
                told = f"{self.place}: the relation “{label}” became a line of the note."
                self.problems.append(Remark(told))
                yield f"{label} → {self.article.newest.text[slice(*self._span(region))]}"

    def _person(self) -> str:
        """Who made it: the user name, or the number that the person has there."""
        told = self.told.get("completed_by")
        if isinstance(told, dict):
            return str(told.get("username") or told.get("email") or told.get("id") or "")
        siblings = (region.said for region in self.regions.values() if region.said)
        authors = [one.get("author") for one in siblings if isinstance(one, dict)]
        if authors and isinstance(authors[0], str):
            return authors[0]
        return f"annotator {told}" if told else ""

    def _refuse(self, reason: str) -> None:
        self.problems.append(Refusal(f"{self.place}, {reason}"))


def _plain(words: str) -> str:
    """Without blanks: Label Studio keeps some of them as it shows them."""
    return "".join(words.split())

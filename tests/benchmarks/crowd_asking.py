"""Requests to the served desk, timed and counted, with every answer that nobody expected."""

import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from http.client import HTTPConnection, HTTPException
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlencode

MOST_TOLD = 40
IDLE = 15  # seconds after which a server may close a connection that nobody uses
FORM = "application/x-www-form-urlencoded"
CSRF = "c" * 32
Unless = Mapping[int, tuple[str, ...]]  # by status: words, of which the answer has some
ANYHOW: Unless = MappingProxyType({})


class Answer(NamedTuple):
    """What came back; a status of 0 says that nothing did."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


class Tally:
    """What all clients together asked and got."""

    def __init__(self):
        self.lock = threading.Lock()
        self.times: dict[str, list[float]] = defaultdict(list)
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)
        self.wrong: list[str] = []

    def note(self, kind: str, seconds: float, status: int) -> None:
        with self.lock:
            self.times[kind].append(seconds)
            self.statuses[kind][status] += 1

    def complain(self, words: str) -> None:
        with self.lock:
            self.wrong.append(words)


class Caller:
    """One client: a connection that is kept, and either a token or a session."""

    def __init__(self, port: int, tally: Tally, *, token: str = "", session: str = ""):
        self.port, self.tally = port, tally
        self.headers = {"Authorization": f"Token {token}"} if token else {}
        if session:
            self.headers = {
                "Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF,
            }  # fmt: skip
        self.http = HTTPConnection("127.0.0.1", port, timeout=120)
        self.used = time.monotonic()

    def ask(
        self,
        kind: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        expect: Collection[int] = (200,),
        unless: Unless = ANYHOW,
        **headers: str,
    ) -> Answer:
        """The answer. Any status but an expected one is wrong, or one of `unless` and its words."""
        began = time.perf_counter()
        self.send(method, path, body, **headers)
        return self.receive(kind, f"{method} {path}", began, expect, unless)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> None:
        sent = {**self.headers, **{name.replace("_", "-"): said for name, said in headers.items()}}
        if isinstance(body, bytes):
            sent.setdefault("Content-Type", "application/octet-stream")
        elif body is not None and sent.get("Content-Type") == FORM:
            body = urlencode(body).encode()
        elif body is not None:
            sent["Content-Type"], body = "application/json", json.dumps(body).encode()
        address = path if path.startswith("/") else f"/api/v1/{path}"
        if time.monotonic() - self.used > IDLE:
            self.http.close()
        self.used, self.broken = time.monotonic(), ""
        try:
            self.http.request(method, address, body, sent)
        except OSError as error:
            self.broken = repr(error)

    def receive(
        self, kind: str, what: str, began: float, expect: Collection[int] = (200,),
        unless: Unless = ANYHOW,
    ) -> Answer:  # fmt: skip
        """The answer to what was sent, read to its end."""
        try:
            response = self.http.getresponse()
            answer = Answer(response.status, dict(response.getheaders()), response.read())
        except (HTTPException, OSError) as error:
            answer = Answer(0, {}, (self.broken or repr(error)).encode())
            self.http.close()
        self.tally.note(kind, time.perf_counter() - began, answer.status)
        said = answer.body.decode(errors="replace")
        known = any(words in said for words in unless.get(answer.status, ()))
        if answer.status not in expect and not known:
            self.tally.complain(f"{kind}: {what}: {answer.status} {said[:600]}")
        return answer

    def all(self, kind: str, path: str) -> list[dict[str, Any]]:
        """Every row of a list, page after page."""
        rows = []
        while path:
            answer = self.ask(kind, "GET", path)
            if answer.status != 200:
                return rows
            rows += answer.data["results"]
            path = answer.data["next"] and answer.data["next"].partition("/api/v1/")[2]
        return rows

    def form(self, kind: str, path: str, **fields: Any) -> Answer:
        """What a page of the desk answers to a form; it leads on to another page."""
        return self.ask(kind, "POST", path, fields, expect=(302,), Content_Type=FORM)

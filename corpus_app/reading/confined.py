"""A reader in a process of its own: little memory, little time, questions in and answers out.

`serve` is what the process does; `Child` is the process as its parent sees it. They exchange
frames over pipes: a JSON head and a body of bytes, each with its length before it.
"""

import json
import os
import resource
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from corpus_app.reading.documents import MEGABYTE, Reading, Unreadable
from corpus_app.text import UnreadableText

ROOT = Path(__file__).resolve().parents[2]
# Of addresses, so that what lies in memory is less. Of processor time and of the wall's clock,
# for one document or one answer of many.
MOST_MEMORY = 190 * MEGABYTE
MOST_KEPT = 110 * MEGABYTE  # after a document; with more the process makes way for a new one
MOST_SECONDS = 3
MOST_WAIT = 4
START_WAIT = 30
LENGTHS = struct.Struct(">II")

TOO_LARGE = "It needs far more memory than a file of its size should. Send it in parts."
TOO_SLOW = "It takes far longer to read than a file of its size should. Send it in parts."
DAMAGED = "It is damaged, or its reader does not understand it. Save it anew, or as plain text."
TOO_DEEP = "It is nested too deeply to be read. Save it as plain text."

Answer = tuple[dict[str, Any], bytes]


def send(stream: BinaryIO, head: dict[str, Any], body: bytes = b"") -> None:
    """Writes one frame."""
    told = json.dumps(head).encode()
    stream.write(LENGTHS.pack(len(told), len(body)) + told)
    stream.write(body)
    stream.flush()


def receive(stream: BinaryIO) -> Answer:
    """The next frame. Raises EOFError where the stream ends."""
    head, body = LENGTHS.unpack(_exactly(stream, LENGTHS.size))
    return json.loads(_exactly(stream, head)), _exactly(stream, body)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


# In the process ---------------------------------------------------------------------------------


def serve(read: Callable[[bytes], Reading]) -> None:
    """Reads one document after the other until there are no more."""

    def answers(name: str, data: bytes) -> Iterator[Answer]:
        found = read(data)
        yield {"roles": found.roles, "fields": found.fields}, found.text.encode(errors="replace")

    serve_many(answers)


def serve_many(answers: Callable[..., Iterable[Answer]]) -> None:
    """Gives all answers to one question after the other until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library prints must not stand between the answers.
    os.dup2(2, 1)
    send(sink, {"ready": True})
    while True:
        try:
            question, data = receive(source)
        except EOFError:
            return
        refusal = _answer(sink, answers(data=data, **question))
        del data
        tired = refusal == TOO_LARGE or _memory() > MOST_KEPT
        send(sink, {"end": True, "refused": refusal, "tired": tired})


def _answer(sink: BinaryIO, answers: Iterable[Answer]) -> str:
    """Sends the answers; why there are no more of them, if that is not because all are sent."""
    _grant_seconds()
    try:
        for head, body in answers:
            send(sink, head, body)
            _grant_seconds()
    except (Unreadable, UnreadableText) as error:
        return str(error)
    except MemoryError:
        return TOO_LARGE
    except RecursionError:
        return TOO_DEEP
    except Exception:
        # Whatever a library says of a broken file, the next file is another one.
        return DAMAGED
    return ""


def _memory() -> int:
    """The bytes that the process has, where the system tells."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * resource.getpagesize() if told.exists() else 0


def _grant_seconds() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + MOST_SECONDS
    # Where the system sets a limit of its own, that can only be kept.
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (until, most))


# In its parent ----------------------------------------------------------------------------------


class Child:
    """A running reader, by its module's name in this package."""

    def __init__(self, module: str) -> None:
        # Of the environment, which holds the site's secrets, it gets nothing.
        self.process = subprocess.Popen(  # noqa: S603 - our own program, no argument from outside
            [sys.executable, "-m", f"{__package__}.{module}"],
            cwd=ROOT, env={"LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.late = False
        try:
            self._next(START_WAIT)
        except EOFError:
            self.close()
            raise RuntimeError(f"The reader “{module}” does not start.") from None

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask(self, name: str, data: bytes, **more: int) -> Iterator[Answer]:
        """The answers for the document, as they come. Raises Unreadable, and may be dead then.

        `more` is what its reader can be told besides.
        """
        try:
            self._send({"name": name, **more}, data)
            while "end" not in (answer := self._next(MOST_WAIT))[0]:
                yield answer
        except (EOFError, BrokenPipeError):
            self.close()
            slow = self.late or self.process.returncode == -signal.SIGXCPU
            raise Unreadable(TOO_SLOW if slow else TOO_LARGE) from None
        if answer[0]["tired"]:
            self.close()
        if answer[0]["refused"]:
            raise Unreadable(answer[0]["refused"])

    def _send(self, question: dict[str, Any], data: bytes) -> None:
        with self._deadline(MOST_WAIT):
            send(self.process.stdin, question, data)

    def _next(self, seconds: float) -> Answer:
        with self._deadline(seconds):
            return receive(self.process.stdout)

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        """Kills the process when the time is up, which ends all waiting for it."""
        timer = threading.Timer(seconds, self._kill_late)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _kill_late(self) -> None:
        self.late = True
        self.process.kill()

    def close(self) -> None:
        """Ends it, if it has not ended already."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        with suppress(BrokenPipeError):
            self.process.stdin.close()

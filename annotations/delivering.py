"""A message signed and brought to an address of the internet, and never to one behind the wall.

The host's name is resolved once; every address that it has must be a public one, and the
connection goes to the very address that was looked at, so that a name which points elsewhere a
moment later leads nowhere. Redirects are not followed.
"""

import hashlib
import hmac
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Timer
from urllib.parse import SplitResult, urlsplit

PATIENCE = 10.0  # seconds, from the first packet to the last
READ_AT_MOST = 64 * 1024
LONGEST_URL = 500
LONGEST_NOTE = 300  # characters
PORTS = {"https": 443, "http": 80}
SHORTEST, LONGEST = 60.0, 12 * 60 * 60.0  # seconds between two tries
MOST_TRIES = 15  # within about three days

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# What `ipaddress` calls global although it leads to something else, or to a cloud's own services.
OTHERWISE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "::/96",
        "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2002::/16",
        "3fff::/20", "5f00::/16", "fec0::/10",
    )
)  # fmt: skip


class Unreachable(Exception):
    """An address to which nothing is sent; the message says why."""


@dataclass(frozen=True)
class Answer:
    """What came of a try: the answer's status (None: there was none), and how it begins."""

    status: int | None
    note: str
    seconds: float

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def read_url(url: str, *, private: bool = False) -> SplitResult:
    """The parts of an address to which something may be sent, as far as it can be told unasked.

    Plain http, and addresses that are not public, only if `private` ones may be reached. Raises
    Unreachable.
    """
    if len(url) > LONGEST_URL:
        raise Unreachable(f"An address has {LONGEST_URL} characters at most.")
    if not re.fullmatch(r"[!-~]+", url):
        raise Unreachable("An address is written in ASCII, without blanks.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Unreachable("This is no address.") from None
    if parts.scheme not in (PORTS if private else ("https",)):
        raise Unreachable("The address has to begin with https://.")
    if not host or port == 0:
        raise Unreachable("This is no address: its host is missing.")
    if "@" in parts.netloc or parts.fragment:
        raise Unreachable("An address has no user name, password or # in it.")
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return parts
    if not private and not is_public(literal):
        raise Unreachable("Nothing is sent to addresses that are not public.")
    return parts


def is_public(address: Address) -> bool:
    """Whether an address is of the internet at large and of one machine in it."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None or getattr(address, "scope_id", None):
        return False
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address.version == one.version and address in one for one in OTHERWISE)


def looked_up(host: str, port: int, *, private: bool = False) -> str:
    """The address of the host to connect to. Raises Unreachable if any that it has is not public.

    `private` lets any pass.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("Its host has no address.") from None
    addresses = [place[0] for *_, place in found]
    if not private and not all(is_public(ipaddress.ip_address(one)) for one in addresses):
        raise Unreachable("Nothing is sent there: its host has an address that is not public.")
    return addresses[0]


class _Dialled(HTTPConnection):
    """A connection to an address that was looked at, under the name of its host."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext | None):
        super().__init__(host, port, timeout=PATIENCE)
        self.default_port = PORTS["https" if context else "http"]
        self.address, self.context = address, context
        self.wire: socket.socket | None = None  # kept, since `sock` is let go with the headers

    def connect(self):
        self.wire = socket.create_connection((self.address, self.port), self.timeout)
        if self.context:
            self.wire = self.context.wrap_socket(
                self.wire, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.wire.do_handshake()
        self.sock = self.wire

    def hang_up(self) -> None:
        """Break off whatever is waited for."""
        with suppress(OSError):  # it is closed already
            if self.wire:
                self.wire.shutdown(socket.SHUT_RDWR)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    private: bool = False,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """What came of sending the body; whatever goes wrong on the way is told in the note.

    Within PATIENCE, however slowly the other side speaks. `trust` instead of the usual authorities.
    """
    begun = time.monotonic()
    try:
        status, note = _sent(read_url(url, private=private), body, headers, private, trust)
    except Unreachable as refusal:
        status, note = None, str(refusal)
    except ssl.SSLError as error:
        status, note = None, f"No secure connection: {error.reason or error}."
    except (HTTPException, OSError) as error:
        status, note = None, _why(error, time.monotonic() - begun)
    return Answer(status, plain(note), round(time.monotonic() - begun, 3))


def _sent(
    parts: SplitResult,
    body: bytes,
    headers: Mapping[str, str],
    private: bool,
    trust: ssl.SSLContext | None,
) -> tuple[int, str]:
    port = parts.port or PORTS[parts.scheme]
    address = looked_up(parts.hostname, port, private=private)
    context = (trust or ssl.create_default_context()) if parts.scheme == "https" else None
    line = _Dialled(parts.hostname, port, address, context)
    # Each wait has its own limit; this is for all of them together.
    hang_up = Timer(PATIENCE, line.hang_up)
    hang_up.daemon = True
    hang_up.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", path, body, dict(headers))
        answer = line.getresponse()
        return answer.status, answer.read(READ_AT_MOST).decode("utf-8", "replace")
    finally:
        hang_up.cancel()
        line.close()


def _why(error: Exception, seconds: float) -> str:
    if isinstance(error, TimeoutError) or seconds >= PATIENCE:
        return f"No whole answer within {PATIENCE:.0f} seconds."
    if isinstance(error, ConnectionError):
        return "The connection was refused or broken off."
    return f"There was no answer that can be read ({type(error).__name__})."


def plain(note: str) -> str:
    """The beginning of what was answered, in one line that can be stored and shown."""
    shown = "".join(one if one.isprintable() else " " for one in note[: 4 * LONGEST_NOTE])
    line = " ".join(shown.split())
    return line if len(line) <= LONGEST_NOTE else line[: LONGEST_NOTE - 1] + "…"


def signature(secret: str, moment: int, body: bytes) -> str:
    """What tells a receiver who wrote the body, and when: `t=<moment>,v1=<hexadecimal HMAC>`.

    The HMAC is SHA-256 over the moment (seconds since 1970), a dot, and the body.
    """
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={signed.hexdigest()}"


def pause(tries: int, chance: float) -> float | None:
    """The seconds until the next try after so many; None: there is none.

    Each is twice the one before, from SHORTEST to LONGEST, moved by up to a quarter by `chance`
    (0 to 1), so that not everybody comes back at once.
    """
    if tries >= MOST_TRIES:
        return None
    usual = min(SHORTEST * 2 ** (tries - 1), LONGEST)
    return usual * (0.75 + chance / 2)

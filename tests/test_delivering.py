"""Messages go to addresses of the internet and nowhere else, signed, within their time."""

import hashlib
import hmac
import ipaddress
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from annotations import delivering
from annotations.delivering import Unreachable, is_public, looked_up, pause, read_url, signature

PUBLIC = ("8.8.8.8", "1.1.1.1", "193.0.6.139", "2606:4700::1111", "2a00:1450:4001:81b::200e")
HIDDEN = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.8.8.8",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1",
    "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::8.8.8.8", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
)  # fmt: skip
UNFIT = (
    "", "example.org", "//example.org/", "ftp://example.org/", "file:///etc/passwd",
    "http://example.org/", "gopher://example.org/", "https://", "https:///path", "https://:443/",
    "https://example.org:0/", "https://example.org:99999/", "https://example.org:port/",
    "https://ada@example.org/", "https://ada:secret@example.org/", "https://example.org/#part",
    "https://exa mple.org/", "https://example.org/\r\nHost: other", "https://exämple.org/",
    "https://[::1/", "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
    "https://169.254.169.254/latest/meta-data/", f"https://example.org/{'x' * 500}",
)  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", HIDDEN)
def test_an_address_behind_a_wall_is_not(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("url", UNFIT)
def test_an_address_that_cannot_be_written_to_is_refused_unasked(url):
    with pytest.raises(Unreachable):
        read_url(url)


def test_where_private_addresses_may_be_reached_plain_http_is_enough():
    assert read_url("http://127.0.0.1:8000/in", private=True).port == 8000
    with pytest.raises(Unreachable):
        read_url("file:///etc/passwd", private=True)


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "0x7f000001", "2130706433", "017700000001", "0", "::1"]
)
def test_however_the_host_writes_it_the_machine_itself_is_not_reached(host):
    with pytest.raises(Unreachable):
        looked_up(host, 443)


def test_one_address_behind_a_wall_is_enough_to_refuse_a_host(monkeypatch):
    """A name that has two addresses is looked at whole: either could be dialled."""
    both = [(2, 1, 6, "", (one, 443)) for one in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(Unreachable, match="not public"):
        looked_up("example.org", 443)
    assert looked_up("example.org", 443, private=True) == "8.8.8.8"


def test_a_signature_is_checked_with_what_every_language_has():
    body = b'{"noun":"annotation"}'
    moment, _, told = signature("secret", 1_700_000_000, body).partition(",")
    mac = hmac.new(b"secret", b"1700000000." + body, hashlib.sha256).hexdigest()
    assert (moment, told) == ("t=1700000000", f"v1={mac}")


def test_pauses_double_up_to_half_a_day_and_end_after_about_three_days():
    pauses = [pause(tries, 0.5) for tries in range(1, delivering.MOST_TRIES)]
    assert pauses[:4] == [60, 120, 240, 480]
    assert max(pauses) == 12 * 60 * 60
    assert 2.5 < sum(pauses) / 86400 < 3.5
    assert pause(delivering.MOST_TRIES, 0.5) is None
    assert (pause(1, 0.0), pause(1, 1.0)) == (45, 75)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("ok", "ok"),
        (" two\r\nlines\t", "two lines"),
        ("nul\0 and \x1b[31m", "nul and [31m"),
        ("hidden\u202e\u200bsigns", "hidden signs"),
        ("x" * 400, "x" * 299 + "…"),
    ],
)
def test_what_was_answered_is_kept_in_one_short_line(said, kept):
    assert delivering.plain(said) == kept


class Receiver(BaseHTTPRequestHandler):
    """Answers as the path asks: `/status/…`, `/away/`, `/long/`, `/silent/`, `/dripping/`."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, dict(self.headers), body))
        wish, _, value = self.path.strip("/").partition("/")
        if wish == "silent":
            self.server.released.wait(60)
            return
        self.send_response(302 if wish == "away" else int(value or 200))
        if wish == "away":
            self.send_header("Location", "/status/200")
        self.end_headers()
        while wish == "dripping" and not self.server.released.wait(0.01):
            try:
                self.wfile.write(b"x")
            except OSError:
                return
        self.wfile.write(b"x" * 1_000_000 if wish == "long" else b"thank you")

    def log_message(self, *_):
        """Nothing is printed."""


@pytest.fixture
def receiver():
    """A server on this machine that keeps in `heard` what it was sent."""
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.heard, server.released = [], threading.Event()
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


def sent(receiver, path, **options):
    return delivering.post(
        receiver.url + path, b"{}", {"Crossread-Event": "a.b"}, private=True, **options
    )


def test_a_message_arrives_with_its_headers(receiver):
    answer = sent(receiver, "/in?key=1")
    assert (answer.status, answer.accepted, answer.note) == (200, True, "thank you")
    [(path, headers, body)] = receiver.heard
    assert (path, headers["Crossread-Event"], body) == ("/in?key=1", "a.b", b"{}")
    assert headers["Host"] == receiver.url.removeprefix("http://")


@pytest.mark.parametrize(("path", "status"), [("/status/500", 500), ("/away/", 302)])
def test_what_is_not_accepted_is_said_and_no_redirect_is_followed(receiver, path, status):
    answer = sent(receiver, path)
    assert (answer.status, answer.accepted) == (status, False)
    assert len(receiver.heard) == 1


def test_only_the_beginning_of_a_long_answer_is_read(receiver):
    assert len(sent(receiver, "/long/").note) == delivering.LONGEST_NOTE


@pytest.mark.parametrize(("path", "status"), [("/silent/", None), ("/dripping/", 200)])
def test_nobody_is_waited_for_longer_than_there_is_patience(receiver, monkeypatch, path, status):
    monkeypatch.setattr(delivering, "PATIENCE", 0.2)
    begun = time.monotonic()
    assert sent(receiver, path).status == status
    assert time.monotonic() - begun < 2


def test_a_machine_that_is_not_there_is_a_note_and_no_error(receiver):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{free.getsockname()[1]}/"
    answer = delivering.post(gone, b"{}", {}, private=True)
    assert (answer.status, answer.note) == (None, "The connection was refused or broken off.")


def test_this_machine_is_not_reached_unless_that_was_allowed(receiver):
    answer = delivering.post(receiver.url.replace("http", "https"), b"{}", {})
    assert (answer.status, receiver.heard) == (None, [])
    assert answer.note == "Nothing is sent to addresses that are not public."

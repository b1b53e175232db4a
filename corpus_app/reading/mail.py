"""Mails and pages saved as mails (MHTML): who wrote what to whom, and the text."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from corpus_app.reading.confined import serve
from corpus_app.reading.documents import Reading, Unreadable
from corpus_app.reading.page import read_text
from corpus_app.text import Role, decode
from corpus_app.text.bylines import is_name, is_outlet
from corpus_app.text.lines import flat

MOST_PARTS = 500


def read(data: bytes) -> Reading:
    """The mail's text, its plain part before its page. Raises Unreadable."""
    if data.count(b"oundary=") > MOST_PARTS or data.count(b"\nContent-Type:") > 2 * MOST_PARTS:
        raise Unreadable(f"This mail has more than {MOST_PARTS} parts. Save its text by itself.")
    mail = message_from_bytes(data, policy=policy.default)
    part = mail.get_body(("plain", "html"))
    if part is None:
        raise Unreadable("There is no text in this mail. What is attached to it is not read.")
    if part.get_content_type() == "text/html":
        reading = read_text(content(part))
    else:
        subject = str(mail["subject"] or "")
        reading = Reading(own_lines=content(part))
        reading.add(subject, Role.TITLE)
    add_attached(reading, mail)
    reading.fields |= saved_page(mail) or fields(mail)
    return reading


def content(part: EmailMessage) -> str:
    """The text of a part, whether or not it is in the encoding that it says."""
    data = part.get_payload(decode=True) or b""
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode(data)


def add_attached(reading: Reading, mail: EmailMessage) -> None:
    """Says which files were attached, for they are not read."""
    names = [part.get_filename() for part in mail.iter_attachments()]
    if any(names):
        reading.add(f"Attached, not read: {', '.join(filter(None, names))}", Role.BOILERPLATE)


def fields(mail: EmailMessage) -> dict[str, Any]:
    """Title, author or outlet, and day, as the head of the mail has them."""
    sender = next(iter(mail["from"].addresses), None) if mail["from"] else None
    name = flat(sender.display_name) if sender else ""
    values = {
        "title": flat(str(mail["subject"] or "")),
        "authors": [name] if is_name(name) and not is_outlet(name) else [],
        "outlet": name if is_outlet(name) else "",
        "published_on": day(mail),
    }
    return {field: value for field, value in values.items() if value}


def saved_page(mail: EmailMessage) -> dict[str, Any]:
    """The address of a page that a browser saved as a mail; empty for a real mail."""
    url = str(mail["snapshot-content-location"] or mail["content-location"] or "").strip()
    return {"url": url} if urlsplit(url).scheme in ("http", "https") else {}


def day(mail: EmailMessage) -> str:
    """The day on which it was sent, where it was sent."""
    try:
        return parsedate_to_datetime(str(mail["date"] or "")).date().isoformat()
    except ValueError:
        return ""


if __name__ == "__main__":
    serve(read)

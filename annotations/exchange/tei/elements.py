"""Elements of TEI P5, and the header that every file has."""

import re
from typing import Any

from lxml import etree

from annotations.exchange.markup import legal

TEI = "http://www.tei-c.org/ns/1.0"
XML = "{http://www.w3.org/XML/1998/namespace}"
PROJECT = "project.xml"
LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$")
UNFIT = re.compile(r"[^-\w]+")


def element(name: str, /, *content: Any, **attributes: str) -> Any:
    """An element with this text and these elements in it; empty attributes are left out.

    `xml_id`, `xml_lang` and `xml_space` are those of XML, and a trailing `_` is not written.
    """
    made = etree.Element(f"{{{TEI}}}{name}", nsmap={None: TEI})
    for key, value in attributes.items():
        if value:
            own = f"{XML}{key[4:]}" if key.startswith("xml_") else key.rstrip("_")
            made.set(own, legal(value))
    for part in content:
        if not isinstance(part, str):
            made.append(part)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + legal(part)
        else:
            made.text = (made.text or "") + legal(part)
    return made


def written(made: Any) -> bytes:
    """The element, which stands in another of the same namespace."""
    plain = etree.tostring(made, encoding="UTF-8", xml_declaration=False)
    return plain.replace(f' xmlns="{TEI}"'.encode(), b"", 1)


def opening() -> bytes:
    """The beginning of a file."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="{TEI}">\n'.encode()


def header(statement: Any, sources: list[Any], rights: str, *further: Any) -> Any:
    """A header: what it is called and whose, what it comes from, and further parts."""
    publication = [element("authority", "Crossread")]
    if rights:
        publication.append(element("availability", element("p", rights)))
    file = element(
        "fileDesc", statement, element("publicationStmt", *publication),
        element("sourceDesc", *(sources or [element("p", "Made in Crossread.")])),
    )  # fmt: skip
    return element("teiHeader", file, *further)


def languages(tag: str) -> list[Any]:
    """What a header says of the language of a text, which may be none that TEI knows."""
    if not tag:
        return []
    told = element("language", "" if language(tag) else tag, ident=language(tag) or "und")
    return [element("profileDesc", element("langUsage", told))]


def language(tag: str) -> str:
    """The tag if it is shaped as one of a language, and else nothing."""
    return tag if LANGUAGE.match(tag) else ""


def token(words: str) -> str:
    """Words as one name, for attributes that take no blanks."""
    return UNFIT.sub("-", words).strip("-")

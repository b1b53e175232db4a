"""XML that others may have made, read safely, and text that XML can write."""

import re
from typing import Any

from lxml import etree

from annotations.exchange.neutral import ReadError

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """The text with U+FFFD for every character that XML 1.0 cannot write; as long as before."""
    return ILLEGAL.sub("\ufffd", text)


def parsed(data: bytes, expected: str = "") -> Any:
    """The root of an XML document that declares nothing of its own. Raises ReadError.

    `expected` is a sentence that tells a person which file is meant. Comments and processing
    instructions are left out; nothing is fetched.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"It is no XML that can be read: {error}. {expected}".strip()) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadError("It declares a document type or entities, which we do not read.")
    return root

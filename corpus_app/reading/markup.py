"""The text of a file with markup, whichever encoding it says it is in."""

import codecs
import re

from corpus_app.text import BYTE_ORDER_MARKS, decode

CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{2,30})""",
    re.IGNORECASE,
)
# What pages call these encodings is less than what they hold.
WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}


def decoded(data: bytes) -> str:
    """The markup as text: by its byte order mark, as UTF-8, as it says, or by a good guess."""
    if not data.startswith(tuple(BYTE_ORDER_MARKS)):
        said = CHARSET.search(data[:4096])
        for name in ("utf-8", said[1].decode() if said else ""):
            try:
                known = codecs.lookup(name).name
                return data.decode(WIDER.get(known, known))
            except (LookupError, UnicodeDecodeError):
                continue
    return decode(data)

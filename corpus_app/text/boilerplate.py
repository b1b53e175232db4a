"""Whether a line belongs to the article or to the page around it, from the line alone."""

import re

from corpus_app.text.lines import flat
from corpus_app.text.phrases import BUTTON_WORDS, COUNTED_WORDS, FURNITURE, NOTICE

# No button, menu entry or notice is longer; body text of any length is left alone.
LONGEST_PHRASE = 160
LONGEST_NOTICE = 400

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")

CRUMBS = re.compile(
    r"[\w&’' .-]{1,30}(?:(?: ?> ?| [»›→] )[^>»›→]{1,80}){1,6}|[\w&]+(?: / [\w& ]+){2,5}"
)
LINK = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.]+|@\w{2,30}|"
    r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/\S*)?"
)
MAIL_HEADER = re.compile(
    r"(?:from|to|cc|bcc|reply-to|sent|message-id|list-\w+|mime-version|content-[\w-]+|"
    r"x-[\w-]+): .*",
    re.IGNORECASE,
)
# Looking at the beginnings of words only is far quicker.
NOTICE_WITHIN = re.compile(rf"\b(?:{NOTICE.pattern})")
PICTURE_FILE = re.compile(r"[^.!?]{1,120}\.(?:jpe?g|png|gif|webp|svg|bmp|tiff?|avif|heic)", re.I)
CAPTION = re.compile(
    r"""[\s(\[*]*(?:
      (?:file\ |stock\ |cover\ |archive\ )?(?:photo(?:graph)?|image|picture|illustration|graphic
        |caption|foto|bild|symbolbild|grafik|imagen|fotografía|photographie|légende|фото|fotoğraf
        |صورة|الصورة|图片?|圖|写真|사진)s?(?:\ (?:credits?|courtesy|source))?\s?(?:by\s|[:：/©])
    | (?:credits?|crédits?|bildquelle|bildnachweis|créditos?)(?:\ (?:photo|image|d’image))?\s?[:：]
    | (?:pictured|above|abb\.\ ?\d+|fig(?:ure)?\.?\ ?\d+)\s?[:：]
    | \[(?:photo|image|picture|foto)\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# Agencies open a caption with the day, in capitals.
DATED_CAPTION = re.compile(
    r"(?:[A-Z]{3,9}\.? \d{1,2},? \d{4}|\d{1,2} [A-Z]{3,9} \d{4}) ?[:：–—-] ?\S"
)
# Where people stand in a picture, or who took it.
CAPTION_PART = re.compile(
    r"""
      \ \((?:\d[a-z]{2}\ |front\ |back\ )?(?:L|R|C|left|right|cent(?:er|re)|links|rechts)\)
    | [.!?’”")]\ ?(?:[Pp]hoto(?:graph)?|[Ii]mage|[Pp]icture|[Ff]oto|[Cc]redit)s?
      (?:\ by\ |:\ ?|/)[A-Z].{2,60}$
    | [(\[](?:[Pp]hoto|[Ii]mage|[Pp]icture|[Ff]oto|[Bb]ild|[Cc]redit)s?\b[^()\[\]]{2,80}[)\]]\W?$
    | (?:©|/\ ?|\(|via\ )(?:Getty\ Images|Shutterstock|iStock|Alamy|Unsplash|Flickr
      |Wikimedia(?:\ Commons)?|[Pp]icture[-\ ][Aa]lliance)\W{0,2}$
    | \b[A-Z]{2,10}\ ?/\ ?[A-Z][\w.’'-]+(?:\ [A-Z][\w.’'-]+){1,3}\)?$
    """,
    re.VERBOSE,
)


def plain(text: str) -> str:
    """A short line made comparable: lower case, no bullets, arrows or closing punctuation."""
    return _EDGES.sub("", flat(text).casefold())


def fits(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a short line, made plain, is one of the phrases of the pattern."""
    return len(text) <= LONGEST_PHRASE and bool(pattern.fullmatch(plain(text)))


def is_boilerplate(text: str) -> bool:
    """Whether the line belongs to the page around the article, whatever its place on it."""
    text = flat(text)
    if len(text) > LONGEST_NOTICE:
        return False
    if not any(sign.isalnum() or sign > "\U0001f000" for sign in text):
        return True
    if len(text) <= LONGEST_PHRASE and _is_furniture(text):
        return True
    return bool(NOTICE_WITHIN.search(text.casefold()))


def _is_furniture(text: str) -> bool:
    # "©" is an edge to plain() and yet the whole of a copyright line.
    return bool(
        fits(FURNITURE, text)
        or _is_row_of_buttons(text)
        or text.startswith(("©", "(c) ", "(C) "))
        or any(form.fullmatch(text) for form in (PICTURE_FILE, LINK, MAIL_HEADER, CRUMBS))
    )


def _is_row_of_buttons(text: str) -> bool:
    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    counting = COUNTED_WORDS if re.search(r"\d", text) else frozenset()
    # Four figures alone are a year, and that may be a heading.
    return words <= BUTTON_WORDS | counting and (bool(words) or len(text) < 4)


def is_picture_file(text: str) -> bool:
    """Whether the line is nothing but the name of a picture file."""
    return len(text) <= LONGEST_PHRASE and bool(PICTURE_FILE.fullmatch(flat(text)))


def is_caption(text: str) -> bool:
    """Whether the line describes or credits a picture."""
    text = flat(text)
    return len(text) <= LONGEST_NOTICE and bool(
        CAPTION.match(text) or DATED_CAPTION.match(text) or CAPTION_PART.search(text)
    )

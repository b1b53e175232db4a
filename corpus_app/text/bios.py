"""Whether a paragraph is about the author rather than by her."""

import re
from collections.abc import Collection

from corpus_app.text.bylines import TRADE, is_name

LONGEST_BIO = 1500

HONORIFIC = re.compile(r"(?:Mrs?|Ms|Dr|Prof|Professor)\.?\s(?=\w)")

BIO_OPENING = re.compile(
    r"(?:the |this )?(?:author|writer|columnist|contributor)s? (?:is|are|was|has)\b|"
    r"(?:der|die) autor(?:in)? ist\b|l.auteure? est\b|(?:el|la) autora? es\b|l.autore è\b|"
    r"(?:الكاتبة?|كاتبة?)\s(?:هو|هي|باحثة?|صحفية?|أستاذة?)|автор\s[—–-]",
    re.IGNORECASE,
)
BIO_VERB = re.compile(
    r"\s?(?:,|\(|\s(?:is|was|has|are|teaches|writes|covers|reports|works|serves|leads|heads|directs|"
    r"holds|studies|specialises|specializes|lives|ist|war|arbeitet|lehrt|est|enseigne|es|era|è|"
    r"هو|هي)\s|\s(?:كاتب|باحث|صحفي|صحافي|أستاذ|محلل|دبلوماسي))",
)
POST = re.compile(
    rf"{TRADE.pattern}|\b(?:director|head|member|chair(?:man|woman)?|founder|president|teaches|"
    r"writes|covers|senior|visiting|based in|institute|university|professorin|leiter(?:in)?|"
    r"directeur|directrice|professeure?|profesora?|directora?)\b",
    re.IGNORECASE,
)
BIO_GOES_ON = re.compile(r"(?:he|she|they|his|her|their) ", re.IGNORECASE)


def is_bio(text: str, authors: Collection[str]) -> bool:
    """Whether the text presents "the author", or one of the authors by name."""
    if len(text) > LONGEST_BIO:
        return False
    title = HONORIFIC.match(text)
    surnames = [name.split()[-1] for name in authors] if title else []
    if BIO_OPENING.match(text) or any(is_about(text[title.end() :], name) for name in surnames):
        return bool(POST.search(text[:250]))
    return any(text.startswith(name) and BIO_VERB.match(text, len(name)) for name in authors)


def is_about(text: str, name: str) -> bool:
    """Whether the text introduces the person, by full name or by the last part of it."""
    for form in (name, name.split()[-1]):
        if text.startswith(form) and BIO_VERB.match(text, len(form)):
            return True
    return False


def presents_somebody(text: str) -> bool:
    """Whether the text begins with a person's name and says what that person works as."""
    name = re.split(r",|\s(?:is|was|ist|est|es|è)\s", text[:60], maxsplit=1)[0]
    if len(text) > LONGEST_BIO // 2 or not is_name(name) or not is_about(text, name):
        return False
    return bool(POST.search(text[:250]))


def goes_on(text: str) -> bool:
    """Whether the text goes on about a person named before."""
    return bool(BIO_GOES_ON.match(text))

"""Ids of actors in authority files: what they look like, and how people write them."""

import re

FORMS = {
    "wikidata": (re.compile(r"Q[1-9][0-9]*"), "Q and a number, such as Q159"),
    "viaf": (re.compile(r"[1-9][0-9]{1,21}"), "digits only"),
    "isni": (re.compile(r"[0-9]{15}[0-9X]"), "16 digits, the last of which may be X"),
    "iso3166": (re.compile(r"[A-Z]{2}"), "two letters, such as RU"),
}
# What stands before an id that is copied from the address of its page.
ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?"
    r"(?:wikidata\.org/(?:wiki|entity)|viaf\.org/viaf|isni\.org(?:/isni)?)/",
    re.IGNORECASE,
)


class UnfitIdentifier(ValueError):
    """An id that cannot be one of its authority file; the message says what one looks like."""


def clean_identifier(scheme: str, value: str) -> str:
    """The id as it is stored, in capitals and without blanks; an address of its page will do.

    Raises UnfitIdentifier for an unknown scheme, another form, or a wrong check digit of an ISNI.
    """
    if scheme not in FORMS:
        known = ", ".join(FORMS)
        raise UnfitIdentifier(f"“{scheme}” is not an authority file. Those known: {known}.")
    form, words = FORMS[scheme]
    bare = re.sub(r"[\s-]", "", ADDRESS.sub("", value.strip())).strip("/").upper()
    if not form.fullmatch(bare) or len(bare) > 40:
        raise UnfitIdentifier(f"“{value}” is not an id of {scheme}: {words}.")
    if scheme == "isni" and bare[-1] != check_digit(bare[:-1]):
        raise UnfitIdentifier(f"“{value}” is no ISNI: its last digit does not fit the others.")
    return bare


def check_digit(digits: str) -> str:
    """The check digit of ISO 7064 MOD 11-2 for these digits: 0 to 9, or X."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    left = (12 - total % 11) % 11
    return "X" if left == 10 else str(left)

"""Words looked for in texts as they are stored, whatever the case and the database."""

from functools import reduce
from operator import or_

from django.db.models import Q


def holds(field: str, words: str) -> Q:
    """Whether the words are in the text. SQLite knows small and capital letters in ASCII only."""
    forms = {words}
    if not words.isascii():
        forms |= {words.lower(), words.upper(), words.capitalize(), words.title()}
    return reduce(or_, (Q(**{f"{field}__icontains": form}) for form in sorted(forms)))

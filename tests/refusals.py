"""Why the API may refuse with 400 what fits its description: reasons that no schema can tell."""

import re

import schemathesis
from schemathesis.core import NotSet

# What a door says, which knows texts and files; a type or a length the description has to tell.
OF_DOORS = r"(?!A valid |Not a |This field |This list |This cannot |Ensure ).*"
# By the place (numbers as N), and what is said of it.
REASONS = (
    # What is stored decides.
    (r".*", r"There is no such \w+( in this project| of this article)?\."),
    (r"/items/N", r"Not found\."),
    (r"/items/N", r"It was changed meanwhile.*"),
    (r".*", r"There is an? \w+ “.*” in this project already\."),
    (r"/slug", r"The slug “.*” is taken in this project\."),
    (r"/id|/items/N/id", r"This id is taken\. .*"),
    (r"Idempotency-Key|/items/N/change", r"This id of a change is taken\. .*"),
    (r"article", r"There is no such article here\."),
    (r"story|outlet", r"No article here is of this \w+\."),
    (r"author", r"“.*” (is not a member of|has nothing to do with) this project\."),
    (r"/key", r"The key \w makes “.*” already\."),
    # Cursors are given out, each for one list.
    (r"cursor", r"Take cursors from next and previous\."),
    (r"cursor", r"This cursor is of another list: .*"),
    (r"since", r"Take cursors from `next` and from entries of this project\."),
    # Characters that no text has: U+0000, and what nobody sees.
    (r".*", r"This is not JSON that can be read: a string holds .*"),
    (r".*", r"Null characters are not allowed\."),
    (r".*", r"The (name|note|text|reason) contains the hidden character U\+\w+\."),
    (r".*", r"This field may not be blank\."),
    (r"/(name|title)", r"The name is empty\."),
    # One value decides about another: places in a text, days, check digits.
    (r"(/items/N)?/spans.*|/place|/places.*", OF_DOORS),
    (r"/external_ids.*", r"“.*” is (not an id of|no ISNI).*"),
    (r"/aliases.*", r"The alias “.*” stands there .*"),
    (r"/(aliases|part_of).*", r".* ends before it begins\."),
    (r"qualifier|normalisation", r"“\w+” is not among them\. A network of .*"),
    (r"normalisation", r"“combine” names kinds of edges\. .*"),
    (r"until", r"This day is before the first one\."),
    (r"/slug", r"“” is not a slug.*"),  # made of a name that has nothing for one
    (r"/(raw|text|file)", OF_DOORS),  # what is in a file
    (r"", r"The same text is here already: .*"),
    (r"/audience", r"Analysts still work on .*"),
    # What an address is, and that it is a public one.
    (r"/url", r"This is not a full web address, such as .*"),
    (r"/url", r"The address .*"),
)


@schemathesis.check
def refused_for_what_is_stored(ctx, response, case) -> None:
    """What fits the description is refused with 400 for one of these reasons only."""
    meta = case.meta
    if response.status_code != 400 or meta is None or not meta.generation.mode.is_positive:
        return
    if isinstance(case.body, NotSet) and any(body.is_required for body in case.operation.body):
        return  # called positive although the body that is needed was left out
    problem = response.json()
    for fault in problem.get("errors", [problem]):
        named = fault.get("pointer") or fault.get("parameter") or fault.get("header") or ""
        place, said = re.sub(r"\d+", "N", named), fault["detail"]
        known = any(
            re.fullmatch(where, place) and re.fullmatch(reason, said, re.DOTALL)
            for where, reason in REASONS
        )
        if not known:
            raise AssertionError(f"{case.operation.label}: {place or 'the whole'}: {said}")

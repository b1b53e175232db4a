"""What each line of a scraped article is there for, from its wording, shape and place.

No step changes what an earlier one has said; what no step knows is body.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus_app.text.copies import mark_copies
from corpus_app.text.lines import Block, Line, Role, flat, paragraphs
from corpus_app.text.page import Page
from corpus_app.text.wording import mark_wording

OUTSIDE = (Role.BOILERPLATE, Role.DUPLICATE)


def assign(lines: Sequence[Line], known: Mapping[int, Role]) -> list[Line]:
    """The same lines, each with its known role or with the one found for it.

    What is known to be outside the article tells nothing about the rest, as if it were not there.
    """
    outside = [line for line in lines if known.get(line.number) in OUTSIDE]
    blocks = [
        Block(group, flat(" ".join(line.text for line in group)), known.get(group[0].number))
        for group in paragraphs([line for line in lines if known.get(line.number) not in OUTSIDE])
    ]
    mark_copies(blocks)
    mark_wording(blocks)
    page = Page(blocks)
    page.mark_title()
    page.mark_people()
    page.mark_head()
    page.mark_tail()
    page.mark_middle()
    found = [(line, block.role or Role.BODY) for block in blocks for line in block.lines]
    found += [(line, known[line.number]) for line in outside]
    return [replace(line, role=role) for line, role in sorted(found, key=lambda one: one[0].number)]

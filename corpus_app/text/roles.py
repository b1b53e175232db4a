"""What each line of a scraped article is there for, from its wording, shape and place.

No step changes what an earlier one has said; what no step knows is body.
"""

from collections.abc import Sequence
from dataclasses import replace

from corpus_app.text.copies import mark_copies
from corpus_app.text.lines import Block, Line, Role, flat, paragraphs
from corpus_app.text.page import Page
from corpus_app.text.wording import mark_wording


def assign(lines: Sequence[Line]) -> list[Line]:
    """The same lines, each with the role found for it."""
    blocks = [
        Block(group, flat(" ".join(line.text for line in group))) for group in paragraphs(lines)
    ]
    mark_copies(blocks)
    mark_wording(blocks)
    page = Page(blocks)
    page.mark_title()
    page.mark_people()
    page.mark_head()
    page.mark_tail()
    page.mark_middle()
    return [replace(line, role=block.role or Role.BODY) for block in blocks for line in block.lines]

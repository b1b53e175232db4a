"""Which lines a person had better look at: those whose shape speaks against their role."""

from collections.abc import Sequence

from corpus_app.text.lines import (
    LIST_ITEM,
    LONGEST_HEADING,
    Block,
    Line,
    Role,
    flat,
    is_dense,
    paragraphs,
)

FEW = 5  # words


def doubtful(lines: Sequence[Line]) -> set[int]:
    """The numbers of the lines whose role may be wrong.

    Text of a few words or without a stop, boilerplate that is prose, a heading as long as a
    paragraph, and every title after the first.
    """
    found: set[int] = set()
    titled = False
    for group in paragraphs(lines):
        role = group[0].role
        block = Block(group, flat(" ".join(line.text for line in group)))
        if _speaks_against(block, role) or (titled and role == Role.TITLE):
            found.update(line.number for line in group)
        titled = titled or role == Role.TITLE
    return found


def _speaks_against(block: Block, role: Role) -> bool:
    if role == Role.BODY:
        ended = block.prose or block.sentence or bool(LIST_ITEM.match(block.text))
        return not ended or (block.words <= FEW and not is_dense(block.text))
    if role == Role.BOILERPLATE:
        return block.prose
    if role in (Role.TITLE, Role.HEADING):
        return len(block.text) > 2 * LONGEST_HEADING
    return False

"""Text that an article's page holds twice: repeated stretches, and a body run together."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from corpus_app.text.lines import Block, Role

# A text's copy is recognised by stretches of this many signs, white space left out.
STRETCH = 24
SHORTEST_COPY = 80
SHORTEST_RUN_ON = 160
# An article run together is about half of all that is on the page.
LEAST_PART = 0.2


def mark_copies(blocks: list[Block]) -> None:
    """The second of two equal stretches of text, and a body run together on one line."""
    squeezed = ["".join(block.text.split()) for block in blocks]
    for index in _run_on_copies(squeezed):
        blocks[index].role = blocks[index].role or Role.DUPLICATE
    counts = Counter(squeezed)
    seen: set[str] = set()
    again = []
    for block, text in zip(blocks, squeezed, strict=True):
        # What is said more than twice is a refrain, such as an interviewer's question.
        again.append(block.role is None and text in seen and counts[text] == 2)
        seen.add(text)
    for repeated, run in groupby(range(len(blocks)), key=again.__getitem__):
        indices = list(run)
        # A short line may well be said twice; a long stretch is not.
        if repeated and sum(len(squeezed[index]) for index in indices) >= SHORTEST_COPY:
            for index in indices:
                blocks[index].role = Role.DUPLICATE


def _run_on_copies(texts: Sequence[str]) -> Iterator[int]:
    """Indices of texts that are mostly made of several of the other texts.

    Every text is cut into stretches once and few are searched, so the time is linear.
    """
    least = max(SHORTEST_RUN_ON, LEAST_PART * sum(map(len, texts)))
    long = [index for index, text in enumerate(texts) if len(text) >= least]
    long = [index for index in long if _parts_within(index, texts) > 1]
    if not long:
        return
    owners: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        for start in range(0, len(text) - STRETCH + 1, STRETCH):
            found = owners.setdefault(text[start : start + STRETCH], [])
            if len(found) < 3 and index not in found:
                found.append(index)
    for index in long:
        covered, sources = _covered(index, texts[index], owners)
        if covered >= 0.6 * len(texts[index]) and len(sources) > 1:
            yield index


def _parts_within(index: int, texts: Sequence[str]) -> int:
    """Of how many other texts the beginning, middle or end stands in this one.

    A glance, which spares most articles the search: none of their texts has any.
    """
    text = texts[index]
    return sum(
        any(other[at : at + STRETCH] in text for at in (0, len(other) // 2, len(other) - STRETCH))
        for n, other in enumerate(texts)
        if n != index and len(other) >= STRETCH
    )


def _covered(index: int, text: str, owners: dict[str, list[int]]) -> tuple[int, set[int]]:
    """How many signs of the text stand in other texts, and in which."""
    covered, position, sources = 0, 0, set()
    while position <= len(text) - STRETCH:
        found = owners.get(text[position : position + STRETCH])
        others = [owner for owner in found if owner != index] if found else None
        if others:
            sources.update(others)
            covered += STRETCH
        position += STRETCH if others else 1
    return covered, sources

"""What two texts have in common: shared stretches, word for word or nearly, and quotations."""

from corpus_app.likeness.buckets import (
    QUOTATIONS,
    SENTENCES,
    Plan,
    buckets,
    chunks,
    quoted_chunks,
)
from corpus_app.likeness.quotations import Fate, Quotation, fate, quotations, same_quotation
from corpus_app.likeness.stretches import Change, Stretch, difference, stretches
from corpus_app.likeness.words import Words, amount, words

__all__ = [
    "QUOTATIONS",
    "SENTENCES",
    "Change",
    "Fate",
    "Plan",
    "Quotation",
    "Stretch",
    "Words",
    "amount",
    "buckets",
    "chunks",
    "difference",
    "fate",
    "quotations",
    "quoted_chunks",
    "same_quotation",
    "stretches",
    "words",
]

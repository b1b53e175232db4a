"""One content out of several versions, field by field."""

import pytest

from annotations.combining import combined, common, fields_of
from annotations.content import Code, Content, Part, Tie

FACETS = {"f": "type", "n": "type", "calm": "frame", "storm": "frame"}
ONE = Content(
    "claim", ((0, 5, "Ferry"),), (Part("claimant", "ada"), Part("voice", None, "author")),
    (Code("f"), Code("calm", "support")), "quoted", "Hers.", "high", True, (Tie("restates", "c"),),
)  # fmt: skip
OTHER = Content(
    "claim", ((2, 5, "rry"), (7, 9, "is")), (Part("claimant", "bo"), Part("target", "cy")),
    (Code("n"), Code("storm", "oppose"), Code("calm", "oppose")), "reported", "", "low",
)  # fmt: skip
EVERY = fields_of("claim", ("type", "frame"))


def test_fields_are_read_from_the_words_to_the_note():
    assert EVERY == (
        "spans", "claimant", "target", "voice", "facet:type", "facet:frame", "attribution",
        "certainty", "note",
    )  # fmt: skip
    assert fields_of("mention", ("type",)) == (
        "spans", "named", "meant", "attribution", "certainty", "note",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("taken", "name", "value"),
    [
        ("spans", "spans", OTHER.spans),
        ("claimant", "parts", (Part("claimant", "bo"), Part("voice", None, "author"))),
        (
            "target", "parts",
            (Part("claimant", "ada"), Part("target", "cy"), Part("voice", None, "author")),
        ),
        ("voice", "parts", (Part("claimant", "ada"),)),
        ("facet:type", "codes", (Code("n"), Code("calm", "support"))),
        ("facet:frame", "codes", (Code("f"), Code("storm", "oppose"), Code("calm", "oppose"))),
        ("attribution", "attribution", "reported"),
        ("certainty", "certainty", "low"),
        ("note", "note", ""),
    ],
)  # fmt: skip
def test_one_field_is_taken_from_the_other_version_and_the_rest_from_the_one(taken, name, value):
    sources = {field: "other" if field == taken else "one" for field in EVERY}
    content = combined({"one": ONE, "other": OTHER}, sources, FACETS)
    silent = {"flagged": False, "links": ()}
    assert content == Content(**{**vars(ONE), **silent, name: value})


def test_what_agreeing_versions_remark_counts_only_if_all_do():
    alike = Content(**{**vars(ONE), "note": "His.", "flagged": False})
    assert common([ONE, ONE]) == Content(**{**vars(ONE), "flagged": False})
    assert common([ONE, alike]) == Content(**{**vars(alike), "note": ""})

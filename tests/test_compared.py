"""What versions say, field by field, and how far they disagree."""

import pytest

from annotations.compared import Terms, differences, differing, disagreement
from annotations.content import Code, Content, Part

TERMS = Terms(
    facets={"fact": "type", "norm": "type", "calm": "about", "rough": "about", "old": "about"},
    actors={"harbor": "harbour"},
    tags={"old": "calm"},
)


def claim(*spans, claimant="harbour", **values):
    spans = spans or ((0, 9),)
    parts = values.pop("parts", (Part("claimant", claimant),))
    return Content("claim", tuple((s, e, None) for s, e in spans), parts=parts, **values)


TABLE = {
    "the same": ((claim(), claim()), [], 0),
    "another stretch": ((claim((0, 9)), claim((0, 8))), ["spans"], 1 / 2),
    "the same stretch in two pieces": ((claim((0, 9)), claim((0, 4), (4, 9))), [], 0),
    "another claimant": ((claim(), claim(claimant="port")), ["claimant"], 1 / 2),
    "an actor that was merged": ((claim(), claim(claimant="harbor")), [], 0),
    "claimants in another order": (
        (claim(parts=(Part("claimant", "a"), Part("claimant", "b"))),
         claim(parts=(Part("claimant", "b"), Part("claimant", "a")))), [], 0,
    ),
    "voices in another order": (
        (claim(parts=(Part("voice", "a"), Part("voice", "b"))),
         claim(parts=(Part("voice", "b"), Part("voice", "a")))), ["voice"], 1 / 2,
    ),
    "a voice that endorses": (
        (claim(parts=(Part("voice", "a"),)), claim(parts=(Part("voice", "a", "", "endorses"),))),
        ["voice"], 1 / 2,
    ),
    "a stand-in and an actor": (
        (claim(parts=(Part("claimant", None, "author"),)), claim()), ["claimant"], 1 / 2,
    ),
    "a field that one leaves empty": (
        (claim(attribution="quoted"), claim()), ["attribution"], 1 / 3,
    ),
    "another tag": ((claim(codes=(Code("fact"),)), claim(codes=(Code("norm"),))),
                    ["facet:type"], 1 / 3),
    "a tag that was merged": (
        (claim(codes=(Code("calm", "support"),)), claim(codes=(Code("old", "support"),))), [], 0,
    ),
    "another stance": (
        (claim(codes=(Code("calm", "support"),)), claim(codes=(Code("calm", "oppose"),))),
        ["stance:about"], 1 / 4,
    ),
    "a stance of a tag that one only has": (
        (claim(codes=(Code("calm", "support"),)),
         claim(codes=(Code("calm", "support"), Code("rough", "oppose")))), ["facet:about"], 1 / 4,
    ),
    "how sure and what is noted": (
        (claim(certainty="high", note="Look!", flagged=True), claim(certainty="low")), [], 0,
    ),
    "one of three": ((claim(), claim(), claim((0, 5))), ["spans"], 1 / 2),
    "overlooked by one of two": ((claim(codes=(Code("fact"),)), None), ["marked"], 1),
    "overlooked by one of three": ((claim(), claim(), None), ["marked"], 1 / 3),
    "overlooked by two of three": ((claim(), None, None), ["marked"], 1),
    "a single coder": ((claim(),), [], 0),
}  # fmt: skip


@pytest.mark.parametrize(("versions", "fields", "share"), TABLE.values(), ids=TABLE)
def test_versions(versions, fields, share):
    assert differing(versions, TERMS) == fields
    assert disagreement(versions, TERMS) == pytest.approx(share)
    assert disagreement(versions[::-1], TERMS) == pytest.approx(share)


def test_every_field_that_somebody_fills_in_is_told_in_order():
    one = claim(codes=(Code("rough", "oppose"), Code("fact")), certainty="high")
    other = claim((3, 9), codes=(Code("fact"),))
    assert list(differences([one, None, other], TERMS).items()) == [
        ("marked", ["yes", "no", "yes"]),
        ("spans", ["0-9", None, "3-9"]),
        ("claimant", ["harbour", None, "harbour"]),
        ("certainty", ["high", None, None]),
        ("facet:type", ["fact", None, "fact"]),
        ("facet:about", ["rough", None, None]),
    ]
    assert differences([], TERMS) == {}

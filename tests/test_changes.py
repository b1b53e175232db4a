"""What an event changed, in words."""

import pytest

from corpus_app.changes import changes, in_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        ("", "–"),
        ([], "–"),
        ({}, "–"),
        (0, "0"),
        (True, "yes"),
        (False, "no"),
        (["a", "b"], "a; b"),
        ({"role": "target", "actor": "id-1", "stands_for": ""}, "role: target, actor: Harbour"),
        ([{"tag": "id-1", "stance": None}], "tag: Harbour"),
    ],
)
def test_a_value_reads_in_words(value, words):
    assert in_words(value, {"id-1": "Harbour"}) == words


def test_only_what_differs_is_told():
    before = {"name": "Harbour", "kind": "state", "notes": ""}
    after = {"name": "Harbour", "kind": "place", "notes": None, "part_of": "Town"}
    assert changes(before, after) == [("kind", "state", "place"), ("part of", "–", "Town")]


def test_a_creation_tells_what_was_given():
    assert changes(None, {"name": "Harbour", "notes": ""}) == [("name", "–", "Harbour")]

"""Rules learnt from a person's corrections, and what they do to other pages."""

import json
from pathlib import Path

import pytest

from corpus_app.text import Line, Role, classify, learnt
from corpus_app.text.learnt import Proposal, Rule

PROSE = "The ferries of the strait sail again, and nobody in the harbour can say for how long. " * 3
CASES = json.loads(Path("tests/data/learnt.json").read_text())


def page(*lines: str) -> list[Line]:
    """Lines from "role: text", numbered from 1; `*` stands for a paragraph of prose."""
    parts = (line.partition(": ")[::2] for line in lines)
    return [
        Line(number, PROSE if text == "*" else text, Role(role))
        for number, (role, text) in enumerate(parts, start=1)
    ]


def rule(how: str, known_by: str | int, role: str) -> Rule:
    by_place = isinstance(known_by, int)
    return Rule(how, "" if by_place else known_by, known_by if by_place else None, role)


def roles(lines) -> list[str]:
    return [line.role.value for line in lines]


@pytest.mark.parametrize("case", CASES["learn"], ids=lambda case: case["name"])
def test_a_correction_is_turned_into_the_rules_that_are_behind_it(case):
    corrected = page(*case["left"])
    before = [
        Line(line.number, line.text, Role(case["was"].get(str(line.number), line.role)))
        for line in corrected
    ]
    found = learnt.learn(before, corrected)
    assert [str(proposal.rule) for proposal in found if proposal.likeliest] == case["likeliest"]
    assert [str(proposal.rule) for proposal in found if not proposal.likeliest] == case["others"]


@pytest.mark.parametrize("case", CASES["apply"], ids=lambda case: case["name"])
def test_a_rule_changes_the_lines_it_is_meant_for(case):
    lines = page(*case["lines"])
    done = learnt.ruled(lines, [rule(*given) for given in case["rules"]])
    changed = {
        str(new.number): new.role.value
        for old, new in zip(lines, done.lines, strict=True)
        if new.role != old.role
    }
    assert changed == case["changed"]
    assert [str(refused) for refused in done.refused] == case.get("refused", [])


def test_every_line_keeps_its_number_and_its_text():
    lines = page("title: A", "boilerplate: Share", "body: *")
    done = learnt.apply(lines, [rule("words", "share", "bio")])
    assert [(line.number, line.text) for line in done] == [(n.number, n.text) for n in lines]


def test_the_line_that_a_rule_decided_names_the_rule():
    share = rule("words", "Share", "boilerplate")
    done = learnt.ruled(page("body: *", "body: share"), [share])
    assert done.by == {2: share}


def test_learnt_rules_make_the_same_corrections_again():
    before = page("title: Calm", "body: Ada Quill", "body: *", "body: Join us", "body: 3 replies")
    left = page(
        "title: Calm", "byline: Ada Quill", "body: *", "boilerplate: Join us",
        "boilerplate: 3 replies",
    )  # fmt: skip
    rules = [proposal.rule for proposal in learnt.learn(before, left) if proposal.likeliest]
    assert learnt.apply(before, rules) == left


def test_nothing_is_learnt_where_nothing_was_corrected():
    lines = page("title: Calm", "body: *")
    assert learnt.learn(lines, lines) == []


def test_one_rule_for_several_corrections_is_proposed_once():
    left = page("body: *", *["boilerplate: More like this"] * 3)
    before = page("body: *", *["body: More like this"] * 3)
    share = rule("words", "More like this", "boilerplate")
    assert learnt.learn(before, left)[0] == Proposal(share, (2, 3, 4), likeliest=True)


def test_the_corrections_of_a_long_page_are_learnt_from_in_no_time():
    left = page("body: *", *(f"boilerplate: Line {number} of them" for number in range(4999)))
    before = [Line(line.number, line.text, Role.BODY) for line in left]
    assert [str(proposal.rule) for proposal in learnt.learn(before, left)][:1] == [
        "Lines that read “Line 0 of them” (with any number) are boilerplate"
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 comments", "3 COMMENTS"),
        ("1,204.5 km", "7 km"),
        ("Don’t  miss", "don't miss"),
        ("“So”", '"so"'),
        ("A — B", "a - b"),
        ("١٢ تعليق", "٣ تعليق"),
        ("Share\u00a0this\t", "share this"),
    ],
)
def test_the_same_words_are_the_same_in_any_dress(one, other):
    assert learnt.key(one) == learnt.key(other)


@pytest.mark.parametrize(("one", "other"), [("Share", "Share it"), ("", "0"), ("Étude", "Etude")])
def test_other_words_are_other_words(one, other):
    assert learnt.key(one) != learnt.key(other)


def test_rules_fit_the_lines_of_a_page_as_the_cleaner_reads_it():
    lines = classify(f"Calm\n\nAda Quill\n\n{PROSE}\n\nJoin our circle of readers\n")
    done = learnt.apply(lines, [rule("place", 2, "byline"), rule("place", -1, "boilerplate")])
    assert roles(done) == ["title", "byline", "body", "boilerplate"]

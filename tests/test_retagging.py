"""Tags that become one, tags that are parted, and the way back: equal before and after."""

import contextlib
import json
import uuid
from dataclasses import replace

import pytest

from annotations import annotating, codebook, retagging
from annotations.codebook import TagValues
from annotations.content import Content
from annotations.exchange import claims
from annotations.models import (
    Annotation,
    Assignment,
    ClaimTag,
    Coding,
    Facet,
    Participant,
    Recoding,
    Span,
    TagMerger,
)
from annotations.orders import OperatingError
from corpus_app.access import Forbidden
from corpus_app.history import Stale
from corpus_app.models import Article, Event, Operation
from tests import factories
from tests.exchange import lasting
from tests.test_doors_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, "curator")


@pytest.fixture
def tags(project, curator):
    """Two propositions, calm and quiet, with stances, and fact and norm of another facet."""
    factories.small_codebook(project, by=curator)
    facet = Facet.objects.get(slug="proposition")
    values = TagValues("The strait is quiet", slug="quiet", key="q", position=3)
    codebook.create_tag(by=curator, facet=facet, values=values)
    return {tag.slug: tag for tag in ClaimTag.objects.all()}


@pytest.fixture
def article(project, curator, tags):
    return factories.article(project, by=curator)


def merge(curator, source, target):
    return retagging.merge_tags(by=curator, source=source, target=target, reason="The same.")


def codes(annotation) -> list[tuple[str, str, int]]:
    rows = annotation.codings.values_list("tag__slug", "stance", "definition_number")
    return sorted(rows)


def many(article, author, number: int, *codings: tuple[ClaimTag, str]) -> None:
    """So many claims of the author with these codings, straight into the tables."""
    revision, own = article.revisions.get(), {"project_id": article.project_id}
    claims = Annotation.objects.bulk_create(
        Annotation(
            **own, id=uuid.uuid4(), article=article, revision=revision, author=author,
            kind="claim", state="complete",
        )
        for _ in range(number)
    )  # fmt: skip
    quote = revision.text[:5]
    Span.objects.bulk_create(Span(**own, annotation=c, start=0, end=5, quote=quote) for c in claims)
    Participant.objects.bulk_create(
        Participant(**own, annotation=c, role="claimant", stands_for="author") for c in claims
    )
    Coding.objects.bulk_create(
        Coding(**own, annotation=c, tag=tag, stance=stance, definition_number=1)
        for c in claims
        for tag, stance in codings
    )


def test_the_codings_of_a_merged_tag_are_the_others(project, curator, tags, article):
    analyst = factories.member(project)
    claim = factories.claim(article, analyst, codes=(factories.coded(tags["quiet"], "oppose"),))
    codebook.change_tag(
        by=curator, tag=tags["calm"], seen=1,
        values=TagValues(tags["calm"].label, slug="calm", definition="No waves."),
    )  # fmt: skip
    merger = merge(curator, tags["quiet"], tags["calm"])
    claim.refresh_from_db()
    assert codes(claim) == [("calm", "oppose", 2)]
    assert claim.version == 2
    source = ClaimTag.objects.get(slug="quiet")
    assert (source.merged_into, bool(source.retired), source.version) == (tags["calm"], True, 2)
    assert (merger.whole, merger.operation.what, merger.operation.number) == (True, "merge", 2)
    told = Event.objects.filter(operation=merger.operation).order_by("noun")
    assert [(e.noun, e.verb, e.by, e.reason, e.author) for e in told] == [
        ("annotation", "recoded", curator, "The same.", analyst),
        ("claimtag", "merged", curator, "The same.", None),
    ]
    assert told[0].after == annotating.snapshot(claim)
    assert told[1].after["merged_into"] == "calm"


@pytest.mark.parametrize(
    ("own", "others", "kept", "differing"),
    [
        ("support", "oppose", "oppose", 1),
        ("support", "", "support", 0),
        ("", "oppose", "oppose", 0),
        ("oppose", "oppose", "oppose", 0),
    ],
)
def test_of_two_codings_one_stays_and_the_other_is_told(
    project, curator, tags, article, own, others, kept, differing
):
    both = (factories.coded(tags["quiet"], own), factories.coded(tags["calm"], others))
    claim = factories.claim(article, factories.member(project), codes=both)
    before = annotating.snapshot(claim)
    told = retagging.forecast(source=tags["quiet"], target=tags["calm"])
    assert (told.preview.number, told.both, told.differing) == (1, 1, differing)
    merger = merge(curator, tags["quiet"], tags["calm"])
    assert codes(claim) == [("calm", kept, 1)]
    assert Event.objects.get(operation=merger.operation, noun="annotation").before == before
    retagging.undo(by=curator, merger=merger, reason="They differ.")
    claim.refresh_from_db()
    assert annotating.snapshot(Annotation.objects.get()) == before


def test_deleted_and_handed_in_work_and_gold_follow_as_well(project, curator, tags, article):
    analyst = factories.member(project)
    code = (factories.coded(tags["quiet"], "oppose"),)
    removed = factories.claim(article, analyst, codes=code)
    annotating.remove(by=analyst, annotation=removed, seen=1)
    factories.claim(article, analyst, codes=code)
    Assignment.objects.update(state="handed_in")
    annotating.create(
        by=curator, revision=article.revisions.get(), layer="gold",
        content=Content("claim", ((0, 5, None),), codes=code),
    )  # fmt: skip
    told = retagging.forecast(source=tags["quiet"], target=tags["calm"])
    assert (told.preview.number, told.gold, told.removed) == (3, 1, 1)
    merge(curator, tags["quiet"], tags["calm"])
    assert set(Coding.objects.values_list("tag__slug", flat=True)) == {"calm"}
    assert Annotation.objects.exclude(deleted=None).count() == 1


def test_tags_under_a_merged_one_follow_and_come_back(project, curator, tags):
    values = TagValues("Very quiet", slug="very", parent=tags["quiet"])
    child = codebook.create_tag(by=curator, facet=tags["quiet"].facet, values=values)
    merger = merge(curator, tags["quiet"], tags["calm"])
    child.refresh_from_db()
    assert child.parent == tags["calm"]
    retagging.undo(by=curator, merger=merger, reason="No.")
    child.refresh_from_db()
    assert (child.parent, child.version) == (tags["quiet"], 3)
    with pytest.raises(retagging.RetaggingError, match="stands under"):
        merge(curator, tags["quiet"], child)


def test_many_codings_are_merged_and_come_back(project, curator, tags, article):
    """Equal is the native export but for versions and moments of change of annotations.

    The benchmark of a team's work does the same to more than ten thousand.
    """
    number = 1_200
    one, other = factories.member(project), factories.member(project)
    many(article, one, number - 100, (tags["quiet"], "support"), (tags["fact"], ""))
    both = ((tags["quiet"], "support"), (tags["calm"], "oppose"), (tags["norm"], ""))
    many(article, other, 100, *both)
    before = lasting(curator, project)
    merger = merge(curator, tags["quiet"], tags["calm"])
    assert Coding.objects.filter(tag=tags["quiet"]).count() == 0
    assert Coding.objects.filter(tag=tags["calm"]).count() == number
    assert merger.operation.number == number + 1
    outcome = retagging.undo(by=curator, merger=merger, reason="They differ after all.")
    assert outcome.stays == {}
    assert lasting(curator, project) == before


def test_an_undo_leaves_what_was_tagged_anew_since(project, curator, tags, article):
    analyst = factories.member(project)
    code = (factories.coded(tags["quiet"], "oppose"),)
    one, other = (factories.claim(article, analyst, n, n + 3, codes=code) for n in (0, 4))
    merger = merge(curator, tags["quiet"], tags["calm"])
    content = Content("claim", ((0, 3, None),), codes=(factories.coded(tags["calm"], "support"),))
    one.refresh_from_db()
    annotating.rewrite(by=analyst, annotation=one, seen=2, content=content)
    assert retagging.looked_back(merger=merger).stays == {"changed since then": 1}
    outcome = retagging.undo(by=curator, merger=merger, reason="They differ.")
    assert outcome.stays == {"changed since then": 1}
    assert (codes(one), codes(other)) == ([("calm", "support", 1)], [("quiet", "oppose", 1)])
    source = ClaimTag.objects.get(slug="quiet")
    assert (source.merged_into, source.retired) == (None, None)
    with pytest.raises(retagging.RetaggingError, match="taken back already"):
        retagging.undo(by=curator, merger=merger, reason="Again.")
    merge(curator, source, ClaimTag.objects.get(slug="calm"))
    assert TagMerger.objects.filter(undone=None).count() == 1


def test_what_was_merged_further_comes_back_in_turn(project, curator, tags, article):
    claim = factories.claim(
        article, factories.member(project), codes=(factories.coded(tags["quiet"], "oppose"),)
    )
    values = TagValues("Still", slug="still")
    still = codebook.create_tag(by=curator, facet=tags["calm"].facet, values=values)
    first = merge(curator, tags["quiet"], tags["calm"])
    second = merge(curator, ClaimTag.objects.get(slug="calm"), still)
    first.refresh_from_db()
    with pytest.raises(retagging.RetaggingError, match="Take that back first"):
        retagging.undo(by=curator, merger=TagMerger.objects.get(pk=first.pk), reason="No.")
    retagging.undo(by=curator, merger=second, reason="No.")
    retagging.undo(by=curator, merger=TagMerger.objects.get(pk=first.pk), reason="No.")
    assert codes(claim) == [("quiet", "oppose", 1)]


def test_a_tag_is_split_and_the_parts_come_together_again(project, curator, tags, article):
    analyst = factories.member(project)
    code = (factories.coded(tags["calm"], "oppose"),)
    one, other = (factories.claim(article, analyst, n, n + 3, codes=code) for n in (0, 4))
    before = lasting(curator, project)
    split = retagging.split_tag(
        by=curator, source=tags["calm"], annotations=[one.pk], reason="Two things.",
        values=TagValues("The bay is calm", slug="bay"),
    )  # fmt: skip
    assert (codes(one), codes(other)) == ([("bay", "oppose", 1)], [("calm", "oppose", 1)])
    assert (split.whole, split.target.slug, split.operation.number) == (False, "bay", 2)
    assert ClaimTag.objects.get(slug="calm").retired is None
    retagging.undo(by=curator, merger=split, reason="One thing.")
    made = ClaimTag.objects.get(slug="bay")
    assert made.retired is not None
    after = lasting(curator, project)
    known = [line for line in after if line.get("slug") != "bay" and line["is"] != "trailer"]
    assert known == before[:-1]


def test_a_part_goes_to_a_tag_that_is_there(project, curator, tags, article):
    claim = factories.claim(
        article, factories.member(project), codes=(factories.coded(tags["calm"], "oppose"),)
    )
    arguments = {"by": curator, "target": tags["quiet"], "reason": "So."}
    retagging.split_tag(source=tags["calm"], annotations=[claim.pk], **arguments)
    assert codes(claim) == [("quiet", "oppose", 1)]
    with pytest.raises(retagging.RetaggingError, match="None of these annotations"):
        retagging.split_tag(source=tags["calm"], annotations=[claim.pk], **arguments)
    assert Operation.objects.count() == 1


@pytest.mark.parametrize(
    ("source", "target", "told"),
    [
        ("calm", "calm", "into itself"),
        ("fact", "calm", "within one facet only"),
        ("calm", "retired", "is retired, so it takes no codings"),
        ("merged", "calm", "is merged already"),
        ("calm", "merged", "is merged into another tag"),
    ],
)
def test_mergers_that_cannot_be_are_refused(project, curator, tags, source, target, told):
    for slug in ("retired", "merged"):
        values = TagValues(slug, slug=slug)
        tags[slug] = codebook.create_tag(by=curator, facet=tags["calm"].facet, values=values)
    codebook.retire(by=curator, thing=tags["retired"], seen=1)
    merge(curator, tags["merged"], tags["quiet"])
    tags = {tag.slug: tag for tag in ClaimTag.objects.all()}
    with pytest.raises(retagging.RetaggingError, match=told):
        merge(curator, tags[source], tags[target])
    with pytest.raises(retagging.RetaggingError, match=told):
        retagging.forecast(source=tags[source], target=tags[target])
    assert Operation.objects.count() == 1


def test_a_tag_that_is_being_coded_again_is_not_merged(project, curator, tags):
    Recoding.objects.create(project=project, tag=tags["quiet"], by=curator, definition_number=1)
    with pytest.raises(retagging.RetaggingError, match="coded again"):
        merge(curator, tags["quiet"], tags["calm"])


def test_a_key_that_was_given_away_must_be_free_again(project, curator, tags):
    merger = merge(curator, tags["quiet"], tags["calm"])
    values = TagValues("Question", key="q")
    codebook.create_tag(by=curator, facet=tags["fact"].facet, values=values)
    with pytest.raises(retagging.RetaggingError, match="The key q makes “Question” already"):
        retagging.undo(by=curator, merger=merger, reason="No.")


def test_a_merged_tag_is_not_revived_by_itself(project, curator, tags):
    merge(curator, tags["quiet"], tags["calm"])
    source = ClaimTag.objects.get(slug="quiet")
    with pytest.raises(codebook.CodebookError, match="is merged into"):
        codebook.revive(by=curator, thing=source, seen=source.version)


def test_only_curators_with_a_reason_merge_tags(project, curator, tags):
    told = {"source": tags["quiet"], "target": tags["calm"]}
    with pytest.raises(Forbidden):
        retagging.merge_tags(by=factories.member(project), reason="Mine.", **told)
    with pytest.raises(OperatingError, match="Say why"):
        retagging.merge_tags(by=curator, reason=" ", **told)


# Who still asks for the merged tag


def test_whoever_still_has_the_old_codebook_means_the_tag_that_stands_for_it(
    project, curator, tags, article
):
    analyst = factories.member(project)
    merge(curator, tags["quiet"], tags["calm"])
    one = factories.claim(article, analyst, codes=(factories.coded(tags["quiet"], "oppose"),))
    both = (factories.coded(tags["quiet"], "oppose"), factories.coded(tags["calm"]))
    two = factories.claim(article, analyst, 4, 7, codes=both)
    assert [codes(one), codes(two)] == [[("calm", "oppose", 1)]] * 2


def test_an_import_and_a_filter_follow_a_merger(project, curator, tags, article, client):
    merge(curator, tags["quiet"], tags["calm"])
    Article.objects.update(raw_name="strait.txt")
    row = {
        "file": "strait.txt", "quote": "strait is calm.", "propositions": {"quiet": "oppose"},
        "claimant": "@author",
    }  # fmt: skip
    report = claims.import_jsonl(by=curator, project=project, text=json.dumps(row))
    assert (report.stored, report.problems) == (1, [])
    claim = Annotation.objects.get()
    assert codes(claim) == [("calm", "oppose", 1)]
    client.force_login(curator)
    for tag, number in ((tags["quiet"], 1), (tags["calm"], 1), (tags["fact"], 0)):
        answer = client.get(f"/api/v1/annotations/?tag={tag.pk}").json()
        assert len(answer["results"]) == number


@pytest.mark.django_db(transaction=True)
def test_who_writes_while_tags_are_merged_waits_or_is_told_that_it_changed(
    project, curator, tags, article
):
    analyst = factories.member(project)
    factories.assigned(article, analyst)
    many(article, analyst, 40, (tags["calm"], "support"))
    own = list(Annotation.objects.with_parts().order_by("pk"))

    def write(annotations):
        for one in annotations:
            content = replace(annotating.content_of(one), note="Seen.")
            with contextlib.suppress(Stale):
                annotating.rewrite(by=analyst, annotation=one, seen=1, content=content)

    ended = at_once(
        lambda: merge(curator, tags["calm"], tags["quiet"]),
        *(lambda part=part: write(own[part::3]) for part in range(3)),
    )
    assert ended == {"done": 4}
    assert Annotation.objects.filter(codings__tag=tags["quiet"]).count() == 40

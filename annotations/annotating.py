"""The door through which every annotation is made, changed, removed and restored.

A write states the version it saw and is refused when that is stale. A change sent twice is made
once: creations are known by the annotation's own id, later changes by the id of their event.
Stretches counted in a text that was corrected since are brought forward (`carrying`).
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations import assigning, carrying
from annotations.checking import AnnotatingError, Checked, check, check_links
from annotations.content import Code, Content, Tie, by_role
from annotations.models import Annotation, ClaimTag, Coding, Link, Participant, Span
from corpus_app.history import Stale, advance, made_before, record, require_undoable
from corpus_app.models import Event, Revision, User

PLAIN = ("attribution", "certainty", "note", "flagged")  # what is said in one value each


def create(
    *,
    by: User,
    revision: Revision,
    content: Content,
    author: User | None = None,
    id: uuid.UUID | None = None,
    layer: str = Annotation.Layer.ANALYST,
    origin: str = Annotation.Origin.HUMAN,
    tool: str = "",
    tool_version: str = "",
    change: uuid.UUID | None = None,
    definitions: Mapping[str, int] | None = None,
) -> tuple[Annotation, bool]:
    """The stored annotation, and whether this call made it (not so when it was sent before).

    Made on an older revision it is brought forward to the newest, or put into the tray.

    Work that was done earlier and elsewhere comes with the number of the definition that each
    tag (a UUID as text) was given under; then tags and actors may be retired meanwhile, and it
    stays with the revision on which it was done.

    Raises AnnotatingError for bad content, an id that is taken, or an article handed in.
    """
    wanted = Annotation(
        id=id or uuid.uuid4(), project=revision.project, article_id=revision.article_id,
        revision=revision, author=author or by, kind=content.kind, layer=layer, origin=origin,
        tool=tool, tool_version=tool_version,
    )  # fmt: skip
    try:
        with transaction.atomic():
            return _insert(by, wanted, content, change, definitions), True
    except (IntegrityError, AnnotatingError):
        # A copy is not judged again: the article may be handed in since the first arrived.
        if (id and (sent_before := _sent_before(wanted))) or (
            change and (sent_before := _made_by(change, wanted))
        ):
            return sent_before, False
        raise


@transaction.atomic
def rewrite(
    *,
    by: User,
    annotation: Annotation,
    seen: int,
    content: Content,
    counted_in: Revision | None = None,
    change: uuid.UUID | None = None,
    undoes: uuid.UUID | None = None,
) -> Annotation:
    """The annotation with this content, standing again if it was deleted.

    `counted_in` is the text that the writer saw and counted in, if it may be another than the
    annotation's own: that it was moved to a newer one meanwhile is no reason to refuse her.

    Raises Stale if it has moved on since version `seen`; AnnotatingError as `create` does.
    """
    sent = {"content": content, "counted_in": counted_in}
    if _made_before(annotation, change, "changed", "restored", **sent):
        return annotation
    _require_open(by, annotation)
    # Of two copies sent at once, the second has waited for the first until here.
    if _made_before(annotation, change, "changed", "restored", **sent):
        return annotation
    seen = carrying.seen_now(annotation, seen, counted_in)
    if seen < annotation.version:
        raise Stale(Annotation.objects.get(pk=annotation.pk))
    there = carrying.standing(annotation, content, counted_in or annotation.revision)
    before = snapshot(annotation)
    kept = {str(c.tag_id): c for c in annotation.codings.all()}
    checked = check(there.revision, there.content, kept_tags=kept, kept_actors=_actor_ids(before))
    check_links(by, annotation, content, kept=_linked_before(annotation, content))
    was_deleted = annotation.deleted
    advance(
        annotation, seen=seen, revision=there.revision, kind=content.kind, state=checked.state,
        deleted=None, **_plain(content),
    )  # fmt: skip
    _drop_parts(annotation)
    after = _write_parts(annotation, checked, kept)
    there.note(annotation)
    verb = "restored" if was_deleted else "changed"
    _record(by, verb, annotation, before, after, change, undoes)
    return annotation


@transaction.atomic
def link(*, by: User, annotation: Annotation, links: Sequence[Tie]) -> Annotation:
    """The claim with these links instead of those it had.

    For work that was done elsewhere: what it leads to is stored after it. Raises AnnotatingError.
    """
    _require_open(by, annotation)
    before = snapshot(annotation)
    content = replace(Content.from_dict(before), links=tuple(links))
    check_links(by, annotation, content)
    advance(annotation, seen=annotation.version)
    annotation.links.all().delete()
    _write_links(annotation, content)
    after = {**before, "links": content.as_dict()["links"]}
    _record(by, "changed", annotation, before, after, None, None)
    return annotation


@transaction.atomic
def recode(
    *,
    by: User,
    annotation: Annotation,
    tag: ClaimTag,
    number: int,
    stance: str | None,
    reason: str = "",
    undoes: uuid.UUID | None = None,
) -> Annotation:
    """The claim with one tag said anew under its definition of this number; nothing else changes.

    `stance` is None where the tag does not apply. It may be done to work that is handed in: the
    step above asked for exactly this. A claim that then lacks what the codebook requires is
    incomplete. Raises AnnotatingError for one that is removed, and as `rewrite` does.
    """
    annotation.refresh_from_db(from_queryset=Annotation.objects.select_for_update(no_key=True))
    if annotation.deleted:
        raise AnnotatingError("This annotation has been removed meanwhile.")
    before, own = snapshot(annotation), {"annotation": annotation, "tag": tag}
    content = Content.from_dict(before)
    kept = {code.tag for code in content.codes} | {str(tag.pk)}
    codes = tuple(code for code in content.codes if code.tag != str(tag.pk))
    if stance is not None:
        codes += (Code(str(tag.pk), stance),)
    content = replace(content, codes=codes)
    checked = check(annotation.revision, content, dict.fromkeys(kept), _actor_ids(before))
    advance(annotation, seen=annotation.version, state=checked.state)
    if stance is None:
        Coding.objects.filter(**own).delete()
    else:
        said = {"stance": stance, "definition_number": number, "project_id": tag.project_id}
        Coding.objects.update_or_create(**own, defaults=said)
    record(
        by=by, verb="recoded", thing=annotation, before=before, after=snapshot(annotation),
        article_id=annotation.article_id, author=annotation.author, reason=reason, undoes=undoes,
    )  # fmt: skip
    return annotation


@transaction.atomic
def remove(
    *,
    by: User,
    annotation: Annotation,
    seen: int,
    counted_in: Revision | None = None,
    change: uuid.UUID | None = None,
    undoes: uuid.UUID | None = None,
) -> Annotation:
    """The annotation, deleted but restorable. Raises Stale; AnnotatingError if handed in.

    `counted_in` as in `rewrite`.
    """
    if annotation.deleted or _made_before(annotation, change, "removed"):
        return annotation
    _require_open(by, annotation)
    if _made_before(annotation, change, "removed"):
        return annotation
    before = snapshot(annotation)
    seen = carrying.seen_now(annotation, seen, counted_in)
    advance(annotation, seen=seen, deleted=timezone.now())
    after = {**before, "deleted": annotation.deleted.isoformat()}
    _record(by, "removed", annotation, before, after, change, undoes)
    return annotation


def restore(
    *,
    by: User,
    annotation: Annotation,
    seen: int,
    version: int,
    counted_in: Revision | None = None,
    change: uuid.UUID | None = None,
    undoes: uuid.UUID | None = None,
) -> Annotation:
    """The annotation as it was at an earlier version, as a new version.

    What was said of an older text is brought forward. `counted_in` as in `rewrite`. Raises Stale,
    and AnnotatingError if there was no such version.
    """
    then = Event.objects.filter(
        noun="annotation", object_id=str(annotation.pk), version=version
    ).first()
    if then is None or then.after is None:
        raise AnnotatingError(version=f"This annotation has no version {version}.")
    if _made_before(annotation, change, "changed", "restored", "removed"):
        return annotation
    if carrying.seen_now(annotation, seen, counted_in) != annotation.version:
        raise Stale(annotation)
    arguments = {
        "by": by, "annotation": annotation, "seen": annotation.version, "change": change,
        "undoes": undoes,
    }  # fmt: skip
    if then.after["deleted"]:
        return remove(**arguments)
    counted_in = carrying.revision_of(then)
    return rewrite(**arguments, content=Content.from_dict(then.after), counted_in=counted_in)


def content_of(annotation: Annotation) -> Content:
    """What the stored annotation says; reads spans, participants, codings and links."""
    return Content.from_dict(snapshot(annotation))


def snapshot(annotation: Annotation) -> dict[str, Any]:
    """The stored annotation as JSON values: its content, text, state, layer and deletion."""
    parts = (annotation.spans, annotation.participants, annotation.codings, annotation.links)
    return as_values(annotation, *(part.all() for part in parts))


def as_values(
    annotation: Annotation,
    spans: Iterable[Span],
    participants: Iterable[Participant],
    codings: Iterable[Coding],
    links: Iterable[Link],
) -> dict[str, Any]:
    """What `snapshot` gives, of parts that were read already, each in its order."""
    return {
        "kind": annotation.kind,
        "spans": [{"start": s.start, "end": s.end, "quote": s.quote} for s in spans],
        "participants": [
            {
                "role": p.role,
                "actor": str(p.actor_id) if p.actor_id else None,
                "stands_for": p.stands_for,
                "endorsement": p.endorsement,
            }
            for p in participants
        ],
        "codings": _codings(codings),
        **_plain(annotation),
        "links": [{"relation": link.relation, "claim": str(link.claim_id)} for link in links],
        **_standing(annotation),
    }


def written(
    annotation: Annotation, content: Content, definitions: Mapping[str, int]
) -> dict[str, Any]:
    """What `snapshot` gives, of an annotation that was just written with this content.

    `definitions` are the numbers under which its tags (UUIDs as text) were given.
    """
    codings = [
        {"tag": code.tag, "stance": code.stance, "definition": definitions[code.tag]}
        for code in content.codes
    ]
    return {**content.as_dict(), "codings": codings, **_standing(annotation)}


def _plain(told: Annotation | Content) -> dict[str, Any]:
    return {name: getattr(told, name) for name in PLAIN}


def _codings(codings: Iterable[Coding]) -> list[dict[str, Any]]:
    return [
        {"tag": str(c.tag_id), "stance": c.stance, "definition": c.definition_number}
        for c in codings
    ]


def _standing(annotation: Annotation) -> dict[str, Any]:
    return {
        "revision": str(annotation.revision_id),
        "state": annotation.state,
        "layer": annotation.layer,
        "deleted": annotation.deleted.isoformat() if annotation.deleted else None,
    }


def _sent_before(wanted: Annotation) -> Annotation | None:
    """The annotation that an earlier copy of this creation made."""
    stored = Annotation.objects.filter(pk=wanted.pk).first()
    if stored and (stored.author_id, stored.article_id) != (wanted.author_id, wanted.article_id):
        raise AnnotatingError(id="This id is taken. Make a new one and send again.")
    return stored


def _made_by(change: uuid.UUID, wanted: Annotation) -> Annotation | None:
    """The annotation that an earlier copy of this creation, without an id of its own, made."""
    event = Event.objects.filter(pk=change).first()
    if event is None:
        return None
    same = Annotation.objects.filter(author=wanted.author_id, article=wanted.article_id)
    found = same.filter(pk=event.object_id).first() if event.noun == "annotation" else None
    if found is None or event.verb != "created":
        raise AnnotatingError(change="This id of a change is taken. Make a new one.")
    return found


def _made_before(
    annotation: Annotation,
    change: uuid.UUID | None,
    *verbs: str,
    content: Content | None = None,
    counted_in: Revision | None = None,
) -> bool:
    """Whether the change was made already; then the annotation is read anew.

    Raises AnnotatingError if it was none of these verbs or stored another content: whoever takes
    the id of an earlier change for a new one would lose that in silence.
    """
    if not made_before(annotation, change, AnnotatingError):
        return False
    annotation.refresh_from_db()
    event = Event.objects.get(pk=change)
    # Once it was changed again, what was sent cannot be told from what has come to it since.
    is_last = event.version == annotation.version
    told = content if is_last else None
    if event.verb not in verbs or (told and not _stored_by(event, told, counted_in)):
        raise AnnotatingError(change="This id of a change is taken. Make a new one.")
    return True


def _stored_by(event: Event, content: Content, counted_in: Revision | None) -> bool:
    """Whether the event stored this content, as far as can be told from what it keeps."""
    stored = Content.from_dict(event.after)
    parts = tuple(sorted(content.parts, key=lambda part: part.role))
    sent = replace(content, parts=parts, spans=stored.spans, codes=stored.codes)
    places = {(start, end) for start, end, _ in content.spans}
    text = str(counted_in.pk) if counted_in else event.after.get("revision")
    # Stretches were brought forward if it was moved to another text.
    is_moved = len({text, event.before.get("revision"), event.after.get("revision")}) > 1
    if sent != stored or not (is_moved or places == set(carrying.places_of(event.after))):
        return False
    codes = set(content.codes) ^ set(stored.codes)
    merged = ClaimTag.objects.filter(pk__in=[code.tag for code in codes]).exclude(merged_into=None)
    return not codes or merged.exists()  # for a merged tag the one that stands for it was stored


def _insert(
    by: User,
    annotation: Annotation,
    content: Content,
    change: uuid.UUID | None,
    definitions: Mapping[str, int] | None,
) -> Annotation:
    _require_open(by, annotation)
    origin = annotation.revision
    there = carrying.Standing(origin, content, origin)
    if definitions is None:
        there = carrying.bring_forward(content, origin)
        annotation.revision = there.revision
        kept, checked = {}, check(there.revision, there.content)
    else:
        kept = {
            code.tag: Coding(stance=code.stance, definition_number=definitions[code.tag])
            for code in content.codes
        }
        actors = frozenset(part.actor for part in content.parts if part.actor)
        checked = check(annotation.revision, content, kept_tags=kept, kept_actors=actors)
    check_links(by, annotation, content)
    annotation.state = checked.state
    for name, value in _plain(content).items():
        setattr(annotation, name, value)
    annotation.save(force_insert=True)
    after = _write_parts(annotation, checked, kept)
    there.note(annotation)
    _record(by, "created", annotation, None, after, change, None)
    return annotation


def _require_open(by: User, annotation: Annotation) -> None:
    if annotation.layer == Annotation.Layer.GOLD:
        return
    try:
        assigning.begin(by=by, article_id=annotation.article_id, analyst=annotation.author)
    except assigning.AssigningError as error:
        raise AnnotatingError(str(error)) from error


def _drop_parts(annotation: Annotation) -> None:
    annotation.spans.all().delete()
    annotation.participants.all().delete()
    annotation.codings.all().delete()
    annotation.links.all().delete()


def _write_parts(
    annotation: Annotation, checked: Checked, kept: Mapping[str, Coding]
) -> dict[str, Any]:
    """Write the parts, and say what stands there now, as `snapshot` does.

    A coding that stays keeps the definition it was made under.
    """
    content, own = checked.content, {"annotation": annotation, "project_id": annotation.project_id}
    Span.objects.bulk_create(Span(**own, start=s, end=e, quote=q) for s, e, q in content.spans)
    Participant.objects.bulk_create(
        Participant(
            **own, role=role, position=n, actor_id=part.actor, stands_for=part.stands_for,
            endorsement=part.endorsement,
        )
        for role, parts in by_role(content.parts).items()
        for n, part in enumerate(parts)
    )  # fmt: skip
    numbers = {code.tag: _definition(code, checked.tags, kept) for code in content.codes}
    Coding.objects.bulk_create(
        Coding(
            **own, tag_id=code.tag, stance=code.stance, definition_number=numbers[code.tag]
        )
        for code in content.codes
    )  # fmt: skip
    _write_links(annotation, content)
    return written(annotation, content, numbers)


def _write_links(annotation: Annotation, content: Content) -> None:
    Link.objects.bulk_create(
        Link(
            project_id=annotation.project_id, annotation=annotation, position=n,
            relation=tie.relation, claim_id=tie.claim,
        )
        for n, tie in enumerate(content.links)
    )  # fmt: skip


def _definition(code: Code, tags: Mapping[str, ClaimTag], kept: Mapping[str, Coding]) -> int:
    """The definition the coding was made under: as before unless it was decided anew."""
    old = kept.get(code.tag)
    unchanged = old is not None and old.stance == code.stance
    return old.definition_number if unchanged else tags[code.tag].definition_number


def _record(by, verb, annotation, before, after, change, undoes) -> None:
    require_undoable(annotation, undoes, AnnotatingError)
    record(
        by=by, verb=verb, thing=annotation, before=before, after=after,
        article_id=annotation.article_id, author=annotation.author, change=change, undoes=undoes,
    )  # fmt: skip


def _linked_before(annotation: Annotation, content: Content) -> frozenset[str]:
    """The claims that the annotation is linked to, and was if the content names others.

    So what was removed meanwhile is no reason to refuse that a change is undone.
    """
    kept = {str(pk) for pk in annotation.links.values_list("claim_id", flat=True)}
    if {tie.claim for tie in content.links} <= kept:
        return frozenset(kept)
    own = Event.objects.filter(noun="annotation", object_id=str(annotation.pk))
    for told in own.values_list("after__links", flat=True):
        kept.update(link["claim"] for link in told or ())
    return frozenset(kept)


def _actor_ids(values: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(p["actor"] for p in values["participants"] if p["actor"])

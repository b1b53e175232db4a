"""Two worlds, one in which another analyst worked and one in which she did not: a correction, a
split of an actor and a handing in tell an analyst nothing of it."""

import re

import pytest
from django.test import Client

from annotations import annotating, correcting, recasting, suggesting
from annotations.content import Content, Part
from annotations.models import Annotation
from annotations.suggesting import Place
from corpus_app.actors import ActorValues
from corpus_app.models import Actor
from tests import api, factories

pytestmark = pytest.mark.django_db

TEXT = "The Harbour Office is calm. The Quay agrees. Nobody was told why.\n\nIt will stay so."
MENDED = "The Harbour Office is clam. The Quay agrees.\n\nIt will stay so."
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
CHANGING = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?"  # moments
    r"|\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"
    r"|\d{1,2} [A-Z][a-z]+ \d{4}(, \d\d:\d\d)?"  # as pages show them
    r'|(?<=name="csrfmiddlewaretoken" value=")\w+|[0-9a-f]{64}'
    r'|(?<=["-])[0-9a-f]{16}(?=")'  # ETags
)


def work_of_ben(desk: api.Desk) -> None:
    """Marks on text that stays, is mended and is removed; suggestions taken and refused."""
    api.claims(desk, desk.ben, 20)
    for quote in ("is calm", "Nobody was told why."):
        start = TEXT.index(quote)
        factories.claim(desk.article, desk.ben, start, start + len(quote))
    own = {"by": desk.ben, "revision": desk.revision, "actor": desk.office.pk}
    part = Part("named", str(desk.office.pk))
    for start, end, name in ((4, 18, "Harbour Office"), (32, 36, "the Quay")):
        content = Content("mention", ((start, end, None),), (part,))
        made, _ = suggesting.accept(**own, content=content, name=name)
    annotating.remove(by=desk.ben, annotation=made, seen=1)
    suggesting.reject(**own, places=[Place(32, 36, "the Quay")])


def world(slug: str, *, with_ben: bool) -> list[tuple]:
    """What Ada receives after all of it, without ids and moments, which differ in any case."""
    desk = api.desk(slug, TEXT)
    own = factories.claim(desk.article, desk.ada, 0, 5, note="mine")
    factories.claim(desk.article, desk.ada, 45, 65, note="lost")
    if with_ben:
        work_of_ben(desk)
    correct = {"by": desk.cora, "article": desk.article, "reason": "As printed."}
    correcting.correct(**correct, seen=1, text=MENDED)
    correcting.undo(by=desk.cora, article=desk.article, seen=2)
    correcting.correct(**correct, seen=3, text=MENDED)
    if with_ben:
        lost = Annotation.objects.exclude(revision__number=4).filter(author=desk.ben).first()
        correcting.place(by=desk.cora, annotation=lost, seen=lost.version, spans=[(0, 3)])
    recasting.split(
        by=desk.cora, actor=desk.office, seen=Actor.objects.get(pk=desk.office.pk).version,
        values=ActorValues("Quay Office"), aliases=["the Quay"], mentions=True,
    )  # fmt: skip
    if with_ben:
        api.hand_in(desk.article, desk.ben)
    return seen_by_ada(desk, own)


def seen_by_ada(desk: api.Desk, own) -> list[tuple]:
    client, here, project = Client(), f"/articles/{desk.article.pk}/", desk.project.slug
    client.force_login(desk.ada)
    paths = [
        "/", f"/?project={project}", here, f"{here}suggestions/", f"{here}revisions/",
        f"{here}correct/", f"{here}review/", f"/projects/{project}/batches/",
        *(
            f"/api/v1/{path}"
            for path in (
                f"articles/{desk.article.pk}/newest/", f"articles/{desk.article.pk}/",
                "articles/", "actors/", "reuses/", "annotations/?deleted=any",
                f"annotations/?actor={desk.office.pk}", f"annotations/{own.pk}/", "rejections/",
                "events/?page_size=500", f"events/?article={desk.article.pk}",
                *(f"projects/{project}/export/{kind}/" for kind in ("jsonl", "csv", "jsonld")),
            )
        ),
    ]  # fmt: skip
    seen = []
    for path in paths:
        ids = {}
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        headers = sorted(answer.headers.items())
        seen.append(tuple(normal(str(one), project, ids) for one in (path, headers, body.decode())))
    return seen


def normal(told: str, slug: str, ids: dict) -> str:
    told = UUID.sub(lambda match: f"id {ids.setdefault(match[0], len(ids))}", told)
    return CHANGING.sub("…", told).replace(slug, "project").replace(slug.title(), "Project")


def test_corrections_and_splits_tell_nothing_of_the_others_work():
    with_ben, without = (world(slug, with_ben=slug == "zqx") for slug in ("zqx", "zqy"))
    for one, other in zip(with_ben, without, strict=True):
        assert one == other

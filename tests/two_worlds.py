"""Two worlds that differ only in what others did in articles an analyst has not handed in.

In one of them they marked nothing there. In the other they marked much and handed it in, and
curators matched, decided, asked, recoded and opened again.
"""

import copy
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

import django_filters
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import resolve

from annotations import (
    adjudication,
    annotating,
    codebook,
    contesting,
    discussing,
    handing,
    operating,
    orders,
    recoding,
    retagging,
    telling,
)
from annotations.content import Tie
from annotations.models import (
    Annotation,
    Assignment,
    Case,
    ClaimTag,
    Decision,
    Overruling,
    Recode,
    Recoding,
)
from corpus_app.models import Article, Operation, Project, Role, User
from tests import factories, test_permissions, universe

HIDDEN = ("open", "returned", "fresh")  # articles that Ada has not handed in
DRAWN_ANEW = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"moment": ?"[^"]+"')
TEAM = (Case, Decision, Overruling, Recoding, Recode, Operation)
MEANT = ("article", "annotation", "claimtag")  # what filters by an id are asked for
TELLING = tuple(f"/api/v1/{name}/" for name in ("annotations", "comments", "events"))
SAME_FOR_ALL = re.compile("<path:object_id>/$|_delete$")  # routes that read no row
WORDS = ("ben", "secret", "e", "strait")


@dataclass
class World:
    """The universe with colleagues of its analyst, and articles by how her work on them stands."""

    universe: universe.Universe
    project: Project
    ada: User
    ben: User
    dan: User
    cora: User
    articles: dict[str, Article]
    calm: ClaimTag
    recoding: Recoding
    known: dict[str, set[str]]


@dataclass(frozen=True)
class Request:
    """Something that is asked."""

    method: str
    path: str

    @property
    def reads(self) -> bool:
        return self.method == "GET"


@dataclass(frozen=True)
class Answer:
    """Everything that an answer tells; `queries` is what it cost."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    queries: int


def quiet() -> World:
    """The world in which others did nothing but in the article that Ada has handed in, `done`.

    `returned` she has handed in and got back, `open` she has begun, `fresh` is nobody's.
    """
    made = universe.make()
    project = made.project
    Project.objects.filter(pk=project.pk).update(figures_for="members")
    ada, cora = (
        User.objects.get(memberships__project=project, memberships__role=role)
        for role in (Role.ANALYST, Role.CURATOR)
    )
    ben, dan = (factories.member(project, user__username=name) for name in ("ben", "dan"))
    articles = {"open": made.objects["article"]}
    for name in ("returned", "done", "fresh"):
        text = f"{factories.PLAIN}\nThe {name} ferry.\n"
        articles[name] = factories.plain_article(project, text, by=cora, name=f"{name}.txt")
    Article.objects.filter(project=project).update(story=made.objects["story"])
    calm = ClaimTag.objects.get(project=project, slug="calm")
    world = World(made, project, ada, ben, dan, cora, articles, calm, None, {})
    for name in ("open", "returned", "done"):
        for analyst in (ada, ben, dan):
            factories.assigned(articles[name], analyst)
        mark(world, name, ada)
    for analyst in (ben, dan):
        mark(world, "done", analyst)
        hand_in(world, "done", analyst)
    for name in ("returned", "done"):
        hand_in(world, name, ada)
    decide(world, "done")
    values = codebook.TagValues(calm.label, slug="calm", definition="Without any wave.")
    world.calm = codebook.change_tag(by=cora, tag=calm, seen=1, values=values)
    world.recoding = recoding.open_recoding(by=cora, tag=world.calm, seen=2, reason="Waves.")
    own = Assignment.objects.get(article=articles["returned"], analyst=ada)
    handing.give_back(by=cora, assignment=own, seen=own.version, comment="Once more.")
    for name, thing in made.objects.items():
        world.known[name] = set(ids_of(world, type(thing)))
    return world


def mark(world: World, name: str, analyst: User) -> list[Annotation]:
    """Claims of the analyst in the article; each analyst says something else."""
    fact = ClaimTag.objects.get(project=world.project, slug="fact")
    stance = {world.ada: "support", world.ben: "oppose"}.get(analyst, "neutral")
    codes = (factories.coded(fact), factories.coded(world.calm, stance))
    return [
        factories.claim(world.articles[name], analyst, n * 6, n * 6 + 5, codes=codes, note="secret")
        for n in range(4)
    ]


def hand_in(world: World, name: str, analyst: User) -> None:
    own = Assignment.objects.get(article=world.articles[name], analyst=analyst)
    Annotation.objects.filter(article=own.article_id, author=analyst).update(state="complete")
    handing.hand_in(by=analyst, assignment=own, seen=own.version)


def decide(world: World, name: str) -> None:
    """The article's first case is decided against everybody, its second asked about."""
    cases = Case.objects.standing().filter(article=world.articles[name], state="open")
    first, second = cases[:2]
    adjudication.decide(
        by=world.cora, case=first, seen=first.version, outcome="rejected", reason="No claim.",
        error_class="slip",
    )  # fmt: skip
    adjudication.ask(by=world.cora, case=second, seen=second.version, text="Is this a claim?")


def make_loud(world: World) -> None:
    """Others do what people do, in the articles that Ada has not handed in."""
    for name in HIDDEN:
        for analyst in (world.ben, world.dan):
            made = mark(world, name, analyst)
            annotating.remove(by=analyst, annotation=made[3], seen=1)
            tie = Tie("supports", str(made[1].pk))
            annotating.link(by=analyst, annotation=made[2], links=[tie])
            said = {"text": "@analyst? @curator?", "mentions": []}
            said["mentions"] = [world.ada.username, world.cora.username]
            discussing.comment(by=analyst, annotation=made[1], **said)
            hand_in(world, name, analyst)
        decide(world, name)
        on_hers = Annotation.objects.filter(article=world.articles[name], author=world.ada)
        for annotation in on_hers[:1]:
            discussing.comment(by=world.ben, annotation=annotation, text="From beside.")
    contest(world)
    recode(world)
    overrule_ada(world)
    own = Assignment.objects.get(article=world.articles["open"], analyst=world.dan)
    handing.give_back(by=world.cora, assignment=own, seen=own.version, comment="Once more.")


def sweep(world: World) -> None:
    """A curator does something to everybody's work at once, whoever's it is."""
    rows = Annotation.objects.standing().filter(project=world.project, layer="analyst")
    tags = {tag.slug: tag for tag in ClaimTag.objects.filter(project=world.project)}
    queue = Recoding.objects.get(pk=world.recoding.pk)
    recoding.close(by=world.cora, recoding=queue, seen=queue.version)
    order = orders.Recode(away=tags["fact"], to=tags["norm"])
    looked = operating.preview(project=world.project, order=order, rows=rows)
    operating.run(
        by=world.cora, project=world.project, order=order, seen=looked.seen, reason="Norms."
    )
    values = codebook.TagValues("No wave", slug="no-wave")
    calm = codebook.create_tag(by=world.cora, facet=world.calm.facet, values=values)
    merger = retagging.merge_tags(
        by=world.cora, source=tags["calm"], target=calm, reason="The same."
    )
    retagging.undo(by=world.cora, merger=merger, reason="Not the same.")


def contest(world: World) -> None:
    """Ben contests what was decided, and the case is opened again."""
    about = Overruling.objects.filter(analyst=world.ben, annotation__article=world.articles["open"])
    contested = contesting.contest(
        by=world.ben, overruling=about[0], seen=about[0].version, objection="It is one."
    )
    contesting.answer(
        by=world.cora, overruling=contested, seen=contested.version, answer="So it is.",
        upheld=False,
    )  # fmt: skip


def recode(world: World) -> None:
    """Ben's work is in the queue too, he answers, and a curator recodes the rest of it."""
    hidden = Annotation.objects.standing().filter(
        author=world.ben, article=world.articles["returned"]
    )  # fmt: skip
    items = Recode.objects.bulk_create(
        Recode(
            project=world.project, recoding=world.recoding, annotation=annotation,
            analyst=world.ben, stance_before="oppose", number_before=1,
        )
        for annotation in hidden
    )  # fmt: skip
    recoding.answer(by=world.ben, recode=items[0], seen=1, answer="applies", stance="support")
    order = orders.Recode(away=world.calm)
    rows = Annotation.objects.filter(author=world.ben, article__in=_hidden(world))
    looked = operating.preview(project=world.project, order=order, rows=rows)
    operating.run(
        by=world.cora, project=world.project, order=order, seen=looked.seen, reason="No waves."
    )


def overrule_ada(world: World) -> None:
    """What Ada had handed in was decided otherwise before it was returned to her."""
    annotation = Annotation.objects.filter(
        author=world.ada, article=world.articles["returned"]
    ).first()  # fmt: skip
    case = Case.objects.filter(article=world.articles["returned"]).first()
    decision = Decision.objects.create(
        project=world.project, case=case, number=99, by=world.cora, outcome="rejected"
    )
    about = Overruling.objects.create(
        project=world.project, decision=decision, annotation=annotation, analyst=world.ada
    )
    telling.tell(by=world.cora, person=world.ada, kind="overruled", overruling=about)


def _hidden(world: World) -> list[Article]:
    return [world.articles[name] for name in HIDDEN]


# What is asked


def rows_of(world: World) -> dict[str, list[str]]:
    """The ids that are asked for, by model: Ada's own, and what others made of it since."""
    chosen = {}
    for name, thing in world.universe.objects.items():
        known, ids = world.known[name], ids_of(world, type(thing))
        made = [pk for pk in ids if pk not in known]
        chosen[name] = [str(thing.pk), *made[:1], *made[1:][-1:]]
    chosen["article"] += [str(world.articles[name].pk) for name in ("returned", "fresh")]
    return chosen


def ids_of(world: World, model: type[Model]) -> list[str]:
    own = universe.own(model, world.project)
    return [str(pk) for pk in model._base_manager.filter(**own).values_list("pk", flat=True)]


def ids_of_the_team(world: World, path: str) -> list[str]:
    """Ids of what the universe does not have: of the model that the path names, first and last."""
    named = [model for model in TEAM if f"/{model._meta.model_name}s/" in path]
    rows = [model.objects.filter(project=world.project).order_by("created") for model in named]
    return [str(one.pk) for own in rows for one in (own.first(), own.last()) if one]


def addresses(world: World, method: str) -> list[str]:
    """Every route of the desk that knows the method, filled with what is in the world."""
    rows, found = rows_of(world), {}
    for name in test_permissions.ROUTES:
        path = test_permissions.path_of(world.universe, name)
        if SAME_FOR_ALL.search(name) or method not in methods_of(name):
            continue
        if "/None/" in path:
            ids = ids_of_the_team(world, path)
            found |= dict.fromkeys(path.replace("/None/", f"/{pk}/") for pk in ids)
            continue
        found[path] = None
        for model, thing in world.universe.objects.items():
            if f"/{thing.pk}/" in path:
                alike = (path.replace(f"/{thing.pk}/", f"/{pk}/") for pk in rows[model])
                found |= dict.fromkeys(alike)
        if "/csv/" in path:
            found |= dict.fromkeys(path.replace("/csv/", f"/{to}/") for to in ("jsonl", "jsonld"))
    return list(found)


def methods_of(name: str) -> set[str]:
    """Which methods mean anything to an analyst at this route."""
    place = universe.ROLES.index("analyst")
    rows = test_permissions.TABLE.get(name, {"GET POST": "? " * len(universe.ROLES)})
    known = ((methods, answers.split()[place]) for methods, answers in rows.items())
    return {one for methods, answer in known if answer != "405" for one in methods.split()}


def questions(world: World, paths: Iterable[str]) -> Iterator[str]:
    """Lists with each of their filters and sorts, and searches, by questions in the address."""
    ids = [pks[-1] for name, pks in rows_of(world).items() if name in MEANT]
    for path in paths:
        view = getattr(resolve(path).func, "cls", None)
        filters = getattr(getattr(view, "filterset_class", None), "base_filters", {})
        for name, one in filters.items() if path.count("/") == 4 else ():
            values = values_of(one, ids)
            # Of what nobody marks one question for each filter is enough.
            for value in values if path in TELLING else values[:1]:
                yield f"{path}?{name}={value}"
        if path.startswith("/desk/annotations/") and path.count("/") == 4:
            yield from (f"{path}?{asked}" for asked in ("q=secret", "q=ben", "o=1", "o=-2"))
        if path.endswith("/annotations/search/"):
            yield from (f"{path}?project=strait&q={word}" for word in WORDS)
        if path.endswith("/changes/"):
            yield f"{path}?project=strait"
        if path.endswith("/live/"):
            yield f"{path}?since=2000-01-01T00:00:00Z"


def values_of(one: django_filters.Filter, ids: list[str]) -> list[str]:
    """What a filter of this kind is asked for."""
    if isinstance(one, django_filters.BooleanFilter):
        return ["true", "false"]
    if "choices" in one.extra:
        return [key for key, _ in one.extra["choices"]]
    if isinstance(one, django_filters.IsoDateTimeFilter):
        return ["2000-01-01T00:00:00Z"]
    return ids if isinstance(one, django_filters.UUIDFilter) else [ids[0], *WORDS[:2]]


def links(answers: Mapping[Request, Answer]) -> list[str]:
    """Where pages lead by a question: one link for each set of names that it asks with.

    Of the desk's lists only those that ask one thing: filters, sorts, next pages.
    """
    found = {}
    for request, answer in answers.items():
        page, asked = request.path.partition("?")[::2]
        if asked or page.startswith(("/desk/corpus_app/", "/api/")):
            continue
        for link in re.findall(r'href="([^"#]*\?[^"#]*)', answer.body):
            path = html.unescape(page + link if link.startswith("?") else link)
            to, _, names = path.partition("?")
            names = tuple(re.findall(r"(\w+)=", names))
            if path.startswith("/") and (len(names) == 1 or not path.startswith("/desk/")):
                found.setdefault((to, names), path)
    return list(found.values())


def ask(client: Client, request: Request, world: World) -> Answer:
    """The answer to a request; nothing that it changed stays."""
    cookies, body, cost = copy.deepcopy(client.cookies), {}, count()
    if not request.reads:
        body = {"data": "version=1", "content_type": "application/x-www-form-urlencoded"}
        if "/api/" in request.path:
            sent = test_permissions.sent(world.universe, resolve(request.path).url_name)
            body = {"data": json.dumps(sent), "content_type": "application/json"}

    def counted(execute, *query):
        next(cost)
        return execute(*query)

    with transaction.atomic(), connection.execute_wrapper(counted):
        given = client.generic(request.method, request.path, headers={"If-Match": '"1"'}, **body)
        content = b"".join(given.streaming_content) if given.streaming else given.content
        transaction.set_rollback(True)
    client.cookies = cookies
    headers = {name: value for name, value in given.headers.items() if name != "Expires"}
    body = DRAWN_ANEW.sub("", content.decode())
    return Answer(given.status_code, tuple(sorted(headers.items())), body, next(cost))

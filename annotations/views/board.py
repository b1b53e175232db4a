"""The board: who works on what, what waits for whom, and giving out articles."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from annotations import assigning, board, scoring, spreading
from annotations.access import assignments_for
from annotations.board_forms import BoardForm, ChosenForm, HandGivingForm, SpreadForm
from annotations.models import Assignment
from annotations.views.project import load_curated, page
from corpus_app.access import articles_for, members_of
from corpus_app.forms.fields import show_refusal
from corpus_app.models import Article, Project, Role, User

MATRIX_AT_MOST = 30  # people whose pairs fit in a table
REFUSALS_AT_MOST = 5


@require_safe
def board_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for whom, and the project's work by person and by article."""
    project = load_curated(request, slug)
    form, wish = _wish(request, project)
    waiting = board.waiting(request.user, project)
    context = {
        "form": form, "wish": wish, "today": timezone.localdate(),
        "waiting": [(key, words, waiting[key]) for key, words in board.WAITING.items()],
        "asked": board.WAITING.get(wish.waiting),
        "people": [] if wish.narrowed or wish.after else board.people(request.user, project),
        "articles": board.articles(request.user, project, wish),
    }  # fmt: skip
    return page(request, project, "annotations/board.html", context)


@require_safe
def stories_page(request: HttpRequest, slug: str) -> HttpResponse:
    """How far each story is."""
    project = load_curated(request, slug)
    _, wish = _wish(request, project)
    found = board.stories(request.user, project, wish.after)
    return page(request, project, "annotations/board_stories.html", {"stories": found})


@require_safe
def training_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Who codes which article to learn, and how she did; the newest first."""
    project = load_curated(request, slug)
    _, wish = _wish(request, project)
    found = board.training(request.user, project, wish.after)
    done = [row for row in found.rows if row.state == Assignment.State.HANDED_IN]
    scores = scoring.overview(request.user, done)
    context = {"rows": [(row, scores.get(row.pk)) for row in found.rows], "next": found.next}
    return page(request, project, "annotations/board_training.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """Which members get the chosen articles; then the board, with what came of it."""
    project = load_curated(request, slug)
    known = {"user": request.user, "project": project}
    if request.method != "POST":
        articles = _ticked(request, known)
        if not articles:
            messages.warning(request, "Tick the articles to assign first, then press “Assign”.")
            return redirect("board", slug)
        form = HandGivingForm(initial={"article": [one.pk for one in articles]}, **known)
        return page(
            request, project, "annotations/board_assign.html", {"form": form, "chosen": articles}
        )
    form = HandGivingForm(request.POST, **known)
    if not form.is_valid():
        context = {"form": form, "chosen": form.cleaned_data.get("article", ())}
        return page(request, project, "annotations/board_assign.html", context, status=400)
    given = form.cleaned_data
    _give(
        request, given["article"], given["coders"],
        due_on=given["due_on"], training=given["training"],
    )  # fmt: skip
    return redirect("board", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def spread(request: HttpRequest, slug: str) -> HttpResponse:
    """The choice of articles and coders, the plan for them, then the board with it carried out."""
    project = load_curated(request, slug)
    known = {"user": request.user, "project": project}
    if request.method == "POST":
        return _carry_out(request, project, SpreadForm(request.POST, **known))
    if "k" in request.GET:
        return _show_plan(request, project, SpreadForm(request.GET, **known))
    analysts = members_of(request.user, project).filter(role=Role.ANALYST, user__is_active=True)
    form = SpreadForm(
        initial={
            "article": [one.pk for one in _ticked(request, known)],
            "coders": list(analysts.values_list("user__username", flat=True)),
            "k": project.coders_per_article, "story": request.GET.get("story"),
        },
        **known,
    )  # fmt: skip
    return page(request, project, "annotations/board_spread.html", {"form": form})


def _wish(request: HttpRequest, project: Project) -> tuple[BoardForm, board.Wish]:
    form = BoardForm(request.GET, user=request.user, project=project)
    if not form.is_valid():
        raise Http404("No such person, story or page.")
    return form, form.wish


def _ticked(request: HttpRequest, known: dict) -> list[Article]:
    form = ChosenForm(request.GET, **known)
    if not form.is_valid():
        raise Http404("No such article.")
    return list(form.cleaned_data["article"])


def _give(
    request: HttpRequest, articles: Iterable[Article], analysts: Iterable[User], **fields
) -> None:
    """Assign each article to each of the people, and say what came of it."""
    made, had, refused = 0, 0, []
    for article in articles:
        for analyst in analysts:
            own = {"article": article, "analyst": analyst}
            known = assignments_for(request.user).filter(**own).given().exists()
            try:
                assigning.assign(by=request.user, **own, **fields)
            except assigning.AssigningError as error:
                refused.append(f"“{article.shown_title}”: {error}")
            else:
                made, had = made + (not known), had + known
    as_before = f" {had} stood already and are as they were." if had else ""
    messages.success(request, f"{made} assignment{'s' * (made != 1)} made.{as_before}")
    for words in refused[:REFUSALS_AT_MOST]:
        messages.error(request, words)
    if len(refused) > REFUSALS_AT_MOST:
        more = len(refused) - REFUSALS_AT_MOST
        messages.error(request, f"{more} more were refused for such reasons.")


def _carry_out(request: HttpRequest, project: Project, form: SpreadForm) -> HttpResponse:
    if not form.is_valid():
        return page(request, project, "annotations/board_spread.html", {"form": form}, status=400)
    given = form.cleaned_data
    try:
        done = spreading.spread(
            by=request.user, project=project, due_on=given["due_on"], seen=given["seen"],
            **_question(request, project, given),
        )  # fmt: skip
    except spreading.SpreadingError as error:
        show_refusal(form, error)
        return _show_plan(request, project, form, status=409)
    number, people = len(done.given), sum(share.gets > 0 for share in done.shares)
    messages.success(request, f"{number} assignments made, for {people} people. They are told.")
    return redirect("board", project.slug)


def _show_plan(
    request: HttpRequest, project: Project, form: SpreadForm, status: int = 200
) -> HttpResponse:
    """The form with what carrying it out would do, which then can be done."""
    if not form.is_bound or (status == 200 and not form.is_valid()):
        return page(request, project, "annotations/board_spread.html", {"form": form}, status=400)
    given = form.cleaned_data
    planned = spreading.plan(project=project, **_question(request, project, given))
    context = {
        "form": form, "plan": planned, "given": given, "next_seed": given["seed"] + 1,
        "matrix": _matrix(planned) if len(planned.shares) <= MATRIX_AT_MOST else [],
    }  # fmt: skip
    return page(request, project, "annotations/board_spread.html", context, status=status)


def _question(request: HttpRequest, project: Project, given: dict) -> dict:
    """What a plan is made of, as it was asked for."""
    articles: QuerySet[Article] = given["article"]
    if not articles:
        articles = articles_for(request.user).filter(project=project)
        if given["story"]:
            articles = articles.filter(story=given["story"])
    return {
        "articles": articles, "coders": given["coders"], "k": given["k"], "seed": given["seed"],
    }  # fmt: skip


def _matrix(planned: spreading.Plan) -> list[tuple[User, list[int | None]]]:
    """Of each person how many articles she shares with each; None with herself."""
    people = [share.person for share in planned.shares]
    shared = planned.shared
    return [
        (
            one,
            [None if one == two else shared.get(frozenset((one.pk, two.pk)), 0) for two in people],
        )
        for one in people
    ]

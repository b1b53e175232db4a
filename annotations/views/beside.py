"""Articles of one story, side by side, each on a desk of its own."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from annotations import beside, dates
from annotations.views.workbench import desk, with_desk
from corpus_app.access import stories_for
from corpus_app.models import Article, User


@require_safe
@never_cache
@ensure_csrf_cookie
@gzip_page
def side_by_side(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Two to four articles of the story in columns, and the others to choose from."""
    story = get_object_or_404(stories_for(request.user), pk=pk)
    offered = list(beside.of_story(request.user, story))
    asked = ",".join(request.GET.getlist("articles"))  # the chooser sends one for each box
    refused, chosen = "", []
    try:
        chosen = beside.chosen(offered, asked)
    except beside.Choice as error:
        refused = str(error)
    except Article.DoesNotExist:
        raise Http404("No such article in this story.") from None
    columns = _columns(request.user, chosen) if len(chosen) >= beside.FEWEST else []
    context = {
        "story": story, "columns": columns, "offered": offered, "most": beside.MOST,
        "shown": {article.pk for article in chosen}, "refused": refused,
    }  # fmt: skip
    status = 400 if refused else 200
    return render(request, "annotations/side_by_side.html", context, status=status)


def _columns(user: User, chosen: list[Article]) -> list[dict]:
    """What each column's desk shows, and the days that its text names as [place, ISO date]."""
    full = with_desk(user).in_bulk([article.pk for article in chosen])
    columns = []
    for nth, article in enumerate(chosen, start=1):
        column = desk(user, full[article.pk], prefix=f"column-{nth}-")
        found = dates.named(
            column["revision"].text, language=article.language, published_on=article.published_on
        )
        column["page"]["dates"] = [[one.start, one.day.isoformat()] for one in found]
        columns.append(column)
    return columns

"""What was said twice, at the desk: which article has it from which, and what differs."""

from django.contrib import admin
from django.db.models import F
from django.db.models.functions import Least, Substr
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from corpus_app import access, likeness
from corpus_app.admin.scoped import Scoped, Theirs
from corpus_app.models import Passage, Reuse

EXCERPT = 120  # code points of a stretch that the list shows
SIDES = ("passage__revision", "source__revision")


@admin.register(Reuse)
class ReuseAdmin(Scoped):
    """Stretches that two articles have; found by the desk, written by nobody."""

    visible = staticmethod(access.reuses_for)
    has_history = False
    when_empty = (
        "No article has a passage of another one yet. What is said twice is found as articles "
        "come in."
    )
    fields = ("kind", "later", "earlier", "alike", "difference")

    list_display = ("words", "kind", "later", "earlier", "alike", "project")
    list_filter = (
        "kind",
        ("passage__revision__article__story", Theirs),
        ("passage__revision__article__outlet", Theirs),
        ("project", Theirs),
    )
    list_select_related = ("project", *(f"{side}__article__outlet" for side in SIDES))
    ordering = ("-created", "-id")
    search_fields = tuple(f"{side}__article__title" for side in SIDES)
    search_help_text = "Title of either article"

    def get_queryset(self, request):
        long = [f"{side}__{name}" for side in SIDES for name in ("text", "roles", "article__raw")]
        length = Least(F("end") - F("start"), EXCERPT)
        return (
            super()
            .get_queryset(request)
            .defer(*long)
            .annotate(opening=Substr("passage__revision__text", F("start") + 1, length))
        )

    @admin.display(description="words")
    def words(self, reuse):
        return reuse.opening + ("…" if reuse.end - reuse.start > EXCERPT else "")

    @admin.display(description="in")
    def later(self, reuse):
        return _link(reuse.passage)

    @admin.display(description="from")
    def earlier(self, reuse):
        return _link(reuse.source)

    @admin.display(description="equal words", ordering="score")
    def alike(self, reuse):
        return f"{reuse.score:.0%}"

    @admin.display(description="difference")
    def difference(self, reuse):
        """The stretch as the later article has it, with what the earlier one has instead."""
        earlier = reuse.source.revision.text[reuse.source_start : reuse.source_end]
        later = reuse.passage.revision.text[reuse.start : reuse.end]
        changes = likeness.difference(earlier, later)
        return format_html(
            '<div class="reading" dir="auto" lang="{}"><p>{}</p></div>',
            reuse.passage.revision.article.language,
            format_html_join(" ", "{}", ((_marked(change),) for change in changes)),
        )


def _link(passage: Passage) -> SafeString:
    """The article, its outlet and day, at this passage."""
    article = passage.revision.article
    told = filter(None, (str(article.outlet or ""), article.published_on))
    return format_html(
        '<a href="{}#passage-{}">{}</a> {}',
        reverse("workbench", args=[article.pk]), passage.number, article.shown_title,
        ", ".join(map(str, told)),
    )  # fmt: skip


def _marked(change: likeness.Change) -> SafeString | str:
    if change.op == "equal":
        return change.after
    gone = format_html(
        '<del><span class="unseen">only in the earlier: </span>{}</del>', change.before
    )
    come = format_html('<ins><span class="unseen">only in the later: </span>{}</ins>', change.after)
    return {"delete": gone, "insert": come}.get(change.op, format_html("{} {}", gone, come))

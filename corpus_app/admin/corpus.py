"""Outlets, stories, articles and their texts at the desk."""

from django.contrib import admin
from django.db.models import Count, F
from django.db.models.functions import Least, Length, Substr
from django.utils.html import format_html, format_html_join

from corpus_app import access, outlets
from corpus_app.admin.doors import ThroughADoor
from corpus_app.admin.scoped import Parts, Scoped, Theirs
from corpus_app.forms.desk import OutletForm, StoryForm
from corpus_app.models import Outlet, Passage, Revision, Story

EXCERPT = 120  # code points of a passage that a list shows


@admin.register(Outlet)
class OutletAdmin(ThroughADoor):
    visible = staticmethod(access.outlets_for)
    roles = access.CURATING
    form = OutletForm
    fields = ("name", "country", "url", "standpoint")

    list_display = ("name", "country", "url", "articles", "project")
    list_filter = ("country", ("project", Theirs))
    list_select_related = ("project",)
    search_fields = ("name", "standpoint")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(article_count=Count("articles"))

    @admin.display(ordering="article_count")
    def articles(self, outlet):
        return outlet.article_count

    def write(self, request, form, seen):
        values = outlets.OutletValues(**form.given("name", "country", "url", "standpoint"))
        if seen is None:
            return outlets.create_outlet(by=request.user, project=form.project, values=values)
        return outlets.change_outlet(
            by=request.user, outlet=form.instance, seen=seen, values=values
        )


@admin.register(Story)
class StoryAdmin(ThroughADoor):
    visible = staticmethod(access.stories_for)
    roles = access.CURATING
    form = StoryForm
    fields = ("title", "happened_on", "summary")

    list_display = ("title", "happened_on", "articles", "project")
    list_filter = (("project", Theirs),)
    list_select_related = ("project",)
    date_hierarchy = "happened_on"
    search_fields = ("title", "summary")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(article_count=Count("articles"))

    @admin.display(ordering="article_count")
    def articles(self, story):
        return story.article_count

    def write(self, request, form, seen):
        values = outlets.StoryValues(**form.given("title", "happened_on", "summary"))
        if seen is None:
            return outlets.create_story(by=request.user, project=form.project, values=values)
        return outlets.change_story(by=request.user, story=form.instance, seen=seen, values=values)


class RevisionsOfArticle(Parts):
    model = Revision
    fields = ("number", "created", "sha256")
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text", "roles")


class ArticleAdmin(Scoped):
    """The articles, to read. `annotations` registers it, with what can be done with articles."""

    visible = staticmethod(access.articles_for)
    fields = (
        "title", "outlet", "story", "signed", "translated", "published_on", "language", "url",
        "rights", "raw_name", "raw_sha256", "created",
    )  # fmt: skip
    inlines = (RevisionsOfArticle,)

    list_display = (
        "shown_title", "outlet", "signed", "published_on", "story", "language", "project",
    )  # fmt: skip
    list_filter = (("outlet", Theirs), ("story", Theirs), "language", ("project", Theirs))
    list_select_related = ("project", "outlet", "story")
    date_hierarchy = "published_on"
    search_fields = ("title", "outlet__name", "url", "raw_name")
    search_help_text = "Title, outlet, address, file name"

    @admin.display(description="authors")
    def signed(self, article):
        return article.shown_authors

    @admin.display(description="translators")
    def translated(self, article):
        return ", ".join(article.translators) or None

    @admin.display(description="title", ordering="title")
    def shown_title(self, article):
        return article.shown_title


@admin.register(Revision)
class RevisionAdmin(Scoped):
    visible = staticmethod(access.revisions_for)
    has_history = False
    fields = ("article", "number", "created", "sha256", "reading")

    list_display = ("article", "number", "code_points", "sha256", "created", "project")
    list_filter = (("project", Theirs),)
    list_select_related = ("article", "project")
    date_hierarchy = "created"
    ordering = ("-created", "-id")
    search_fields = ("article__title", "sha256")

    def get_queryset(self, request):
        rows = super().get_queryset(request).annotate(length=Length("text"))
        return rows.defer("text", "roles", "article__raw")

    @admin.display(description="code points", ordering="length")
    def code_points(self, revision):
        return revision.length

    @admin.display(description="text")
    def reading(self, revision):
        """The text, passage by passage, in the article's own language and direction."""
        passages = [(p.number, p.kind, p.slice(revision.text)) for p in revision.passages.all()]
        language = revision.article.language
        lines = format_html_join("", '<p title="{} ({})">{}</p>', passages)
        return format_html('<div class="reading" lang="{}" dir="auto">{}</div>', language, lines)


@admin.register(Passage)
class PassageAdmin(Scoped):
    visible = staticmethod(access.passages_for)
    has_history = False
    fields = ("revision", "number", "kind", "start", "end", "excerpt")

    list_display = ("article", "number", "kind", "excerpt", "start", "end", "project")
    list_display_links = ("number",)
    list_filter = ("kind", ("project", Theirs))
    list_select_related = ("project", "revision__article")
    ordering = ("-created", "number")
    search_fields = ("revision__article__title",)

    def get_queryset(self, request):
        length = Least(F("end") - F("start"), EXCERPT)
        rows = super().get_queryset(request)
        return rows.defer("revision__text", "revision__roles", "revision__article__raw").annotate(
            opening=Substr("revision__text", F("start") + 1, length)
        )

    @admin.display(ordering="revision__article__title")
    def article(self, passage):
        return passage.revision.article.shown_title

    @admin.display(description="text")
    def excerpt(self, passage):
        rest = "…" if passage.end - passage.start > EXCERPT else ""
        return passage.opening + rest

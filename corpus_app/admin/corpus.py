"""Outlets, stories, articles and their texts at the desk."""

from django.contrib import admin
from django.db.models import Count, F, Q
from django.db.models.functions import Least, Length, Substr
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from corpus_app import access, describing, outlets, rules
from corpus_app.admin.doors import ThroughADoor
from corpus_app.admin.scoped import Parts, Retired, Scoped, Theirs
from corpus_app.forms.corpus import ArticleForm, OutletRuleForm
from corpus_app.forms.desk import OutletForm, StoryForm
from corpus_app.models import Outlet, OutletRule, Passage, Revision, Story

EXCERPT = 120  # code points of a passage that a list shows


class RulesOfOutlet(Parts):
    model = OutletRule
    fields = ("updated", "retired")
    verbose_name_plural = "rules, applied to what is imported"
    show_change_link = True


@admin.register(Outlet)
class OutletAdmin(ThroughADoor):
    visible = staticmethod(access.outlets_for)
    roles = access.CURATING
    form = OutletForm
    fields = ("name", "country", "url", "standpoint")
    inlines = (RulesOfOutlet,)

    list_display = ("name", "country", "url", "articles", "rules", "project")
    list_filter = ("country", ("project", Theirs))
    list_select_related = ("project",)
    search_fields = ("name", "standpoint")

    def get_queryset(self, request):
        current = Count("rules", filter=Q(rules__retired=None), distinct=True)
        rows = super().get_queryset(request)
        return rows.annotate(article_count=Count("articles", distinct=True), rule_count=current)

    @admin.display(ordering="article_count")
    def articles(self, outlet):
        return outlet.article_count

    @admin.display(ordering="rule_count")
    def rules(self, outlet):
        return outlet.rule_count

    def write(self, request, form, seen):
        values = outlets.OutletValues(**form.given("name", "country", "url", "standpoint"))
        if seen is None:
            return outlets.create_outlet(by=request.user, project=form.project, values=values)
        return outlets.change_outlet(
            by=request.user, outlet=form.instance, seen=seen, values=values
        )


@admin.register(OutletRule)
class OutletRuleAdmin(ThroughADoor):
    visible = staticmethod(access.rules_for)
    roles = access.CURATING
    form = OutletRuleForm
    when_empty = (
        "There is none yet. Rules are learnt in the review of an article: change what a line is, "
        "and tick what holds for all articles of the outlet."
    )

    list_display = ("__str__", "outlet", "updated", "retired", "project")
    list_filter = (Retired, ("outlet", Theirs), "how", "role", ("project", Theirs))
    list_select_related = ("outlet", "project")
    ordering = ("outlet__name", "created")
    search_fields = ("words", "outlet__name")
    actions = ("retire", "revive")

    def get_fields(self, request, obj=None):
        shown = ("outlet", "how", "words", "place", "role")
        may = obj and self.has_change_permission(request, obj)
        return (*shown, "effect", "seen") if may else shown

    def get_readonly_fields(self, request, obj=None):
        return ("outlet", "effect") if obj else ()

    @admin.display(description="stored articles")
    def effect(self, row):
        """How many stored articles the rule would change now, and the way to them."""
        articles = row.outlet.articles.order_by("-created")
        told = rules.effect([rules.as_rule(row)], articles)
        (changed,) = told.changed.values()
        newest = "the newest " if told.looked_at < told.articles else ""
        page = f"{reverse('apply-rules', args=[row.outlet_id])}?rule={row.pk}"
        return format_html(
            '<p>It would change {} of {}{}.</p><p><a href="{}">Look at them</a></p>',
            changed, newest, told.looked_at, page,
        )  # fmt: skip

    def write(self, request, form, seen):
        if seen is None:
            return rules.add(by=request.user, outlet=form.cleaned_data["outlet"], rule=form.rule)
        return rules.change(by=request.user, row=form.instance, seen=seen, rule=form.rule)

    @admin.action(description="Retire: apply them no more", permissions=["write"])
    def retire(self, request, queryset):
        current = queryset.filter(retired=None)
        self.each(request, current, self._by(request, rules.retire), "retired")

    @admin.action(description="Revive: apply them again", permissions=["write"])
    def revive(self, request, queryset):
        retired = queryset.exclude(retired=None)
        self.each(request, retired, self._by(request, rules.revive), "revived")

    @staticmethod
    def _by(request, door):
        return lambda row: door(by=request.user, row=row, seen=row.version)


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


class ArticleAdmin(ThroughADoor):
    """Articles. `annotations` registers it, with what else can be done with them."""

    visible = staticmethod(access.articles_for)
    roles = access.CURATING
    form = ArticleForm
    readonly_fields = ("signed", "translated", "raw_name", "raw_sha256", "created")
    inlines = (RevisionsOfArticle,)

    list_display = (
        "shown_title", "outlet", "signed", "published_on", "story", "language", "project",
    )  # fmt: skip
    list_filter = (("outlet", Theirs), ("story", Theirs), "language", ("project", Theirs))
    list_select_related = ("project", "outlet", "story")
    date_hierarchy = "published_on"
    search_fields = ("title", "outlet__name", "url", "raw_name")
    search_help_text = "Title, outlet, address, file name"

    def has_add_permission(self, request):
        return False

    def get_fields(self, request, obj=None):
        may = obj and self.has_change_permission(request, obj)
        people = ("authors", "translators") if may else ("signed", "translated")
        shown = (
            "title", "outlet", "story", *people, "published_on", "language", "url", "rights",
            "raw_name", "raw_sha256", "created",
        )  # fmt: skip
        return (*shown, "seen") if may else shown

    def write(self, request, form, seen):
        return describing.describe(
            by=request.user, article=form.instance, seen=seen, fields=form.values
        )

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

"""What is said of annotations, to be read at the desk; the workbench is where it is said."""

from django.contrib import admin
from django.db.models import Q

from annotations import access
from annotations.models import Comment
from corpus_app.admin.scoped import Parts


class Comments(Parts):
    """The thread as far as one sees it, without the words of what was taken back."""

    model = Comment
    fields = ("who", "said", "created")
    ordering = ("created", "id")

    def get_queryset(self, request):
        return access.comments_for(request.user).select_related("author").order_by(*self.ordering)

    @admin.display(description="who")
    def who(self, comment):
        return comment.author.shown_name

    @admin.display(description="comment")
    def said(self, comment):
        return "Taken back." if comment.deleted else comment.text


class Discussed(admin.SimpleListFilter):
    """Annotations on which something is said that one may see."""

    title = "comments"
    parameter_name = "discussed"

    def lookups(self, request, model_admin):
        return [("yes", "With comments"), ("no", "Without")]

    def queryset(self, request, queryset):
        if self.value() not in ("yes", "no"):
            return queryset
        standing = access.comments_for(request.user).filter(deleted=None).order_by()
        discussed = Q(pk__in=standing.values("annotation"))
        return queryset.filter(discussed if self.value() == "yes" else ~discussed)

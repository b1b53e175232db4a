"""The API's changes: what other programs read again and again to stay the same as a project."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import journal
from corpus_app.api import Address, project_called, refuse_unknown
from corpus_app.asking import checked

USUAL, LARGEST = 100, 500


class AskedChangesSerializer(serializers.Serializer):
    """Of which project, and since when."""

    project = serializers.CharField(max_length=80, help_text="A project's slug.")
    since = serializers.UUIDField(
        required=False, help_text="`next` of the last answer; without it, from the beginning."
    )
    page_size = serializers.IntegerField(
        required=False, default=USUAL, min_value=1, max_value=LARGEST
    )


class RereadSerializer(serializers.Serializer):
    """What to read anew: one article and what is linked, or the whole project."""

    article = serializers.UUIDField(required=False)
    project = serializers.CharField(required=False)


class EntrySerializer(serializers.Serializer):
    """That something was written, and the thing as it is now."""

    cursor = serializers.UUIDField(help_text="The event's id; the changes after it follow it.")
    project = serializers.CharField()
    at = serializers.DateTimeField()
    verb = serializers.CharField()
    noun = serializers.CharField(help_text="Such as annotation, claimtag, actor or assignment.")
    id = serializers.CharField()
    version = serializers.IntegerField(help_text="Which the write made; `data` may be newer.")
    by = serializers.CharField(help_text="A user name.")
    deleted = serializers.BooleanField(help_text="It is deleted now; it may be restored later.")
    data = serializers.DictField(
        allow_null=True,
        help_text="The thing as its own address shows it now, links and names included; null if "
        "it is deleted, is a webhook, or has no address of its own in the API. A comment that was "
        "taken back is shown without its words.",
    )
    reread = RereadSerializer(allow_null=True)


class ChangesSerializer(serializers.Serializer):
    next = serializers.UUIDField(
        allow_null=True, help_text="Ask with this as `since` from now on; it stays good for ever."
    )
    more = serializers.BooleanField(help_text="There is more already: ask again at once.")
    results = EntrySerializer(many=True)


class Changes(Address):
    """What was changed in a project since a cursor, in order, deletions included.

    Ask without `since` first, then with `next` of each answer. Every change that one may see is
    told once, however many people write at the same time, and each with the state of now: whoever
    replaces what she has by `data`, and drops what has none, has what the project has.

    What becomes visible, or hidden, without being changed lies before the cursor. The entry of
    the write that did so says under `reread` what to read anew from the lists: the annotations
    and comments of one article, and all annotations with links (`linked=true`; any other has none
    then), when one's own assignment is handed in, returned, withdrawn or given again; everything
    of the project when it is opened or made blind, or when one's own role in it changes. What the
    lists do not show any more is to be dropped.

    The names in a thing that are those of other things, such as its actors, tags, outlet or
    story, are as old as its entry: those things have entries of their own. Cases are matched
    anew, without an entry, when work is handed in or given back: their list is what counts. So
    do comments of somebody who becomes a curator, or is one no more, on work that is not handed
    in: whose it is sees them only while she is one.
    Decisions, revisions, passages, reuses and imports have no entries: read their lists when a
    case or an article has one. Of a release only curators and managers are told.
    """

    @extend_schema(parameters=[AskedChangesSerializer], responses={200: ChangesSerializer})
    def get(self, request: Request) -> Response:
        refuse_unknown(request, AskedChangesSerializer().fields)
        asked = checked(AskedChangesSerializer, request.query_params.dict())
        project = project_called(asked["project"], request)
        try:
            page = journal.page(request.user, project, asked.get("since"), asked["page_size"])
        except journal.UnknownCursor as error:
            raise ValidationError({"since": [str(error)]}) from error
        body = {"next": page.next, "more": page.more, "results": page.entries}
        return Response(body, headers={"Cache-Control": "private, no-cache"})

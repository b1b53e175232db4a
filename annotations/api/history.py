"""The API's history: every write, and who made it."""

from django.db.models import QuerySet

from annotations import access
from corpus_app.api import Reading
from corpus_app.filters import EventFilter
from corpus_app.models import Event
from corpus_app.serializers import EventSerializer


class Events(Reading):
    """Who wrote what when, oldest first; work that is hidden from one is hidden here too."""

    queryset = Event.objects.none()
    serializer_class = EventSerializer
    filterset_class = EventFilter
    sorts = {"at": ("at", "id")}

    def get_queryset(self) -> QuerySet[Event]:
        return access.events_for(self.request.user).select_related("project", "by")

    def paginate_queryset(self, queryset: QuerySet[Event]) -> list[Event]:
        return access.with_seen_links(self.request.user, super().paginate_queryset(queryset))

    def load(self, pk: str) -> Event:
        [event] = access.with_seen_links(self.request.user, [super().load(pk)])
        return event

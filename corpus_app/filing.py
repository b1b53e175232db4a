"""The door for a person's own filters of the desk's lists: private convenience, without history."""

from corpus_app.history import DoorError, once
from corpus_app.models import SavedFilter, User
from corpus_app.names import UnfitName, clean_name

MOST = 50  # of one person for one list
LONGEST = 2000


class FilingError(DoorError):
    """A filter that cannot be saved; the message says why."""


def save(*, by: User, model: str, name: str, query: str) -> SavedFilter:
    """The person's filter of this name for the list of a model, such as annotations.case.

    One that has the name already is replaced. What may be asked is for the list to say. Raises
    FilingError.
    """
    try:
        name = clean_name(name)
    except UnfitName as error:
        raise FilingError(name=str(error)) from error
    if len(name) > 80:
        raise FilingError(name=f"It has {len(name)} characters; 80 is the most.")
    if not query or len(query) > LONGEST:
        raise FilingError("Filter the list first, then save." if not query else "Ask for less.")
    own = SavedFilter.objects.filter(user=by, model=model)
    if own.exclude(name=name).count() >= MOST:
        raise FilingError(f"You have {MOST} filters for this list. Delete one first.")
    with once(FilingError("This was saved a moment ago.")):
        return SavedFilter.objects.update_or_create(
            user=by, model=model, name=name, defaults={"query": query}
        )[0]


def drop(*, saved: SavedFilter) -> None:
    """Nothing; the filter is there no more."""
    saved.delete()

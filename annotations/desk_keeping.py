"""The door for how a person keeps her desk: her keys, where she reads, what she has open.

All of it is her own convenience and no evidence: it leaves no event and has no version, and the
last to write wins.
"""

import re
from collections.abc import Mapping

from django.utils import timezone

from annotations.models import Preference, Presence, ReadingPosition
from corpus_app.history import DoorError
from corpus_app.models import Article, Revision, User

DENSITIES = ("all", "mine", "actor", "tag", "none")
MOST_KEYS = 200
COMMAND = re.compile(r"[a-z][a-z0-9-]{0,39}")
KEY = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,38}[^\s\x00-\x1f\x7f])?|")


class DeskError(DoorError):
    """Something about a person's desk that cannot be kept; the message says why."""


def prefer(
    *,
    by: User,
    keys: Mapping[str, str] | None = None,
    density: str | None = None,
    toured: bool | None = None,
    digest: str | None = None,
) -> Preference:
    """The person's preferences with what is given; None leaves a thing as it is.

    `keys` takes the place of all her keys, from the name of a command to its key; no text is no
    key. `digest` is how often she gets mail. Raises DeskError for what there cannot be.
    """
    chosen = {}
    if keys is not None:
        chosen["keys"] = _checked_keys(keys)
    if density is not None:
        if density not in DENSITIES:
            raise DeskError(density=f"Choose one of {', '.join(DENSITIES)}.")
        chosen["density"] = density
    if toured is not None:
        chosen["toured"] = timezone.now() if toured else None
    if digest is not None:
        if digest not in Preference.Digest.values:
            raise DeskError(digest=f"Choose one of {', '.join(Preference.Digest.values)}.")
        chosen["digest"] = digest
    return Preference.objects.update_or_create(user=by, defaults=chosen)[0]


def _checked_keys(keys: Mapping[str, str]) -> dict[str, str]:
    if len(keys) > MOST_KEYS:
        raise DeskError(keys=f"At most {MOST_KEYS} commands can have keys of their own.")
    for command, key in keys.items():
        if not COMMAND.fullmatch(command):
            raise DeskError(keys="A command is named in small letters, digits and hyphens.")
        if not KEY.fullmatch(key):
            raise DeskError(keys=f"“{command}”: a key is named in 1 to 40 letters and signs.")
    return dict(keys)


def keep_place(*, by: User, revision: Revision, place: int) -> None:
    """Where the person reads in the article, on whatever device she opens it next.

    `place` counts code points of the revision's text; its end is a place too. Raises DeskError
    for a place that is not in it.
    """
    if not 0 <= place <= len(revision.text):
        raise DeskError(place="This place is not in the text.")
    kept = ReadingPosition(
        project_id=revision.project_id, article_id=revision.article_id, revision=revision,
        user=by, place=place,
    )  # fmt: skip
    ReadingPosition.objects.bulk_create(
        [kept], update_conflicts=True, unique_fields=["article", "user"],
        update_fields=["revision", "place", "at"],
    )  # fmt: skip


def arrive(*, by: User, article: Article) -> None:
    """Keep that the person has the article open now. In a blind project nothing is kept."""
    if article.project.blind:
        return
    Presence.objects.bulk_create(
        [Presence(project_id=article.project_id, article=article, user=by)],
        update_conflicts=True, unique_fields=["article", "user"], update_fields=["seen"],
    )  # fmt: skip


def leave(*, by: User, article: Article) -> None:
    """Forget that the person had the article open."""
    Presence.objects.filter(article=article, user=by).delete()

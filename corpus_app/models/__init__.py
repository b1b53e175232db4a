"""Projects and people, articles and their texts, actors, and the history of everything.

Everything belongs to exactly one project and carries `project` itself. Rows are written by the
doors and by nobody else.
"""

from corpus_app.models.intake import (
    Batch,
    BatchItem,
    TableLayout,
)
from corpus_app.models.people import (
    Event,
    InProject,
    Invitation,
    Membership,
    Operation,
    Project,
    Role,
    SavedFilter,
    Token,
    Turn,
    User,
    Versioned,
    plain_name,
)
from corpus_app.models.registry import (
    Actor,
    ActorQuerySet,
    Affiliation,
    Alias,
    ExternalId,
    NameStart,
    Unlike,
)
from corpus_app.models.texts import (
    LINE_ROLES,
    Article,
    Fingerprint,
    Outlet,
    OutletRule,
    Passage,
    Reuse,
    Revision,
    Story,
)

__all__ = [
    "LINE_ROLES",
    "Actor",
    "ActorQuerySet",
    "Affiliation",
    "Alias",
    "Article",
    "Batch",
    "BatchItem",
    "Event",
    "ExternalId",
    "Fingerprint",
    "InProject",
    "Invitation",
    "Membership",
    "NameStart",
    "Operation",
    "Outlet",
    "OutletRule",
    "Passage",
    "Project",
    "Reuse",
    "Revision",
    "Role",
    "SavedFilter",
    "Story",
    "TableLayout",
    "Token",
    "Turn",
    "Unlike",
    "User",
    "Versioned",
    "plain_name",
]

"""Who gets what from every address: one table, and a route that is not in it fails.

A row says, for some methods, what each of ROLES is answered: a status, `in` for being sent to
sign in, `to` for being sent elsewhere. The stranger manages another project; the token reads
what the manager may read.
"""

import copy
import json
import re

import pytest
from django.db import transaction
from django.http import HttpResponse

from tests import universe
from tests.universe import ROLES

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NOT_GET = "POST PUT PATCH DELETE"
ODD = "PUT PATCH DELETE OPTIONS"  # methods that mean nothing to pages

# ROLES:            anonymous stranger analyst curator manager superuser token
EVERYBODY = "       200       200      200     200     200     200       200"
SIGNED_IN = "       in        200      200     200     200     200       in"
MEMBERS = "         in        404      200     200     200     200       in"
CURATORS = "        in        404      403     200     200     200       in"
MANAGERS = "        in        404      403     403     200     200       in"
NOBODY = "          in        403      403     403     403     403       in"
NOT_SO = "          in        405      405     405     405     405       in"
NOTHING = "         in        404      404     404     404     404       in"
ELSEWHERE = "       in        to       to      to      to      to        in"
SUPERUSER = "       in        403      403     403     403     200       in"
ANYBODY_GOES_ON = " to        to       to      to      to      to        to"
NOWHERE = "         404       404      404     404     404     404       404"
NOT_EVEN_THERE = "  405       405      405     405     405     405       405"
# Of the API
READERS = "         401       404      200     200     200     200       200"
LISTED = "          401       200      200     200     200     200       200"
NOT_THERE = "       401       404      404     404     404     404       404"
NO_WRITING = "      401       405      405     405     405     405       403"
NO_SUCH_METHOD = "  401       405      405     405     405     405       405"

LIST = {"GET": LISTED, NOT_GET: NO_WRITING, "OPTIONS": NO_SUCH_METHOD}
DETAIL = {"GET": READERS, NOT_GET: NO_WRITING, "OPTIONS": NO_SUCH_METHOD}
OF_MANAGERS = "     401       404      404     404     200     200       200"
OF_CURATORS = {**DETAIL, "GET": "401 404 404 200 200 200 200"}
MADE_BY_CURATORS = {
    "GET": LISTED, "POST": "401 400 403 201 201 201 403",
    "PUT PATCH DELETE": NO_WRITING, "OPTIONS": NO_SUCH_METHOD,
}  # fmt: skip
CHANGED_BY_CURATORS = {
    "GET": READERS, "PATCH": "401 404 403 200 200 200 403",
    "POST PUT DELETE": NO_WRITING, "OPTIONS": NO_SUCH_METHOD,
}  # fmt: skip
PAGE = {"OPTIONS PUT PATCH DELETE": NOT_SO}
BUTTON = {"GET OPTIONS PUT PATCH DELETE": NOT_SO}

TABLE = {
    # People
    "sign-in": {
        "GET POST PUT OPTIONS": "200 to to to to to 200",
        "PATCH DELETE": "405 to to to to to 405",
    },
    "sign-out": {
        "GET PUT PATCH DELETE": NOT_SO,
        "POST": "in in in in in in in",
        "OPTIONS": SIGNED_IN,
    },
    "tokens": {"GET POST": SIGNED_IN, **PAGE},
    "revoke-token": {"POST": "in 404 to 404 404 404 in", **BUTTON},
    # Where the link of an invitation leads; without having followed one, nowhere.
    "invitation": {"GET": ANYBODY_GOES_ON, "OPTIONS POST PUT PATCH DELETE": NOT_EVEN_THERE},
    "join": {"GET POST": NOWHERE, "OPTIONS PUT PATCH DELETE": NOT_EVEN_THERE},
    # Making and managing a project. The stranger manages one, so she may make others.
    "project-new": {
        "GET": "in 200 403 403 200 200 in", "POST": "in 400 403 403 400 400 in", **PAGE,
    },
    "project-settings": {"GET": MANAGERS, "POST": "in 404 403 403 400 400 in", **PAGE},
    "project-archive": {"POST": "in 404 403 403 to to in", **BUTTON},
    "project-unarchive": {"POST": "in 404 403 403 to to in", **BUTTON},
    "people": {"GET": MANAGERS, "POST": "in 404 403 403 400 400 in", **PAGE},
    "member-add": {"POST": "in 404 403 403 400 400 in", **BUTTON},
    "member": {"POST": "in 404 403 403 to to in", **BUTTON},
    "member-end": {"GET": MANAGERS, "POST": "in 404 403 403 400 400 in", **PAGE},
    "invitation-revoke": {"POST": "in 404 403 403 to to in", **BUTTON},
    # The workbench
    "home": {"GET": SIGNED_IN, "POST": NOT_SO, **PAGE},
    "workbench": {"GET": MEMBERS, "POST": NOT_SO, **PAGE},
    # Only whoever has the article open is asked.
    "suggestions": {"GET": "in 404 200 403 403 403 in", "POST": NOT_SO, **PAGE},
    "take": {"POST": "in 404 to to to to in", **BUTTON},
    "hand-in": {"POST": "in 404 400 404 404 404 in", **BUTTON},
    "adjudication": {"GET": CURATORS, "POST": NOT_SO, **PAGE},
    "take-over": {"GET": CURATORS, "POST": "in 404 403 to to to in", **PAGE},
    "adjudicate": {"GET": CURATORS, "POST": NOT_SO, **PAGE},
    "case-decide": {"POST": "in 404 404 400 400 400 in", **BUTTON},
    "case-ask": {"POST": "in 404 404 400 400 400 in", **BUTTON},
    "case-reopen": {"POST": "in 404 404 400 400 400 in", **BUTTON},
    "case-split": {"POST": "in 404 404 400 400 400 in", **BUTTON},
    "case-join": {"POST": "in 404 404 400 400 400 in", **BUTTON},
    "case-hold": {"POST": "in 404 404 to to to in", **BUTTON},
    "case-release": {"POST": "in 404 404 to to to in", **BUTTON},
    # What goes out and comes in
    "exchange": {"GET": MEMBERS, "POST": NOT_SO, **PAGE},
    "import-file": {"POST": "in 404 403 400 400 400 in", **BUTTON},
    "import-report": {"GET": "in 404 404 200 200 200 in", "POST": NOT_SO, **PAGE},
    "releases": {"GET": MEMBERS, "POST": NOT_SO, **PAGE},
    "release-make": {"POST": "in 404 403 400 400 400 in", **BUTTON},
    "release": {"GET": "in 404 404 200 200 200 in", f"POST {ODD}": NOT_EVEN_THERE},
    "release-zip": {"GET": "in 404 404 200 200 200 in", f"POST {ODD}": NOT_EVEN_THERE},
    "release-difference": {
        "GET": "in 404 404 404 404 404 in", f"POST {ODD}": NOT_EVEN_THERE,
    },
    "release-show": {"POST": "in 404 404 403 400 400 in", **BUTTON},
    # The board
    **{
        name: {"GET": CURATORS, "POST": NOT_SO, **PAGE}
        for name in ("board", "board-stories", "board-training", "assignment")
    },
    # Nothing is ticked.
    "board-assign": {"GET": "in 404 403 to to to in", "POST": "in 404 403 400 400 400 in", **PAGE},
    "spread": {"GET": CURATORS, "POST": "in 404 403 400 400 400 in", **PAGE},
    **{
        f"assignment-{what}": {"POST": "in 404 403 400 400 400 in", **BUTTON}
        for what in ("due", "withdraw", "reassign", "return")
    },
    # Nobody has handed in anything to learn from.
    "score": {"GET": NOTHING, "POST": NOT_SO, **PAGE},
    "correct": {
        "GET": "in 404 403 200 200 200 in",
        "POST": "in 404 403 400 400 400 in",
        **PAGE,
    },
    "revisions": {"GET": MEMBERS, "POST": NOT_SO, **PAGE},
    "bring-back": {"POST": "in 404 403 400 400 400 in", **BUTTON},
    "side-by-side": {"GET": MEMBERS, "POST": NOT_SO, **PAGE},
    # Everybody's own; the universe has nothing in it.
    "inbox": {"GET": SIGNED_IN, "POST": NOT_SO, **PAGE},
    "inbox-read": {"POST": ELSEWHERE, **BUTTON},
    "inbox-digest": {"POST": "in 400 400 400 400 400 in", **BUTTON},
    "inbox-open": {"POST": NOTHING, **BUTTON},
    "import": {"GET": MEMBERS, "POST": "in 404 400 400 400 400 in", **PAGE},
    "read-line": {"POST": "in 404 400 400 400 400 in", **BUTTON},
    "review-article": {"GET": CURATORS, "POST": "in 404 403 400 400 400 in", **PAGE},
    "apply-rules": {"GET": CURATORS, "POST": "in 404 403 to to to in", **PAGE},
    "offer-rules": {"POST": "in 404 404 400 400 400 in", **BUTTON},
    "batches": {"GET": MEMBERS, "POST": "in 404 to to to to in", **PAGE},
    "batch": {"GET": MEMBERS, "POST": NOT_SO, **PAGE},
    "batch-report": {"GET": MEMBERS, "POST": NOT_SO, **PAGE},
    "batch-files": {"POST": "in 404 to to to to in", **BUTTON},
    "batch-start": {"POST": "in 404 to to to to in", **BUTTON},
    "batch-advance": {"POST": "in 404 to to to to in", **BUTTON},
    "batch-discard": {"POST": "in 404 to to to to in", **BUTTON},
    # Figures are for curators here, and what is behind one needs to be said which.
    "agreement": {"GET": CURATORS, "POST": NOT_SO, **PAGE},
    "agreement-table": {"GET": CURATORS, "POST": NOT_SO, **PAGE},
    "agreement-cases": {"GET": "in 404 403 400 400 400 in", "POST": NOT_SO, **PAGE},
    "agreement-match": {"POST": "in 404 403 to to to in", **BUTTON},
    # What decisions teach, and coding again
    "network": {"GET": MEMBERS, "POST": NOT_SO, **PAGE},
    "lessons": {"GET": MEMBERS, "POST": NOT_SO, **PAGE},
    # Only whose work it is.
    "contest": {"GET": "in 404 200 404 404 404 in", "POST": "in 404 400 404 404 404 in", **PAGE},
    "answer-objection": {"GET": CURATORS, "POST": "in 404 403 400 400 400 in", **PAGE},
    "proposals": {"GET": CURATORS, "POST": NOT_SO, **PAGE},
    "recodings": {"GET": CURATORS, "POST": "in 404 403 400 400 400 in", **PAGE},
    # Only who has something to code again.
    "recode": {"GET": "in 404 200 404 404 404 in", "POST": "in 404 400 404 404 404 in", **PAGE},
    "close-recoding": {"POST": "in 404 403 400 400 400 in", **BUTTON},
    # Who else is told what changes here
    "hooks": {"GET": MANAGERS, "POST": "in 404 403 403 400 400 in", **PAGE},
    "hook": {"GET": MANAGERS, "POST": "in 404 403 403 400 400 in", **PAGE},
    "hook-secret": {"POST": MANAGERS, **BUTTON},
    **{
        f"hook-{what}": {"POST": "in 404 403 403 to to in", **BUTTON}
        for what in ("ping", "end", "send-again")
    },
    # The API
    "api-docs": {"GET OPTIONS": SIGNED_IN, "POST PUT PATCH DELETE": NOT_SO},
    "problem": {"GET OPTIONS": SIGNED_IN, "POST PUT PATCH DELETE": NOT_SO},
    "schema": LIST,
    "api/v1/": {"GET OPTIONS": NOT_THERE, NOT_GET: "401 404 404 404 404 404 403"},
    "project-list": LIST, "project-detail": DETAIL,
    # One's own part, and everybody's for managers. The stranger manages another project.
    "membership-list": LIST, "membership-detail": {**DETAIL, "GET": "401 404 200 404 200 200 200"},
    "outlet-list": MADE_BY_CURATORS, "outlet-detail": CHANGED_BY_CURATORS,
    "story-list": MADE_BY_CURATORS, "story-detail": CHANGED_BY_CURATORS,
    "article-list": {**MADE_BY_CURATORS, "POST": "401 400 201 201 201 201 403"},
    "article-detail": CHANGED_BY_CURATORS,
    "revision-list": LIST, "revision-detail": DETAIL,
    "passage-list": LIST, "passage-detail": DETAIL,
    "reuse-list": LIST, "reuse-detail": DETAIL,
    "actor-list": MADE_BY_CURATORS, "actor-detail": CHANGED_BY_CURATORS,
    "actor-suggest": {
        "GET": "401 400 400 400 400 400 400", NOT_GET: NO_WRITING, "OPTIONS": NO_SUCH_METHOD,
    },
    "codebook-list": LIST, "codebook-detail": DETAIL,
    "facet-list": MADE_BY_CURATORS, "facet-detail": CHANGED_BY_CURATORS,
    "claimtag-list": MADE_BY_CURATORS,
    "claimtag-detail": {**CHANGED_BY_CURATORS, "PATCH": "401 404 403 412 412 412 403"},
    "assignment-list": LIST, "assignment-detail": DETAIL,
    "case-list": LIST, "case-detail": OF_CURATORS,
    "decision-list": LIST, "decision-detail": OF_CURATORS,
    "event-list": LIST, "event-detail": DETAIL,
    "export": DETAIL,
    "api-network": DETAIL,
    "annotation-search": {
        "GET": "401 400 400 400 400 400 400", NOT_GET: NO_WRITING, "OPTIONS": NO_SUCH_METHOD,
    },
    # Of no project.
    "changes": {
        "GET": "401 400 400 400 400 400 400", NOT_GET: NO_WRITING, "OPTIONS": NO_SUCH_METHOD,
    },
    "annotation-bulk": {
        "POST": "401 400 200 400 400 400 403",
        "PUT PATCH DELETE": NO_WRITING,
        "GET OPTIONS": NO_SUCH_METHOD,
    },
    # For managers. The stranger manages another project.
    # A release is shown to curators at first. What is open to anybody refuses nobody's way in.
    "release-list": MADE_BY_CURATORS,
    "release-detail": {
        "GET": "404 404 404 200 200 200 200", "PATCH": "401 404 404 403 200 200 403",
        "POST PUT DELETE": NO_WRITING, "OPTIONS": NO_SUCH_METHOD,
    },
    "release-archive": {**DETAIL, "GET": "404 404 404 200 200 200 200"},
    "release-since": {**DETAIL, "GET": "404 404 404 400 400 400 400"},
    "import-list": LIST,
    "import-detail": OF_CURATORS,
    "take-in": {
        "POST": "401 404 403 400 400 400 403", "GET OPTIONS": NO_SUCH_METHOD,
        "PUT PATCH DELETE": NO_WRITING,
    },
    "formats": LIST,
    "native-schema": LIST,
    "losses": DETAIL,
    "webhook-list": {
        "GET": LISTED, "POST": "401 400 403 403 201 201 403",
        "PUT PATCH DELETE": NO_WRITING, "OPTIONS": NO_SUCH_METHOD,
    },
    "webhook-detail": {
        "GET": OF_MANAGERS, "PATCH DELETE": "401 404 404 404 200 200 403",
        "POST PUT": NO_WRITING, "OPTIONS": NO_SUCH_METHOD,
    },
    "webhook-deliveries": {**DETAIL, "GET": OF_MANAGERS},
    **{
        f"webhook-{what}": {
            "POST": f"401 404 404 404 {done} {done} 403",
            "PUT PATCH DELETE": NO_WRITING,
            "GET OPTIONS": NO_SUCH_METHOD,
        }
        for what, done in (("secret", 200), ("ping", 202), ("redeliver", 202))
    },
    "annotation-list": {
        "GET": LISTED,
        # To others the revision does not exist, or the article is not assigned.
        "POST": "401 400 201 400 400 400 403",
        "PUT PATCH DELETE": NO_WRITING,
        "OPTIONS": NO_SUCH_METHOD,
    },
    "annotation-detail": {
        "GET": READERS,
        "PUT PATCH DELETE": "401 404 200 403 403 403 403",
        "POST": NO_WRITING,
        "OPTIONS": NO_SUCH_METHOD,
    },
    "annotation-place": {
        # It is not in the tray.
        "POST": "401 404 400 400 400 400 403",
        "PUT PATCH DELETE": NO_WRITING,
        "GET OPTIONS": NO_SUCH_METHOD,
    },
    "article-newest": DETAIL,
    "article-live": DETAIL,
    "article-presence": {
        "PUT DELETE": "401 404 204 204 204 204 403",
        "POST PATCH": NO_WRITING,
        "GET OPTIONS": NO_SUCH_METHOD,
    },
    "reading-position": {
        "PUT": "401 404 204 204 204 204 403",
        "POST PATCH DELETE": NO_WRITING,
        "GET OPTIONS": NO_SUCH_METHOD,
    },
    # Everybody's own.
    "preferences": {
        "GET": LISTED,
        "PATCH": "401 200 200 200 200 200 403",
        "POST PUT DELETE": NO_WRITING,
        "OPTIONS": NO_SUCH_METHOD,
    },
    "annotation-restore": {
        "POST": "401 404 200 403 403 403 403",
        "PUT PATCH DELETE": NO_WRITING,
        "GET OPTIONS": NO_SUCH_METHOD,
    },
    "rejection-list": {
        "POST": "401 400 201 400 400 400 403",
        "PUT PATCH DELETE": NO_WRITING,
        "GET OPTIONS": NO_SUCH_METHOD,
    },
    # A rejection is its analyst's own business: not even a curator's.
    "rejection-detail": {
        "PUT DELETE": "401 404 200 404 404 404 403",
        "POST PATCH": NO_WRITING,
        "GET OPTIONS": NO_SUCH_METHOD,
    },
    "comment-list": {
        "GET": LISTED,
        # To the stranger the annotation does not exist.
        "POST": "401 400 201 201 201 201 403",
        "PUT PATCH DELETE": NO_WRITING,
        "OPTIONS": NO_SUCH_METHOD,
    },
    "comment-detail": {
        "GET": READERS,
        "PUT DELETE": "401 404 200 403 403 403 403",
        "POST PATCH": NO_WRITING,
        "OPTIONS": NO_SUCH_METHOD,
    },
    # What one has read is one's own: whatever it names, nobody is told whether it is there.
    "comment-read": {
        "PUT": "401 204 204 204 204 204 403",
        "POST PATCH DELETE": NO_WRITING,
        "GET OPTIONS": NO_SUCH_METHOD,
    },
    # The desk
    "admin:index": {"GET POST": SIGNED_IN, ODD: NOT_SO},
    "admin:app_list": {"GET POST": SIGNED_IN, ODD: NOT_SO},
    "admin:login": {"GET POST PUT PATCH DELETE OPTIONS": NOBODY},
    "admin:logout": {"POST": "in in in in in in in", f"GET {ODD}": NOT_SO},
    "admin:password_change": {"GET POST": SIGNED_IN, ODD: NOT_SO},
    "admin:password_change_done": {"GET": SIGNED_IN, f"POST {ODD}": NOT_SO},
    "admin:autocomplete": {"GET": NOBODY, f"POST {ODD}": NOT_SO},
    "admin:jsi18n": {"GET": SIGNED_IN, f"POST {ODD}": NOT_SO},
    "desk/(?P<url>.*)$": {"GET POST": NOTHING, ODD: NOT_SO},
    "admin:auth_user_password_change": {"GET POST": SUPERUSER, ODD: NOT_SO},
    "admin:corpus_app_token_changelist": {"GET POST": SIGNED_IN, ODD: NOT_SO},
    # Curators' page: it tells of analysts' work. The stranger sees her own project's.
    "admin:annotations_verdict_changelist": {
        "GET POST": "in 200 403 200 200 200 in",
        ODD: NOT_SO,
    },
}  # fmt: skip

# Who may add, who may change, and who may read one row. The stranger may add to her own project.
ADDS = {
    "nobody": NOBODY,
    "curators": "in 200 403 200 200 200 in",
    "managers": "in 200 403 403 200 200 in",
    "superuser": SUPERUSER,
}
CHANGES = {
    "nobody": NOBODY,
    "curators": "in 404 403 200 200 200 in",
    "managers": "in 404 403 403 200 200 in",
    "superuser": SUPERUSER,
}
MODELS = {
    # model: add, change, read
    "corpus_app_article": ("nobody", "curators", MEMBERS),
    "corpus_app_outletrule": ("curators", "curators", MEMBERS),
    "corpus_app_revision": ("nobody", "nobody", MEMBERS),
    "corpus_app_passage": ("nobody", "nobody", MEMBERS),
    "corpus_app_reuse": ("nobody", "nobody", MEMBERS),
    "corpus_app_event": ("nobody", "nobody", MEMBERS),
    "corpus_app_outlet": ("curators", "curators", MEMBERS),
    "corpus_app_story": ("curators", "curators", MEMBERS),
    "corpus_app_actor": ("curators", "curators", MEMBERS),
    "corpus_app_project": ("superuser", "managers", MEMBERS),
    "corpus_app_invitation": ("nobody", "nobody", "in 404 404 404 200 200 in"),
    "corpus_app_membership": ("managers", "managers", "in 404 200 404 200 200 in"),
    "annotations_codebook": ("curators", "curators", MEMBERS),
    "annotations_facet": ("curators", "curators", MEMBERS),
    "annotations_claimtag": ("curators", "curators", MEMBERS),
    "annotations_assignment": ("curators", "nobody", MEMBERS),
    "annotations_annotation": ("nobody", "nobody", MEMBERS),
    # They tell of analysts' work. The stranger sees her own project's lists.
    "annotations_case": ("nobody", "nobody", CURATORS),
    "annotations_tagmerger": ("nobody", "nobody", CURATORS),
    "corpus_app_operation": ("nobody", "nobody", CURATORS),
}
FOR_CURATORS = ("annotations_case", "annotations_tagmerger", "corpus_app_operation")
for model, (adds, changes, reads) in MODELS.items():
    TABLE |= {
        f"admin:{model}_changelist": {"GET POST": SIGNED_IN, ODD: NOT_SO},
        f"admin:{model}_add": {"GET POST": ADDS[adds], ODD: NOT_SO},
        f"admin:{model}_change": {"GET": reads, "POST": CHANGES[changes], ODD: NOT_SO},
        f"admin:{model}_history": {"GET POST": reads, ODD: NOT_SO},
        f"admin:{model}_delete": {"GET POST": NOBODY, ODD: NOT_SO},
        f"desk/{model.replace('_app_', '_app/').replace('ns_', 'ns/')}/<path:object_id>/": {
            "GET POST": ELSEWHERE,
            ODD: NOT_SO,
        },
    }
TABLE |= {
    f"admin:{model}_changelist": {"GET POST": "in 200 403 200 200 200 in", ODD: NOT_SO}
    for model in FOR_CURATORS
}
TABLE |= {
    f"admin:{model}_history": {"GET POST": "in 404 404 200 200 200 in", ODD: NOT_SO}
    for model in FOR_CURATORS
}
# Everybody keeps filters of the lists that she sees; there is none to be deleted.
TABLE |= {
    f"admin:{model}_filter_{page}": {"POST": answers, f"GET {ODD}": NOT_SO}
    for model in (*MODELS, "corpus_app_token", "corpus_app_user")
    for page, answers in (("save", ELSEWHERE), ("drop", NOTHING))
}
TABLE |= {
    f"admin:{model}_filter_save": {"POST": "in to 403 to to to in", f"GET {ODD}": NOT_SO}
    for model in FOR_CURATORS
}
TABLE["admin:corpus_app_user_filter_save"] = {
    "POST": "in 403 403 403 403 to in", f"GET {ODD}": NOT_SO,
}  # fmt: skip
TABLE |= {
    "admin:annotations_claimtag_merge": {"GET POST": CHANGES["curators"], ODD: NOT_SO},
    "admin:corpus_app_operation_undo": {"GET POST": CHANGES["curators"], ODD: NOT_SO},
}
TABLE |= {
    f"admin:{model}_import": {"GET POST": ADDS["curators"], ODD: NOT_SO}
    for model in ("corpus_app_actor", "annotations_codebook", "annotations_annotation")
}
TABLE |= {
    **{
        f"admin:corpus_app_actor_{page}": {"GET POST": CHANGES["curators"], ODD: NOT_SO}
        for page in ("merge", "split")
    },
    "admin:corpus_app_actor_undo": {
        "GET": "in 404 403 to to to in",
        "POST": "in 404 403 400 400 400 in",
        ODD: NOT_SO,
    },
    # The stranger sees her own project's; to send nothing is to name no pair.
    "admin:corpus_app_actor_doubles": {
        "GET": ADDS["curators"],
        "POST": "in 404 403 404 404 200 in",
        ODD: NOT_SO,
    },
    "admin:corpus_app_actor_copy": {"GET POST": ADDS["curators"], ODD: NOT_SO},
    "admin:corpus_app_actor_export": {"GET POST": ADDS["curators"], ODD: NOT_SO},
    "admin:corpus_app_user_changelist": {"GET POST": SUPERUSER, ODD: NOT_SO},
    "admin:corpus_app_user_add": {"GET POST": SUPERUSER, ODD: NOT_SO},
    "admin:corpus_app_user_change": {"GET POST": SUPERUSER, ODD: NOT_SO},
    "admin:corpus_app_user_history": {"GET POST": "in 404 404 404 404 200 in", ODD: NOT_SO},
    "admin:corpus_app_user_delete": {"GET POST": NOBODY, ODD: NOT_SO},
    "desk/corpus_app/user/<path:object_id>/": {"GET POST": ELSEWHERE, ODD: NOT_SO},
}

ROUTES = {name if name.strip(":") not in ("", "admin") else route: route
          for route, name in universe.routes()}  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One universe for all rows: whatever a request changes is taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield universe.make()
        transaction.set_rollback(True)


def test_every_route_is_in_the_table():
    assert sorted(ROUTES) == sorted(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_everybody_gets_what_the_table_says(db, world, name):
    assert sorted(" ".join(TABLE[name]).split()) == sorted(METHODS)
    expected = {
        method: dict(zip(ROLES, answers.split(), strict=True))
        for methods, answers in TABLE[name].items()
        for method in methods.split()
    }
    # One and the same code answers both: to ask it for one role is enough, and pages cost time.
    expected["HEAD"] = {"manager": expected["GET"]["manager"]}
    given = {
        method: {role: answer(world, name, method, role) for role in roles}
        for method, roles in expected.items()
    }
    assert given == expected


def answer(world: universe.Universe, name: str, method: str, role: str) -> str:
    """What the role is answered, in the table's words; nothing that was changed stays."""
    client = world.clients[role]
    cookies = copy.deepcopy(client.cookies)
    body = {}
    if "/api/" in (address := path_of(world, name)) and method not in ("GET", "HEAD"):
        body = {"data": json.dumps(sent(world, name)), "content_type": "application/json"}
    with transaction.atomic():
        response = client.generic(method, address, headers={"If-Match": '"1"'}, **body)
        transaction.set_rollback(True)
    client.cookies = cookies
    return in_words(response)


def in_words(response: HttpResponse) -> str:
    if response.status_code != 302:
        return str(response.status_code)
    to_sign_in = response["Location"].startswith(("/sign-in/", "/desk/login/"))
    return "in" if to_sign_in else "to"


def sent(world: universe.Universe, name: str) -> dict:
    """A body that would be accepted from somebody who may send it."""
    spans = [{"start": 0, "end": 5}]
    new = {"project": "strait"}
    bodies = {
        "outlet-list": {**new, "name": "The Ferry"},
        "story-list": {**new, "title": "A calmer strait"},
        "actor-list": {**new, "name": "Ferry Office"},
        "article-list": {**new, "text": "The ferry is late.\n\nNobody waited."},
        "facet-list": {**new, "name": "Frame"},
        "claimtag-list": {
            **new, "label": "Rumour", "facet": str(world.objects["claimtag"].facet_id),
        },
        "outlet-detail": {"country": "JP"}, "story-detail": {"summary": "Calm."},
        "actor-detail": {"notes": "Of the harbour."}, "article-detail": {"title": "Calm"},
        "facet-detail": {"position": 3}, "claimtag-detail": {"position": 3},
        "release-list": {**new, "name": "Second"}, "release-detail": {"audience": "curators"},
        "webhook-list": {**new, "name": "Archive", "url": "https://example.org/"},
        "webhook-detail": {"name": "Archive"},
        "annotation-bulk": {
            "mode": "all",
            "items": [{
                "op": "create", "kind": "claim", "spans": spans,
                "revision": str(world.objects["revision"].pk),
            }],
        },
        "annotation-list": {
            "revision": str(world.objects["revision"].pk), "kind": "claim", "spans": spans,
        },
        "annotation-detail": {"kind": "claim", "spans": spans, "note": "Changed."},
        "annotation-place": {"spans": spans},
        "annotation-restore": {"version": 1},
        "comment-list": {"annotation": str(world.objects["annotation"].pk), "text": "Why?"},
        "comment-detail": {"text": "Why?"},
        "comment-read": {"annotation": str(world.objects["annotation"].pk)},
        "reading-position": {"revision": str(world.objects["revision"].pk), "place": 4},
        "rejection-list": {
            "revision": str(world.objects["revision"].pk), "actor": str(world.objects["actor"].pk),
            "places": [{"start": 0, "end": 5, "name": "Strait"}],
        },
    }  # fmt: skip
    return bodies.get(name, {})


ODD_NAMES = {
    "tag": "claimtag", "stor": "story", "storie": "story", "member": "membership",
    "people": "membership", "invitations": "invitation", "webhooks": "webhook",
}  # fmt: skip


def path_of(world: universe.Universe, name: str) -> str:
    """The route's path to what is in the universe."""
    path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", ROUTES[name])
    model = re.search(
        r"desk/\w+/(\w+)/|v1/\^?(\w+)s/|^(article|assignment|case|import|outlet|overruling|recoding|release)s/|^(stor)ies/|^(batch)es/|/(people|invitations|webhooks)/<uuid",
        path,
    )
    singular = next(filter(None, model.groups()), "") if model else ""
    thing = world.objects.get(ODD_NAMES.get(singular, singular))
    known = {
        "slug": "strait", "format": "csv", "name": "csv", "kind": "stale",
        "key": world.key, "secret": world.secret, "delivery": world.delivery,
        "app_label": "annotations", "url": "nowhere/", "content_type_id": "1",
    }  # fmt: skip
    filled = re.sub(
        r"<(?:\w+:)?(\w+)>", lambda found: known.get(found[1]) or str(thing and thing.pk), path
    )
    return "/" + re.sub(r"[\^$]", "", filled)

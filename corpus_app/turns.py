"""How far the order of events is settled, so that nothing is told out of turn or passed over."""

from django.db import connection

from corpus_app.models import Turn

LOCK = 1129467730  # of migration 0010
HIGHEST_LOCK = 2**31 - 1


def settled() -> int:
    """The number up to which every event's turn is known; what comes later may still be on its way.

    On SQLite one transaction writes at a time. On PostgreSQL a transaction under way holds a lock
    whose number is the last turn given before its own; nobody waits for it. What one's own
    transaction wrote, it sees.
    """
    if connection.vendor == "sqlite":
        return Turn.objects.order_by("-number").values_list("number", flat=True).first() or 0
    with connection.cursor() as cursor:
        # In this order: whoever takes a lock after the first reading bears later numbers only.
        cursor.execute("SELECT last_value FROM corpus_app_turn_number_seq")
        [last] = cursor.fetchone()
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE locktype = 'advisory' AND classid = %s AND datname = current_database() "
            "AND pid <> pg_backend_pid()",
            [LOCK],
        )
        floors = [last - ((last - floor) & HIGHEST_LOCK) for [floor] in cursor.fetchall()]
    return min([last, *floors])

"""The door for imports that are watched: a file is stored step by step, a row says how far."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any, BinaryIO

from django.utils import timezone

from annotations.exchange import storing
from annotations.exchange.formats import FORMATS
from annotations.exchange.neutral import ReadError
from annotations.models import Import
from corpus_app.access import require_open
from corpus_app.models import Project, User
from corpus_app.report import Problem, Report

MOST_TOLD = 1_000  # refused rows, and remarks, that are kept of an import
LONGEST_REASON = 1_000  # characters; it may quote what the file says

State = Import.State


def imported(
    *,
    by: User,
    project: Project,
    format: str,
    file: BinaryIO,
    name: str = "",
    author: User | None = None,
    dry: bool = False,
    whole: bool = False,
) -> Iterator[Import]:
    """The import, again and again while the file is stored; at last with its report.

    See `storing.store`. Whoever stops asking breaks it off: what was stored by then stays, unless
    it was to be the whole or a trial. Raises Archived.
    """
    require_open(project.pk)
    row = Import.objects.create(
        project=project, by=by, format=format, name=_sound(name[-255:]), dry=dry, whole=whole,
        report=_told(Report()),
    )  # fmt: skip
    row.state = State.BROKEN
    try:
        rows = FORMATS[format].read(file)
        steps = storing.steps(
            by=by, project=project, rows=rows, author=author, whole=whole, dry=dry
        )
        with closing(steps):
            for progress in steps:
                _note(row, progress)
                yield row
        row.state = State.REFUSED if whole and row.report["refused"] else State.DONE
    except ReadError as error:
        row.report = {**row.report, "error": _sound(str(error))}
        if whole or dry or not row.stored:
            row.state, row.stored = State.REFUSED, 0
    finally:
        row.finished = timezone.now()
        row.save()
    yield row


def _note(row: Import, progress: storing.Progress) -> None:
    """Say in the row how far it is; of one that may be taken back only at its end."""
    report = progress.report
    row.read, row.stored, row.unchanged = progress.read, report.stored, report.unchanged
    row.report = _told(report)
    if not (row.dry or row.whole):
        row.save(update_fields=["read", "stored", "unchanged", "report"])


def _told(report: Report) -> dict[str, Any]:
    return {
        "refused": len(report.problems),
        "remarked": len(report.remarks),
        "problems": [_line(problem) for problem in report.problems[:MOST_TOLD]],
        "remarks": [_line(remark) for remark in report.remarks[:MOST_TOLD]],
        "error": "",
    }


def _line(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "reason": _sound(problem.reason)}


def _sound(words: str) -> str:
    """Words of a file as they can be stored and shown; PostgreSQL keeps no U+0000 in JSON."""
    whole = words[:LONGEST_REASON].encode("utf-8", "replace").decode()
    return whole.replace("\0", "\ufffd")

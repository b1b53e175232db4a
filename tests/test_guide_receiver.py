"""The receiver in the guide to webhooks believes what the desk signs, and nothing else."""

import re

import pytest

from annotations.delivering import signature
from tests.serving import ROOT

NOW, BODY = 1_774_432_800, '{"note": "Привет 🚢"}'.encode()
SIGNED = signature("secret", NOW, BODY)


@pytest.fixture
def receiver(monkeypatch):
    """What the guide's Python defines, for a webhook whose secret is `secret`."""
    monkeypatch.setenv("CROSSREAD_SECRET", "secret")
    guide = (ROOT / "docs" / "guides" / "webhooks.md").read_text()
    [source] = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    names = {"__name__": "receiver"}
    exec(compile(source, "webhooks.md", "exec"), names)
    return names


@pytest.mark.parametrize(
    ("body", "signed", "now", "believed"),
    [
        (BODY, SIGNED, NOW, True),
        (BODY, SIGNED, NOW + 299, True),
        (BODY, SIGNED, NOW + 301, False),
        (BODY, SIGNED, NOW - 301, False),
        (BODY + b" ", SIGNED, NOW, False),
        (BODY, signature("another", NOW, BODY), NOW, False),
        (BODY, SIGNED.replace(str(NOW), str(NOW + 1)), NOW, False),
        (BODY, f"t={NOW},v1=é", NOW, False),
        (BODY, f"t={NOW}", NOW, False),
        (BODY, "t=²,v1=0", NOW, False),
        (BODY, "", NOW, False),
    ],
)
def test_only_what_the_desk_signed_a_moment_ago_is_believed(receiver, body, signed, now, believed):
    assert receiver["is_genuine"](body, signed, now) is believed

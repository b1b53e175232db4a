"""The real articles beside the repository; they are not ours and not in it."""

import json
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(
    not CORPUS.exists(), reason="the real articles are not beside this repository"
)


def manifest() -> list[dict]:
    """What is known of each real article; nothing where they are absent."""
    path = CORPUS / "manifest.json"
    return json.loads(path.read_text()) if path.exists() else []


def raw(file: str) -> bytes:
    """A raw article's bytes, by its name in the manifest."""
    return (CORPUS / file).read_bytes()

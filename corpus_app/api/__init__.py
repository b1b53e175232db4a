"""The API of the corpus: projects and people, outlets, stories, articles, actors."""

from corpus_app.api.endpoint import (
    Address,
    Endpoint,
    Nothing,
    Reading,
    UnknownParameter,
    project_called,
    refuse_empty,
    refuse_unknown,
)

__all__ = [
    "Address",
    "Endpoint",
    "Nothing",
    "Reading",
    "UnknownParameter",
    "project_called",
    "refuse_empty",
    "refuse_unknown",
]

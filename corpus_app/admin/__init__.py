"""The corpus at the desk."""

from corpus_app.admin import actors, corpus, people  # noqa: F401

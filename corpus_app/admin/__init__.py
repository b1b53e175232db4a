"""The corpus at the desk."""

from corpus_app.admin import actors, corpus, people, reuse  # noqa: F401

"""The corpus as an app."""

from django.apps import AppConfig


class CorpusConfig(AppConfig):
    name = "corpus_app"
    verbose_name = "Corpus"

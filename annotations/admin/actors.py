"""The registry of actors at the desk, with what becomes of annotations."""

from django.contrib import admin

from corpus_app.admin.actors import ActorAdmin
from corpus_app.models import Actor

admin.site.register(Actor, ActorAdmin)

"""The WSGI application. It does not start on ground that `config.checks` calls unsafe."""

import gc
import os

from django.core.management import BaseCommand
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
BaseCommand().check(databases=list(connections))
connections.close_all()
gc.freeze()  # what was loaded until now stays: the collector need not look at it again

#!/usr/bin/env python
"""Crossread's command line."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["quickstart"]:
        # The settings then make a key if there is none, and do without HTTPS on this machine.
        os.environ.setdefault("QUICKSTART", "true")
    execute_from_command_line(sys.argv)

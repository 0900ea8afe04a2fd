"""The web process."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serentak.config.settings")

application = get_wsgi_application()

# What is loaded now stays for good: a collection that walks through it in the middle of a page
# takes 0.1 s and frees nothing. The routes load all pages first.
import_module("serentak.config.urls")
gc.collect()
gc.freeze()

"""The web process."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serentak.config.settings")

application = get_wsgi_application()

# What is loaded now stays for good: a collection that walks through it in the middle of a page
# takes 0.1 s and frees nothing. Reading the routes loads all pages first.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()

"""Serves the public folder as it lies: no account, no cookie, no database."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers

from serentak.platform.access import public

from . import documents
from .rules import KINDS, index_name, is_public_name

_CODINGS = (("br", "br"), ("gzip", "gz"))
POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@public
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the list of provinces."""
    return redirect("portal:file", index_name("id"))


@public
def file(request: HttpRequest, name: str) -> HttpResponse:
    """Give a file of the public folder, compressed as the browser takes it."""
    path = documents.folder() / name
    if not is_public_name(name) or not path.is_file():
        raise Http404
    accepted = request.headers.get("Accept-Encoding", "")
    coding, ending = next(
        ((coding, f".{ending}") for coding, ending in _CODINGS if coding in accepted), ("", "")
    )
    content = path.with_name(name + ending).read_bytes()
    answer = HttpResponse(content, content_type=KINDS[name.rsplit(".", 1)[1]])
    answer["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == answer["ETag"]:
        answer = HttpResponse(status=304, headers={"ETag": answer["ETag"]})
    elif coding:
        answer["Content-Encoding"] = coding
    answer["Content-Language"] = "en" if name.endswith(".en.html") else "id"
    answer["Cache-Control"] = "public, max-age=60"
    answer["Content-Security-Policy"] = POLICY
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(answer, ("Accept-Encoding",))
    return answer

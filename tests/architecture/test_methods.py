"""Pages are asked by the methods of browsers only."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/16/", "/health", "/16/readiness", "/nowhere"])
def test_no_page_answers_another_method(client: Client, method: str, path: str) -> None:
    assert client.generic(method, path).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_methods_of_browsers_are_answered(client: Client, method: str) -> None:
    assert client.generic(method, "/16/").status_code != 405

"""What is kept of a page tells nothing of who reads it: no account, no session, no messages.

A kept part is drawn once for all with the same grants at its address (ADR 10), so it may use what the
view gave from these, and of the request nothing but its address. The guard starts from the templates
that use the tag and follows what they include, charts and tables too.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import Engine, engines
from django.template.base import Template, Variable
from django.template.loader_tags import IncludeNode

from .house import SOURCE

OF_THE_KEY = frozenset({"request.path", "request.get_full_path", "request.GET"})
"""What a kept part may use of the request: its address, which the key holds."""

OF_THE_READER = frozenset({"request", "user", "perms", "messages", "DEFAULT_MESSAGE_LEVELS"}) | {
    *("nav_bar", "theme")
}
"""What context processors say of the account, its session, its messages and its device."""

DRAWN = {"chart": "platform/charts/*.html", "table": "platform/table/*.html"}
"""Which templates a tag draws, whose name stands in the value alone."""

INCLUDED = {"part": "desk/templates/desk/_*.html"}
"""Which templates are included by a name that a view gives, by the variable that holds it."""

_FOLLOWED = ("django.template", "django.templatetags", "serentak.platform.templatetags")


def users_of_kept() -> list[str]:
    """Return the names of all templates that use the tag."""
    return [
        path.relative_to(folder).as_posix()
        for folder in sorted(SOURCE.glob("*/templates"))
        for path in sorted(folder.rglob("*.html"))
        if "{% kept %}" in path.read_text("utf-8")
    ]


def kept_parts(template: Template) -> Iterator[Any]:
    """Yield the kept parts of a template."""
    yield from (n for n in _things(template.nodelist) if type(n).__name__ == "_Kept")


def _things(root: Any) -> Iterator[Any]:
    """Yield everything of which a part of a template is made, once each."""
    waiting, seen = [root], set()
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, dict):
            waiting += thing.values()
        elif isinstance(thing, list | tuple | set):
            waiting += thing
        elif type(thing).__module__.startswith(_FOLLOWED) and id(thing) not in seen:
            seen.add(id(thing))
            yield thing
            if not isinstance(thing, Template):
                waiting += [getattr(thing, name, None) for name in _names_of(thing)]


def _names_of(thing: Any) -> Iterator[str]:
    """Yield the names of what a thing holds, in its slots or its dictionary."""
    for kind in type(thing).__mro__:
        yield from getattr(kind, "__slots__", ())
    yield from getattr(thing, "__dict__", ())


def _templates(glob: str) -> list[str]:
    """Return the names of templates by their path from the source."""
    return [path.as_posix().partition("/templates/")[2] for path in sorted(SOURCE.glob(glob))]


def faults(part: Any, engine: Engine) -> list[str]:
    """Return what a part uses of its reader, and what it includes that nobody can follow."""
    found: set[str] = set()
    waiting, seen = [part], set()
    while waiting:
        for thing in _things(waiting.pop()):
            names: list[str] = []
            if isinstance(thing, Variable):
                name = str(thing.var)
                allowed = any(f"{name}.".startswith(f"{a}.") for a in OF_THE_KEY)
                if name.partition(".")[0] in OF_THE_READER and not allowed:
                    found.add(name)
            elif isinstance(thing, IncludeNode):
                name = thing.template.var
                if not isinstance(name, Variable):
                    names = [str(name)]
                elif str(name.var) in INCLUDED:
                    names = _templates(INCLUDED[str(name.var)])
                else:
                    found.add(f"include {name.var}")
            elif (tag := getattr(getattr(thing, "func", None), "__name__", "")) in DRAWN:
                names = _templates(f"platform/templates/{DRAWN[tag]}")
            for name in names:
                if name not in seen:
                    seen.add(name)
                    waiting.append(engine.get_template(name).nodelist)
    return sorted(found)


def _engine() -> Engine:
    return engines["django"].engine  # type: ignore[attr-defined]  # a backend of Django's own


def test_no_kept_part_tells_of_its_reader() -> None:
    names = users_of_kept()
    assert "desk/place.html" in names
    parts = {name: list(kept_parts(_engine().get_template(name))) for name in names}
    assert [name for name, found in parts.items() if not found] == []
    told = {
        name: [fault for part in found for fault in faults(part, _engine())]
        for name, found in parts.items()
    }
    assert {name: found for name, found in told.items() if found} == {}


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("{{ user.username }}", ["user.username"]),
        ("{% if request.user.is_authenticated %}a{% endif %}", ["request.user.is_authenticated"]),
        ("{% for m in messages %}{{ m }}{% endfor %}", ["messages"]),
        ("{% with a=request.session.b %}{{ a }}{% endwith %}", ["request.session.b"]),
        ("{{ rows|join:theme }}", ["theme"]),
        (
            "{% if a and not perms.b %}{% else %}{{ nav_bar }}{% endif %}",
            ["nav_bar", "perms.b"],
        ),
        ("{% include name %}", ["include name"]),
        ("{% include 'planted.html' %}", ["user"]),
        ("{% blocktranslate with n=user %}{{ n }}{% endblocktranslate %}", ["user"]),
        ("{% table shown %}{% chart drawn %}", []),
        ("{{ request.path }} {{ request.GET.all }} {{ head.title }} {% csrf_token %}", []),
    ],
)
def test_what_tells_of_the_reader_is_caught(inside: str, found: list[str]) -> None:
    planted = {
        "page.html": f"{{% load i18n serentak %}}{{{{ user }}}}{{% kept %}}{inside}{{% endkept %}}",
        "planted.html": "{{ user }}",
    }
    loaders = [
        ("django.template.loaders.locmem.Loader", planted),
        "django.template.loaders.app_directories.Loader",
    ]
    engine = Engine(loaders=loaders, builtins=_engine().builtins, libraries=_engine().libraries)
    (part,) = kept_parts(engine.get_template("page.html"))
    assert faults(part, engine) == found


def test_each_template_that_a_tag_draws_is_followed() -> None:
    """A chart or table whose template lies elsewhere would be kept unseen."""
    web = Path(SOURCE / "platform" / "web")
    drawn = [
        line.partition('"')[2].rpartition('"')[0]
        for path in sorted(web.rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip().startswith("template: ClassVar[str] =")
    ]
    folders = {glob.rpartition("/")[0] for glob in DRAWN.values()}
    assert drawn
    assert {name.rpartition("/")[0] for name in drawn} == folders

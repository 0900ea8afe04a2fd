"""What people read of Python code is translatable; templates are seen to elsewhere."""

import ast
import re
from collections.abc import Iterator, Mapping

import pytest

from serentak.config.messages import KEYWORDS as GETTEXT

from .code import calls, row_of, sources

ARGUMENTS: Mapping[str, tuple[int, ...]] = {
    "success": (1,),
    "info": (1,),
    "warning": (1,),
    "error": (1,),
    "add_message": (2,),
    "ValidationError": (0,),
    "add_error": (1,),
    "Column": (1,),
    "Choice": (1,),
    "Deed": (1,),
    "NavEntry": (0,),
    "SheetColumn": (1,),
}
"""By what is called: which arguments people read."""

KEYWORDS = {
    *("title", "label", "help_text", "about", "button", "empty", "notes", "error_messages"),
    *("placeholder", "legend", "heading", "what", "hint", "empty_label", "note", "message", "text"),
}
"""Keywords whose value people read, whatever is called."""

KEYS = frozenset({"title", "label", "about", "button", "heading", "hint", "note"})
"""Keys of a page's context that people read."""

TABLES = frozenset({"title", "about", "label", "help_text"})
"""Attributes of classes that people read."""

TRANSLATED = frozenset(GETTEXT)

_LETTERS = re.compile(r"[^\W\d_]{2,}")


def is_prose(text: str) -> bool:
    """Tell whether a text has a word that a reader would read: not a code, a key or a sign."""
    bare = re.sub(r"%\(\w+\)\w|\{\w*\}", "", text)
    return bool(_LETTERS.search(bare)) and (" " in bare.strip() or bare[:1].isupper())


def said_plainly(node: ast.expr | None) -> Iterator[ast.Constant]:
    """Yield the literals of an expression that reach the reader as they stand."""
    match node:
        case ast.Constant(value=str(text)) if is_prose(text):
            yield node
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from said_plainly(part)
        case ast.IfExp(body=body, orelse=orelse):
            yield from said_plainly(body)
            yield from said_plainly(orelse)
        case ast.BinOp(left=left, right=right):
            yield from said_plainly(left)
            yield from said_plainly(right)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            for item in items:
                yield from said_plainly(item)
        case ast.Dict(values=values):
            for value in values:
                yield from said_plainly(value)


def untranslated(tree: ast.AST) -> list[str]:
    """Return the texts of a module that are shown in one language only, each with its line."""
    shown: list[ast.expr | None] = []
    for name, call in calls(tree):
        if name in TRANSLATED:
            continue
        shown += [call.args[at] for at in ARGUMENTS.get(name, ()) if at < len(call.args)]
        shown += [given.value for given in call.keywords if given.arg in KEYWORDS]
        shown += [g.value for g in call.keywords if g.arg == "choices" and name.endswith("Field")]
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            shown += [
                value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value in KEYS
            ]
        if isinstance(node, ast.ClassDef):
            shown += [
                item.value
                for item in node.body
                if isinstance(item, ast.Assign) and ast.unparse(item.targets[0]) in TABLES
            ]
    found = {(text.lineno, text.value) for node in shown for text in said_plainly(node)}
    return [f"{line}: {text}" for line, text in sorted(found)]


def loose(tree: ast.Module) -> list[str]:
    """Return the texts of a module of words that no translation is asked for, with their lines."""
    found: list[str] = []

    def look(node: ast.AST) -> None:
        if isinstance(node, ast.Call) and ast.unparse(node.func) in TRANSLATED:
            return
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_docstring or isinstance(node, ast.Raise | ast.Subscript):
            return
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and " " in text and is_prose(text):
            found.append(f"{getattr(node, 'lineno', 0)}: {text}")
        for child in ast.iter_child_nodes(node):
            look(child)

    look(tree)
    return found


def uncollected(tree: ast.AST) -> list[str]:
    """Return the texts for translation inside f-strings, where nobody collects them."""
    return [
        f"{call.lineno}: {ast.unparse(call)}"
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in TRANSLATED
    ]


DECLARED: Mapping[str, str] = {
    "config/messages.py": "tells developers what a translation lacks",
    "drill/actions/neutrality.py": "invented data of a demonstration, which is Indonesian",
    "platform/web/kit.py": "shows the parts of pages while debugging, with Indonesian examples",
}
"""Modules whose texts stand in one language, and why."""


def test_what_people_read_is_translatable() -> None:
    faults = {
        path.as_posix(): found
        for path, tree in sources().items()
        if row_of(path) != "models" and (found := untranslated(tree))
    }
    assert faults.keys() - DECLARED.keys() == set(), faults
    assert faults.keys() == DECLARED.keys()


def test_words_are_translatable() -> None:
    faults = {
        path.as_posix(): found
        for path, tree in sources().items()
        if row_of(path) == "words" and (found := loose(tree))
    }
    assert faults == {}


def test_every_text_is_collected() -> None:
    faults = {
        path.as_posix(): found for path, tree in sources().items() if (found := uncollected(tree))
    }
    assert faults == {}


@pytest.mark.parametrize(
    ("planted", "faults"),
    [
        ("messages.success(request, 'The post was shut.')", ["The post was shut."]),
        ("messages.success(request, _('The post was shut.'))", []),
        ("messages.error(request, refusal_text(refused))", []),
        ("messages.info(request, f'{count} posts were shut.')", [" posts were shut."]),
        ("raise forms.ValidationError('Not a post.')", ["Not a post."]),
        ("CharField(label='Post', help_text=_('Where it is.'))", ["Post"]),
        ("ChoiceField(label=_('Kind'), choices=[('A', 'Open'), ('B', _('Shut'))])", ["Open"]),
        ("Table(name='posts', title='Posts', notes=[_('All.'), 'Some.'])", ["Posts", "Some."]),
        ("Column('post', 'Post', lambda row: row.post)", ["Post"]),
        ("context = {'title': 'Shut a post', 'kind': 'shut a post'}", ["Shut a post"]),
        ("class Import(ImportView):\n    title = 'Import posts'", ["Import posts"]),
        ("Table(title=_('Open') if is_open else 'Shut')", ["Shut"]),
        ("Widget(title='%(count)s – {name}')", []),
    ],
)
def test_a_text_in_one_language_is_caught(planted: str, faults: list[str]) -> None:
    assert [text.partition(": ")[2] for text in untranslated(ast.parse(planted))] == faults


def test_loose_words_are_caught() -> None:
    planted = ast.parse('"""Words."""\nA = {"posts.SHUT": "It is shut.", "posts.OPEN": _("Open.")}')
    assert loose(planted) == ["2: It is shut."]


def test_a_text_inside_an_f_string_is_caught() -> None:
    planted = ast.parse("text = f'{_(\"Search\")}: {search}'; fine = _('Search') + f': {search}'")
    assert uncollected(planted) == ["1: _('Search')"]

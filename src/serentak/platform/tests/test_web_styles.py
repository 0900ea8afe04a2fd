"""The style sheets: contrast in both themes, tokens only, nothing that the policy would refuse."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).resolve().parents[1] / "static" / "platform"
TOKENS = (STYLES / "tokens.css").read_text("utf-8")


def _block(start: str) -> dict[str, str]:
    body = TOKENS[TOKENS.index(start) :]
    body = body[body.index("{") + 1 : body.index("}")]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", body))


LIGHT = _block("  :root {")
DARK = LIGHT | _block(':root[data-theme="dark"]')


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(d * 2 for d in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


TEXT = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("bg", "surface", "sunken")],
    *[("accent", ground) for ground in ("bg", "surface", "accent-soft")],
    ("accent-hover", "surface"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-late", "late"),
    *[
        (f"{s}-text", ground)
        for s in ("done", "ok", "risk", "late", "none")
        for ground in ("surface", f"{s}-soft")
    ],
    *[("ink", f"{s}-soft") for s in ("done", "ok", "risk", "late", "none")],
]
SHAPES = [
    *[
        (s, ground)
        for s in ("done", "ok", "risk", "late", "none")
        for ground in ("surface", f"{s}-soft")
    ],
    ("edge", "surface"),
    ("edge", "bg"),
    ("accent", "sunken"),
]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_shapes_have_the_contrast_of_aa(theme: dict[str, str]) -> None:
    low = [
        f"{a} on {b}: {contrast(theme[a], theme[b]):.2f}"
        for a, b in TEXT
        if contrast(theme[a], theme[b]) < 4.5
    ]
    low += [
        f"{a} on {b}: {contrast(theme[a], theme[b]):.2f}"
        for a, b in SHAPES
        if contrast(theme[a], theme[b]) < 3
    ]
    assert low == []


def test_dark_by_the_system_and_dark_by_choice_are_the_same() -> None:
    assert _block(':root:not([data-theme="light"])') == _block(':root[data-theme="dark"]')


@pytest.mark.parametrize("file", sorted(STYLES.glob("*.css")), ids=lambda f: f.name)
def test_only_tokens_hold_raw_colours(file: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", file.read_text("utf-8"), flags=re.S)
    if file.name != "tokens.css":
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", text) == []
    assert "http" not in text
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("file", sorted(STYLES.glob("*.css")), ids=lambda f: f.name)
def test_every_token_in_use_is_defined(file: Path) -> None:
    text = file.read_text("utf-8")
    defined = set(re.findall(r"--([\w-]+)\s*:", TOKENS)) | set(re.findall(r"--([\w-]+)\s*:", text))
    components = (STYLES / "components.css").read_text("utf-8") + (STYLES / "base.css").read_text(
        "utf-8"
    )
    defined |= set(re.findall(r"--([\w-]+)\s*:", components))
    assert set(re.findall(r"var\(--([\w-]+)", text)) <= defined

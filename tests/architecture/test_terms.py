"""One word for a thing: what officials would not write stands in no message and no catalogue."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po

import serentak

PACKAGE = Path(serentak.__file__).parent

REJECTED: Mapping[str, str] = {
    r"\bkasus(?:nya)?\b": "perkara; what is said to have been done is a dugaan pelanggaran",
    r"\bbelum lapor\b": "belum melapor",
    r"\bdiam\b": "belum melapor, tidak melapor selama … hari",
    r"\bpenangan perkara\b": "pengelola perkara",
    r"(?<!serentak )\bdemo(?:nstrasi)?\b": "peragaan (a demo is a protest in the street)",
    r"\bsintetis\b": "rekaan",
    r"\bdesk-?nya\b": "desk itu",
    r"\bsurat elektronik\b": "surel",
    r"\brisalah\b": "notula",
    r"\bcatatan rapat\b": "notula",
    r"\bditepati\b": "selesai tepat waktu",
    r"\bjanji\b": "tindak lanjut",
    r"\bbila terlewat\b": "bila tidak selesai tepat waktu",
    r"\bdari 100 persen\b": "… persen",
    r"\brangkaian pekerjaan terpanjang\b": "jalur kritis",
    r"\bprakiraan selesai\b": "perkiraan selesai (a prakiraan is the weather's)",
    r"\bgawai\b": "ponsel",
    r"\bTPS khusus\b": "TPS lokasi khusus",
    r"\bkecamatan air\b|\bdaerah air\b": "kecamatan perairan",
    r"\btermin kedua\b|\bbagian kedua hibah\b": "hibah tahap kedua",
    r"\bperahu carteran\b": "perahu sewaan",
    r"\bnaik jenjang (?:dengan )?sendiri(?:nya)?\b": "naik jenjang otomatis",
    r"\blayanan menipis\b": "pelayanan publik terganggu",
    r"\bhak jawab\b": "hak klarifikasi",
    r"\bgolongan pelanggaran": "jenis pelanggaran, tingkat hukuman",
    r"\btanpa izin Menteri\b": "tanpa persetujuan tertulis Menteri",
    r"\btingkat kepercayaan\b": "tingkat keandalan",
    r"\bacuan awal\b": "target yang disepakati",
    r"\bdapat ditiadakan\b": "dapat dikesampingkan",
    r"\bterlambat atau terputus\b": "terlambat atau terhenti",
    r"\bsuara dipungut ulang\b": "PSU",
    r"\bpoin persen\b": "persen poin",
    r"\bsistem negara\b": "SRIKANDI",
    r"\bbersama ini\b": "dengan ini (bersama ini is said of what is enclosed)",
    r"\bapabila dimungkinkan\b": "the day alone",
    r"\bgalat\b": "kesalahan",
    r"\bpasal \d": "Pasal, with a capital before its number",
    r"\bhalaman pertama\b": "halaman utama",
    r"\d %": "no space before %",
}
"""What is not written any more, as a pattern, and what is. Small letters match both cases, but
for "pasal", where the case is the fault."""

AS_PEOPLE_WRITE: Mapping[str, str] = {
    "coordination/catalogue/minutes.yaml": "words that pasted minutes may hold",
    "coordination/catalogue/restricted.yaml": "codes",
    "readiness/catalogue/activities.yaml aliases": "other names that people paste",
}
"""Where the words of others stand, which are read and not said."""


def texts(package: Path) -> Iterator[tuple[str, str]]:
    """Yield every Indonesian text of a package with the place where it stands."""
    for path in sorted(package.glob("*/locale/id/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                said = message.string if isinstance(message.string, tuple) else (message.string,)
                for text in said if message.id else ():
                    yield f"{path.relative_to(package)}: {message.id}", text
    for path in sorted(package.glob("*/catalogue/*.yaml")):
        where = path.relative_to(package).as_posix()
        if where not in AS_PEOPLE_WRITE:
            for key, text in _indonesian(yaml.safe_load(path.read_text(encoding="utf-8")), ""):
                if f"{where} {key}" not in AS_PEOPLE_WRITE:
                    yield f"{where}: {key}", text


def _indonesian(node: Any, key: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of a catalogue but for those in English."""
    if isinstance(node, str):
        yield key, node
    elif isinstance(node, dict):
        for name, value in node.items():
            if name != "en":
                yield from _indonesian(value, key if name == "id" else str(name))
    elif isinstance(node, list):
        for value in node:
            yield from _indonesian(value, key)


def rejected(found: Iterable[tuple[str, str]]) -> list[str]:
    """Return the texts that use a rejected word, with what is written instead."""
    patterns = [
        (re.compile(word, 0 if word.startswith(r"\bpasal") else re.I), right)
        for word, right in REJECTED.items()
    ]
    return [
        f"{where}: “{match[0]}” in “{text}”: write {right}"
        for where, text in found
        for pattern, right in patterns
        if (match := pattern.search(text))
    ]


def test_one_word_for_a_thing() -> None:
    assert rejected(texts(PACKAGE)) == []


@pytest.mark.parametrize(
    "planted",
    [
        "Kasus nomor 3",
        "Provinsi belum lapor",
        "62 dari 100 persen",
        "Jam demo",
        "menurut pasal 71",
        "naik 3 %",
        "Bersama ini disampaikan",
    ],
)
def test_a_rejected_word_is_caught(planted: str, tmp_path: Path) -> None:
    catalogue = tmp_path / "posts/catalogue"
    catalogue.mkdir(parents=True)
    row = {"name": {"id": planted, "en": "Kasus in English"}}
    (catalogue / "posts.yaml").write_text(yaml.safe_dump({"rows": [row]}), encoding="utf-8")
    assert len(rejected(texts(tmp_path))) == 1


def test_what_is_right_stays() -> None:
    right = ["Perkara nomor 3", "menurut Pasal 71", "93% pegawai", "mulai serentak demo --fresh"]
    assert rejected([("here", text) for text in right]) == []

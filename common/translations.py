"""The translations: compiled without any tool of the system, and checked for what a reader would notice."""

import ast
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
MARKUP = re.compile(r"<[^>]+>")
#: Sources that are names or codes, written alike in every language.
SAME_EVERYWHERE = frozenset({"Holdfast", "API", "RTO", "RPO", "bwrap", "PostgreSQL", "English", "ID", "URL", "JSON"})
TRANSLATING = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "npgettext"})
#: How catalogs are written: no wrapping, no line numbers, so that a change shows only what changed.
MAKEMESSAGES = ("--no-wrap", "--no-obsolete", "--add-location", "file", "-e", "html,txt,py")
NOT_OURS = ("-i", "tests/*", "-i", "bench/*")


def compile_all(locale: Path) -> int:
    """Write a .mo beside every .po that is newer. Returns how many were written."""
    written = 0
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            fresh = target.with_suffix(".mo.new")
            polib.pofile(str(source)).save_as_mofile(str(fresh))
            fresh.replace(target)
            written += 1
    return written


def faults(catalog: Path) -> Iterator[str]:
    """What is wrong in one .po file, a sentence each."""
    for entry in polib.pofile(str(catalog)):
        if not entry.obsolete:
            for text, source in _pairs(entry):
                fault = _fault(entry, source, text)
                if fault:
                    yield f"{fault}: {source!r} → {text!r}"


def out_of_reach(root: Path) -> Iterator[str]:
    """Texts that no extraction finds, because they stand in an f-string: where they are."""
    for name in _sources(root):
        if name.endswith(".py") and not name.startswith("tests/"):
            for node in ast.walk(ast.parse((root / name).read_bytes())):
                if isinstance(node, ast.JoinedStr) and any(map(_is_translation, ast.walk(node))):
                    yield f"{name}:{node.lineno}: a text to be translated stands in an f-string"


def _is_translation(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATING


def _pairs(entry: polib.POEntry) -> list[tuple[str, str]]:
    if not entry.msgid_plural:
        return [(entry.msgstr, entry.msgid)]
    return [(text, entry.msgid_plural) for text in entry.msgstr_plural.values()] or [("", entry.msgid_plural)]


def _fault(entry: polib.POEntry, source: str, text: str) -> str:
    if not text.strip():
        return "not translated"
    if entry.fuzzy:
        return "fuzzy"
    if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(text)):
        return "placeholders differ"
    if sorted(MARKUP.findall(source)) != sorted(MARKUP.findall(text)):
        return "markup differs"
    if source in SAME_EVERYWHERE or not re.search(r"[A-Za-z]{2}", PLACEHOLDER.sub("", source)):
        return ""
    if text == source:
        return "same as the source"
    return "" if CHINESE.search(text) else "no Chinese in it"


def extracted_again(root: Path, language: str) -> Path:
    """The catalog as it would be if every source were read now, in a folder of its own that the caller removes.

    Needs the system's gettext; CI has it.
    """
    copy = Path(tempfile.mkdtemp(prefix="holdfast-messages-"))
    (copy / "locale").mkdir()
    for name in _sources(root):
        if Path(name).suffix in {".py", ".html", ".txt", ".po"} and (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, copy / name)
    command = [sys.executable, "-m", "django", "makemessages", *MAKEMESSAGES, *NOT_OURS, "-l", language]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    return copy


def _sources(root: Path) -> list[str]:
    """What git keeps or would keep: never the virtual environment, never data."""
    command = ["git", "ls-files", "-coz", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout
    return [name for name in listed.decode().split("\0") if name]


if __name__ == "__main__":  # for an image or an installation: without settings, which would make DATA_DIR
    compile_all(Path("locale"))

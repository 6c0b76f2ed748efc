"""The translations (`locale/*/LC_MESSAGES/*.po`): compile them, and gather new source texts with `--extract`."""

import argparse
import os
from pathlib import Path

import polib
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
# Texts of these folders are never shown to a person.
LEFT_OUT = (".venv", "tests", "benchmarks", "var", "staticfiles", "docs")
# Keep dates and names out of the header, so that gathering again changes nothing.
HEADER = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "en",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def compile_all() -> int:
    """Write a `.mo` beside every `.po` that is newer than it, without the gettext tools; return how many."""
    written = 0
    for source in LOCALE.rglob("*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            written += 1
    return written


def extract(folder: Path = ROOT) -> list[str]:
    """Gather the source texts under `folder` into its `locale/en`; return those without a good English text.

    Needs the gettext tools. Texts no longer used are dropped; a guessed translation counts as none.
    """
    before = Path.cwd()
    os.chdir(folder)
    try:
        call_command(
            "makemessages",
            locale=["en"],
            ignore_patterns=list(LEFT_OUT),
            add_location="file",
            no_obsolete=True,
            verbosity=0,
        )
    finally:
        os.chdir(before)
    catalogue = polib.pofile(str(folder / "locale/en/LC_MESSAGES/django.po"))
    catalogue.header, catalogue.metadata = "", dict(HEADER)
    catalogue.metadata_is_fuzzy = False
    catalogue.save()
    return [entry.msgid for entry in catalogue if not entry.translated()]


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--extract", action="store_true", help="gather new source texts first (needs gettext)"
    )
    if options.parse_args().extract:
        for text in extract():
            print(f"no English text: {text}")
    compile_all()

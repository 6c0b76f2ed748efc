"""Say which system packages are missing, or install them where this process may (Debian, as root).

Standard library only: it runs before anything else can be relied on.
"""

from __future__ import annotations

import argparse
import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
# Tinos: complete Vietnamese and as wide as Times New Roman; the older Liberation lacks 92 letters.
FONT_FILE, FONT_PACKAGE = "Tinos-Regular.ttf", "fonts-croscore"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".local/share/fonts"))
TEST_PROGRAMS = {
    "chromium": "chromium",
    "localc": "libreoffice-calc",
    "lowriter": "libreoffice-writer",
    "pdftotext": "poppler-utils",
    "xgettext": "gettext",
    "node": "nodejs",
    "npm": "npm",
    "softhsm2-util": "softhsm2",
}


def missing_packages(*, tests: bool) -> list[str]:
    """Debian packages without which reports (and, with `tests`, the browser and office tests) cannot run."""
    missing = [package for name, package in LIBRARIES.items() if not ctypes.util.find_library(name)]
    if not any(next(Path(folder).rglob(FONT_FILE), None) for folder in FONT_FOLDERS if Path(folder).exists()):
        missing.append(FONT_PACKAGE)
    if tests:
        missing += [package for program, package in TEST_PROGRAMS.items() if not shutil.which(program)]
    return missing


def install(packages: list[str]) -> bool:
    """Install with apt as root; False where that is not possible or fails."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    )
    return all(
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0
        for command in commands
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also what the browser and office tests need")
    missing = missing_packages(tests=parser.parse_args().tests)
    if missing and not install(missing):
        print(
            f"Missing system packages: {' '.join(missing)}\n"
            f"Install them with: sudo apt-get install {' '.join(missing)}\n"
            "Without them reports have no PDF and the tests that need them are skipped.",
            file=sys.stderr,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

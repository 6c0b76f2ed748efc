"""A folder of trial keys, as the settings expect it: roots, a key for each person and agency, and drawn stamps."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from PIL import Image, ImageDraw

from facilities.text import fold
from reporting.signatures.pictures import RED
from reporting.signatures.trial import make_key_file, make_root

AGENCIES, ROOTS = "agencies.yaml", "roots.pem"
STAMP_PIXELS, RING = 600, 14


def write_trial_folder(
    folder: Path, *, people: Mapping[str, str], agencies: Iterable[str], password: str, now: datetime
) -> list[Path]:
    """Write the folder anew; return the key files of the people, which are named by the keys of `people`."""
    folder.mkdir(parents=True, exist_ok=True)
    root = make_root(now)
    start = now - timedelta(hours=1)
    (folder / ROOTS).write_bytes(root.pem)
    written = []
    for username, name in people.items():
        path = folder / f"{username}.p12"
        _write_secret(path, make_key_file(root, name, password, start=start))
        written.append(path)
    entries = []
    for number, agency in enumerate(agencies, 1):
        stem = f"{number}-{fold(agency).replace(' ', '-')}"
        _write_secret(folder / f"{stem}.p12", make_key_file(root, agency, password, start=start))
        _write_secret(folder / f"{stem}.password", f"{password}\n".encode())
        (folder / f"{stem}.png").write_bytes(draw_stamp())
        files = {"pkcs12": f"{stem}.p12", "password_file": f"{stem}.password", "stamp": f"{stem}.png"}
        entries.append({"agency": agency, **files})
    text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False)
    (folder / AGENCIES).write_text(text, encoding="utf-8")
    return written


def draw_stamp() -> bytes:
    """A stamp of two rings and a pentagon without a name: nobody's."""
    image = Image.new("RGBA", (STAMP_PIXELS, STAMP_PIXELS), (*RED, 0))
    pen = ImageDraw.Draw(image)
    edge, middle = STAMP_PIXELS - RING, STAMP_PIXELS / 2
    pen.ellipse((RING, RING, edge, edge), outline=(*RED, 255), width=RING)
    pen.ellipse((5 * RING, 5 * RING, edge - 4 * RING, edge - 4 * RING), outline=(*RED, 255), width=RING // 2)
    pen.regular_polygon((middle, middle, STAMP_PIXELS / 6), n_sides=5, fill=(*RED, 255))
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _write_secret(path: Path, content: bytes) -> None:
    """Readable by its owner alone."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_bytes(content)

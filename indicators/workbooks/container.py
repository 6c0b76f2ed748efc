"""What a workbook's zip directory must look like before a byte of it is unpacked (pure, standard library)."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath

MAX_FILE = 5 * 1024 * 1024
MAX_PARTS, MAX_INSIDE, MAX_RATIO, SMALL = 200, 40 * 1024 * 1024, 200, 64 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Part of a name in small letters → why it is refused.
FORBIDDEN = (
    ("vbaproject", "macros"),
    ("macrosheets/", "macros"),
    ("externallinks/", "external_links"),
    ("embeddings/", "embedded"),
    ("activex/", "embedded"),
    ("ctrlprops/", "embedded"),
    ("connections.xml", "connections"),
    ("querytables/", "connections"),
)
ALLOWED = {".xml", ".rels", ".bin", ".png", ".jpeg", ".jpg", ".vml"}
ARCHIVES = {".zip", ".xlsx", ".xlsm", ".gz", ".7z", ".rar"}


class Refused(Exception):
    """The file is not read; `code` names the reason, `detail` the place."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail[:200]


def check_head(head: bytes, size: int, whole: bytes = b"") -> None:
    """Refuse by size and first bytes. Raises Refused."""
    if size > MAX_FILE:
        raise Refused("too_large")
    if not size:
        raise Refused("empty")
    if head.startswith(OLE):
        raise Refused("encrypted" if "EncryptedPackage".encode("utf-16-le") in whole else "old_excel")
    if not head.startswith(b"PK"):
        raise Refused("not_excel")


def check_parts(archive: zipfile.ZipFile) -> None:
    """Refuse what the directory alone gives away. Raises Refused."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise Refused("too_many_parts", str(len(parts)))
    names = [part.filename.lower() for part in parts]
    if len(set(names)) != len(names):
        raise Refused("duplicate_part")
    for part in parts:
        _check_part(part)
    if sum(part.file_size for part in parts) > MAX_INSIDE:
        raise Refused("too_big_inside")


def _check_part(part: zipfile.ZipInfo) -> None:
    name = part.filename.lower()
    path = PurePosixPath(name)
    # `_rels/.rels` has no suffix to pathlib.
    ending = f".{name.rpartition('.')[2]}"
    # zipfile cuts a name at NUL, so the name as written is looked at.
    original = part.orig_filename
    if path.is_absolute() or ".." in path.parts or "\\" in original or ":" in name or "\0" in original:
        raise Refused("bad_path", part.filename)
    for piece, code in FORBIDDEN:
        if piece in name:
            raise Refused(code, part.filename)
    if ending in ARCHIVES:
        raise Refused("nested_archive", part.filename)
    if not part.is_dir() and ending not in ALLOWED:
        raise Refused("strange_part", part.filename)
    if part.flag_bits & 1:
        raise Refused("encrypted", part.filename)
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Refused("strange_packing", part.filename)
    if part.file_size > SMALL and part.file_size > MAX_RATIO * max(part.compress_size, 1):
        raise Refused("bomb", part.filename)

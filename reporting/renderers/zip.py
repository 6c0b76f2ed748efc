"""Every commune's sheet as a PDF of its own, in one ZIP: to be handed to the communes one by one."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from facilities.text import printable
from reporting.renderers import Progress, ignore
from reporting.renderers.layout import document
from reporting.renderers.pdf import single_sheets

# What a file's name may not hold on one of the systems it is unpacked on.
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')
NAME_LENGTH = 80
# A fixed day, so that the same sheets make the same bytes.
DAY = (1980, 1, 1, 0, 0, 0)


def render(snapshot: dict[str, Any], progress: Progress = ignore) -> bytes:
    """Files named by number and commune: "012 Xã Tân Yên.pdf". Raises LibraryMissing."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for number, (title, content) in enumerate(single_sheets(document(snapshot), progress), start=1):
            archive.writestr(zipfile.ZipInfo(file_name(number, title), DAY), content)
    return target.getvalue()


def file_name(number: int, title: str) -> str:
    bare = " ".join(FORBIDDEN.sub(" ", printable(title)).split())[:NAME_LENGTH].strip(" .")
    return f"{number:03d} {bare}.pdf"

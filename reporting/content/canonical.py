"""One way of writing a snapshot as bytes, so that its hash can be checked anywhere."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical_json(data: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces. Numbers with decimals are kept as texts, never as floats."""
    return json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def sha256_of(data: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(data)).hexdigest()

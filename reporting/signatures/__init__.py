"""Digital signatures on finished PDFs: keys, places, pictures, signing and checking. No models, no storage.

An adapter around pyHanko. Nothing here opens a network connection, but for a time stamp where one is asked for.
Texts of errors are for people; modules are imported where they are used, for pyHanko takes half a second.
"""

from __future__ import annotations


class SigningError(Exception):
    """The document can not be signed; the text says why, and what to do, to a person."""

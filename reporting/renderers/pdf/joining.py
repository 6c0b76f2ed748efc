"""Many PDFs as one: the sheets of all communes, laid out one by one so that memory holds one layout at a time.

What comes out is one tagged document of both standards, as each sheet is: one tree of tags with a part a sheet, one
packet that names the standards, a bookmark a sheet, and pages labelled by sheet and page ("12.1").
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, OutlineItem, Pdf, String

from facilities.text import printable
from reporting.renderers.pdf.standards import packet


def one_file(shown: dict[str, Any], files: Iterable[tuple[str, bytes]]) -> bytes:
    """The pages of all files, at least one, in their order, each named; `shown` gives title, author and description.

    Names are written without what XML can not hold.

    The same files make the same bytes: the file's identifier is taken from what it holds.
    """
    opened = ((printable(title), Pdf.open(io.BytesIO(content))) for title, content in files)
    joined = _Joined(*next(opened))
    for title, source in opened:
        joined.add(title, source)
    texts = (shown["header"]["subject"], shown["agency"]["name"], shown["hash_note"])
    return joined.written(*map(printable, texts))


class _Joined:
    """The first file, which the others are added to: its catalogue already names colours, language and tags."""

    def __init__(self, title: str, pdf: Pdf) -> None:
        self._pdf, self._starts = pdf, [(title, 0)]
        tree = pdf.Root.StructTreeRoot
        self._document = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=tree, K=Array())
        )
        self._parents = tree.ParentTree.Nums
        self._adopt(title, tree)
        self._heads = tree.IDTree.Names if Name.IDTree in tree else Array()
        tree.K = Array([self._document])

    def add(self, title: str, source: Pdf) -> None:
        """Its pages, and its tags under the keys that these pages now have."""
        first = len(self._pdf.pages)
        self._starts.append((title, first))
        self._pdf.pages.extend(source.pages)
        for number in range(first, len(self._pdf.pages)):
            self._pdf.pages[number].obj.StructParents = number
        # The pages are copied already: what the tree says of pages is said of the copies.
        tree = self._pdf.copy_foreign(source.Root.StructTreeRoot)
        for key, marked in _pairs(tree.ParentTree.Nums):
            self._parents.extend([first + int(key), marked])
        if Name.IDTree in tree:
            # Names begin with the number of their sheet, so the order stays.
            self._heads.extend(tree.IDTree.Names)
        self._adopt(title, tree)

    def _adopt(self, title: str, tree: Dictionary) -> None:
        """Let the document of this tree be a part of the one document."""
        [part] = tree.K
        part.S, part.P, part.T = Name.Part, self._document, String(title)
        self._document.K.append(part)

    def written(self, title: str, author: str, about: str) -> bytes:
        pdf, target = self._pdf, io.BytesIO()
        pdf.docinfo["/Title"], pdf.docinfo["/Author"], pdf.docinfo["/Subject"] = title, author, about
        pdf.Root.Metadata.write(packet(title, author, about))
        pdf.Root.PageLabels = Dictionary(Nums=Array(list(self._labels())))
        with pdf.open_outline() as outline:
            outline.root[:] = [OutlineItem(name, page, "Fit") for name, page in self._starts]
        pdf.save(
            target,
            object_stream_mode=ObjectStreamMode.generate,
            deterministic_id=True,
            fix_metadata_version=False,
        )
        return target.getvalue()

    def _labels(self) -> Iterator[Any]:
        for number, (_title, page) in enumerate(self._starts, start=1):
            yield from (page, Dictionary(S=Name.D, P=String(f"{number}.")))


def _pairs(tree: Array) -> Iterator[tuple[Any, Any]]:
    """Key and value by turns, as trees of names and numbers hold them."""
    items = iter(tree)
    return zip(items, items, strict=True)

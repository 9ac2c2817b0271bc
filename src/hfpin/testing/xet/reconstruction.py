"""Reconstructions: what a client has to fetch to rebuild a file, or a range of it.

The JSON is that of the Xet protocol's ``GET /v2/reconstructions/{file}`` and of its older ``/v1/`` form.
Of a range the first and last term name only the chunks that hold it, as from the Hub's own server (the
protocol's ``download_protocol.md``; xet-core's simulated server does the same): a client that asks for 8 MiB
of a xorb of 64 MiB gets no more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hfpin.testing.refusal import HubRefusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from hfpin.testing.xet.shard import Term, XetFile
    from hfpin.testing.xet.xorb import Xorb


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconstruction:
    """The terms that hold the wanted bytes, and how many bytes of the first term come before them."""

    skip: int
    terms: tuple[Term, ...]


def reconstruct(file: XetFile, wanted: tuple[int, int] | None, xorb: Callable[[str], Xorb]) -> Reconstruction:
    """Choose the terms of a file, or of a range of it.

    Args:
        file: The file.
        wanted: First and last byte, None for all.
        xorb: Opens a xorb by its hash.

    Raises:
        HubRefusal: The range begins behind the end (status 416).
    """
    if wanted is None:
        return Reconstruction(skip=0, terms=file.terms)
    first, last = wanted
    chosen: list[Term] = []
    skip = position = 0
    for term in file.terms:
        if position <= last and first < position + term.size:
            before, cut = _cut(term, xorb(term.xorb).sizes, first - position, last - position)
            if not chosen:
                skip = first - position - before
            chosen.append(cut)
        position += term.size
    if not chosen:
        message = f"Bytes {first}-{last} lie outside of a file of {file.size} bytes."
        raise HubRefusal(message, status=416, code="RangeNotSatisfiable")
    return Reconstruction(skip=skip, terms=tuple(chosen))


def _cut(term: Term, sizes: tuple[int, ...], first: int, last: int) -> tuple[int, Term]:
    """Leave out the chunks of a term without its bytes `first` to `last`, and say how much came before."""
    begin, end = term.first_chunk, term.end_chunk
    before, until = 0, term.size
    while before + sizes[begin] <= first:
        before += sizes[begin]
        begin += 1
    while until - sizes[end - 1] > last:
        until -= sizes[end - 1]
        end -= 1
    return before, replace(term, size=until - before, first_chunk=begin, end_chunk=end)


def dump_v2(plan: Reconstruction, xorb: Callable[[str], Xorb], url: Callable[[str], str]) -> dict[str, Any]:
    """Return the JSON of version 2; `xorb` opens a xorb by its hash, `url` says where a client gets it."""
    fetches = {
        xorb_hash: [
            {
                "url": url(xorb_hash),
                "ranges": [{"chunks": _span(chunks), "bytes": _span(at)} for chunks, at in runs],
            }
        ]
        for xorb_hash, runs in _runs(plan, xorb).items()
    }
    return {"offset_into_first_range": plan.skip, "terms": _terms(plan), "xorbs": fetches}


def dump_v1(plan: Reconstruction, xorb: Callable[[str], Xorb], url: Callable[[str], str]) -> dict[str, Any]:
    """Return the JSON of version 1; the arguments are those of `dump_v2`."""
    fetches = {
        xorb_hash: [
            {"url": url(xorb_hash), "range": _span(chunks), "url_range": _span(at)} for chunks, at in runs
        ]
        for xorb_hash, runs in _runs(plan, xorb).items()
    }
    return {"offset_into_first_range": plan.skip, "terms": _terms(plan), "fetch_info": fetches}


def _runs(
    plan: Reconstruction, xorb: Callable[[str], Xorb]
) -> dict[str, list[tuple[tuple[int, int], tuple[int, int]]]]:
    """Return, for each xorb, its runs of chunks (end left out) with their bytes (last byte included)."""
    chunks: dict[str, set[tuple[int, int]]] = {}
    for term in plan.terms:
        chunks.setdefault(term.xorb, set()).add((term.first_chunk, term.end_chunk))
    return {
        xorb_hash: [(run, xorb(xorb_hash).byte_range(*run)) for run in sorted(runs)]
        for xorb_hash, runs in chunks.items()
    }


def _terms(plan: Reconstruction) -> list[dict[str, Any]]:
    return [
        {"hash": term.xorb, "unpacked_length": term.size, "range": _span((term.first_chunk, term.end_chunk))}
        for term in plan.terms
    ]


def _span(span: tuple[int, int]) -> dict[str, int]:
    return {"start": span[0], "end": span[1]}

"""Xet: formats by hand, and what a real hf_xet uploads and downloads."""

from __future__ import annotations

import hashlib
import itertools
import random
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hfpin.testing import Fault, HubRefusal, LocalHub
from hfpin.testing.xet.lz4 import unpack_frame
from hfpin.testing.xet.reconstruction import Reconstruction, reconstruct
from hfpin.testing.xet.shard import Term, XetFile, parse_shard
from hfpin.testing.xet.xorb import Xorb
from tests.testing.bare_http import fetch

if TYPE_CHECKING:
    from collections.abc import Callable

MAGIC = bytes.fromhex("04224d18")
RANDOM = random.Random(3)
CONTENTS = {
    "noise.bin": RANDOM.randbytes(700_000),
    "text.bin": b"".join(b"line %d of a text that repeats itself\n" % number for number in range(20_000)),
    "floats.bin": b"".join(struct.pack("<f", RANDOM.gauss(0, 0.02)) for _ in range(150_000)),
}
XORBS = {"a" * 64: (2, 1, 3, 2), "b" * 64: (4, 2)}
"""Sizes of the chunks of two xorbs."""
FILE = XetFile(
    xet_hash="f" * 64,
    sha256=None,
    terms=(
        Term(xorb="a" * 64, size=6, first_chunk=1, end_chunk=4),
        Term(xorb="b" * 64, size=6, first_chunk=0, end_chunk=2),
        Term(xorb="a" * 64, size=3, first_chunk=0, end_chunk=2),
    ),
)


def frame(*blocks: bytes, flags: int = 0x60) -> bytes:
    """Return an LZ4 frame of blocks that bring their own length."""
    return MAGIC + bytes([flags, 0x40, 0]) + b"".join(blocks) + bytes(4)


def packed(block: bytes) -> bytes:
    """Return a compressed block with its length."""
    return len(block).to_bytes(4, "little") + block


def plain(block: bytes) -> bytes:
    """Return an uncompressed block with its length."""
    return (len(block) | 1 << 31).to_bytes(4, "little") + block


def test_lz4_frames() -> None:
    """Literals, matches that overlap, long lengths and matches into an earlier block are unpacked."""
    literals = bytes([0x50]) + b"hello"
    assert unpack_frame(frame(packed(literals))) == b"hello"
    overlapping = bytes([0x13]) + b"a" + bytes([1, 0]) + bytes([0x10]) + b"!"
    assert unpack_frame(frame(packed(overlapping))) == b"a" * 8 + b"!"
    long_match = bytes([0x2F]) + b"ab" + bytes([2, 0, 0xFF, 6]) + bytes([0x10]) + b"."
    assert unpack_frame(frame(packed(long_match))) == b"ab" * 141 + b"."
    linked = bytes([0x00, 5, 0, 0x10]) + b"?"
    assert unpack_frame(frame(plain(b"hello"), packed(linked))) == b"hello" + b"hell" + b"?"


def test_lz4_optional_fields() -> None:
    """A content size, a dictionary id and checksums of blocks are skipped."""
    head = MAGIC + bytes([0x60 | 0x08 | 0x01 | 0x10, 0x40]) + bytes(8) + bytes(4) + bytes(1)
    assert unpack_frame(head + plain(b"hello") + bytes(4) + plain(b"!") + bytes(4) + bytes(4)) == b"hello!"


@pytest.mark.parametrize(
    "broken", [b"", b"no frame", frame(packed(b"\x00\x05\x00")), MAGIC + b"\x60\x40\x00\x09\x00\x00\x00abc"]
)
def test_lz4_of_garbage(broken: bytes) -> None:
    """What is no frame, ends early or points back behind its beginning is a ValueError."""
    with pytest.raises(ValueError, match=r"LZ4"):
        unpack_frame(broken)


def test_xorb_chunks(tmp_path: Path) -> None:
    """A xorb's chunks are found by their headers; the footer is none of them."""
    chunks = [b"one", b"three"]
    path = tmp_path / "xorb"
    head = [bytes([0, len(chunk), 0, 0, 0, len(chunk), 0, 0]) for chunk in chunks]
    path.write_bytes(head[0] + chunks[0] + head[1] + chunks[1] + b"\x00XETBLOB..."[1:])
    xorb = Xorb.open(path)
    assert (xorb.offsets, xorb.sizes) == ((0, 11, 24), (3, 5))
    assert list(xorb.chunks(0, 2)) == chunks
    assert list(xorb.chunks(1, 2)) == [b"three"]
    assert xorb.byte_range(1, 2) == (11, 23)


@pytest.mark.parametrize("header", [bytes([0, 3, 0, 0, 9, 3, 0, 0]), bytes([0, 3, 0, 0, 0, 4, 0, 0])])
def test_broken_chunks(tmp_path: Path, header: bytes) -> None:
    """An unknown scheme and a wrong length are ValueErrors."""
    path = tmp_path / "xorb"
    path.write_bytes(header + b"one")
    with pytest.raises(ValueError, match=r"scheme 9|wrong length"):
        list(Xorb.open(path).chunks(0, 1))


def xorb(name: str) -> Xorb:
    """Return the xorb of that name, as far as reconstructions ask: the sizes of its chunks."""
    return Xorb(path=Path(), offsets=(), sizes=XORBS[name])


def test_reconstruction() -> None:
    """Any range of a file is in the chunks that its terms name, behind what is skipped; each is needed."""
    assert reconstruct(FILE, None, xorb) == Reconstruction(skip=0, terms=FILE.terms)
    content = [
        (term.xorb, chunk, at)
        for term in FILE.terms
        for chunk in range(term.first_chunk, term.end_chunk)
        for at in range(XORBS[term.xorb][chunk])
    ]
    for first, last in itertools.combinations_with_replacement(range(FILE.size), 2):
        plan = reconstruct(FILE, (first, last), xorb)
        named = [
            (term.xorb, chunk)
            for term in plan.terms
            for chunk in range(term.first_chunk, term.end_chunk)
            for _ in range(XORBS[term.xorb][chunk])
        ]
        wanted = [(name, chunk) for name, chunk, _ in content[first : last + 1]]
        assert named[plan.skip :][: len(wanted)] == wanted
        assert set(named) == set(wanted)
        assert sum(term.size for term in plan.terms) == len(named)


def test_reconstruction_to_behind_the_end() -> None:
    """A range that ends behind the file's end is what there is of it."""
    assert reconstruct(FILE, (5, 900), xorb) == reconstruct(FILE, (5, FILE.size - 1), xorb)


def test_reconstruction_behind_the_end() -> None:
    """A range behind the end is refused with 416."""
    with pytest.raises(HubRefusal) as caught:
        reconstruct(FILE, (FILE.size, FILE.size + 1), xorb)
    assert caught.value.status == 416


def test_broken_shard(hub: LocalHub) -> None:
    """A shard that ends early, or names a xorb that nobody sent, is refused with 400."""
    entry = bytes(32) + struct.pack("<2I", 0, 1) + bytes(8)
    term = b"\1" * 32 + struct.pack("<4I", 0, 5, 0, 1)
    with pytest.raises(HubRefusal, match="ends within a file"):
        parse_shard(bytes(48) + entry)
    whole = bytes(48) + entry + term + b"\xff" * 48
    assert parse_shard(whole)[0].size == 5
    answer = fetch(f"{hub.cdn_endpoint}/v2/shards", "POST", body=whole)
    assert (answer.status, answer.headers["x-error-code"]) == (400, "BadRequest")


UPLOAD = """
from huggingface_hub import HfApi
api = HfApi()
api.create_repo("org/xet")
api.upload_folder(repo_id="org/xet", folder_path="source")
"""
DOWNLOAD = "from huggingface_hub import snapshot_download; print(snapshot_download('org/xet'))"


@pytest.fixture
def uploaded(hub: LocalHub, client: Callable[..., str], tmp_path: Path) -> LocalHub:
    """Return a hub to which hf_xet has uploaded one file for each way to compress it."""
    (tmp_path / "source").mkdir()
    for name, content in CONTENTS.items():
        (tmp_path / "source" / name).write_bytes(content)
    client(UPLOAD)
    hub.clear_requests()
    return hub


def test_download_over_xet(uploaded: LocalHub, client: Callable[..., str]) -> None:
    """What hf_xet uploaded it downloads again, from reconstructions and xorbs."""
    folder = Path(client(DOWNLOAD))
    assert {name: (folder / name).read_bytes() for name in CONTENTS} == CONTENTS
    paths = [record.path for record in uploaded.requests if record.origin == "cdn"]
    assert any(path.startswith("/v2/reconstructions/") for path in paths)
    assert any(path.startswith("/xorbs/") for path in paths)
    assert not any(path.startswith("/lfs/") for path in paths)


def test_download_over_the_bridge(uploaded: LocalHub) -> None:
    """A client without Xet gets the same bytes, whole or in part, however their chunks were compressed."""
    for name, content in CONTENTS.items():
        redirect = fetch(f"{uploaded.endpoint}/org/xet/resolve/main/{name}")
        assert redirect.headers["x-xet-hash"]
        assert redirect.headers["x-linked-etag"] == f'"{hashlib.sha256(content).hexdigest()}"'
        url = redirect.headers["location"]
        assert fetch(url, headers={"Range": "bytes=-1000"}).body == content[-1000:]
        assert fetch(url).body == content


def test_flipped_xorb(uploaded: LocalHub, client: Callable[..., str]) -> None:
    """A flip reaches xorbs: a client that does not notice has wrong bytes, one that does asks again."""
    uploaded.inject(Fault(kind="flip", match="^/xorbs/", offset=5000, count=len(CONTENTS)))
    folder = Path(client(DOWNLOAD))
    assert uploaded.faults == ()
    # hf_xet 1.8 compares no digest: a byte of an uncompressed chunk goes into the file as it came.
    is_right = all((folder / name).read_bytes() == content for name, content in CONTENTS.items())
    ranges = [record.range for record in uploaded.requests if record.path.startswith("/xorbs/")]
    assert is_right == (len(ranges) > len(set(ranges)))


def test_uploads_survive_a_restart(uploaded: LocalHub) -> None:
    """A hub that opens the same root knows the Xet files."""
    with LocalHub(uploaded.root) as reopened:
        redirect = fetch(f"{reopened.endpoint}/org/xet/resolve/main/text.bin")
        assert redirect.headers["x-xet-hash"]
        assert fetch(redirect.headers["location"]).body == CONTENTS["text.bin"]


def test_xet_can_be_off(uploaded: LocalHub) -> None:
    """A hub without Xet gives no token and names no Xet hash, though its store has one."""
    with LocalHub(uploaded.root, xet=False) as plain_hub:
        redirect = fetch(f"{plain_hub.endpoint}/org/xet/resolve/main/text.bin")
        assert "x-xet-hash" not in redirect.headers
        tree = fetch(f"{plain_hub.endpoint}/api/models/org/xet/tree/main").json()
        assert not any("xetHash" in entry for entry in tree)
        token = f"{plain_hub.endpoint}/api/models/org/xet/xet-read-token/main"
        assert fetch(token).status == 404
        assert fetch(redirect.headers["location"]).body == CONTENTS["text.bin"]

"""Partial files, by their names."""

from __future__ import annotations

from pathlib import Path

from hfpin.digest import Digest
from hfpin.lock import LockedFile
from hfpin.operations.partial import SUFFIX, Workshop, this_process


def test_a_number_that_no_process_has(tmp_path: Path) -> None:
    """Whoever left such a name is not at work: its bytes are taken over, and nothing fails for it."""
    me = this_process()
    file = LockedFile(path="model.safetensors", size=9, digest=Digest("sha256", "d" * 64))
    (tmp_path / f"{file.digest.hex}.{me.host}.{10**18}{SUFFIX}").write_bytes(b"so far")
    own = Workshop(tmp_path).claim(file)
    assert own == tmp_path / f"{file.digest.hex}.{me.host}.{me.pid}{SUFFIX}"
    assert [(path, path.read_bytes()) for path in tmp_path.iterdir()] == [(own, b"so far")]

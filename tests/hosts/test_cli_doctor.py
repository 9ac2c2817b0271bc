"""`hfpin doctor`, by the real executable."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from tests.support import Published, ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub


def pinned(repo: ResearchRepo, tiny: Published) -> ResearchRepo:
    """A research repo with a pin and its lock."""
    repo.write("config.yaml", f"tiny:\n  repo_id: acme/tiny\n  revision: {tiny.first}\n")
    repo.lock()
    return repo


def test_well(online: ResearchRepo, tiny: Published, hf_local_hub: LocalHub) -> None:
    """Nothing to do: exit 0, with what was looked at, and without a request."""
    repo = pinned(online, tiny)
    hf_local_hub.clear_requests()
    done = repo.hfpin("doctor")
    assert done.returncode == 0
    cache = re.escape(str(repo.places.cache_dir))
    assert re.fullmatch(
        rf"cache  {cache} \([\w.]+\)\n"
        r"disk   [\d.]+ [GT]B free, 3\.1 MB to fetch: /.*\n"
        r"token  none\n\nNothing needs doing\.\n",
        done.stdout,
    )
    assert hf_local_hub.requests == ()


def test_ill(online: ResearchRepo, tiny: Published) -> None:
    """Each thing is told with why it matters and what to do: exit 1. The token is not shown."""
    repo = pinned(online, tiny)
    partial = repo.places.cache_dir / "models--acme--tiny" / "blobs" / "it's.incomplete"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"1234")
    os.utime(partial, (0, 0))
    done = repo.hfpin("doctor", HF_TOKEN="hf_secret", HF_HUB_OFFLINE="1", HF_HUB_CACHE="")
    assert done.returncode == 1
    quoted = str(partial).replace("'", "'\"'\"'")
    assert "token  found\n" in done.stdout
    assert (
        f"{partial} (4 bytes) is left of a fetch that broke off\n"
        "  = huggingface_hub does not go on from it: it only takes room.\n"
        f"  = rm '{quoted}'\n"
    ) in done.stdout
    assert re.search(
        r"^HF_HUB_OFFLINE is set, and 3,1\d\d,\d{3} bytes are to be fetched$", done.stdout, re.MULTILINE
    )
    assert done.stdout.endswith("\n2 things to do.\n")
    assert "hf_secret" not in done.stdout


def test_online(online: ResearchRepo, tiny: Published, hf_local_hub: LocalHub) -> None:
    """With `--online` the Hub is asked whether it would give the files: a gated repo is found out."""
    repo = pinned(online, tiny)
    assert repo.hfpin("doctor", "--online").returncode == 0
    hf_local_hub.set_access("acme/tiny", gated=True)
    assert repo.hfpin("doctor").returncode == 0
    done = repo.hfpin("doctor", "--online")
    assert done.returncode == 1
    assert (
        "tiny: acme/tiny is gated, and someone without a token may not read it\n"
        "  = Its files cannot be fetched from here.\n"
        f"  = Ask for access at {hf_local_hub.endpoint}/acme/tiny, then `hf auth login` or set HF_TOKEN.\n"
    ) in done.stdout

"""`hfpin verify`, by the real executable, on a disk where things went wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import Published, ResearchRepo

LOCAL_DIR = "\n  local_dir: data/tiny"


@pytest.fixture(params=["", LOCAL_DIR], ids=["cache", "local_dir"])
def fetched(request: pytest.FixtureRequest, online: ResearchRepo, tiny: Published) -> ResearchRepo:
    """A research repo whose pin has been fetched."""
    online.write("config.yaml", f"tiny:\n  repo_id: acme/tiny\n  revision: {tiny.first}{request.param}\n")
    online.lock()
    assert online.hfpin("fetch").returncode == 0
    return online


def folder(repo: ResearchRepo) -> Path:
    """The pin's folder."""
    return Path(repo.hfpin("path", "tiny").stdout.rstrip("\n"))


def test_quick(fetched: ResearchRepo) -> None:
    """With `--quick` a flipped byte is not seen and a missing file is."""
    weights = folder(fetched) / "model.safetensors"
    config = folder(fetched) / "config.json"
    weights.resolve().write_bytes(b"0" * weights.stat().st_size)
    assert fetched.hfpin("verify", "--quick").stdout == (
        "4 files, 3.1 MB: every name and size as in hfpin.lock.\n"
    )
    config.unlink()
    done = fetched.hfpin("verify", "--quick")
    assert (done.returncode, done.stdout) == (
        3,
        (
            "  tiny  config.json  missing  (9 B)\n"
            "1 of 4 files are not what hfpin.lock says.\n"
            "hfpin verify --repair fetches just those.\n"
        ),
    )


def test_table(fetched: ResearchRepo) -> None:
    """Each file has a line that says what is the matter; nothing is a traceback."""
    place = folder(fetched)
    (place / "config.json").unlink()
    (place / "config.json").mkdir()
    (place / "model.safetensors").unlink()
    (place / "model.safetensors").symlink_to("model.safetensors")
    (place / "sub" / "tokenizer.json").resolve().write_bytes(b"{}")
    done = fetched.hfpin("verify")
    is_cache = place.is_relative_to(fetched.places.cache_dir)
    edited = "In a local_dir nothing that was changed by hand is replaced: move such a file away first.\n"
    assert (done.returncode, done.stdout) == (
        3,
        (
            "  tiny  config.json         differs     it is no file\n"
            "  tiny  model.safetensors   unreadable  (Too many levels of symbolic links)\n"
            "  tiny  sub/tokenizer.json  differs     3 bytes expected, 2 found\n"
            "3 of 4 files are not what hfpin.lock says.\n"
            f"{'' if is_cache else edited}"
            "hfpin verify --repair fetches just those.\n"
        ),
    )


def test_extra(fetched: ResearchRepo) -> None:
    """A strange file in a commit's folder is exit 3, and repairing leaves it; in a local_dir it is listed."""
    place = folder(fetched)
    (place / "modeling.py").touch()
    line = "  tiny  modeling.py  extra  not in hfpin.lock\n"
    right = "4 files, 3.1 MB: every byte as in hfpin.lock.\n"
    wrong = (
        "1 file in the cache that hfpin.lock does not name, in the folder of a commit: "
        "move elsewhere what is not of it.\n"
    )
    in_cache = place.is_relative_to(fetched.places.cache_dir)
    for args in (("verify",), ("verify", "--repair"), ("verify", "--quick")):
        done = fetched.hfpin(*args)
        what = right.replace("byte", "name and size") if "--quick" in args else right
        assert (done.returncode, done.stdout) == ((3, line + what + wrong) if in_cache else (0, line + what))
    assert (place / "modeling.py").is_file()


@pytest.mark.parametrize("fetched", [LOCAL_DIR], indirect=True, ids=["local_dir"])
def test_many_extra(fetched: ResearchRepo) -> None:
    """In a local_dir five of them are enough to see what is going on."""
    place = folder(fetched)
    for number in range(8):
        (place / f"checkpoint-{number}").touch()
    assert fetched.hfpin("verify").stdout.splitlines()[4:6] == [
        "  tiny  checkpoint-4  extra  not in hfpin.lock",
        "  tiny  …             extra  3 more files not in hfpin.lock",
    ]

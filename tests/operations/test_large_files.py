"""Weights that are staged for git itself: what is refused with which lines to run, and what is left alone."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from hfpin.cli import main
from hfpin.digest import Digest
from hfpin.errors import ConfigError
from hfpin.lock import Lock, LockedFile, LockedPin
from hfpin.operations.git import open_git
from hfpin.operations.large_files import Large, Search
from hfpin.pin import Pin, Target
from hfpin.pointer import read_pointer
from hfpin.repo import Repo
from tests.support import ResearchRepo, safetensors

LIMIT = 1000
WEIGHTS = safetensors(2000)
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n".format


@pytest.fixture
def git(repo: ResearchRepo) -> ResearchRepo:
    """A research repo in git."""
    assert repo.run("git", "init", "--quiet").returncode == 0
    return repo


def stage(repo: ResearchRepo, *names: str, data: bytes = WEIGHTS) -> None:
    """Write files and stage them."""
    for name in names:
        (repo.root / name).parent.mkdir(parents=True, exist_ok=True)
        (repo.root / name).write_bytes(data)
    assert repo.run("git", "add", "--force", "--", *names).returncode == 0


def commit(repo: ResearchRepo) -> None:
    """Commit what is staged."""
    assert repo.run("git", "commit", "--quiet", "--message", "as it stands").returncode == 0


def look(
    repo: ResearchRepo, *names: str, lock: Lock | None = None, below: str = "", every: bool = False
) -> list[Large]:
    """What is found of what is staged."""
    here = repo.root / below
    return Search(git=open_git(here), lock=lock or Lock(()), limit=LIMIT).look(names, here, every=every)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("m.safetensors", WEIGHTS, "safetensors"),
        ("data.dat", WEIGHTS, "safetensors"),
        ("m", b"GGUF" + bytes(2000), "gguf"),
        ("state", b"\x80\x04" + bytes(2000), "pickle"),
        ("m.zip", b"PK\x03\x04" + bytes(22) + b"\x10\0\0\0archive/data.pkl" + bytes(2000), "torch"),
        ("m.keras", b"\x89HDF\r\n\x1a\n" + bytes(2000), "hdf5"),
        ("m.proto", b"\x08\x09\x12\x07pytorch:" + bytes(2000), "onnx"),
        ("params", b"\x81\xa6params\x81" + bytes(2000), "msgpack"),
        ("firmware.bin", bytes(2000), "bin"),
    ],
)
def test_kinds(git: ResearchRepo, name: str, data: bytes, kind: str) -> None:
    """Weights are told by content, whatever their name, and by name, whatever their content."""
    stage(git, name, data=data)
    (found,) = look(git)
    assert (found.path, found.size, found.kind, found.why) == (name, len(data), kind, "nothing")


def test_what_to_run(git: ResearchRepo) -> None:
    """The lines to run are exact: by ending where that says what it is, else by name, quoted for a shell."""
    stage(git, "a model.safetensors", "it's.dat")
    assert [one.commands for one in look(git)] == [
        (
            "git rm --cached 'a model.safetensors'",
            'git lfs track "*.safetensors"',
            "git add .gitattributes 'a model.safetensors'",
        ),
        (
            "git rm --cached 'it'\"'\"'s.dat'",
            "git lfs track --filename 'it'\"'\"'s.dat'",
            "git add .gitattributes 'it'\"'\"'s.dat'",
        ),
    ]
    stage(git, "-f.safetensors")
    assert look(git, "-f.safetensors")[0].commands[0] == "git rm --cached ./-f.safetensors"
    git.run("git", "rm", "--quiet", "--cached", "./-f.safetensors")
    (git.root / ".dvc").mkdir()
    assert look(git)[0].commands == ("git rm --cached 'a model.safetensors'", "dvc add 'a model.safetensors'")


def test_near_misses(git: ResearchRepo) -> None:
    """Small weights, pointers, other large files, links, announced files and submodules are right."""
    stage(git, "small.safetensors", data=safetensors(900))
    stage(git, "model.safetensors", data=POINTER("0" * 64, 10**9).encode())
    stage(git, "movie.mp4", data=b"\0\0\0\x18ftyp" + bytes(5000))
    stage(git, "table.csv", data=b"1,2\n" * 1000)
    (git.root / "link.safetensors").symlink_to("movie.mp4")
    (git.root / "later.safetensors").write_bytes(WEIGHTS)
    git.run("git", "add", "link.safetensors")
    git.run("git", "add", "--intent-to-add", "later.safetensors")
    git.run("git", "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub.safetensors")
    assert look(git) == []


def test_index_and_not_working_tree(git: ResearchRepo) -> None:
    """What counts is what would be committed: the index, also where the working tree says otherwise."""
    stage(git, "a.safetensors", "gone.safetensors")
    stage(git, "b.safetensors", data=b"small")
    (git.root / "a.safetensors").write_bytes(b"small")
    (git.root / "b.safetensors").write_bytes(WEIGHTS)
    (git.root / "gone.safetensors").unlink()
    assert [one.path for one in look(git)] == ["a.safetensors", "gone.safetensors"]


@pytest.mark.parametrize("is_new", [True, False])
def test_lines_for_a_file_that_was_changed_after_it_was_staged(git: ResearchRepo, *, is_new: bool) -> None:
    """The line takes it out of the index, which `git rm` refuses, and leaves the file as it is."""
    stage(git, "other.txt", *([] if is_new else ["m.safetensors"]), data=b"small")
    commit(git)
    stage(git, "m.safetensors")
    git.write("m.safetensors", "another")
    (found,) = look(git)
    assert found.commands[0] == "git reset --quiet -- m.safetensors"
    assert git.run("sh", "-c", "git rm --cached m.safetensors").returncode != 0
    assert git.run("sh", "-c", found.commands[0]).returncode == 0
    assert (look(git), git.read("m.safetensors")) == ([], "another")


def test_renamed_and_changed(git: ResearchRepo) -> None:
    """A rename adds no bytes, a change does; what is committed already is told only when all is asked for."""
    stage(git, "a.safetensors", "c.safetensors")
    commit(git)
    git.run("git", "mv", "a.safetensors", "b.safetensors")
    assert look(git) == []
    stage(git, "c.safetensors", data=safetensors(3000))
    assert [one.path for one in look(git)] == ["c.safetensors"]
    assert [one.path for one in look(git, every=True)] == ["b.safetensors", "c.safetensors"]


def test_named(git: ResearchRepo) -> None:
    """Names are relative to where one stands, as every tool of git has it."""
    stage(git, "a.safetensors", "sub/b.safetensors")
    assert [one.path for one in look(git, "a.safetensors", "pyproject.toml")] == ["a.safetensors"]
    assert [one.path for one in look(git, "b.safetensors", below="sub")] == ["sub/b.safetensors"]
    for name in ("./a.safetensors", "sub/../a.safetensors", str(git.root / "a.safetensors")):
        assert [one.path for one in look(git, name)] == ["a.safetensors"]
    assert [one.path for one in look(git, "../a.safetensors", below="sub")] == ["a.safetensors"]
    for name in ("sub", "sub/", str(git.root / "sub")):
        assert [one.path for one in look(git, name)] == ["sub/b.safetensors"]
    assert [one.path for one in look(git, ".")] == ["a.safetensors", "sub/b.safetensors"]
    assert look(git, "/") == []
    (git.root / "a.safetensors").unlink()  # it is staged all the same
    assert [one.path for one in look(git, "a.safetensors")] == ["a.safetensors"]
    with pytest.raises(ConfigError, match="su does not exist"):
        look(git, "a.safetensors", "su")


def test_packed(git: ResearchRepo) -> None:
    """The first bytes are read of an object in a pack as of a loose one."""
    stage(git, "a.safetensors")
    commit(git)
    assert git.run("git", "gc", "--quiet").returncode == 0
    assert [one.kind for one in look(git, every=True)] == ["safetensors"]


@pytest.mark.parametrize("algorithm", ["sha256", "git-sha1"])
def test_bytes_of_a_pin(git: ResearchRepo, algorithm: str) -> None:
    """What a pin brings need not be committed; other bytes of the same size are not taken for it."""
    stage(git, "copy.safetensors")
    stage(git, "other.safetensors", data=WEIGHTS[:-1] + b"!")
    header = b"" if algorithm == "sha256" else b"blob 2000\0"
    digest = hashlib.new(algorithm.removeprefix("git-"), header + WEIGHTS).hexdigest()
    file = LockedFile(path="model.safetensors", size=2000, digest=Digest(algorithm, digest))  # type: ignore[arg-type]  # one of both
    target = Target(repo=Repo("acme/m"), commit="1" * 40)
    locked = LockedPin(pin=Pin(name="m", target=target, revision="v1"), files=(file,))
    copy, other = look(git, lock=Lock((locked,)))
    assert copy == Large(
        path="copy.safetensors",
        size=2000,
        kind="safetensors",
        why="pinned",
        commands=("git rm --cached copy.safetensors",),
        note=f"model.safetensors of acme/m at {'1' * 40}",
    )
    assert other.why == "nothing"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data/m.safetensors.dvc", "outs:\n- path: m.safetensors\n"),
        ("data.dvc", "outs:\n- md5: 0.dir\n  path: data\n"),
        ("dvc.yaml", "stages:\n  train:\n    outs:\n    - data/m.safetensors:\n        cache: true\n"),
        ("data/dvc.yaml", "stages:\n  train:\n    wdir: ..\n    outs: [data]\n"),
    ],
)
def test_dvc(git: ResearchRepo, name: str, text: str) -> None:
    """What DVC tracks, by its own file or a stage's, git must not have as well."""
    stage(git, "data/m.safetensors", "data2/m.safetensors")
    git.write(name, text)
    mine, other = look(git)
    assert (mine.why, mine.note, mine.commands) == ("dvc", name, ("git rm --cached data/m.safetensors",))
    assert other.why == "nothing"
    git.write(name, "outs: [")
    assert look(git)[0].why == "nothing"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.safetensors.dvc", "outs:\n- path: m.safetensors\n  cache: false\n"),
        ("dvc.yaml", "stages:\n  train:\n    outs:\n    - m.safetensors:\n        cache: false\n"),
    ],
)
def test_dvc_without_cache(git: ResearchRepo, name: str, text: str) -> None:
    """An output that DVC keeps no copy of would be nobody's if git did not have it."""
    stage(git, "m.safetensors")
    git.write(name, text)
    assert [one.why for one in look(git)] == ["nothing"]


@pytest.mark.parametrize(
    ("below", "way"),
    [
        (".", ""),
        (
            "sub",
            'Names are those from the top of the repository: cd "$(git rev-parse --show-toplevel)"\n',
        ),
    ],
)
def test_where_the_lines_are_for(
    git: ResearchRepo,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    below: str,
    way: str,
) -> None:
    """The lines are for the top of the repository; elsewhere it is said how to get there."""
    stage(git, "sub/m.safetensors")
    monkeypatch.chdir(git.root / below)
    assert main(["large-files", "--limit", "1kB"]) == 1
    assert capsys.readouterr().out == (
        "sub/m.safetensors: 2.0 kB, safetensors\n"
        "  = neither Git LFS nor DVC has it\n"
        "    git rm --cached sub/m.safetensors\n"
        '    git lfs track "*.safetensors"\n'
        "    git add .gitattributes sub/m.safetensors\n"
        f"{way}1 file of weights should not be committed like this.\n"
    )


def test_attributes(git: ResearchRepo) -> None:
    """Where `.gitattributes` sends a file to Git LFS and its bytes are staged, no filter ran."""
    stage(git, "m.safetensors", "n.bin")
    stage(git, ".gitattributes", data=b"*.safetensors filter=lfs diff=lfs merge=lfs -text\n")
    sent, other = look(git)
    assert (sent.why, sent.commands) == (
        "attributes",
        ("git lfs install", "git add --renormalize m.safetensors"),
    )
    assert other.why == "nothing"


@pytest.mark.skipif(shutil.which("git-lfs") is None, reason="needs git-lfs (Debian: git-lfs)")
def test_real_git_lfs(git: ResearchRepo) -> None:
    """With git-lfs itself the lines that are given mend what is found."""
    stage(git, "m.safetensors")
    (found,) = look(git)
    assert git.run("git", "lfs", "install", "--local").returncode == 0
    for command in found.commands:
        assert git.run("sh", "-c", command).returncode == 0, command
    assert look(git) == []
    oid = git.run("git", "hash-object", "-w", "--no-filters", "m.safetensors").stdout.strip()
    git.run("git", "update-index", "--cacheinfo", f"100644,{oid},m.safetensors")  # no git-lfs here
    (found,) = look(git)
    assert found.why == "attributes"
    for command in found.commands[1:]:
        assert git.run("sh", "-c", command).returncode == 0, command
    assert look(git) == []
    shown = git.run("git", "show", ":m.safetensors").stdout.encode()
    pointer = read_pointer(shown)
    assert pointer is not None
    assert (pointer.size, pointer.sha256) == (2000, hashlib.sha256(WEIGHTS).hexdigest())


def test_over_five_gigabytes(git: ResearchRepo) -> None:
    """A pointer to more than 5 GB needs the transfer agent where it is headed for the Hub."""
    stage(git, "m.safetensors", data=POINTER("0" * 64, 5_000_000_001).encode())
    stage(git, "n.safetensors", data=POINTER("1" * 64, 5_000_000_000).encode())
    stage(git, ".gitattributes", data=b"*.safetensors filter=lfs -text\n")
    git.run("git", "remote", "add", "origin", "git@github.com:acme/m")
    assert look(git) == []
    git.run("git", "remote", "add", "hub", "https://huggingface.co/acme/m")
    assert look(git) == [
        Large(
            path="m.safetensors",
            size=5_000_000_001,
            kind="Git LFS pointer",
            why="largefiles",
            commands=("hf lfs-enable-largefiles .",),
        )
    ]
    git.run("git", "config", "lfs.customtransfer.multipart.path", "hf")
    assert look(git) == []


def test_no_repository(tmp_path: Path) -> None:
    """Outside of git there is nothing staged, and that is said."""
    with pytest.raises(ConfigError, match="git rev-parse: fatal: not a git repository"):
        open_git(tmp_path)


def test_another_users_repository(git: ResearchRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where git wants to be told that a repository may be used, its own way out is the hint."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(ConfigError, match="dubious ownership") as caught:
        open_git(git.root)
    way = f"git says what helps: git config --global --add safe.directory {git.root}"
    assert caught.value.hint == way


@pytest.mark.skipif(shutil.which("dvc") is None, reason="needs dvc (PyPI)")
def test_real_dvc(git: ResearchRepo) -> None:
    """With DVC itself the lines that are given mend what is found, and what it tracks is known as its own."""
    assert git.run("dvc", "init", "--quiet").returncode == 0
    stage(git, "m.safetensors")
    (found,) = look(git)
    for command in found.commands:
        assert git.run("sh", "-c", command).returncode == 0, command
    git.run("git", "add", ".")
    assert look(git) == []
    stage(git, "m.safetensors")
    assert [(one.why, one.note) for one in look(git)] == [("dvc", "m.safetensors.dvc")]

"""What opened paths and requested addresses say, and how it is judged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hfpin.dataclass import replace
from hfpin.digest import Digest
from hfpin.lock import Lock, LockedFile, LockedPin
from hfpin.operations.audit import Audit, Opened, Unpinned, judge
from hfpin.operations.records import Seen, read_records
from hfpin.pin import Pin, Target
from hfpin.places import Places
from hfpin.repo import Repo
from hfpin.report.audit import render_audit, render_audit_json
from hfpin.watch import children, listeners
from hfpin.watch.access import Access, parse_path, parse_url
from hfpin.watch.opened import of_repos
from hfpin.watch.recorder import LocalDir, Recorder, Settings, read_settings, write_settings
from hfpin.watch.stack import Line

A, B, C = ("a" * 40, "b" * 40, "c" * 40)
MODEL = ("model", "acme/tiny")


def pin(name: str, repo: Repo, commit: str, revision: str = "main", file: str = "config.json") -> LockedPin:
    """A pin with one file."""
    one = LockedFile(path=file, size=1, digest=Digest("sha256", commit[0] * 64))
    return LockedPin(
        pin=Pin(name=name, target=Target(repo=repo, commit=commit), revision=revision), files=(one,)
    )


TINY = pin("tiny", Repo("acme/tiny"), A, "v1")
CORPUS = pin("corpus", Repo("acme/corpus", "dataset"), B)


@pytest.mark.parametrize(
    "repo", [Repo("gpt2"), Repo("acme/tiny.v1_x", "dataset"), Repo("a/b", "space")], ids=str
)
@pytest.mark.parametrize("cache", ["/home/me/.cache/huggingface/hub", "hub", "/data--x/models--y"])
def test_paths_of_the_cache(repo: Repo, cache: str) -> None:
    """Every path of the layout says what it is about, wherever the cache is; no other says anything."""
    folder = Places(root=Path("/r"), cache=Path(cache)).repo_folder(repo).as_posix()

    def access(kind: str, revision: str, file: str = "") -> tuple[str, ...]:
        return (kind, repo.repo_type, repo.repo_id, revision, file)

    assert parse_path(f"{folder}/refs/main") == access("ref", "main")
    assert parse_path(f"{folder}/refs/refs/pr/7") == access("ref", "refs/pr/7")
    assert parse_path(f"{folder}/refs/main.0123abcd.tmp") == access("ref", "main")
    assert parse_path(f"{folder}/snapshots/{A}/sub/x y.json") == access("file", A, "sub/x y.json")
    assert parse_path(f"{folder}/snapshots/{A}") == access("file", A)
    assert parse_path(f"{folder}/blobs/{'d' * 64}") == access("blob", "d" * 64)
    for rest in ("", "/snapshots", "/snapshots/main/x", f"/trees/{A}.json", "/blobs/x.incomplete"):
        assert parse_path(f"{folder}{rest}") is None


def test_paths_of_datasets() -> None:
    """What datasets has prepared says at which commit it did."""
    folder = f"/home/me/.cache/huggingface/datasets/acme___cor_pus/default/0.0.0/{A}"
    access = ("file", "dataset", "acme/cor_pus", A)
    assert parse_path(f"{folder}/dataset_info.json") == (*access, "dataset_info.json")
    assert parse_path(folder) == (*access, "")
    assert parse_path(f"{folder}_builder.lock") is None


@pytest.mark.parametrize(
    ("path", "access"),
    [
        (
            "/acme/tiny/resolve/main/sub/a%20b.json?download=true",
            ("model", "acme/tiny", "main", "sub/a b.json"),
        ),
        ("/gpt2/resolve/refs%2Fpr%2F1/x", ("model", "gpt2", "refs/pr/1", "x")),
        (f"/datasets/acme/c/resolve/{A}/x", ("dataset", "acme/c", A, "x")),
        ("/api/models/acme/tiny/revision/v1", ("model", "acme/tiny", "v1", "")),
        ("/api/spaces/acme/s/tree/main/sub?recursive=true", ("space", "acme/s", "main", "")),
        ("/api/datasets/acme/c/paths-info/main", ("dataset", "acme/c", "main", "")),
        ("/api/models/acme/tiny", None),
        ("/api/models/acme/tiny/discussions/1", None),
        (f"/api/resolve-cache/models/acme/tiny/{A}/x", None),
        ("/acme/tiny", None),
    ],
)
def test_addresses(path: str, access: tuple[str, ...] | None) -> None:
    """An address says which repo, revision and file, if it names a revision."""
    assert parse_url(f"https://hf.example{path}") == (access and ("request", *access))


def test_no_address() -> None:
    """What is no address at all says nothing."""
    assert parse_url("http://[") is None


@pytest.mark.parametrize("local_dirs", [(), ("/data/tiny",)])
def test_first_look(local_dirs: tuple[str, ...]) -> None:
    """What may be of a cache or of a pin's own folder gets a closer look; what is imported does not."""
    noted: list[object] = []
    listener = of_repos(lambda args: noted.append(args[0]), local_dirs)
    cached = ["/c/models--a--b/refs/main", b"/c/models--a--b", 3]
    inside = ["/data/tiny/x", "x"]
    for path in [*cached, *inside, "/usr/lib/python3/os.py", "/data/tinyx"]:
        listener((path, "r", 0))
    assert noted == [*cached, *(inside if local_dirs else [])]


class TestRecorder:
    """What is written down."""

    @pytest.fixture
    def record(self, tmp_path: Path) -> Callable[..., list[Seen]]:
        """Record what a function opens; give what was seen."""

        def run(do: Callable[[], object], *local_dirs: LocalDir, test: str = "") -> list[Seen]:
            folder = tmp_path / "records"
            folder.mkdir()
            settings = Settings(str(Path(__file__).parent), ("hf.example",), local_dirs)
            write_settings(str(folder), settings)
            assert read_settings(str(folder)) == settings
            recorder = Recorder(str(folder), settings, {"PYTEST_CURRENT_TEST": test})
            end = listeners.record(str(folder), [one.path for one in local_dirs], lambda: recorder)
            try:
                do()
            finally:
                end()
            recorder.requested("https://elsewhere.example/acme/tiny/resolve/main/x")
            seen, faults = read_records(folder)
            assert faults == ()
            return seen

        return run

    def test_where_from(self, record: Callable[..., list[Seen]], tmp_path: Path) -> None:
        """An access has the lines of the user's code that were at work and the test, and is noted once."""
        ref = tmp_path / "models--acme--tiny" / "refs" / "main"
        ref.parent.mkdir(parents=True)
        ref.write_text(A)

        def read() -> str:
            return ref.read_text()

        seen = record(lambda: [read() for _ in range(3)], test="tests/test_a.py::test_x[a b] (call)")
        access = Access("ref", *MODEL, "main", "")
        assert [(one.access, one.test) for one in seen] == [(access, "tests/test_a.py::test_x[a b]")]
        assert {line.path for line in seen[0].lines} == {__file__}
        assert seen[0].lines[0].number == read.__code__.co_firstlineno + 1

    def test_local_dir(
        self, record: Callable[..., list[Seen]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A pin's own folder counts as its commit, however it is named; the account in it does not."""
        folder = tmp_path / "data" / "tiny"
        (folder / ".cache").mkdir(parents=True)
        for name in ("config.json", ".cache/x.json"):
            (folder / name).write_text("{}")
        monkeypatch.chdir(tmp_path)
        (tmp_path / "link").symlink_to(folder)

        def read() -> None:
            for path in (folder / "config.json", "data/tiny/config.json", folder / ".cache/x.json", "test"):
                if Path(path).exists():
                    Path(path).read_text()

        seen = record(read, LocalDir(str(tmp_path / "link"), *MODEL, A), LocalDir("/no/where", *MODEL, B))
        assert {one.access for one in seen} == {Access("file", *MODEL, A, "config.json")}

    def test_a_fault_is_told(self, tmp_path: Path) -> None:
        """What cannot be noted, or was cut off, does not pass for nothing."""
        (tmp_path / "7.jsonl").write_bytes(b'{"kind": "ref", "repo_')
        (tmp_path / "7.fault").write_text("OSError: disk full\n")
        assert read_records(tmp_path) == (
            [],
            ("OSError: disk full", "a record was cut off: its process was killed"),
        )


def seen(kind: str, repo: tuple[str, str], revision: str, file: str = "", **where: object) -> Seen:
    """An access, from line 3 of train.py unless it is said otherwise."""
    line = where.get("line", Line("/r/train.py", 3))
    lines = (line,) if isinstance(line, Line) else ()
    return Seen(
        access=Access(kind, *repo, revision, file),  # type: ignore[arg-type]  # any kind will do
        test=str(where.get("test", "")),
        lines=lines,
    )


def test_the_same_bytes_in_two_pins() -> None:
    """Bytes that are opened by their digest use every pin of that repo that has them, and none of another."""
    base, later, other = (
        replace(pin(name, repo, commit), files=TINY.files)
        for name, repo, commit in (
            ("base", Repo("acme/base"), B),
            ("base_later", Repo("acme/base"), C),
            ("tuned", Repo("acme/tuned"), B),
        )
    )
    audit = judge(
        [seen("blob", ("model", "acme/base"), "a" * 64, line=None)],
        Lock(pins=(base, later, other)),
        root=Path("/r"),
    )
    assert (audit.used, audit.unused) == (("base", "base_later"), ("tuned",))


def test_judge() -> None:
    """Branches are unpinned, commits are held against the lock, tags that the lock has stand."""
    other, library = ("model", "acme/other"), Line("/lib/x.py", 1)
    audit = judge(
        [
            seen("ref", MODEL, "v1", line=Line("/r/train.py", 1)),
            seen("file", MODEL, A, "config.json", line=Line("/r/train.py", 1)),
            seen("ref", MODEL, "main", test="t::a"),
            seen("file", MODEL, C, "tokenizer.json", test="t::a"),
            seen("request", MODEL, "main", "x.json", test="t::b"),
            seen("file", other, B, "config.json", line=library),
            seen("blob", ("dataset", "acme/corpus"), "b" * 64, line=None),
            seen("blob", other, "a" * 64, line=None),
            seen("ref", ("dataset", "acme/corpus"), "main", line=None),
        ],
        Lock(pins=(CORPUS, TINY, pin("spare", Repo("acme/spare"), C))),
        root=Path("/r"),
    )
    assert audit == Audit(
        opened=(
            Opened(repo=other, commit=B, files=("config.json",), pins=(), lines=(library,)),
            Opened(repo=MODEL, commit=A, files=("config.json",), pins=(TINY,)),
        ),
        unpinned=(
            Unpinned(
                repo=("dataset", "acme/corpus"),
                revision="main",
                lines=(),
                source="",
                tests=(),
                files=(),
                pins=(CORPUS,),
            ),
            Unpinned(
                repo=MODEL,
                revision="main",
                lines=(Line("train.py", 3),),
                source="",
                tests=("t::a", "t::b"),
                files=("tokenizer.json", "x.json"),
                pins=(TINY,),
            ),
        ),
        used=("corpus", "tiny"),
        unused=("spare",),
    )
    assert not audit.is_clean
    assert list(render_audit(audit)) == [
        "  acme/other           bbbbbbbb  1 file                  NOT IN hfpin.lock",
        "      /lib/x.py:1",
        f"      = declare it with revision: {B}, then: hfpin lock",
        "  acme/tiny            aaaaaaaa  1 file                  pinned (tiny)",
        "  dataset acme/corpus  main                              UNPINNED",
        "      no line of your code is behind it: a thread, or a library of its own accord",
        f"      = pinned as corpus: pass revision='{B}'",
        "  acme/tiny            main      tokenizer.json, x.json  UNPINNED",
        "      train.py:3",
        "      in t::a, t::b",
        f"      = pinned as tiny: pass revision='{A}'",
        "  never used: spare",
        "hfpin: 2 pins used, 1 never used, 2 accesses not pinned, 1 commit not in hfpin.lock.",
    ]
    document = json.loads(render_audit_json(audit))
    assert document["unpinned"][1] == {
        "repo_type": "model",
        "repo_id": "acme/tiny",
        "revision": "main",
        "lines": [["train.py", 3]],
        "source": "",
        "tests": ["t::a", "t::b"],
        "files": ["tokenizer.json", "x.json"],
        "pins": ["tiny"],
    }
    assert (document["version"], document["clean"], document["unused"]) == (1, False, ["spare"])


def test_clean() -> None:
    """Nothing but pins at their commits is clean; an audit that missed something is not."""
    records = [seen("file", MODEL, A, "config.json"), seen("given", ("dataset", "acme/corpus"), B)]
    audit = judge(records, Lock(pins=(CORPUS, TINY)), root=Path("/r"))
    assert audit.is_clean
    assert list(render_audit(audit))[-1] == "hfpin: 2 pins used."
    missed = judge(records, Lock(pins=(CORPUS, TINY)), faults=("OSError: disk full",), root=Path("/r"))
    assert not missed.is_clean
    assert "  not all could be watched: OSError: disk full" in list(render_audit(missed))


def test_a_child_runs_as_if_nobody_watched(tmp_path: Path) -> None:
    """A child keeps its own sitecustomize and its path, and runs on where whoever watched is gone."""
    (tmp_path / "sitecustomize.py").write_text("import os\nos.environ['SITE'] = 'theirs'\n")
    environ = {**os.environ, "PYTHONPATH": f"{tmp_path}"}
    before = dict(environ)
    code = "import os, sys; print(os.environ.get('SITE'), sys.path[1], sitecustomize.__file__)"
    with children.watched(environ, {children.AUDIT: "/no/where", children.OFFLINE: "1"}):
        assert environ["PYTHONPATH"] == os.pathsep.join((str(children.FOLDER), str(tmp_path)))
        command = [
            sys.executable,
            "-c",
            f"import sitecustomize; {code}; open('/x--y/models--a--b/refs/m', 'w')",
        ]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert environ == before
    assert done.stdout == f"theirs {tmp_path} {tmp_path / 'sitecustomize.py'}\n"
    assert done.stderr.splitlines()[-1].startswith("FileNotFoundError: ")
    assert "hfpin" not in done.stderr

"""Pinning files on disk: each is whole or untouched, whatever happens, and says what became of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chores import splice
from hfpin.cli import main
from hfpin.errors import ConfigError
from hfpin.hub import HuggingFaceHub
from hfpin.lock import Lock, LockedPin
from hfpin.operations.commits import Answer, HubCommits, LockedCommits
from hfpin.operations.pin import FileResult, Policy, pin
from hfpin.pin import Pin, Target
from hfpin.reference import Reference
from hfpin.repo import Repo
from hfpin.scan import READERS
from tests.support import Published, ResearchRepo

ROOT = Path(__file__).parent.parent.parent
OLD, NEW = "a" * 40, "b" * 40
LOOSE = b"model: org/a\n"
OWN_FILES = sorted(
    path
    for folder in ("hooks", ".")
    for path in (ROOT / folder).glob("**/examples/**/*" if folder == "hooks" else "*.y*ml")
    if path.suffix in READERS
)


def commits(hub: splice.FakeHub | None = None) -> HubCommits:
    """Made-up commits."""
    return HubCommits(hub=hub or splice.FakeHub(), now=splice.NOW)  # type: ignore[arg-type]  # what is asked


def lock(commit: str = NEW, revision: str = "main") -> Lock:
    """A lock that has org/a."""
    target = Target(repo=Repo("org/a"), commit=commit)
    return Lock((LockedPin(pin=Pin(name="a", target=target, revision=revision), files=()),))


def pinned(path: Path, text: str, policy: Policy, known: Lock) -> FileResult:
    """Pin one file from a lock."""
    path.write_text(text, encoding="utf-8", newline="")
    (result,) = pin([path], LockedCommits(lock=known), policy)
    return result


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_our_own_examples_keep_all_but_the_revisions(path: Path) -> None:
    """What this repository shows of configs is pinned as promised."""
    result = splice.pin_in_copy(path, path.read_bytes(), commits())
    assert list(splice.broken_promises(path, result, commits())) == []


KEYS = st.sampled_from(
    [
        *(
            "model",
            "model_name_or_path",
            "base_model",
            "tokenizer",
            "repo_id",
            "hf_model",
            "dataset_name",
            "lr",
        ),
        *("revision", "model_revision", "tokenizer_revision", "größe", "nested", "args"),
    ]
)
IDS = st.sampled_from(["org/a", "org/b", "org/digits", "gpt2", "hf://org/a@main", "./local", "org/a@v1"])
REVISIONS = st.sampled_from(["", "main", "v1", NEW, NEW[:8], "1234567"])
SCALARS = IDS | REVISIONS | st.integers(0, 9) | st.booleans()
TABLES: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.dictionaries(KEYS, SCALARS | st.lists(IDS, max_size=2), max_size=5),
    lambda inner: st.dictionaries(KEYS, SCALARS | inner | st.lists(inner, max_size=2), max_size=4),
    max_leaves=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TABLES, st.sampled_from([None, 2, "\t"]), st.sampled_from([(", ", ": "), (",", ":"), (" , ", " : ")]))
def test_json_keeps_all_but_the_revisions(table: dict[str, Any], indent: Any, marks: tuple[str, str]) -> None:
    """Whatever the style of a JSON file, every byte and value stays but the revisions, and once is enough."""
    data = json.dumps(table, indent=indent, separators=marks, ensure_ascii=False).encode()
    path = Path("config.json")
    result = splice.pin_in_copy(path, data, commits())
    assert list(splice.broken_promises(path, result, commits())) == []


def as_toml(table: dict[str, Any], mark: str, quote: str, header: str = "") -> Iterator[str]:
    """Write a table as TOML: values first, then tables below their headers, lists of tables inline."""
    for key, value in table.items():
        if not isinstance(value, dict):
            yield f"{json.dumps(key, ensure_ascii=False)}{mark}{toml_value(value, mark, quote)}  # why\n"
    for key, value in table.items():
        if isinstance(value, dict):
            name = f"{header}{json.dumps(key, ensure_ascii=False)}"
            yield f"\n[{name}]\n"
            yield from as_toml(value, mark, quote, f"{name}.")


def toml_value(value: Any, mark: str, quote: str) -> str:
    """Write a value of TOML on one line."""
    if isinstance(value, dict):
        inner = (
            f"{json.dumps(key, ensure_ascii=False)}{mark}{toml_value(one, mark, quote)}"
            for key, one in value.items()
        )
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, list):
        return f"[{', '.join(toml_value(one, mark, quote) for one in value)}]"
    return f"{quote}{value}{quote}" if isinstance(value, str) else json.dumps(value)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TABLES, st.sampled_from([" = ", "=", "  =  "]), st.sampled_from(["'", '"']))
def test_toml_keeps_all_but_the_revisions(table: dict[str, Any], mark: str, quote: str) -> None:
    """Whatever the style of a TOML file, every byte and value stays but the revisions, and once is enough."""
    data = "".join(as_toml(table, mark, quote)).encode()
    path = Path("config.toml")
    result = splice.pin_in_copy(path, data, commits())
    assert list(splice.broken_promises(path, result, commits())) == []


def test_a_disk_that_is_full_leaves_files_whole(tmp_path: Path) -> None:
    """The kernel stops the second file in the middle: the first is pinned, the second as it was, alone."""
    resource = pytest.importorskip("resource", reason="POSIX limits what a process writes")
    small, large = tmp_path / "a.yaml", tmp_path / "b.yaml"
    small.write_bytes(LOOSE)
    large.write_bytes(LOOSE + b"# x\n" * 1000)
    before = large.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(ConfigError) as caught:
            list(pin([small, large], commits(), Policy()))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.message == f"{large.as_posix()} cannot be written: File too large"
    assert caught.value.hint == "Check its permissions and the room on its disk: it is as it was."
    assert small.read_bytes().startswith(LOOSE + b"revision: ")
    assert large.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "b.yaml"]


KILLED = """
import os, signal, sys
from pathlib import Path
from chores import splice
from hfpin.operations.commits import HubCommits
from hfpin.operations.pin import Policy, pin

seen = 0
def watch(event, arguments):
    global seen
    if event == "os.rename" and str(arguments[1]).endswith(".yaml"):  # no file of bytecode
        seen += 1
        if seen == 2:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
list(pin(map(Path, sys.argv[1:]), HubCommits(hub=splice.FakeHub(), now=splice.NOW), Policy()))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX kills so")
def test_a_kill_leaves_files_whole(tmp_path: Path) -> None:
    """Killed as the second file is about to be replaced: the first is pinned, the second as it was."""
    paths = [tmp_path / name for name in ("a.yaml", "b.yaml", "c.yaml")]
    for path in paths:
        path.write_bytes(LOOSE)
    command = [sys.executable, "-c", KILLED, *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == -signal.SIGKILL
    first, second, third = (path.read_bytes() for path in paths)
    assert first.startswith(LOOSE + b"revision: ")
    assert (second, third) == (LOOSE, LOOSE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"model: org/a\nrevision: {OLD}  # main\n", f"model: org/a\nrevision: {NEW}  # main\n"),
        (
            f"model: org/a\nrevision: {OLD}  # frozen: main\n",
            f"model: org/a\nrevision: {NEW}  # frozen: main\n",
        ),
        (f"model: org/a\nrevision: {OLD}  # main # why\n", f"model: org/a\nrevision: {NEW}  # main # why\n"),
        (f"url: hf://org/a@{OLD}/x  # main\n", f"url: hf://org/a@{OLD}/x  # main\n"),
        (f"model: org/a\nrevision: {OLD}\n", f"model: org/a\nrevision: {OLD}\n"),
    ],
)
def test_an_update_moves_what_has_a_name(tmp_path: Path, before: str, after: str) -> None:
    """A commit goes where the branch of its comment is; the comment stays, and so does what has none."""
    result = pinned(tmp_path / "a.yaml", before, Policy(update=True), lock())
    assert result.after.decode() == after
    moved = before != after
    assert (len(result.pinned), result.already, len(result.nameless)) == (moved, not moved, not moved)


def test_an_update_takes_names_from_the_lock(tmp_path: Path) -> None:
    """JSON has no comments: what a commit was asked for as stands in the lock."""
    path = tmp_path / "a.json"
    path.write_text(f'{{"model": "org/a", "revision": "{OLD}"}}', encoding="utf-8")
    policy = Policy(update=True, lock=lock(OLD, "dev"))
    (result,) = pin([path], commits(), policy)
    asked = splice.commit_of(Repo("org/a"), "dev")
    assert result.after.decode() == f'{{"model": "org/a", "revision": "{asked}"}}'


def test_a_commit_that_reads_as_a_number_is_quoted_where_it_is(tmp_path: Path) -> None:
    """A pin that YAML takes for a number is mended, without a question."""
    digits = "1" * 40
    result = pinned(tmp_path / "a.yaml", f"model: org/a\nrevision: {digits}\n", Policy(), Lock())
    assert result.after.decode() == f'model: org/a\nrevision: "{digits}"\n'
    assert [one.answer for one in result.pinned] == [Answer(commit=digits, name=None)]


def test_what_is_ignored_stays(tmp_path: Path) -> None:
    """A line that ignores the rule, and a file where it is silent, are left, and nobody is asked."""
    text = "model: org/x  # hfpin: ignore[HFP001] kept\n"
    assert pinned(tmp_path / "a.yaml", text, Policy(), Lock()).not_pinned == ()
    path = tmp_path / "b.yaml"
    silent = Policy(silent={path: frozenset({"HFP001"})})
    assert pinned(path, "model: org/x\n", silent, Lock()).not_pinned == ()


@pytest.mark.parametrize("words", ["Some words.\n", "# A title\n\n```yaml\nlr: 1\n```\n"])
def test_a_page_gets_no_key(tmp_path: Path, words: str) -> None:
    """A model card is no config: nobody would read what is written there, and it need not parse as YAML."""
    result = pinned(tmp_path / "README.md", f"---\nbase_model: org/a\n---\n{words}", Policy(), lock())
    assert (result.pinned, result.unreadable, result.after == result.before) == ((), None, True)
    assert [(one.reference.repo.repo_id, one.reason, one.hint) for one in result.not_pinned] == [
        (
            "org/a",
            "it stands on a page, where no program reads a revision",
            "Pin it in the config of the program that loads it.",
        )
    ]


def test_what_others_look_after_is_left(tmp_path: Path) -> None:
    """A link is followed and stays one; out of the project, or in another git repository, nothing is done."""
    root, shared = tmp_path / "project", tmp_path / "shared.yaml"
    for folder in ("real", "conf/sub/.git", "conf/sub/deep"):
        (root / folder).mkdir(parents=True)
    files = {name: root / name for name in ("real/a.yaml", "conf/sub/deep/b.yaml")}
    for file in (*files.values(), shared):
        file.write_bytes(LOOSE)
    links = {"a": files["real/a.yaml"], "b": files["conf/sub/deep/b.yaml"], "out": shared}
    for name, target in links.items():
        (root / f"conf/{name}.yaml").symlink_to(target)
    (tmp_path / "home").symlink_to(root)
    (root / "up").symlink_to(tmp_path)
    asked = [*(root / f"conf/{name}.yaml" for name in links), files["conf/sub/deep/b.yaml"]]
    asked += [tmp_path / "home" / "conf" / "out.yaml", root / "up" / "shared.yaml", shared]
    results = list(pin(asked, LockedCommits(lock=lock()), Policy(root=root)))
    other = (
        "its file is of another git repository: a submodule, or a clone",
        f"Pin it in that one: {(root / 'conf/sub').as_posix()}",
    )
    out = ("a link leads to its file, out of the project", f"Pin it where it is: {shared.as_posix()}")
    assert [[(one.reason, one.hint) for one in result.not_pinned] for result in results] == [
        *([], [other], [out], [other], [out], [out]),
        [],  # who names it means it
    ]
    assert all((root / f"conf/{name}.yaml").is_symlink() for name in links)
    done = f"model: org/a\nrevision: {NEW}  # main\n".encode()
    assert [file.read_bytes() for file in (*files.values(), shared)] == [done, LOOSE, done]


def test_offline_a_tag_may_stand(tmp_path: Path) -> None:
    """What the lock does not have is refused where it moves by its nature, and stays where it does not."""
    text = "a:\n  model: org/x\n  revision: v1\nb:\n  model: org/x\n  revision: main\n"
    result = pinned(tmp_path / "a.yaml", text, Policy(keep_names=True), lock())
    assert (result.already, [one.reference.revision for one in result.not_pinned]) == (1, ["main"])


def test_what_is_left_is_named_at_its_new_place(tmp_path: Path) -> None:
    """Where lines were added above it, the line that is named is the one that an editor shows."""
    text = "a:\n  model: org/a\nb:\n  model: org/x\n"

    def lines(policy: Policy) -> list[int]:
        left: list[Reference] = [
            one.reference for one in pinned(tmp_path / "a.yaml", text, policy, lock()).not_pinned
        ]
        return [one.position.line for one in left]

    assert (lines(Policy()), lines(Policy(write=False))) == ([5], [4])


def test_the_hub_completes_moves_and_waits(tmp_path: Path, client: HuggingFaceHub, tiny: Published) -> None:
    """Against a Hub: an abbreviated commit, a pin that is behind, and a branch whose head is too young."""
    path = tmp_path / "a.yaml"
    path.write_text(
        f"a:\n  model: acme/tiny\n  revision: {tiny.first[:9]}\n"
        f"b:\n  model: acme/tiny\n  revision: {tiny.first}  # main\n",
        encoding="utf-8",
    )
    history = {one.commit: one.created_at for one in client.commits(Repo("acme/tiny"), "main")}
    assert next(iter(history)) == tiny.second
    age = history[tiny.second] - history[tiny.first]
    young = HubCommits(hub=client, min_age=age, now=history[tiny.second])
    assert young.of(Repo("acme/tiny"), None) == Answer(commit=tiny.first, name="main")
    assert client.tags(Repo("acme/tiny")) == {"v1"}
    list(pin([path], HubCommits(hub=client, now=splice.NOW), Policy(update=True)))
    assert path.read_text(encoding="utf-8") == (
        f"a:\n  model: acme/tiny\n  revision: {tiny.first}\n"
        f"b:\n  model: acme/tiny\n  revision: {tiny.second}  # main\n"
    )


class TestCommand:
    """`hfpin pin`, from a lock."""

    @pytest.fixture
    def here(self, repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch) -> ResearchRepo:
        """A project whose lock has Mistral."""
        case = ROOT / "hooks" / "hfpin-pin" / "examples" / "pinned" / "given"
        repo.write("hfpin.lock", (case / "hfpin.lock").read_text(encoding="utf-8"))
        repo.write("config.yaml", "m:\r\n  model: mistralai/Mistral-7B-v0.1")
        monkeypatch.chdir(repo.root)
        return repo

    def test_diff(self, here: ResearchRepo, capsys: pytest.CaptureFixture[str]) -> None:
        """`--diff` writes a patch that git applies, to the byte, and no file."""
        before = here.read("config.yaml")
        assert main(["pin", "--offline", "--diff"]) == 1
        out, err = capsys.readouterr()
        assert err == "would pin 1, already pinned 0, could not pin 0.\n"
        assert here.read("config.yaml") == before
        (here.root / "patch").write_bytes(out.encode())
        assert here.run("git", "apply", "patch").stdout == ""
        applied = here.read("config.yaml")
        here.write("config.yaml", before)
        assert main(["pin", "--offline"]) == 0
        assert here.read("config.yaml") == applied != before
        assert main(["pin", "--offline", "--diff"]) == 0

    def test_lock_waits(self, here: ResearchRepo, capsys: pytest.CaptureFixture[str]) -> None:
        """Where one reference cannot be pinned the lock says that it waits for it, and ends with 1."""
        here.write("config.yaml", "model: acme/tinny\n")
        before = here.read("hfpin.lock")
        assert main(["pin", "--offline"]) == 1
        assert capsys.readouterr().out == (
            "config.yaml:1:8: acme/tinny could not be pinned: hfpin.lock does not have it\n"
            "  = `hfpin pin` asks the Hub for its commit.\n"
            "pinned 0, already pinned 0, could not pin 1.\n"
            "hfpin.lock is as it was: it waits for config.yaml:1:8: acme/tinny has no commit yet\n"
            "  = Once it has one, `hfpin pin` writes the lock too.\n"
        )
        assert here.read("hfpin.lock") == before

    def test_lock_refused(self, here: ResearchRepo, capsys: pytest.CaptureFixture[str]) -> None:
        """Where what is declared cannot be locked, that is said of the lock, and the reason follows."""
        commit = f"revision: {NEW}\n  local_dir: data"
        here.write("config.yaml", f"a:\n  repo_id: org/a\n  {commit}\nb:\n  repo_id: org/b\n  {commit}/b\n")
        before = here.read("hfpin.lock")
        assert main(["pin", "--offline"]) == 2
        out, err = capsys.readouterr()
        assert out == "pinned 0, already pinned 2, could not pin 0.\n"
        assert err == (
            "hfpin.lock is as it was:\n"
            "hfpin: config.yaml:6:12: local_dir 'data/b' is used already, at config.yaml:2:12\n"
            "  = Give each pin a folder of its own.\n"
        )
        assert here.read("hfpin.lock") == before

    def test_nothing_declares(self, here: ResearchRepo, capsys: pytest.CaptureFixture[str]) -> None:
        """A file that declares nothing is pinned where no file does; a lock that is left is nobody's then."""
        (here.root / "config.yaml").unlink()
        here.write("train.yaml", "model: mistralai/Mistral-7B-v0.1\n")
        said = (
            f"no file in {here.root} declares a pin: there is no "
            "config.y*ml, conf/**/*.y*ml, config/**/*.y*ml, configs/**/*.y*ml\n"
            "  = If nothing is to be pinned any more, remove hfpin.lock; "
            'else say in pyproject.toml which files declare: [tool.hfpin] files = ["…"].\n'
        )
        assert main(["pin", "--offline", "train.yaml"]) == 0
        pinned = "pinned 1, already pinned 0, could not pin 0.\n"
        assert capsys.readouterr().out.partition(pinned)[2] == f"hfpin.lock is as it was: {said}"
        assert main(["lock", "--check"]) == 2
        assert capsys.readouterr().err == f"hfpin: {said}"

    @pytest.mark.usefixtures("here")
    def test_age_offline(self, capsys: pytest.CaptureFixture[str]) -> None:
        """An age is about what the Hub has."""
        assert main(["pin", "--offline", "--min-age", "7d"]) == 2
        assert capsys.readouterr().err == (
            "hfpin: --min-age is about what the Hub has, and --offline asks nobody\n"
            "  = Leave one of the two out.\n"
        )

    @pytest.mark.parametrize("age", ["7", "d", "-1d", "0h"])
    def test_age(self, age: str, capsys: pytest.CaptureFixture[str]) -> None:
        """What is no age is refused with those that are."""
        with pytest.raises(SystemExit) as ended:
            main(["pin", f"--min-age={age}"])
        assert ended.value.code == 2
        assert capsys.readouterr().err.endswith(f"{age!r} is no age: write 12h, 7d or 2w\n")

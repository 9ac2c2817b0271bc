"""The rules that know more than one file: other files, the lock, and what other rules said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hfpin.config import Config
from hfpin.digest import Digest
from hfpin.errors import ConfigError, LockError
from hfpin.finding import Finding
from hfpin.lock import Dependency, Dropped, Lock, LockedFile, LockedPin
from hfpin.patterns import Patterns
from hfpin.pin import Pin, Target
from hfpin.repo import Repo
from hfpin.rules import RULES, Context, Examined
from hfpin.rules.selection import CODES, Selection, selection
from hfpin.scan import scan
from hfpin.span import Position
from hfpin.weights import Formats
from tests.unit.rules.examine import finding, findings, findings_in

FIRST = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"
KEEP_SAFETENSORS = (
    "ignore_patterns '*.safetensors' leaves its safetensors out: keep those, and leave the pickles out"
)
SECOND = "7dbbc90392e2f80f3d3c277d6e90027e55de9125"


def locked(
    name: str = "a",
    repo_id: str = "org/a",
    revision: str = "v1",
    *,
    patterns: Patterns | None = None,
    formats: Formats | None = None,
) -> LockedPin:
    """A pin in a lock, at the first commit."""
    target = Target(repo=Repo(repo_id), commit=FIRST, patterns=patterns or Patterns(), formats=formats)
    return LockedPin(pin=Pin(name=name, target=target, revision=revision), files=())


def with_lock(*pins: LockedPin, is_whole: bool = False, config: Config | None = None) -> Context:
    """What is known where the lock holds these pins."""
    return Context(
        config=config or Config(),
        is_whole=is_whole,
        known=CODES,
        judged=CODES,
        read_lock=lambda: Lock(pins=pins),
    )


# HFP006: two commits


def test_hfp006_reports_the_second_commit() -> None:
    """What differs from the commit that was seen first is reported, with the place of the first."""
    files: dict[str, str | bytes] = {
        "conf/a.yaml": f"model: org/a\nrevision: {FIRST}\n",
        "conf/b.yaml": f"model: org/a\nrevision: {FIRST}\n",
        "conf/config.yaml": f"x: {{model: org/a, revision: {SECOND}}}\ny: {{model: org/b}}\n",
    }
    assert findings_in("HFP006", files) == [
        finding(
            "HFP006",
            (1, 29, 40),
            "org/a is at 7dbbc903… here and at 26bca36b… in conf/a.yaml:2:11",
            "Two parts of one project may not use the same weights.",
            "Write the same commit in both, or say that it is meant: # hfpin: ignore[HFP006] and why.",
        )
    ]


def test_hfp006_does_not_measure_by_an_exception() -> None:
    """A commit that is said to be meant is compared, and is no measure for the others, first or last."""
    exception = f"model: org/a\nrevision: {SECOND}  # hfpin: ignore[HFP006] the baseline\n"
    rest = f"model: org/a\nrevision: {FIRST}\n"
    assert findings_in("HFP006", {"a.yaml": exception, "b.yaml": rest, "c.yaml": rest}) == []
    found = findings_in("HFP006", {"a.yaml": rest, "b.yaml": exception, "c.yaml": rest})
    assert [one.path for one in found] == ["b.yaml"]


@pytest.mark.parametrize(
    "other",
    [
        f"model: org/a\nrevision: {FIRST}\n",
        "model: org/a\nrevision: v1\n",
        "model: org/a\n",
        "model: org/a\nrevision: ${revision}\n",
        f"model: org/a\nrevision: {SECOND[:8]}\n",
        f"repo_id: org/a\nrepo_type: dataset\nrevision: {SECOND}\n",
        f"model: org/A\nrevision: {SECOND}\n",
    ],
)
def test_hfp006_is_silent(other: str) -> None:
    """One commit is one; tags, types and other spellings of an id are not compared."""
    assert findings_in("HFP006", {"a.yaml": f"model: org/a\nrevision: {FIRST}\n", "b.yaml": other}) == []


# HFP010: lock disagrees

OF_LOCK = "What is fetched and tested is what the lock says."
ABOUT = "hfpin.lock disagrees about org/a"
RELOCK = "hfpin lock   brings it up to date"


def disagreement(place: tuple[int, int, int], message: str) -> Finding:
    """A finding at a declaration."""
    return finding("HFP010", place, message, OF_LOCK, RELOCK)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (
            f"repo_id: org/b\nrevision: {FIRST}\n",
            (2, 11, 40),
            "hfpin.lock is stale: org/b is at 26bca36b… here, and not there",
        ),
        (
            f"repo_id: org/a\nrevision: {SECOND}\n",
            (2, 11, 40),
            "hfpin.lock is stale: org/a is at 7dbbc903… here, and 26bca36b… (v1) there",
        ),
        (
            "repo_id: org/a\nrevision: v2\n",
            (2, 11, 2),
            "hfpin.lock is stale: org/a is at v2 here, and 26bca36b… (v1) there",
        ),
        (
            "repo_id: org/a\nrevision: v1\nallow_patterns: '*.json'\nlocal_dir: d\n",
            (2, 11, 2),
            f"{ABOUT}: allow_patterns is *.json here, not given there, local_dir is d here, not given there",
        ),
    ],
)
def test_hfp010_compares_declarations(text: str, place: tuple[int, int, int], message: str) -> None:
    """A declaration that the lock does not hold as it stands is reported where its revision is."""
    assert findings("HFP010", text, with_lock(locked())) == [disagreement(place, message)]


@pytest.mark.parametrize(
    "text",
    [
        f"repo_id: org/a\nrevision: {FIRST}\n",
        "repo_id: org/a\nrevision: v1\n",
        "repo_id: org/a\n",
        "repo_id: org/b\nrevision: main\n",
        f"repo_id: org/b\nrevision: {FIRST[:8]}\n",
        "repo_id: org/b\nrevision: ${revision}\n",
        "repo_id: org/a\nrevision: v1\nlocal_dir: /outside\n",
        "lr: 1\n",
    ],
)
def test_hfp010_is_silent(text: str) -> None:
    """What agrees, what cannot be locked, and what `hfpin lock` itself refuses are no matter of the lock."""
    assert findings("HFP010", text, with_lock(locked())) == []


def test_hfp010_goes_by_the_projects_format() -> None:
    """`formats` of the settings counts for a declaration that says nothing."""
    config = Config(formats="safetensors")
    text = "repo_id: org/a\nrevision: v1\n"
    assert findings("HFP010", text, with_lock(locked(formats="safetensors"), config=config)) == []
    (found,) = findings("HFP010", text, with_lock(locked(), config=config))
    assert found.message == f"{ABOUT}: formats is safetensors here, not given there"


def test_hfp010_knows_dependencies() -> None:
    """A pin that something declared needs, by however many steps, need not be declared; others have to."""
    needs = [
        (Dependency(role="code", repo=Repo(f"org/{name}"), name=name, source="config.json"),) for name in "bc"
    ]
    a, b = (
        replace(locked(name, f"org/{name}"), dependencies=own, is_dependency=name == "b")
        for name, own in zip("ab", needs, strict=True)
    )
    c, d = (replace(locked(name, f"org/{name}"), is_dependency=True) for name in "cd")
    text = "- {repo_id: org/a, revision: v1}\n"
    assert findings("HFP010", text, with_lock(a, b, c, is_whole=True)) == []
    (found,) = findings("HFP010", text, with_lock(a, b, c, d, is_whole=True))
    assert found.message == "d (org/d at 26bca36b) is a dependency of nothing that is declared"
    both = findings("HFP010", "- {repo_id: org/x}\n", with_lock(a, b, is_whole=True))
    assert [one.message for one in both] == [
        "a (org/a at 26bca36b) is declared nowhere",
        "b (org/b at 26bca36b) is a dependency of nothing that is declared",
    ]


def test_hfp010_finds_a_pin_that_is_declared_nowhere() -> None:
    """It takes all declaring files to know it, and is not said of a repo that is mentioned in another way."""
    pins = (locked(), locked("b", "org/b"), locked("a_json", patterns=Patterns(allow=("*.json",))))
    text = "- {repo_id: org/a, revision: v1}\n- {repo_id: org/b}\n"
    assert findings("HFP010", text, with_lock(*pins)) == []
    assert findings("HFP010", text, with_lock(*pins, is_whole=True)) == [
        Finding(
            code="HFP010",
            path="hfpin.lock",
            position=Position(1, 1),
            width=1,
            message="a_json (org/a at 26bca36b) is declared nowhere",
            why=OF_LOCK,
            hint=RELOCK,
        )
    ]
    assert findings("HFP010", f"{text}- [\n", with_lock(*pins, is_whole=True)) == []


def test_hfp010_leaves_other_files_alone() -> None:
    """A file that declares nothing is not held against the lock."""
    (rule,) = [rule for rule in RULES if rule.code == "HFP010"]
    watch = rule.start(with_lock(locked()))
    scanned = scan("tests/data.yaml", f"repo_id: org/b\nrevision: {FIRST}\n".encode())
    assert [*watch.file(Examined(scan=scanned, codes=CODES)), *watch.end()] == []


@pytest.mark.parametrize(("require", "said"), [(True, ["there is no hfpin.lock"]), (False, [])])
def test_hfp010_misses_a_lock_where_one_is_required(require: bool, said: list[str]) -> None:  # noqa: FBT001
    """A project that uses only the hook has no lock; one that wants it says so."""
    context = Context(config=Config(require_lock=require))
    assert [one.message for one in findings("HFP010", "repo_id: org/a\nrevision: v1\n", context)] == said
    assert findings("HFP010", "lr: 1\n", context) == []


def test_hfp010_reports_a_lock_that_cannot_be_used() -> None:
    """The lock's own error is the finding, once, however many files there are."""

    def read_lock() -> Lock:
        raise LockError("hfpin.lock is not JSON", hint="Restore it from git.")

    files: dict[str, str | bytes] = dict.fromkeys(("a.yaml", "b.yaml"), "repo_id: org/a\nrevision: v1\n")
    (found,) = findings_in("HFP010", files, Context(read_lock=read_lock))
    assert (found.where, found.message, found.hint) == (
        "hfpin.lock:1:1",
        "hfpin.lock is not JSON",
        "Restore it from git.",
    )


def test_the_lock_is_read_only_for_who_declares() -> None:
    """A check of files that lock nothing reads no lock, which may be long."""

    def read_lock() -> Lock:
        raise AssertionError

    for rule in RULES:
        assert findings(rule.code, "lr: 1\n", Context(known=CODES, judged=CODES, read_lock=read_lock)) == []


# HFP011: comment disagrees


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"repo_id: org/a\nrevision: {FIRST}  # v2\n",
            "the comment says v2, and hfpin.lock has this commit as v1",
        ),
        (
            f"repo_id: org/a\nrevision: {SECOND}  # v1\n",
            "the comment says v1, and hfpin.lock has v1 at 26bca36b…",
        ),
        (
            f"model: org/a\nrevision: {SECOND}  # frozen: v1\n",
            "the comment says v1, and hfpin.lock has v1 at 26bca36b…",
        ),
    ],
)
def test_hfp011_reports_a_comment_that_the_lock_contradicts(text: str, message: str) -> None:
    """Another tag for the commit, or another commit for the tag: one of the two is wrong."""
    assert findings("HFP011", text, with_lock(locked())) == [
        finding(
            "HFP011",
            (2, 11, 40),
            message,
            "Whoever reads the comment takes this commit for another one.",
            "Correct the comment, or the commit: `hfpin lock --check` shows what the lock has.",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"repo_id: org/a\nrevision: {FIRST}  # v1\n",
        f"repo_id: org/a\nrevision: {FIRST}  # v1, 2024-05-01\n",
        f"repo_id: org/a\nrevision: {FIRST}  # main\n",
        f"repo_id: org/a\nrevision: {FIRST}  # the one of the paper\n",
        f"repo_id: org/a\nrevision: {FIRST}\n",
        f"repo_id: org/a\nrevision: {SECOND}  # v2\n",
        f"repo_id: org/b\nrevision: {SECOND}  # v1\n",
        "repo_id: org/a\nrevision: v2  # v1\n",
    ],
)
def test_hfp011_is_silent(text: str) -> None:
    """Prose, branches, and what the lock does not know are not contradicted."""
    assert findings("HFP011", text, with_lock(locked())) == []


def test_hfp011_needs_a_lock_that_has_names() -> None:
    """Without a lock, and for a commit that was locked as itself, there is nothing to compare with."""
    text = f"repo_id: org/a\nrevision: {FIRST}  # v2\n"
    assert findings("HFP011", text) == []
    assert findings("HFP011", text, with_lock(locked(revision=FIRST))) == []
    assert findings("HFP011", text, with_lock(locked(), locked("b", revision="v2"))) == []


# HFP012: unused ignore


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        (
            "a: 1  # hfpin: ignore[HFP001] why\n",
            (1, 9, 21),
            "this ignores nothing: HFP001 has nothing to say of line 1",
            "Take it away.",
        ),
        (
            "# hfpin: ignore[HFP099]\na: 1\n",
            (1, 3, 21),
            "this ignores nothing: HFP099 is no rule",
            "Take it away.",
        ),
        (
            "model: org/a  # hfpin: ignore\n",
            (1, 17, 13),
            "this ignores nothing: it names no rule",
            "Name the rule and why: # hfpin: ignore[HFP001] a reason",
        ),
    ],
)
def test_hfp012_reports_what_ignores_nothing(
    text: str, place: tuple[int, int, int], message: str, hint: str
) -> None:
    """A rule that is silent there, a code that is none, and no code at all."""
    why = "It would hide the next finding on that line, which nobody has looked at."
    assert findings("HFP012", text) == [finding("HFP012", place, message, why, hint)]


def test_hfp012_judges_by_what_was_said_and_asked() -> None:
    """A rule that spoke, one that was not asked, and one that depends on other files are not unused."""
    text = "model: org/a  # hfpin: ignore[HFP001, HFP002, HFP006]\n"
    said = tuple(findings("HFP001", text))
    (rule,) = [rule for rule in RULES if rule.code == "HFP012"]
    watch = rule.start(Context(known=CODES, judged=CODES - {"HFP006"}))
    scanned = scan("conf/config.yaml", text.encode())
    assert list(watch.file(Examined(scan=scanned, codes=CODES - {"HFP002"}, said=said))) == []


def test_hfp012_is_silent_about_a_file_that_does_not_parse() -> None:
    """What the rules would say of the whole is not known."""
    assert findings("HFP012", "a: [\nb: 1  # hfpin: ignore[HFP001]\n") == []


# Which rules speak


@pytest.mark.parametrize(
    ("config", "select", "ignore", "codes"),
    [
        (Config(), (), (), CODES),
        (Config(select=("HFP001", "HFP002")), (), (), {"HFP001", "HFP002"}),
        (Config(ignore=("HFP006",)), (), (), CODES - {"HFP006"}),
        (Config(ignore=("HFP006",)), (), ("HFP001",), CODES - {"HFP001", "HFP006"}),
        (Config(select=("HFP001",), ignore=("HFP006",)), ("HFP006",), (), {"HFP006"}),
        (Config(), ("HFP001", "HFP002"), ("HFP002",), {"HFP001"}),
    ],
)
def test_the_command_line_outranks_the_settings(
    config: Config, select: tuple[str, ...], ignore: tuple[str, ...], codes: set[str]
) -> None:
    """What is selected there is what speaks; what is ignored there is left out as well."""
    assert selection(config, select=select, ignore=ignore).of("conf/a.yaml") == codes


def test_per_file_ignores() -> None:
    """A glob takes its rules away from what it covers, whoever selected them."""
    chosen = selection(
        Config(per_file_ignores=(("tests", ("HFP001",)), ("**/x*.yaml", ("HFP002",)))),
        select=("HFP001", "HFP002"),
    )
    assert chosen == Selection(
        codes=frozenset({"HFP001", "HFP002"}),
        per_file=(("tests", frozenset({"HFP001"})), ("**/x*.yaml", frozenset({"HFP002"}))),
    )
    assert chosen.of("tests/a/b.yaml") == {"HFP002"}
    assert chosen.of("tests/x.yaml") == set()
    assert chosen.of("conf/a.yaml") == {"HFP001", "HFP002"}


@pytest.mark.parametrize(
    ("config", "select", "where"),
    [
        (Config(), ("HFP099",), "--select"),
        (Config(ignore=("HFP099",)), (), "pyproject.toml: [tool.hfpin] ignore"),
        (Config(per_file_ignores=(("a", ("HFP099",)),)), (), "pyproject.toml: [tool.hfpin] per-file-ignores"),
    ],
)
def test_a_code_that_is_no_rule_is_refused(config: Config, select: tuple[str, ...], where: str) -> None:
    """A slip of the pen would silence nothing, or everything."""
    with pytest.raises(ConfigError) as caught:
        selection(config, select=select)
    assert caught.value.message == f"{where} has 'HFP099', which is no rule"
    assert caught.value.hint == f"The rules are: {', '.join(sorted(CODES))}."


@pytest.mark.parametrize(
    ("files", "dropped", "hint"),
    [
        (
            "pytorch_model.bin",
            "*.safetensors",
            KEEP_SAFETENSORS,
        ),
        (
            "pytorch_model.bin",
            "*.h5",
            "look for a commit with safetensors, or see `hfpin inspect --scan m` and ignore this",
        ),
        ("pytorch_model.bin model.safetensors", "*.h5", None),
        ("pytorch_model.bin model.gguf", "*.h5", None),
        ("training_args.bin config.json", "*.h5", None),
    ],
)
def test_pickled_weights(files: str, dropped: str, hint: str | None) -> None:
    """A pin of pickles only is told, with the safetensors that its patterns leave out, if any."""
    digest = Digest("sha256", "0" * 64)
    pinned = LockedPin(
        pin=Pin(name="m", target=Target(repo=Repo("org/a"), commit=FIRST), revision="v1"),
        files=tuple(LockedFile(path=path, size=1, digest=digest) for path in sorted(files.split())),
        dropped=(Dropped(by="ignore_patterns", pattern=dropped, files=1, size=1),),
    )
    context = Context(read_lock=lambda: Lock((pinned,)))
    found = findings("HFP030", "m: {repo_id: org/a, revision: v1}", context)
    message = "the only weights of org/a are pickles: pytorch_model.bin"
    assert found == (
        []
        if hint is None
        else [finding("HFP030", (1, 14, 5), message, "A pickle can run anything when it is loaded.", hint)]
    )

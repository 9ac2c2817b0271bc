"""The lock as text: byte-stable, and never trusted."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hfpin import lock
from hfpin.digest import ALGORITHMS, Digest
from hfpin.errors import LockError
from hfpin.glance import names_in
from hfpin.lock import ROLES, Dependency, Dropped, Lock, LockedFile, LockedPin, dumps, loads
from hfpin.lock.needs import find_ring
from hfpin.paths import has_control, is_device, is_safe_path
from hfpin.patterns import Patterns
from hfpin.pin import Pin, Target, identifier
from hfpin.repo import REPO_TYPES, Repo
from hfpin.tensors import Tensor

COMMIT, SHA1, SHA256 = "26bca36bde8333b5d7f72e9ed20ccda6a618af24", "1" * 40, "2" * 64
RELOCK = "Run `hfpin lock` to write it anew, or restore it from git."

MISTRAL = LockedPin(
    pin=Pin(
        name="mistral",
        aliases=("m7",),
        target=Target(
            repo=Repo("mistralai/Mistral-7B-v0.1"),
            commit=COMMIT,
            patterns=Patterns(ignore=("*.h5", "*.ot")),
            formats="safetensors",
            local_dir="data/mistral",
        ),
        revision="main",
    ),
    files=(
        LockedFile(path="config.json", size=571, digest=Digest("git-sha1", SHA1)),
        LockedFile(path="model/größe.safetensors", size=14_483_464_192, digest=Digest("sha256", SHA256)),
    ),
    dropped=(
        Dropped(by="formats", pattern="*.bin", files=2, size=9_943_028_044),
        Dropped(by="ignore_patterns", pattern="*.h5", files=1, size=27),
    ),
    unmatched_patterns=("ignore_patterns '*.ot'",),
)
EMPTY = LockedPin(
    pin=Pin(name="empty", target=Target(repo=Repo("a/b", "dataset"), commit="0" * 40), revision="0" * 40),
    files=(),
)
TEXT = f"""\
{{
 "lock_version": "1.1",
 "pins": [
  {{
   "name": "empty",
   "aliases": [],
   "repo_type": "dataset",
   "repo_id": "a/b",
   "revision": "{"0" * 40}",
   "commit": "{"0" * 40}",
   "allow_patterns": null,
   "ignore_patterns": null,
   "formats": null,
   "local_dir": null,
   "unmatched_patterns": [],
   "incomplete": null,
   "size": 0,
   "dropped": [],
   "files": []
  }},
  {{
   "name": "mistral",
   "aliases": ["m7"],
   "repo_type": "model",
   "repo_id": "mistralai/Mistral-7B-v0.1",
   "revision": "main",
   "commit": "{COMMIT}",
   "allow_patterns": null,
   "ignore_patterns": ["*.h5", "*.ot"],
   "formats": "safetensors",
   "local_dir": "data/mistral",
   "unmatched_patterns": ["ignore_patterns '*.ot'"],
   "incomplete": null,
   "size": 14483464763,
   "dropped": [
    {{"by": "formats", "pattern": "*.bin", "files": 2, "size": 9943028044}},
    {{"by": "ignore_patterns", "pattern": "*.h5", "files": 1, "size": 27}}
   ],
   "files": [
    {{"path": "config.json", "size": 571, "git-sha1": "{SHA1}"}},
    {{"path": "model/größe.safetensors", "size": 14483464192, "sha256": "{SHA256}"}}
   ]
  }}
 ]
}}
"""


def test_a_lock_is_this_text() -> None:
    """The format, to the byte: one file a line, pins by name, text as it is read."""
    assert dumps(Lock((EMPTY, MISTRAL))) == TEXT
    assert loads(TEXT) == Lock((EMPTY, MISTRAL))


def test_an_empty_lock_is_this_text() -> None:
    """A project without pins has a lock too."""
    assert dumps(Lock()) == '{\n "lock_version": "1.1",\n "pins": []\n}\n'
    assert loads(dumps(Lock())) == Lock()


ADAPTER = LockedPin(
    pin=Pin(name="lora", target=Target(repo=Repo("acme/lora"), commit=COMMIT), revision="v1"),
    files=(LockedFile(path="adapter_config.json", size=9, digest=Digest("git-sha1", SHA1)),),
    kind="adapter",
    dependencies=(
        Dependency(role="base_model", repo=Repo("acme/base"), name="base", source="adapter_config.json"),
        Dependency(
            role="tokenizer",
            repo=Repo("acme/base"),
            revision="v2",
            name="base",
            source="adapter_config.json",
        ),
    ),
)
BASE = LockedPin(
    pin=Pin(name="base", target=Target(repo=Repo("acme/base"), commit="0" * 40), revision="main"),
    files=(),
    is_dependency=True,
)
ADAPTED = f"""\
{{
 "lock_version": "1.1",
 "pins": [
  {{
   "name": "base",
   "aliases": [],
   "repo_type": "model",
   "repo_id": "acme/base",
   "revision": "main",
   "commit": "{"0" * 40}",
   "allow_patterns": null,
   "ignore_patterns": null,
   "formats": null,
   "local_dir": null,
   "unmatched_patterns": [],
   "incomplete": null,
   "size": 0,
   "is_dependency": true,
   "dropped": [],
   "files": []
  }},
  {{
   "name": "lora",
   "aliases": [],
   "repo_type": "model",
   "repo_id": "acme/lora",
   "revision": "v1",
   "commit": "{COMMIT}",
   "allow_patterns": null,
   "ignore_patterns": null,
   "formats": null,
   "local_dir": null,
   "unmatched_patterns": [],
   "incomplete": null,
   "size": 9,
   "kind": "adapter",
   "dependencies": [
    {{"role": "base_model", "repo_type": "model", "repo_id": "acme/base", "revision": null, "name": "base", \
"source": "adapter_config.json"}},
    {{"role": "tokenizer", "repo_type": "model", "repo_id": "acme/base", "revision": "v2", "name": "base", \
"source": "adapter_config.json"}}
   ],
   "dropped": [],
   "files": [
    {{"path": "adapter_config.json", "size": 9, "git-sha1": "{SHA1}"}}
   ]
  }}
 ]
}}
"""


def test_what_a_pin_needs_is_this_text() -> None:
    """An adapter names its base, a dependency a line; pins without any have no such field."""
    lock_ = Lock((BASE, ADAPTER))
    assert dumps(lock_) == ADAPTED
    assert loads(ADAPTED) == lock_
    shuffled = replace(ADAPTER, dependencies=ADAPTER.dependencies[::-1])
    assert dumps(Lock((shuffled, BASE))) == ADAPTED


def test_a_lock_of_before_says_nothing_of_dependencies() -> None:
    """That there are none is told by 1.1 alone; of 1.0 nobody knows."""
    old = loads(TEXT.replace('"1.1"', '"1.0"'))
    assert (old, old.knows_dependencies) == (loads(TEXT), False)
    assert (loads(TEXT).knows_dependencies, Lock().knows_dependencies) == (True, True)


def needing(*names: str, name: str = "a") -> LockedPin:
    """A pin that needs others, each for its code."""
    return LockedPin(
        pin=Pin(name=name, target=Target(repo=Repo(f"acme/{name}"), commit=COMMIT), revision="main"),
        files=(),
        dependencies=tuple(
            Dependency(role="code", repo=Repo(f"acme/{other}"), name=other, source="config.json")
            for other in names
        ),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            ADAPTED.replace('"kind": "adapter"', '"kind": "quilt"'),
            "hfpin.lock.pins[1].kind: 'quilt' is not one of adapter",
        ),
        (
            ADAPTED.replace('"role": "tokenizer"', '"role": "friend"'),
            (
                "hfpin.lock.pins[1].dependencies[1].role: 'friend' is not one of "
                "base_model, tokenizer, component, code"
            ),
        ),
        (
            ADAPTED.replace('"revision": null, "name": "base"', '"revision": "\\u001b", "name": "base"'),
            "hfpin.lock.pins[1].dependencies[0].revision: '\\x1b' holds control characters",
        ),
        (
            ADAPTED.replace('"source": "', '"source": "../'),
            (
                "hfpin.lock.pins[1].dependencies[0].source: '../adapter_config.json' "
                "would not stay inside its snapshot"
            ),
        ),
        (
            ADAPTED.replace('"is_dependency": true', '"is_dependency": 1'),
            "hfpin.lock.pins[0].is_dependency: 1 is neither true nor false",
        ),
        (
            ADAPTED.replace('"name": "base", "source"', '"name": "lost", "source"'),
            "hfpin.lock: lora needs acme/base as 'lost', which is no pin of it",
        ),
        (
            ADAPTED.replace('"name": "base", "source"', '"name": "lora", "source"'),
            "hfpin.lock: lora needs acme/base as 'lora', which is no pin of it",
        ),
        (
            dumps(
                Lock((needing("b"), needing("c", "d", name="b"), needing(name="c"), needing("b", name="d")))
            ),
            "hfpin.lock: pins need each other: b -> d -> b",
        ),
        (dumps(Lock((needing("a"),))), "hfpin.lock: pins need each other: a -> a"),
    ],
)
def test_what_cannot_be_needed_is_refused(text: str, message: str) -> None:
    """A dependency is served by a pin of the lock, of its repo, and no pin needs itself."""
    with pytest.raises(LockError) as caught:
        loads(text)
    assert (caught.value.message, caught.value.hint) == (message, RELOCK)


def test_a_newer_lock_may_know_other_roles_and_kinds() -> None:
    """What this hfpin does not know is kept as it is, and shown."""
    newer = ADAPTED.replace('"1.1"', '"1.2"').replace('"adapter"', '"quilt"').replace("tokenizer", "friend")
    pin = loads(newer).find("lora")
    assert (pin.kind, [one.role for one in pin.dependencies]) == ("quilt", ["base_model", "friend"])


def test_a_reader_of_before_passes_over_what_is_new() -> None:
    """Nothing that was there before is called otherwise, or means something else."""
    old = json.loads(ADAPTED)
    for pin in old["pins"]:
        for key in ("kind", "dependencies", "is_dependency"):
            pin.pop(key, None)
    assert loads(json.dumps(old)).find("lora") == replace(ADAPTER, kind=None, dependencies=())


@given(st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 7), max_size=3), max_size=8))
def test_rings_are_found_and_nothing_else(edges: dict[int, list[int]]) -> None:
    """A ring is given as a path that ends where it starts; where none is given, an order exists."""
    needs = {str(name): [str(other) for other in others] for name, others in edges.items()}
    ring = find_ring(needs)
    assert all(after in needs[before] for before, after in itertools.pairwise(ring))
    assert not ring or (ring[0] == ring[-1] and len(set(ring)) == len(ring) - 1)
    left = {name: {other for other in others if other in needs} for name, others in needs.items()}
    while free := [name for name, others in left.items() if not others]:
        left = {name: others - set(free) for name, others in left.items() if name not in free}
    assert bool(ring) == bool(left)


def test_what_is_needed_comes_before_who_needs_it() -> None:
    """Each once, however deep: a chain of thousands is no deeper than Python's stack."""
    a, b, c, d = needing("b", "c"), needing("c", name="b"), needing(name="c"), needing(name="d")
    lock_ = Lock((a, b, c, d))
    assert lock_.with_dependencies([d, a]) == (d, c, b, a)
    assert lock_.with_dependencies([]) == ()
    chain = [needing(f"p{number + 1}", name=f"p{number}") for number in range(5000)]
    deep = Lock((*chain, needing(name="p5000")))
    assert [one.pin.name for one in loads(dumps(deep)).with_dependencies([chain[0]])] == [
        f"p{number}" for number in range(5000, -1, -1)
    ]


def test_the_order_in_which_things_were_found_does_not_show() -> None:
    """Pins are sorted by name and files by path, so the same lock is the same bytes."""
    shuffled = replace(MISTRAL, files=MISTRAL.files[::-1], dropped=MISTRAL.dropped[::-1])
    assert dumps(Lock((shuffled, EMPTY))) == TEXT


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6).filter(
    lambda text: not has_control(text)
)
LISTS = st.none() | st.lists(TEXTS | st.just(""), max_size=3).map(tuple)
SAFE_PATHS = st.lists(TEXTS, min_size=1, max_size=3).map("/".join).filter(is_safe_path)
DIGESTS = st.sampled_from(ALGORITHMS).flatmap(
    lambda algorithm: st.integers(0, 2**160 - 1).map(
        lambda number: Digest(algorithm, f"{number:0{64 if algorithm == 'sha256' else 40}x}")
    )
)
SHAPES = st.none() | st.dictionaries(
    TEXTS, st.lists(st.integers(0, 2**40), max_size=3).map(tuple), max_size=3
)


def locked_file(
    number: int, path: str, size: int, digest: Digest, shapes: dict[str, tuple[int, ...]] | None
) -> LockedFile:
    """A file, with tensors of these shapes; a digit in front keeps it from being another one's folder."""
    path = f"{number}{path}"
    tensors = None
    if shapes is not None:
        tensors = tuple((name, Tensor(dtype="F32", shape=shape, file=path)) for name, shape in shapes.items())
    return LockedFile(path=path, size=size, digest=digest, tensors=tensors)


FILES = st.lists(st.tuples(SAFE_PATHS, st.integers(0, 2**63), DIGESTS, SHAPES), max_size=4).map(
    lambda files: tuple(locked_file(number, *file) for number, file in enumerate(files))
)
TARGETS = st.builds(
    Target,
    repo=st.builds(Repo, st.sampled_from(["gpt2", "org/name", "a.b-c/d_e"]), st.sampled_from(REPO_TYPES)),
    commit=st.integers(0, 2**160 - 1).map("{:040x}".format),
    patterns=st.builds(Patterns, allow=LISTS, ignore=LISTS),
    formats=st.none() | st.just("safetensors"),
)
DROPPED = st.lists(
    st.builds(
        Dropped,
        by=st.sampled_from(["allow_patterns", "ignore_patterns", "formats"]),
        pattern=TEXTS | st.just(""),
        files=st.integers(0, 9),
        size=st.integers(0, 2**63),
    ),
    max_size=3,
).map(lambda dropped: tuple(sorted(dropped)))


def dependencies_on(pins: list[LockedPin]) -> st.SearchStrategy[tuple[Dependency, ...]]:
    """Dependencies that pins serve."""
    if not pins:
        return st.just(())
    one = st.builds(
        lambda role, revision, served, source: Dependency(
            role=role, repo=served.pin.repo, revision=revision, name=served.pin.name, source=source
        ),
        st.sampled_from(ROLES),
        st.none() | TEXTS,
        st.sampled_from(pins),
        SAFE_PATHS,
    )
    return st.lists(one, max_size=2).map(lambda found: tuple(sorted(found, key=lambda one: one.sort_key)))


@st.composite
def locks(draw: st.DrawFn) -> Lock:
    """Draw a lock whose names are all different."""
    names = draw(st.lists(st.text("abé_", min_size=1, max_size=4), unique=True, max_size=6))
    pins: list[LockedPin] = []
    while names:
        name = names.pop()
        aliases = (names.pop(),) if draw(st.booleans()) and names else ()
        local_dir = draw(st.none() | SAFE_PATHS.filter(lambda path: not is_device(path)))
        # A number in front keeps the folders of two pins apart.
        target = replace(draw(TARGETS), local_dir=local_dir and f"{len(pins)}{local_dir}")
        pin = Pin(name=name, aliases=aliases, target=target, revision=draw(TEXTS))
        pins.append(
            LockedPin(
                pin=pin,
                files=draw(FILES),
                dropped=draw(DROPPED),
                unmatched_patterns=tuple(draw(st.lists(TEXTS, max_size=2))),
                incomplete=draw(st.none() | TEXTS),
                kind=draw(st.sampled_from([None, "adapter"])),
                dependencies=draw(dependencies_on(pins)),
                without_dependencies=draw(st.booleans()),
                is_dependency=draw(st.booleans()),
            )
        )
    return Lock(tuple(sorted(pins, key=lambda locked: locked.pin.name)))


@given(locks())
def test_what_is_written_is_read(written: Lock) -> None:
    """Every lock comes back from its text, and its text from what is read."""
    text = dumps(written)
    read = loads(text)
    in_order = [
        replace(one, files=tuple(sorted(one.files, key=lambda file: file.path))) for one in written.pins
    ]
    assert read == Lock(tuple(in_order))
    assert dumps(read) == text
    assert json.loads(text)["lock_version"] == lock.VERSION
    assert names_in(text) == tuple((one.pin.name, *one.pin.aliases) for one in read.pins)


def document() -> dict[str, Any]:
    """Give a valid lock as parsed JSON, to be spoiled."""
    parsed: dict[str, Any] = json.loads(TEXT)
    return parsed


def spoiled(*path: str | int, value: object) -> str:
    """Write a lock with one value replaced."""
    root = document()
    place: Any = root
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(root)


PIN, FILE = ("pins", 1), ("pins", 1, "files", 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "hfpin.lock: not an object"),
        ("{}", "hfpin.lock.lock_version: missing"),
        (spoiled("lock_version", value=1), "hfpin.lock.lock_version: 1 is not a text"),
        (spoiled("lock_version", value="one"), "hfpin.lock: lock_version 'one' is not a version"),
        (spoiled("lock_version", value="1"), "hfpin.lock: lock_version '1' is not a version"),
        (spoiled("pins", value={}), "hfpin.lock.pins: not a list"),
        (spoiled(*FILE, "tensors", value=[]), "hfpin.lock.pins[1].files[0].tensors: not an object"),
        (
            spoiled(*FILE, "tensors", value={"w": ["F32"]}),
            "hfpin.lock.pins[1].files[0].tensors: 'w' has no dtype and shape",
        ),
        (
            spoiled(*FILE, "tensors", value={"w": ["F\n32", []]}),
            "hfpin.lock.pins[1].files[0].tensors: 'w' has no dtype and shape",
        ),
        (
            spoiled(*FILE, "tensors", value={"w\x1b": ["F32", []]}),
            "hfpin.lock.pins[1].files[0].tensors: 'w\\x1b' is not a text that can be shown",
        ),
        (spoiled("pins", 0, value=None), "hfpin.lock.pins[0]: not an object"),
        (spoiled(*PIN, "name", value=""), "hfpin.lock.pins[1].name: '' is not a text"),
        (spoiled(*PIN, "name", value="../x"), "hfpin.lock.pins[1].name: '../x' is not an identifier"),
        (spoiled(*PIN, "name", value=None), "hfpin.lock.pins[1].name: missing"),
        (spoiled(*PIN, "aliases", value="m7"), "hfpin.lock.pins[1].aliases: not a list of texts"),
        (spoiled(*PIN, "aliases", value=["m 7"]), "hfpin.lock.pins[1].aliases: 'm 7' is not an identifier"),
        (spoiled(*PIN, "repo_id", value="../x"), "hfpin.lock.pins[1].repo_id: '../x' is not a repo id"),
        (
            spoiled(*PIN, "repo_type", value="models"),
            "hfpin.lock.pins[1].repo_type: 'models' is not a type of Hub repo",
        ),
        (spoiled(*PIN, "repo_type", value=[]), "hfpin.lock.pins[1].repo_type: [] is not a text"),
        (
            spoiled(*PIN, "commit", value="main"),
            "hfpin.lock.pins[1].commit: 'main' is not 40 lowercase hex digits",
        ),
        (
            spoiled(*PIN, "commit", value=COMMIT.upper()),
            f"hfpin.lock.pins[1].commit: {COMMIT.upper()!r} is not 40 lowercase hex digits",
        ),
        (spoiled(*PIN, "revision", value=None), "hfpin.lock.pins[1].revision: missing"),
        (
            spoiled(*PIN, "allow_patterns", value=["*", 1]),
            "hfpin.lock.pins[1].allow_patterns: not a list of texts",
        ),
        (
            spoiled(*PIN, "local_dir", value="/etc"),
            "hfpin.lock.pins[1].local_dir: '/etc' is not a path inside the project",
        ),
        (spoiled(*PIN, "files", value="x"), "hfpin.lock.pins[1].files: not a list"),
        (spoiled(*FILE, value="x"), "hfpin.lock.pins[1].files[0]: not an object"),
        (
            spoiled(*FILE, "path", value="../x"),
            "hfpin.lock.pins[1].files[0].path: '../x' would not stay inside its snapshot",
        ),
        (
            spoiled(*FILE, "size", value=-1),
            "hfpin.lock.pins[1].files[0].size: -1 is not a number of bytes",
        ),
        (
            spoiled(*FILE, "size", value=True),
            "hfpin.lock.pins[1].files[0].size: True is not a number of bytes",
        ),
        (
            spoiled(*FILE, "size", value=1.0),
            "hfpin.lock.pins[1].files[0].size: 1.0 is not a number of bytes",
        ),
        (
            spoiled(*FILE, "sha256", value=SHA256),
            "hfpin.lock.pins[1].files[0].sha256: a file needs one digest: sha256 or git-sha1",
        ),
        (
            spoiled(*FILE, "git-sha1", value="x"),
            "hfpin.lock.pins[1].files[0].git-sha1: 'x' is not 40 lowercase hex digits",
        ),
        (
            spoiled(*FILE, "git-sha1", value=1),
            "hfpin.lock.pins[1].files[0].git-sha1: 1 is not a text",
        ),
        (
            spoiled(*FILE, "path", value="model/größe.safetensors"),
            "hfpin.lock: mistral: the path 'model/größe.safetensors' stands twice",
        ),
        (
            spoiled(*FILE, "path", value="model"),
            "hfpin.lock: mistral: 'model' is a file and a folder",
        ),
        (
            spoiled(*FILE, "path", value=".cache/huggingface/hfpin/files.json"),
            (
                "hfpin.lock: mistral: '.cache/huggingface/hfpin/files.json' "
                "would replace what is recorded about its local_dir"
            ),
        ),
        (
            spoiled(*FILE, "path", value=".Cache/huggingface/download/x.metadata"),
            (
                "hfpin.lock: mistral: '.Cache/huggingface/download/x.metadata' "
                "would replace what is recorded about its local_dir"
            ),
        ),
        (
            spoiled(*PIN, "local_dir", value="data/AUX.tmp"),
            "hfpin.lock.pins[1].local_dir: 'data/AUX.tmp' is not a path inside the project",
        ),
        (
            spoiled("pins", 0, "local_dir", value="DATA"),
            "hfpin.lock: mistral and empty share the local_dir 'data'",
        ),
        (
            spoiled("pins", 0, "local_dir", value="Data/Mistral"),
            "hfpin.lock: empty and mistral share the local_dir 'data/mistral'",
        ),
        (
            spoiled(*PIN, "revision", value="v1\x1b[2J"),
            "hfpin.lock.pins[1].revision: 'v1\\x1b[2J' holds control characters",
        ),
        (
            spoiled(*PIN, "ignore_patterns", value=["*\x9b2J"]),
            "hfpin.lock.pins[1].ignore_patterns: '*\\x9b2J' holds control characters",
        ),
        (
            spoiled(*PIN, "incomplete", value="\x07"),
            "hfpin.lock.pins[1].incomplete: '\\x07' is not a text that can be shown",
        ),
        (
            spoiled(*PIN, "formats", value="gguf"),
            "hfpin.lock.pins[1].formats: 'gguf' is not one of safetensors",
        ),
        (
            spoiled(*PIN, "dropped", 0, "by", value="me"),
            "hfpin.lock.pins[1].dropped[0].by: 'me' is not one of allow_patterns, ignore_patterns, formats",
        ),
        (
            spoiled(*PIN, "dropped", 0, "files", value="2"),
            "hfpin.lock.pins[1].dropped[0].files: '2' is not a number of files",
        ),
        (spoiled(*PIN, "name", value="empty"), "hfpin.lock: the name 'empty' stands twice"),
        (spoiled(*PIN, "aliases", value=["empty"]), "hfpin.lock: the name 'empty' stands twice"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, message: str) -> None:
    """A lock that cannot be used is refused in one line that says where and what."""
    with pytest.raises(LockError) as caught:
        loads(text)
    assert (caught.value.message, caught.value.hint) == (message, RELOCK)


@pytest.mark.parametrize("version", ["2.0", "10.3", "0.9"])
def test_another_major_version_is_refused_before_anything_else_is_read(version: str) -> None:
    """A lock of another major version may hold anything, so only its version is read."""
    with pytest.raises(LockError) as caught:
        loads(json.dumps({"lock_version": version, "pins": "moved elsewhere"}))
    assert caught.value.message == f"hfpin.lock has version {version}; this hfpin reads 1.x"
    assert caught.value.hint == (
        "Upgrade hfpin (pip install -U hfpin), or run `hfpin lock` to write the lock anew."
    )


def test_a_newer_minor_version_is_read() -> None:
    """What a newer 1.x adds is passed over."""
    newer = document() | {"lock_version": "1.7", "signature": {"by": "somebody"}}
    read = loads(json.dumps(newer))
    assert (read, read.newer_version) == (loads(TEXT), "1.7")
    assert loads(TEXT).newer_version is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ("pins: []", "Expecting value: line 1 column 1 (char 0)"),
        (TEXT[:-3], "Expecting ',' delimiter: line 44 column 3 (char 1300)"),
    ],
    ids=["empty", "YAML", "cut short"],
)
def test_what_is_not_json_is_refused(text: str, reason: str) -> None:
    """A file that is no JSON at all is refused with the place where it stops being JSON."""
    with pytest.raises(LockError) as caught:
        loads(text)
    assert (caught.value.message, caught.value.hint) == (f"hfpin.lock is not JSON: {reason}", RELOCK)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("after", ["", '{\n "lock_version": "1.1",\n'])
def test_marks_of_a_merge_are_called_that(after: str, newline: str) -> None:
    """What git leaves of a merge that it could not finish is called what it is."""
    with pytest.raises(LockError) as caught:
        loads(f"{after}<<<<<<< HEAD\n{TEXT}".replace("\n", newline))
    assert caught.value.message == "hfpin.lock holds the marks of a merge that git could not finish"
    assert caught.value.hint == (
        "Finish the merge of the configs, then run `hfpin lock`: it keeps what either side has."
    )


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "..",
        "../x",
        "a/../../x",
        "a/..",
        ".",
        "./a",
        "a/./b",
        "a//b",
        "a/",
        "/",
        "a\\b",
        "..\\x",
        "\\\\host\\share",
        "C:",
        "C:x",
        "c:/x",
        "a\0b",
        "a\nb",
        "a\x1b[2Jb",
        "a\x7f",
        "a\u202eb",
        "a\ud800",
        "a\u2028b",
        "a\x9b2Jb",
        ".git",
        ".git/hooks/post-checkout",
        "a/.GIT/config",
        ".g\u200cit/config",
        ".git./config",
        ".git /config",
        "git~1/config",
        "GIT~12",
        "a/" * 512 + "a",
    ],
)
def test_a_path_that_could_leave_its_folder_is_refused(path: str) -> None:
    """Neither a file nor a `local_dir` can be anywhere but below where it belongs, on any system."""
    assert not is_safe_path(path)
    for place in ((*FILE, "path"), (*PIN, "local_dir")):
        with pytest.raises(LockError):
            loads(spoiled(*place, value=path))


@pytest.mark.parametrize(
    "path",
    [
        "a",
        "a/b",
        "...",
        "..a",
        ".gitattributes",
        ".github/workflows/a.yml",
        "a b",
        "größe/模型.bin",
        "ab:c",
        "arc:challenge|25_2023.parquet",
        "~",
        "-",
        "全角\u3000空白.txt",
        "1\u00a0GB.txt",
        "👩\u200d💻.md",
        "نمی\u200cبینم.txt",
        "🏴\U000e0067\U000e0062\U000e007f.png",
        "aux.py",
        "con",
        "a/" * 511 + "a",
    ],
)
def test_a_path_that_stays_is_taken(path: str) -> None:
    """A strange name is not a dangerous one."""
    assert is_safe_path(path)
    assert loads(spoiled(*FILE, "path", value=path)).find("mistral").files[0].size > 0


@pytest.mark.parametrize(
    "text",
    ["{}", '{{"lock_version": {}}}', '{{"lock_version": "1.1", "pins": [{}]}}'],
    ids=["lock", "version", "pin"],
)
def test_no_depth_of_nesting_is_too_deep(text: str) -> None:
    """A value that is nested as deep as one likes is refused like any other of the wrong type."""
    for depth in (*range(1, 1100), 100_000):
        with pytest.raises(LockError):
            loads(text.format("[" * depth + "]" * depth))


@pytest.mark.parametrize("digits", [20, 400, 4300])
def test_a_size_may_be_any_number(digits: int) -> None:
    """A size is a whole number as large as Python reads it."""
    assert loads(TEXT.replace("571", "9" * digits)).find("mistral").files[0].size == 10**digits - 1


@pytest.mark.parametrize("depth", [1000, 100_000, 1_000_000])
def test_no_depth_of_folders_is_too_deep(depth: int) -> None:
    """A path of a million folders is refused at a glance."""
    with pytest.raises(LockError) as caught:
        loads(spoiled(*FILE, "path", value="a/" * depth + "a"))
    assert caught.value.message == f"hfpin.lock.pins[1].files[0].path: '{('a/' * 250)[:499]}…"


@given(st.sets(st.text("ab/-.", min_size=1, max_size=7).filter(is_safe_path), min_size=1, max_size=8))
def test_no_file_is_a_folder_too(paths: set[str]) -> None:
    """A lock is refused if, and only if, one of its files would have to be a folder for another."""
    files = [{"path": path, "size": 1, "git-sha1": SHA1} for path in sorted(paths)]
    clash = any(other.startswith(f"{path}/") for path in paths for other in paths)
    text = spoiled(*PIN, "files", value=files)
    if clash:
        with pytest.raises(LockError, match=r" is a file and a folder\n"):
            loads(text)
    else:
        assert {file.path for file in loads(text).find("mistral").files} == paths


def test_a_number_that_would_take_long_is_refused() -> None:
    """Python's own limit on the digits of a number holds, and is an error of ours."""
    with pytest.raises(LockError, match=r"^hfpin\.lock is not JSON: Exceeds the limit"):
        loads(TEXT.replace("571", "9" * 5000))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)
PLACES: list[tuple[str | int, ...]] = [
    ("lock_version",),
    ("pins",),
    PIN,
    *((*PIN, key) for key in document()["pins"][1]),
    FILE,
    *((*FILE, key) for key in ("path", "size", "sha256", "git-sha1", "tensors")),
]
HOSTILE_TEXTS = st.text(st.sampled_from("a./\\:\0\x1b\n~é\ud800"), max_size=6)
NEARLY_FILES = st.builds(
    lambda algorithm, path, size, digits: {"path": path, "size": size, algorithm: digits},
    st.sampled_from(["sha256", "git-sha1", "md5"]),
    st.sampled_from(["a.json", "é/b.bin"]) | HOSTILE_TEXTS,
    st.integers(-1, 2) | st.none() | st.booleans() | st.floats(),
    st.sampled_from([SHA256, SHA1, SHA1.upper(), "", None, 0]),
)


def written_otherwise(text: str) -> str:
    """Write a lock with the fields of files in another order, which `dumps` never does."""

    def other_order(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return dict(reversed(pairs) if pairs and pairs[0][0] == "path" else pairs)

    return json.dumps(json.loads(text, object_pairs_hook=other_order))


def read_or_refused(text: str) -> Lock | str:
    """Read a lock, or say where it cannot be read."""
    try:
        return loads(text)
    except LockError as error:
        return error.message.partition(": ")[0]


@given(st.sampled_from([*PLACES, (*PIN, "files", 1)]), NEARLY_FILES | st.lists(NEARLY_FILES, max_size=3))
@example((), {"path": "a", "size": 1, "sha256": SHA256})
def test_how_a_file_is_written_makes_no_difference(place: tuple[str | int, ...], value: object) -> None:
    """A file is taken or refused the same, and is the same, in the order of `dumps` and in any other."""
    text = spoiled(*place, value=value) if place else json.dumps(value)
    assert read_or_refused(written_otherwise(text)) == read_or_refused(text)


@settings(max_examples=200)
@given(st.sampled_from(PLACES), JSON | HOSTILE_TEXTS | st.lists(HOSTILE_TEXTS, max_size=2))
@example((*PIN, "revision"), "\ud800")
@example((*PIN, "allow_patterns"), ["\ud800"])
def test_whatever_a_lock_holds_it_is_refused_or_sound(place: tuple[str | int, ...], value: object) -> None:
    """Any value in any place gives a LockError that says where, or a lock that can be written again."""
    text = spoiled(*place, value=value)
    seen = names_in(text)  # what can be told of it at a glance
    assert seen is None or len({name for names in seen for name in names}) == sum(map(len, seen))
    try:
        read = loads(text)
    except LockError as refused:
        error: LockError | None = refused
    else:
        error = None
        whole = tuple((one.pin.name, *one.pin.aliases) for one in read.pins)
        assert seen == (None if read.newer_version else whole)
        assert loads(dumps(read).encode("utf-8").decode("utf-8")) == read
        assert all(is_safe_path(file.path) for one in read.pins for file in one.files)
    assert error is None or re.match(r"hfpin\.lock([.:]| has version) ?\S+", error.message)


@given(st.text(alphabet='{}[]:,"lock_version1.0pins\\ \n', max_size=30))
def test_no_text_gives_anything_but_a_lock_or_its_error(text: str) -> None:
    """Rubbish is refused, and with an error of ours."""
    with pytest.raises(LockError):
        loads(text)


@pytest.mark.parametrize("name", ["mistral", "m7", "mistralai/Mistral-7B-v0.1"])
def test_a_pin_is_found_by_name_alias_and_repo_id(name: str) -> None:
    """Everywhere a name is taken, the repo id is taken too."""
    assert loads(TEXT).find(name) == MISTRAL


@pytest.mark.parametrize(
    ("pins", "message", "hint"),
    [
        (
            (EMPTY, MISTRAL),
            "hfpin.lock has no pin 'x/y'",
            (
                "It has: empty, mistral. Declare a new one "
                "in a file that [tool.hfpin] names (by default config.yaml), then run `hfpin pin`."
            ),
        ),
        (
            (),
            "hfpin.lock has no pin 'x/y'",
            (
                "It has: none. Declare a new one "
                "in a file that [tool.hfpin] names (by default config.yaml), then run `hfpin pin`."
            ),
        ),
        (
            tuple(
                LockedPin(
                    pin=Pin(name=name, target=Target(repo=Repo("x/y"), commit=commit), revision="main"),
                    files=(),
                )
                for name, commit in (("old", "0" * 40), ("new", "1" * 40))
            ),
            "x/y is pinned more than once",
            "Say which by its name: old, new.",
        ),
    ],
)
def test_a_pin_that_is_not_found_is_asked_for_in_other_words(
    pins: tuple[LockedPin, ...], message: str, hint: str
) -> None:
    """What is not there, or stands for several, is said with the names that are there."""
    with pytest.raises(LockError) as caught:
        Lock(pins).find("x/y")
    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize("key", ["mistral-7b", "Mistral.7B"])
def test_a_pin_is_found_by_the_key_that_a_config_has(key: str) -> None:
    """A key that is no identifier finds the pin that it gave its name; a repo id is no key."""
    named = replace(MISTRAL, pin=replace(MISTRAL.pin, name="mistral_7b"))
    assert Lock((EMPTY, named)).find(key) == named
    with pytest.raises(LockError, match=f"has no pin 'x/{key}'"):
        Lock((replace(named, pin=replace(named.pin, name=f"x_{identifier(key)}")),)).find(f"x/{key}")


def test_a_name_goes_before_a_repo_id() -> None:
    """A pin that is called like another one's repo is the one that is meant."""
    named = LockedPin(
        pin=Pin(name="gpt2", target=Target(repo=Repo("org/tuned"), commit=COMMIT), revision="main"), files=()
    )
    other = LockedPin(
        pin=Pin(name="base", target=Target(repo=Repo("gpt2"), commit=COMMIT), revision="main"), files=()
    )
    assert Lock((other, named)).find("gpt2") == named
    assert MISTRAL.size == 571 + 14_483_464_192

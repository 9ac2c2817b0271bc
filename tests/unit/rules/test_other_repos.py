"""The rules about what a pin or an adapter needs of other repos: its base (HFP020, HFP021), code (HFP031)."""

from __future__ import annotations

import pytest

from hfpin.config import Config
from hfpin.errors import LockError
from hfpin.lock import Dependency, Lock, LockedPin
from hfpin.pin import Pin, Target
from hfpin.repo import Repo
from hfpin.rules import RULES, Context, Examined
from hfpin.rules.adapter_rules import ADAPTER_RULES
from hfpin.rules.adapters import AdapterFolder
from hfpin.rules.hfp031_foreign_code import RULE as HFP031
from hfpin.rules.selection import CODES
from hfpin.scan import scan
from tests.unit.rules.examine import all_findings, finding, findings

A, B, C = "26bca36bde8333b5d7f72e9ed20ccda6a618af24", "7dbbc90392e2f80f3d3c277d6e90027e55de9125", "c" * 40
OTHERWISE = "An adapter on another commit of its base answers otherwise, and nothing says so."
NEXT_MONTH = "Whoever loads this adapter next month may get another base."
ANYTHING = "Whoever can push to that repo can run anything on this machine."
DECLARES = "repo_id: org/a\nrevision: v1\n"


def pin(name: str, commit: str, *needs: Dependency, dependency: bool = False) -> LockedPin:
    """A pin of `org/NAME`; a `-` in the name leaves a repo without what follows it."""
    target = Target(repo=Repo(f"org/{name.partition('-')[0]}"), commit=commit)
    revision = "v1" if name == "a" else commit
    return LockedPin(
        pin=Pin(name=name, target=target, revision=revision),
        files=(),
        dependencies=needs,
        is_dependency=dependency,
    )


def needs(name: str, revision: str | None = None, role: str = "base_model") -> Dependency:
    """What a pin needs of the repo of another one."""
    repo = Repo(f"org/{name.partition('-')[0]}")
    return Dependency(role=role, repo=repo, revision=revision, name=name, source="x.json")


def context(*pins: LockedPin, config: Config | None = None) -> Context:
    """What is known where the lock holds these pins."""
    return Context(config=config or Config(), known=CODES, judged=CODES, read_lock=lambda: Lock(pins))


def said(code: str, text: str, *pins: LockedPin, config: Config | None = None) -> list[str]:
    """The messages of a rule about a declaring file."""
    return [one.message for one in findings(code, text, context(*pins, config=config))]


def of_base(*pins: LockedPin, text: str = DECLARES, config: Config | None = None) -> dict[str, list[str]]:
    """The messages of the two rules about bases, by code."""
    both = {code: said(code, text, *pins, config=config) for code in ("HFP020", "HFP021")}
    return {code: messages for code, messages in both.items() if messages}


# A declared adapter


def test_a_base_that_only_the_lock_holds() -> None:
    """Its adapter leaves the revision open and no config says one: the message has what to declare."""
    lock = context(pin("a", A, needs("base")), pin("base", B, dependency=True))
    assert findings("HFP020", DECLARES, lock) == [
        finding(
            "HFP020",
            (1, 10, 5),
            "org/a names its base org/base without a revision, and no config pins it",
            OTHERWISE,
            f"Declare it: repo_id: org/base, revision: {B}; then: hfpin lock",
        )
    ]


@pytest.mark.parametrize(
    ("revision", "how"),
    [
        (None, "without a revision"),
        ("main", "at main, which moves"),
        ("refs/pr/1", "at refs/pr/1, which moves"),
    ],
)
def test_an_open_revision_is_settled_by_a_declared_base(revision: str | None, how: str) -> None:
    """Nobody can edit an adapter that somebody else published: a config that pins its base is enough."""
    message = f"org/a names its base org/base {how}, and no config pins it"
    adapter = pin("a", A, needs("base", revision))
    assert of_base(adapter, pin("base", B, dependency=True)) == {"HFP020": [message]}
    assert of_base(adapter, pin("base", B)) == {}


@pytest.mark.parametrize("revision", [B, "v2"])
def test_a_revision_that_stays_is_settled_by_the_lock(revision: str) -> None:
    """An adapter that says a commit of its base, or a tag, needs no more; a project may ask for commits."""
    pins = pin("a", A, needs("base", revision)), pin("base", B, dependency=True)
    assert of_base(*pins) == {}
    wanted = {"HFP020": ["org/a names its base org/base at v2, which can be moved, and no config pins it"]}
    assert of_base(*pins, config=Config(require="commit")) == ({} if revision == B else wanted)


def test_a_lock_that_is_behind_its_configs() -> None:
    """A base that is declared at one commit, and served at another to an adapter that would take any."""
    pins = pin("a", A, needs("base-old")), pin("base-old", B, dependency=True), pin("base", C)
    message = "org/a goes on org/base at 7dbbc903…, and this project pins that at cccccccc…"
    assert of_base(*pins) == {"HFP020": [message]}


def test_a_revision_that_is_not_the_projects() -> None:
    """The adapter says one commit and the project another: that is a matter of HFP021 alone."""
    pins = pin("a", A, needs("base-old", B)), pin("base-old", B, dependency=True), pin("base", C)
    message = "org/a is for org/base at 7dbbc903…, and this project pins that at cccccccc…"
    assert of_base(*pins) == {"HFP021": [message]}
    (found,) = findings("HFP021", DECLARES, context(*pins))
    hint = f"Pin org/base at {B}, or say that it is meant: # hfpin: ignore[HFP021] and why."
    assert (found.where, found.width, found.why, found.hint) == (
        "conf/config.yaml:1:10",
        5,
        OTHERWISE,
        hint,
    )


def test_one_of_two_declared_bases_is_enough() -> None:
    """A base that is declared at two commits serves adapters of either."""
    assert of_base(pin("a", A, needs("base", B)), pin("base", B), pin("base-new", C)) == {}


def test_what_is_needed_by_what_is_needed() -> None:
    """An adapter on an adapter: the inner one is declared nowhere, so it is said where the outer one is."""
    pins = (
        pin("a", A, needs("inner", B)),
        pin("inner", B, needs("base"), dependency=True),
        pin("base", C, needs("inner", B), dependency=True),  # a lock that goes in circles is read to its end
    )
    message = "org/inner names its base org/base without a revision, and no config pins it"
    assert of_base(*pins) == {"HFP020": [message]}
    assert of_base(pins[0], pin("inner", B, needs("base")), pins[2]) == {}


@pytest.mark.parametrize("role", ["tokenizer", "component", "code", "of_a_newer_lock"])
def test_other_roles_are_no_base(role: str) -> None:
    """What is needed for something else is not what an adapter goes on."""
    assert of_base(pin("a", A, needs("base", role=role)), pin("base", B, dependency=True)) == {}


@pytest.mark.parametrize("code", ["HFP020", "HFP021", "HFP031"])
def test_without_a_lock_that_can_be_used(code: str) -> None:
    """A lock that is missing or wrong is another rule's matter."""

    def broken() -> Lock:
        raise LockError("it is broken", hint="mend it")

    for read_lock in (broken, lambda: None):
        assert findings(code, DECLARES, Context(known=CODES, judged=CODES, read_lock=read_lock)) == []


# An adapter in the working tree

OPEN = '{\n "base_model_name_or_path": "org/base",\n "revision": null\n}\n'


def in_tree(text: str, *pins: LockedPin, has_lock: bool = True) -> list[tuple[str, str, str]]:
    """What the rules of folders say of a config: code, message and hint."""
    path = "a/adapter_config.json"
    references = scan(path, text.encode()).references
    base = next((one for one in references if one.role == "base_model"), None)
    folder = AdapterFolder(path="a", base=base, lock=Lock(pins) if has_lock else None)
    return [(one.code, one.message, one.hint) for rule in ADAPTER_RULES for one in rule.check(folder)]


def tree_finding(revision: str, *pins: LockedPin) -> list[tuple[str, str]]:
    """What is said of a config with this revision, without the hints."""
    text = OPEN.replace("null", f'"{revision}"')
    return [(code, message) for code, message, _ in in_tree(text, *pins)]


def test_null_in_the_tree() -> None:
    """PEFT leaves null: what to write is what the lock has, else what `hfpin pin` finds."""
    open_base = ("HFP021", "this adapter names its base org/base without a revision")
    write = f'hfpin pin --offline a/adapter_config.json   writes "revision": "{B}", as hfpin.lock has it'
    ask = "hfpin pin a/adapter_config.json   writes today's commit of main"
    assert in_tree(OPEN, pin("base", B)) == [(*open_base, write)]
    assert in_tree(OPEN, pin("base", B, dependency=True)) == [(*open_base, write)]
    assert in_tree(OPEN, pin("base", B), pin("base-new", C)) == [(*open_base, ask)]
    assert in_tree(OPEN, has_lock=False) == [(*open_base, ask)]


def test_main_in_the_tree() -> None:
    """A branch that moves is no better."""
    message = "this adapter names its base org/base at main, which moves"
    assert tree_finding("main", pin("base", B)) == [("HFP021", message)]


def test_another_commit_in_the_tree() -> None:
    """The project pins the base, and not at the commit that the adapter is for."""
    message = "this adapter is for org/base at 7dbbc903…, and this project pins that at cccccccc…"
    assert tree_finding(B, pin("base", C)) == [("HFP021", message)]
    assert tree_finding(B, pin("base", B)) == []
    assert tree_finding(B, pin("base", C), pin("base-old", B, dependency=True)) == []


def test_a_base_that_nobody_fetches() -> None:
    """The lock does not have it: at all, or at the commit that the adapter is for."""
    message = "its base org/base at 7dbbc903… is not in hfpin.lock"
    assert tree_finding(B) == [("HFP020", message)]
    assert tree_finding(B, pin("base", C, dependency=True)) == [("HFP020", message)]
    assert tree_finding(B, pin("base", B, dependency=True)) == []
    assert in_tree(OPEN.replace("null", f'"{B}"'), has_lock=False) == []
    assert [(code, hint) for code, _, hint in in_tree(OPEN.replace("null", f'"{B}"'))] == [
        ("HFP020", f"Declare it: repo_id: org/base, revision: {B}, then: hfpin pin")
    ]
    assert [code for code, _, _ in in_tree(OPEN)] == ["HFP020", "HFP021"]  # two facts, and two things to do


@pytest.mark.parametrize("base", ["./base", "/data/base", "outputs/base", "", "a/b/c"])
def test_a_path_is_no_base(base: str) -> None:
    """A base by a path is on this machine, and no repo."""
    assert in_tree(OPEN.replace("org/base", base)) == []


@pytest.mark.parametrize(
    ("text", "place", "how"),
    [
        (OPEN, (2, 30, 8), "without a revision"),
        (OPEN.replace("null", '"main"'), (3, 15, 4), "at main, which moves"),
    ],
)
def test_a_check_says_it_in_the_same_words(text: str, place: tuple[int, int, int], how: str) -> None:
    """A check that is shown the config has one finding, and neither HFP001 nor HFP002."""
    scanned = scan("x/adapter_config.json", text.encode())
    rules = [rule for rule in RULES if rule.code in ("HFP001", "HFP002", "HFP021")]
    found = [one for rule in rules for one in rule.start(context()).file(Examined(scan=scanned))]
    (one,) = found
    assert one.message == f"this adapter names its base org/base {how}"
    assert (one.code, (one.position.line, one.position.column, one.width)) == ("HFP021", place)
    same = [one.code for one in all_findings(text) if one.code in ("HFP001", "HFP002", "HFP021")]
    assert same == [
        "HFP001" if "null" in text else "HFP002"
    ]  # in a file of another name it is a plain reference


# Code


AUTO_MAP = (
    "auto_map:\n  AutoConfig: org/code--configuration_x.Config\n  AutoModel: org/code--modeling_x.Model\n"
)


def test_code_of_another_repo() -> None:
    """`auto_map` names a repo and no commit: said once a repo, and not as HFP001."""
    found = findings("HFP031", AUTO_MAP)
    assert found == [
        finding(
            "HFP031",
            (2, 15, 8),
            "the code of org/code is run here, at no commit",
            ANYTHING,
            "Read it, then declare it in a config (repo_id: org/code, revision: COMMIT) and run: hfpin lock",
        )
    ]
    assert [one.code for one in all_findings(AUTO_MAP)] == ["HFP031"]


def test_code_that_a_config_pins() -> None:
    """A declared pin of that repo is where its commit is said; one that is there as a dependency is not."""
    assert said("HFP031", AUTO_MAP, pin("code", A)) == []
    assert said("HFP031", AUTO_MAP, pin("code", A, dependency=True)) != []


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("custom_pipeline: org/model-code\n", ["the code of org/model-code is run here, at no commit"]),
        (
            "custom_pipeline: org/model-code\ncustom_revision: main\n",
            ["the code of org/model-code is run here, at main, which can change"],
        ),
        (f"custom_pipeline: org/model-code\ncustom_revision: {A}\n", []),
        ("custom_pipeline: lpw_stable_diffusion\n", []),
        ("custom_pipeline: ./pipelines/own\n", []),
        ("auto_map: {AutoModel: modeling_x.Model}\n", []),
        (
            "custom_pipelines: {pair: {impl: org/code--pair.Pipeline}}\n",
            ["the code of org/code is run here, at no commit"],
        ),
        (
            "auto_map: {AutoTokenizer: [org/code--a.Slow, org/code--a.Fast], AutoModel: org/more--b.Model}\n",
            [
                "the code of org/code is run here, at no commit",
                "the code of org/more is run here, at no commit",
            ],
        ),
    ],
)
def test_code_by_its_keys(text: str, messages: list[str]) -> None:
    """Diffusers and transformers, and what is no repo; HFP001 and HFP002 say nothing of it."""
    text = f"pretrained_model_name_or_path: org/sd\nrevision: {B}\n{text}"
    assert said("HFP031", text) == messages
    assert [one.code for one in all_findings(text)] == ["HFP031"] * len(messages)


def test_a_pin_that_takes_code() -> None:
    """What a declared pin needs, or its base: said once a repo, with the commit that was locked."""
    pins = (
        pin("a", A, needs("base", B), needs("code", role="code")),
        pin("base", B, needs("code", role="code"), needs("more", role="code"), dependency=True),
        pin("code", B, dependency=True),
        pin("more", C, dependency=True),
    )
    found = findings("HFP031", DECLARES, context(*pins))
    assert [(one.where, one.width, one.message, one.hint) for one in found] == [
        (
            "conf/config.yaml:1:10",
            5,
            "org/a runs the code of org/code, and no config pins that",
            f"Read it, then declare it: repo_id: org/code, revision: {B}; then: hfpin lock",
        ),
        (
            "conf/config.yaml:1:10",
            5,
            "org/base runs the code of org/more, and no config pins that",
            f"Read it, then declare it: repo_id: org/more, revision: {C}; then: hfpin lock",
        ),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model: org/a\nmodel_revision: v1\ntrust_remote_code: true\n", ["3:20"]),
        (f"model: org/a\nmodel_revision: v1\ntrust_remote_code: true\ncode_revision: {B}\n", []),
        ("model: org/a\nmodel_revision: v1\ntrust_remote_code: true\ncode_revision: main\n", ["3:20"]),
        ("model: org/a\nmodel_revision: v1\n", ["1:8"]),
    ],
)
def test_trusted_code_of_another_repo(text: str, expected: list[str]) -> None:
    """It is said where the code is trusted, unless a commit of the code stands there."""
    pins = pin("a", A, needs("code", role="code")), pin("code", B, dependency=True)
    found = findings("HFP031", text, context(*pins))
    assert [one.where.partition(":")[2] for one in found] == expected


def test_trust_in_a_file_that_declares_nothing() -> None:
    """Whoever trusts code runs it, wherever that is written; a mere mention does not."""
    pins = pin("a", A, needs("code", role="code")), pin("code", B, dependency=True)
    for trust, count in (("true", 1), ("false", 0)):
        text = f"model: org/a\nmodel_revision: v1\ntrust_remote_code: {trust}\n"
        watch = HFP031.start(context(*pins))
        assert len(list(watch.file(Examined(scan=scan("x.yaml", text.encode()))))) == count

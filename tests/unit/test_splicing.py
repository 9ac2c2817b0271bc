"""Pinning changes the revisions that it writes, and not one byte or value more.

The files are generated. What they mean is read by PyYAML (YAML 1.1) and by ruamel.yaml in pure Python
(YAML 1.2), not by hfpin's own tree.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError as RuamelError

from chores import splice
from hfpin.errors import ConfigError, RepoNotFoundError
from hfpin.hub import HubWithHistory, Resolved
from hfpin.operations.commits import HubCommits
from hfpin.operations.pin import FileResult, Policy, pin
from hfpin.repo import Repo
from hfpin.vocabulary import keys

MISSING = "org/missing"
COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"
CONFIG = Path("config.yaml")


class FakeHub(splice.FakeHub):
    """Knows every repo but one."""

    def resolve(self, repo: Repo, revision: str | None) -> Resolved:
        """Give a commit that depends on the repo and on the revision."""
        if repo.repo_id == MISSING:
            raise RepoNotFoundError("the Hub has no model org/missing", hint="Check its spelling.")
        return super().resolve(repo, revision)


def commits(hub: FakeHub | None = None) -> HubCommits:
    """Give the fake Hub's commits."""
    return HubCommits(hub=cast("HubWithHistory", hub or FakeHub()), now=splice.NOW)


def pin_bytes(data: bytes, name: Path = CONFIG) -> FileResult:
    """Pin one file that holds `data`, and check that the disk then holds what the result says."""
    return splice.pin_in_copy(name, data, commits())


def load(data: bytes) -> list[Any]:
    """Read YAML 1.1."""
    return list(yaml.load_all(data.decode("utf-8-sig"), yaml.CSafeLoader))


def load_strictly(data: bytes) -> list[Any]:
    """Read YAML 1.2, which allows no key twice."""
    return list(YAML(typ="safe", pure=True).load_all(data.decode("utf-8-sig")))


def load_with_written(result: FileResult) -> list[Any]:
    """Read the old text as if it had what was written: anchors and merge keys carry that on."""
    text = result.before.decode("utf-8-sig")
    documents = list(yaml.compose_all(text, yaml.CSafeLoader))
    for slot, resolved in splice.written(result).items():
        at = len(result.before[: slot.span.start].decode("utf-8-sig"))
        number, *path, key = slot.key_path
        node = documents[int(number)]
        for step in path:
            if isinstance(node, yaml.SequenceNode):
                node = node.value[int(step)]
            else:
                inner = [value for name, value in node.value if name.value == step]
                (node,) = [one for one in inner if one.start_mark.index <= at <= one.end_mark.index]
        string = "tag:yaml.org,2002:str"
        new = yaml.ScalarNode(string, f"{slot.before}{resolved.commit}{slot.after}")
        if isinstance(node, yaml.SequenceNode):
            node.value[int(key)] = new
        else:
            node.value = [(name, value) for name, value in node.value if name.value != key]
            node.value.append((yaml.ScalarNode(string, str(key)), new))
    return [yaml.SafeLoader("").construct_document(document) for document in documents]


def check(data: bytes) -> FileResult:
    """Pin a file and hold the result against every promise that is made of it."""
    result = pin_bytes(data)
    assert load(result.after) == load_with_written(result)
    assert all(left.reason for left in result.not_pinned)
    assert (result.after == data) == (not result.pinned)
    assert list(splice.broken_promises(CONFIG, result, commits())) == []
    again = pin_bytes(result.after)
    assert [left.reference.repo for left in again.not_pinned] == [
        left.reference.repo for left in result.not_pinned
    ]
    return result


IDS = st.sampled_from(
    [
        *(
            "org/a",
            "org/b",
            "'org/a'",
            '"org/b"',
            "org/digits",
            "'org/digits'",
            "org/exponent",
            MISSING,
            "gpt2",
        ),
        *("&anchor org/a", "!!str org/a", "*id", "./local", "${model}", "[org/a, org/b]", "{a: org/b}", ""),
        *("org/a@main", "org/a@v1", "'hf://org/b@v1/x.bin'", '"https://huggingface.co/org/a/raw/main/x"'),
        *("'pretrained=org/a,revision=v1'", "org/a,org/b", "vllm serve org/a --revision main", "x: org/a"),
        *(">-\n{indent}  org/a", "\n{indent}  org/a", "[]", '"org\\u002Fa"', "!!str &anchor 'org/b'"),
    ]
)
REVISIONS = st.sampled_from(
    [
        *("", "null", "~", "''", '""', "main", "'main'", '"main"', "v0.1", COMMIT, f'"{COMMIT}"', COMMIT[:8]),
        *("&anchor main", "*revision", "!!str main", "!!str # why\n{indent}  main", "${revision}"),
        *("|\n{indent}  main", "[main]", "{a: main}", '"ma\\u0069n"', "refs/pr/1", "größe"),
    ]
)
ID_KEYS = st.sampled_from(
    [
        "? model\n{indent}",
        "dataset_path",
        "model",
        "'model'",
        '"model"',
        "model_name_or_path",
        "model_name",
        "model_id",
        "tokenizer",
        "repo_id",
        "judge_model_id",
        "hf_repo",
        "name",
        "args",
        "org/key",
    ]
)
REVISION_KEYS = st.sampled_from(
    [
        *("revision", '"revision"', "model_revision", "tokenizer_revision", "dataset_revision"),
        *("judge_model_revision", "hf_revision", "model_kwargs"),
    ]
)
TAILS = st.sampled_from(["", "", "", "  ", " # größe", "  # v1, say", "\t# tab", " #"])
LINES = st.sampled_from(
    [
        *(
            "# model: org/comment",
            "",
            "   ",
            "lr: 1e-5",
            "lr: 2",
            "größe: '界😀'",
            "long: a\n{indent}  b # c",
        ),
        *("text: |\n{indent}  model: org/text", "<<: *base", "<<: [*base, *other]", "copy: *base", "- item"),
    ]
)
HEADER = """\
base: &base
  model: org/base
other: &other {revision: &revision main, lr: 1}
id: &id org/alias
"""


@st.composite
def flows(draw: st.DrawFn) -> str:
    """Draw a mapping in flow style, on one line or on several."""
    pair = st.builds("{}: {}".format, st.one_of(ID_KEYS, REVISION_KEYS), st.one_of(IDS, REVISIONS))
    break_ = st.sampled_from(["", "", " ", "\n{indent}  ", " # note\n{indent}  "])
    inner = ""
    for item in draw(st.lists(pair | st.sampled_from(["lr: 1", "revision", "'größe':[1]"]), max_size=4)):
        inner += f"{',' if inner else ''}{draw(break_)} {item}{draw(break_)}"
    comma = "," if inner and draw(st.booleans()) else ""
    return draw(st.sampled_from(["{{{}}}", "{{{}}}", "[{}]", "[{{{}}}]"])).format(inner + comma)


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> str:
    """Draw the lines of a mapping in block style; `{indent}` stands for where it is."""
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["id", "id", "revision", "line", "flow", "nested", "nested", "list"]))
        tail = draw(TAILS)
        if kind == "id":
            lines.append(f"{draw(ID_KEYS)}: {draw(IDS)}{tail}")
        elif kind == "revision":
            lines.append(f"{draw(REVISION_KEYS)}: {draw(REVISIONS)}{tail}")
        elif kind == "flow":
            lines.append(f"{draw(ID_KEYS | st.sampled_from(['f', 'g']))}: {draw(flows())}{tail}")
        elif kind == "line" or depth == 2:
            lines.append(draw(LINES))
        else:
            key = draw(st.sampled_from(["a", "b", "größe", "model"]))
            indent = "{indent}" + draw(st.sampled_from(["  ", " ", "     "]))
            anchor = draw(st.sampled_from(["", " &n"]))
            inner = draw(blocks(depth + 1))
            dash = draw(st.sampled_from(["- ", "-   ", "- - "])) if kind == "list" else ""
            inner = inner.replace("{indent}", indent + " " * len(dash))
            lines.append(f"{key}:{anchor}{tail}\n{indent}{dash}{inner}")
    return "\n{indent}".join(lines)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Draw a YAML file that PyYAML can read."""
    documents = draw(st.lists(blocks(), min_size=1, max_size=2))
    text = draw(st.sampled_from(["---\n", "--- # next\n", "...\n---\n"])).join(
        f"{HEADER}{document}\n".replace("{indent}", "") for document in documents
    )
    text = text if draw(st.booleans()) else text.rstrip()
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    data = draw(st.sampled_from([b"", codecs.BOM_UTF8])) + text.encode()
    try:
        load(data)
    except (yaml.YAMLError, ValueError, TypeError):
        assume(False)
    return data


@settings(max_examples=75, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(files())
def test_any_file_keeps_all_but_the_revisions(data: bytes) -> None:
    """Whatever a file looks like, every byte and value stays but the revisions, and once is enough."""
    result = check(data)
    event(f"pinned {min(len(result.pinned), 3)}")
    try:
        load_strictly(data)
    except RuamelError:
        return
    documents = load_strictly(result.after)
    for slot, resolved in splice.written(result).items():
        place: Any = documents
        for step in slot.key_path:
            place = place[step]
        assert place == f"{slot.before}{resolved.commit}{slot.after}"


A = "52dcec9812992be4623418d98280885aea628a24"
"""What FakeHub gives for org/a where no revision is asked for."""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("model: org/a\n", "model: org/a\nrevision: @  # main\n"),
        ("model: org/a", "model: org/a\nrevision: @  # main"),
        ("model: org/a\r\n", "model: org/a\r\nrevision: @  # main\r\n"),
        ("\ufeffmodel: org/a\n", "\ufeffmodel: org/a\nrevision: @  # main\n"),
        ("a: 1\nmodel: org/a # why\nb: 2\n", "a: 1\nmodel: org/a # why\nrevision: @  # main\nb: 2\n"),
        ("größe:\n    model: org/a\n", "größe:\n    model: org/a\n    revision: @  # main\n"),
        ("-   model: org/a\n", "-   model: org/a\n    revision: @  # main\n"),
        ("- - model: 'org/a'\n", "- - model: 'org/a'\n    revision: '@'  # main\n"),
        ('model:  "org/a"\n', 'model:  "org/a"\nrevision: "@"  # main\n'),
        ("model_name_or_path: org/a\n", "model_name_or_path: org/a\nmodel_revision: @  # main\n"),
        ("base_model: org/a\n", "base_model: org/a\nrevision_of_model: @  # main\n"),
        ("model: org/a\nrevision: null # main\n", "model: org/a\nrevision: @ # main\n"),
        ("model:\n  org/a # why\nb: 1\n", "model:\n  org/a # why\nrevision: @  # main\nb: 1\n"),
        ('"model": "org/a"\n', '"model": "org/a"\n"revision": "@"  # main\n'),
        ("model: org/a\nrevision:\n", "model: org/a\nrevision: @  # main\n"),
        ("model: org/a\nrevision: # why\n", "model: org/a\nrevision: @  # main # why\n"),
        ("model: org/a\nrevision: null\n", "model: org/a\nrevision: @  # main\n"),
        ("revision: ''  # why\nmodel: org/a\n", "revision: '@'  # main  # why\nmodel: org/a\n"),
        (
            "model: org/a\nrevision: !!str # why\n  ''\n",
            "model: org/a\nrevision: !!str # why\n  '@'  # main\n",
        ),
        ("{model: org/a}\n", "{model: org/a, revision: @}  # main\n"),
        ('{"model":"org/a","lr":1}\n', '{"model":"org/a","revision":"@","lr":1}\n'),
        ("{\n  model: org/a, # why\n}\n", "{\n  model: org/a, revision: @,  # main # why\n}\n"),
        ("{model: org/a, revision: }\n", "{model: org/a, revision: @}  # main\n"),
        ("id: &id org/a\nmodel: *id\n", "id: &id org/a\nmodel: *id\nrevision: @  # main\n"),
        ("lr: 1\n---\nmodel: org/a\n...\n", "lr: 1\n---\nmodel: org/a\nrevision: @  # main\n...\n"),
    ],
)
def test_a_commit_is_written_in_the_files_own_style(before: str, after: str) -> None:
    """A missing revision is written below its id, over what is there, or into the same braces."""
    assert check(before.encode()).after == after.replace("@", A).encode()


@pytest.mark.parametrize("revision", ["main", "'v0.1'", '"refs/pr/1"'])
def test_a_revision_is_replaced_within_its_quotes(revision: str) -> None:
    """A branch or tag becomes its commit, keeps its quotes, and stays in the comment."""
    asked = revision.strip("'\"")
    commit = FakeHub().resolve(Repo("org/a"), asked).commit
    after = check(f"model: org/a\nrevision: {revision}\n".encode()).after.decode()
    assert after == f"model: org/a\nrevision: {revision.replace(asked, commit)}  # {asked}\n"


@pytest.mark.parametrize("repo_id", ["org/digits", "org/exponent"])
def test_a_commit_that_reads_as_a_number_is_quoted(repo_id: str) -> None:
    """A commit of digits alone, or with one `e` among them, stays text for every reader of YAML."""
    after = check(f"model: {repo_id}\n".encode()).after
    assert after == f'model: {repo_id}\nrevision: "{splice.NUMBERS[repo_id]}"  # main\n'.encode()
    assert load(after) == load_strictly(after) == [{"model": repo_id, "revision": splice.NUMBERS[repo_id]}]


BY_HAND = "Write the revision there by hand: hfpin changes only what it can prove it leaves whole."
NOT_A_PLAIN_LINE = "its line holds more than a key and a value"
BRACES = "Put braces around it: {model: …}"
NO_COLON = "its 'revision' has neither a colon nor a value"
TWICE = "Remove one of the two."
TWICE_ABOVE = "a key above it stands twice in one mapping"
COPY = "Load a local copy that is pinned: repo_id, revision and local_dir in a mapping of its own."
OWN_KEY = "Where its program has a key for the revision, write it there by hand."
FOLDER = "Declare it in a mapping of its own (repo_id, revision, local_dir), and name that folder here."
IN_TEXT = "Write the revision into the text by hand:"
TO_LIST = "Add it to the list by hand, where the program takes it:"
CHANGES_MORE = "the file's commits cannot be written without changing something else"
UNTOUCHED = "Write them by hand: nothing in the file was touched."
APART = "Move one of the two into a mapping of its own."


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("model: org/missing\n", [("the Hub has no model org/missing", "Check its spelling.")]),
        ("? model\n: org/a\n", [(NOT_A_PLAIN_LINE, BY_HAND)]),
        ("[model: org/a]\n", [("it is an item of a list without braces", BRACES)]),
        ("model: org/a\n? revision\n", [(NO_COLON, BY_HAND)]),
        ("{model: org/a, revision}\n", [(NO_COLON, BY_HAND)]),
        (
            "model: [org/a]\n",
            [
                (
                    "the item of a list cannot carry a revision",
                    FOLDER,
                )
            ],
        ),
        (
            "model: org/a\nmodel: org/a\n",
            [("'model' stands twice in one mapping", TWICE)] * 2,
        ),
        (
            "model: org/a\nrevision: main\nrevision: v1\n",
            [("'revision' stands twice in one mapping", TWICE)],
        ),
        (
            "x: &x main\nmodel: org/a\nrevision: *x\n",
            [("its revision is the alias *x", "Write the commit at its anchor by hand.")],
        ),
        (
            "model: org/a\nrevision: &x main\n",
            [("other places share its 'revision' by an anchor", BY_HAND)],
        ),
        (
            "x: &x {revision: main}\ny: {<<: *x, model: org/a}\n",
            [("its 'revision' comes from a merge key", "Pin it where it is written.")],
        ),
        ("model: org/a\nrevision: |\n  main\n", [("its 'revision' is not a plain value", BY_HAND)]),
        ("model: org/a\nrevision: [main]\n", [("its 'revision' is not a plain value", BY_HAND)]),
        (
            "model: org/a\nrevision: ${revision}\n",
            [("its 'revision' is filled in by another program", "Pin the value it gets.")],
        ),
        (
            "model_name: org/a\nmodel_id: org/b\n",
            [
                ("it shares 'model_revision' with org/b", APART),
                ("it shares 'model_revision' with org/a", APART),
            ],
        ),
        (
            "model_name: org/a\nmodel_id: org/missing\n",
            [
                ("it shares 'model_revision' with org/missing", APART),
                ("the Hub has no model org/missing", "Check its spelling."),
            ],
        ),
        (
            "x: &x\n  model: org/a\ny:\n  <<: *x\n  model: org/missing\n",
            [(CHANGES_MORE, UNTOUCHED), ("the Hub has no model org/missing", "Check its spelling.")],
        ),
        ("dataset_name: org/a\n", [(keys.UNREAD_REVISIONS["dataset_name"], COPY)]),
        ("hf_model: org/a\n", [("no program is known that reads a revision beside 'hf_model'", OWN_KEY)]),
        ("dataset_mixer: {org/a: 1.0}\n", [("it is a key", FOLDER)]),
        (
            "models: org/a,org/b\n",
            [("it is part of a longer text", FOLDER)] * 2,
        ),
        ("model: hf://org/a\n", [("it is part of a longer text", f"{IN_TEXT} hf://org/a@COMMIT.")]),
        *(
            (text, [("its revision would be another argument in the list", f"{TO_LIST} {argument}")])
            for text, argument in (
                ("args: [--model, org/a]\n", "--revision=COMMIT"),
                ("args:\n- --model=org/a\n", "--revision=COMMIT"),
                ("command: [vllm, serve, org/a]\n", "--revision=COMMIT"),
                ("- model=org/a\n- lr=1\n", "revision=COMMIT"),
            )
        ),
        (
            "args: [-c, 'vllm serve org/a --port 80']\n",
            [("it is part of a longer text", f"{IN_TEXT} --revision COMMIT after the id.")],
        ),
        (
            "cmd: python train.py --model org/a --reward_model org/b --revision v1\n",
            [
                (
                    "its revision is part of a longer text",
                    "Write the commit by hand, in place of the revision that is in the text.",
                )
            ]
            * 2,
        ),
        ("model: >-\n  org/a\n", [("its value is not a plain one", BY_HAND)]),
        ("a: {model: org/a}\na: {model: org/a}\n", [(TWICE_ABOVE, TWICE)] * 2),
    ],
)
def test_what_cannot_be_written_safely_is_refused(text: str, refused: list[tuple[str, str]]) -> None:
    """What is refused leaves the file as it is, with a reason and what to do."""
    result = check(text.encode())
    assert result.after == text.encode()
    assert [(left.reason, left.hint) for left in result.not_pinned] == refused


def test_one_refusal_does_not_keep_the_rest_from_being_pinned() -> None:
    """In one file, what can be written is written."""
    result = check(b"a:\n  model: org/missing\nb:\n  model: org/a\n")
    assert result.after == f"a:\n  model: org/missing\nb:\n  model: org/a\n  revision: {A}  # main\n".encode()
    assert [left.reference.repo for left in result.not_pinned] == [Repo(MISSING)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("model: org/a@v1\n", "model: org/a@{v1}\n"),
        ("args: [--model, org/a, --revision, v1]\n", "args: [--model, org/a, --revision, {v1}]\n"),
        ("args:\n- --model=org/a\n- --revision=v1\n", "args:\n- --model=org/a\n- --revision={v1}\n"),
        ("cmd: vllm serve org/a --revision v1 --x\n", "cmd: vllm serve org/a --revision {v1} --x\n"),
        ("a: 'pretrained=org/a,revision=v1,b=c'\n", "a: 'pretrained=org/a,revision={v1},b=c'\n"),
        ("uri: hf://org/a@v1/f.bin\n", "uri: hf://org/a@{v1}/f.bin\n"),
        (
            "größe: 1\nurl: https://huggingface.co/org/a/resolve/v1/x.bin\n",
            "größe: 1\nurl: https://huggingface.co/org/a/resolve/{v1}/x.bin\n",
        ),
        (
            "judge_model_id: org/a\njudge_revision: v1\n",
            "judge_model_id: org/a\njudge_revision: {v1}  # v1\n",
        ),
        (
            "model:\n  name: org/a\nmodel_revision: v1\n",
            "model:\n  name: org/a\nmodel_revision: {v1}  # v1\n",
        ),
        (
            "env:\n- name: MODEL_ID\n  value: org/a\n- name: MODEL_REVISION\n  value: v1\n",
            "env:\n- name: MODEL_ID\n  value: org/a\n- name: MODEL_REVISION\n  value: {v1}  # v1\n",
        ),
    ],
)
def test_a_revision_is_replaced_where_it_is(before: str, after: str) -> None:
    """In a URL, in a command, in a sibling: only the revision's own bytes change."""
    commit = FakeHub().resolve(Repo("org/a"), "v1").commit
    result = pin_bytes(before.encode())
    shown = result.after.decode().replace("  # v1]", "]").replace(f"{commit}]  # v1", f"{commit}]")
    assert shown == after.replace("{v1}", commit)
    again = pin_bytes(result.after)
    assert (again.after, again.pinned, again.already) == (result.after, (), 1)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.json", '{"model": "org/a"}', '{"model": "org/a", "revision": "@"}'),
        ("a.json", '{\n  "model": "org/a"\n}\n', '{\n  "model": "org/a",\n  "revision": "@"\n}\n'),
        ("a.json", '{"model": "org/a", "revision": null}', '{"model": "org/a", "revision": "@"}'),
        (
            "a.jsonc",
            '{\n\t"model": "org/a", // why\n}',
            '{\n\t"model": "org/a",\n\t"revision": "@", // why\n}',
        ),
        ("a.toml", 'model = "org/a" # why\n', 'model = "org/a" # why\nrevision = "@"  # main\n'),
        (
            "a.toml",
            "[x]\nmodel = 'org/a'\r\ny = 1\n",
            "[x]\nmodel = 'org/a'\nrevision = '@'  # main\r\ny = 1\n",
        ),
        ("a.toml", 'x = {model = "org/a"}\n', 'x = {model = "org/a", revision = "@"}  # main\n'),
        ("a.toml", '[x]\n\tmodel="org/a"\n', '[x]\n\tmodel="org/a"\n\trevision="@"  # main\n'),
        ("a.json", '{"model":"org/a","x":1}', '{"model":"org/a","revision":"@","x":1}'),
        ("a.toml", 'model = "org/a"\nrevision = ""\n', 'model = "org/a"\nrevision = "@"  # main\n'),
    ],
)
def test_json_and_toml_are_written_in_their_own_style(
    tmp_path: Path, name: str, before: str, after: str
) -> None:
    """A commit is added as the file's syntax has it, and once is enough."""
    path = tmp_path / name
    path.write_bytes(before.encode())
    (result,) = pin([path], commits(), Policy())
    assert path.read_bytes().decode() == after.replace("@", A), result.not_pinned
    (again,) = pin([path], commits(), Policy())
    assert (again.after, again.already) == (result.after, 1)


def test_a_file_is_not_written_when_it_is_only_asked_for(tmp_path: Path) -> None:
    """Without `write`, what would be done is said and not done."""
    path = tmp_path / "config.yaml"
    path.write_bytes(b"model: org/a\n")
    (result,) = pin([path], commits(), Policy(write=False))
    assert result.after == f"model: org/a\nrevision: {A}  # main\n".encode()
    assert path.read_bytes() == b"model: org/a\n"


def test_the_hub_is_asked_once_for_each_repo_and_revision(tmp_path: Path) -> None:
    """However many files name a repo, one question settles it."""
    asked = []

    class CountingHub(FakeHub):
        def resolve(self, repo: Repo, revision: str | None) -> Resolved:
            asked.append((repo.repo_id, revision))
            return super().resolve(repo, revision)

    paths = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    for path in paths:
        path.write_bytes(b"model: org/a\ntokenizer: org/a\n---\nmodel: org/a\nrevision: v1\n")
    assert [len(result.pinned) for result in pin(paths, commits(CountingHub()), Policy())] == [3, 3]
    assert asked == [("org/a", None), ("org/a", "v1")]


def test_a_file_that_cannot_be_read_is_named_and_left(tmp_path: Path) -> None:
    """A file that is no YAML is named with the place; those before and after it are pinned."""
    paths = [tmp_path / name for name in ("a.yaml", "bad.yaml", "c.yaml")]
    for path in paths:
        path.write_bytes(b"model: org/a\n" + b"lr: [1\n" * (path.name == "bad.yaml"))
    first, bad, last = pin(paths, commits(), Policy())
    assert (len(first.pinned), len(last.pinned), bad.pinned) == (1, 1, ())
    assert bad.unreadable is not None
    assert bad.unreadable.startswith(f"{paths[1].as_posix()}:3:1: could not be read: ")
    assert paths[1].read_bytes() == b"model: org/a\nlr: [1\n"


def test_a_file_that_changes_meanwhile_is_left_to_whoever_changed_it(tmp_path: Path) -> None:
    """What somebody writes while the Hub is asked is not overwritten."""
    path = tmp_path / "config.yaml"
    path.write_bytes(b"model: org/a\n")

    class SlowHub(FakeHub):
        def resolve(self, repo: Repo, revision: str | None) -> Resolved:
            path.write_bytes(b"model: org/b\n")
            return super().resolve(repo, revision)

    with pytest.raises(ConfigError) as caught:
        list(pin([path], commits(SlowHub()), Policy()))
    assert caught.value.message == f"{path.as_posix()} was changed by someone else meanwhile"
    assert path.read_bytes() == b"model: org/b\n"


def test_one_mention_carries_the_commit_for_another() -> None:
    """Where two name one repo, and one of them has no key for a revision, the commit is that of both."""
    result = check(b"model_name_or_path: org/a\nmodel:\n  name: org/a\n")
    commit = splice.commit_of(Repo("org/a"), None)
    assert result.after.decode() == (
        f"model_name_or_path: org/a\nmodel_revision: {commit}  # main\nmodel:\n  name: org/a\n"
    )
    assert [(one.reference.position.line, one.answer.commit) for one in result.pinned] == [
        (1, commit),
        (3, commit),
    ]
    assert result.not_pinned == ()


def test_a_text_that_is_the_whole_file() -> None:
    """A document need be no mapping: an address alone is pinned where it stands."""
    result = pin_bytes(b"hf://org/a@main\n")
    assert result.after == f"hf://org/a@{splice.commit_of(Repo('org/a'), 'main')}\n".encode()

"""What is passed over by its bytes holds nothing, and parses."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hfpin.scan import READERS, Scan, mentions, scan, sieve
from hfpin.scan.tree import ReadError
from hfpin.span import SourceText
from hfpin.vocabulary import NOTHING, Taught, shapes

PARTS = r"""
model tokenizer name_or_path modelId MODEL-ID dataset_path repo_id base_model judge args run env value name
task output_type revision model_revision models uses image path lab/tiny lab-x/m-7b data/x lab/x/y lab/x.bin
1/2 apps/v1 ./lab/x lab.x/y /lab/x gpt2 bert-base-cased imdb 26bca36bde83 main hf:// hf: hg:// REMOTE:
//pretrained/ huggingface.co/ https:// --model --revision pretrained= vllm serve from_pretrained(
" ' | > , ; : = @ & * ! ? { } [ ] ( ) #
<< ~ true 7 \\ \n \/ \x2f \u002f \t \" $x ${x} {{x}} %2F ü \u212a
""".split()
SPACES = [" ", " ", " ", ": ", ": ", "\n", "\n", "\n  ", "\n- ", "- ", "\r\n", "\\\n", "\u00a0"]
PIECES = st.sampled_from([*PARTS, *SPACES])
SOUP = st.lists(PIECES, max_size=25).map("".join)
KEY = st.sampled_from(
    "model model_name_or_path tokenizer models name value repo_id args run dataset_path dataset_name".split()
)
LINES = st.lists(st.tuples(st.sampled_from(["", "  ", "- ", "  - "]), KEY, SOUP), max_size=6).map(
    lambda lines: "".join(f"{indent}{key}: {value}\n" for indent, key, value in lines)
)
QUOTED = st.dictionaries(KEY, SOUP | st.lists(SOUP, max_size=3), max_size=4)


def found(scanned: Scan) -> tuple[object, ...]:
    """All that a scan says."""
    return (scanned.references, scanned.invalid, scanned.orphans, scanned.ignores, scanned.unreadable)


def json_text(value: object) -> str:
    """A text as JSON and flow YAML have it, with no more escapes than are needed."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {json_text(inner)}' for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(json_text, value)) + "]"
    return '"' + str(value).replace("\r", "").replace("\n", "\\n") + '"'


@pytest.mark.parametrize("name", ["a.yaml", "a.json", "a.toml"])
@settings(max_examples=100)
@given(text=SOUP | LINES | QUOTED.map(json_text))
@example(text="x: |\n  hf download \\\n    lab/tiny/more\n")
@example(text="models: [fp16|lab/tiny/file, 8]\n")
@example(text='model_name: "\\ngpt2"\n')
@example(text='model_name: "lab\\/tiny"\n')
@example(text='model_name: "lab\\\n  /tiny-7b"\n')
@example(text="to\u212aenizer: imdb\n")
def test_sifting_changes_nothing(name: str, text: str) -> None:
    """With the sieve and without, the same is found."""
    data = text.encode()
    assert found(scan(name, data)) == found(scan(name, data, sift=False))


@given(key=st.sampled_from(["ourModel", "our model", "OUR_MODEL", "our-model"]))
def test_taught_keys_are_seen(key: str) -> None:
    """A key that a project teaches is looked for, however it is spelled."""
    taught = Taught(model_keys={"our_model": None})
    data = f"{key}: word\n".encode()
    assert not sieve.may_hold_words(data, NOTHING)
    assert sieve.may_hold_words(data, taught)


@given(address=st.from_regex(re.compile(mentions._ADDRESS.pattern, re.ASCII)))  # noqa: SLF001  # what it matches is what this is about
def test_addresses_are_seen(address: str) -> None:
    """Whatever is taken for an address of the Hub is looked for."""
    assert sieve.may_hold_more(address.encode())


@given(
    word=st.from_regex(shapes.LEGACY_ID.pattern, fullmatch=True)
    | st.from_regex(shapes.SENTENCE_TRANSFORMER.pattern, fullmatch=True).filter(str.isascii)
    | st.sampled_from(sorted(shapes.LEGACY_DATASETS))
)
def test_old_ids_are_seen(word: str) -> None:
    """Whatever the vocabulary takes for an id without a namespace is looked for."""
    assert sieve.may_hold_words(f"x: {word}\n".encode(), NOTHING)


def test_most_files_are_passed_over() -> None:
    """Paths, images, interpolations, block texts and escapes do not make a file one that is read."""
    text = (
        "defaults: [_self_]\npaths:\n  root: ${oc.env:ROOT}/data/x\n  log: logs/run.txt\n"
        'image: registry.example.org/lab/x:1\nrun: |\n  python -m lab.train --out runs/7\ntext: "a\\tb"\n'
    )
    assert not sieve.may_hold_words(text.encode(), NOTHING)
    assert not sieve.may_hold_more(text.encode())


@pytest.mark.parametrize("suffix", [".yaml", ".json", ".toml"])
@given(text=SOUP | LINES | QUOTED.map(json_text))
def test_what_parses_is_read(suffix: str, text: str) -> None:
    """The quick answer that a file parses is never given for one that its reader refuses."""
    source = SourceText(text.encode())
    reader = READERS[suffix]
    try:
        reader.read(source)
    except ReadError:
        assert not reader.parses(source)

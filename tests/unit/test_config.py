"""`[tool.hfpin]`, and where the Hub cache is."""

from __future__ import annotations

import importlib.util
import os
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from huggingface_hub import constants

from hfpin.config import DECLARING_FILES, Config, find_cache_dir, loads
from hfpin.errors import ConfigError

ROOT, HOME = Path("/project"), Path("/home/me")


@pytest.mark.parametrize(
    ("text", "config"),
    [
        ("", Config()),
        ("[project]\nname = 'x'\n", Config()),
        ("tool = 1\n", Config()),
        ("[tool.other]\nfiles = 1\n", Config()),
        ("[tool.hfpin]\n", Config(files=DECLARING_FILES, cache_dir=None)),
        ("[tool.hfpin]\nfiles = ['a.yaml', 'b/*.yml']\n", Config(files=("a.yaml", "b/*.yml"))),
        ("[tool.hfpin]\nfiles = []\n", Config(files=())),
        ("[tool.hfpin]\ncache-dir = '$SCRATCH/hf'\n", Config(cache_dir="$SCRATCH/hf")),
        ("[tool]\nhfpin = {cache-dir = 'c'}\n", Config(cache_dir="c")),
        ("[tool.hfpin]\nformats = 'safetensors'\n", Config(formats="safetensors")),
        ("[tool.hfpin]\npurge-after = '30d'\n", Config(purge_after=30 * 86400)),
        ("[tool.hfpin]\nallow-incomplete = ['m']\n", Config(allow_incomplete=("m",))),
        ("[tool.hfpin]\nwithout-dependencies = ['m']\n", Config(without_dependencies=("m",))),
        ("[tool.hfpin]\nexclude = ['tests']\n", Config(exclude=("tests",))),
        ("[tool.hfpin]\nrequire = 'commit'\n", Config(require="commit")),
        ("[tool.hfpin]\nrequire-lock = true\n", Config(require_lock=True)),
        (
            "[tool.hfpin]\nselect = ['HFP001']\nignore = ['HFP002']\n",
            Config(select=("HFP001",), ignore=("HFP002",)),
        ),
        ("[tool.hfpin.per-file-ignores]\na = ['HFP001']\n", Config(per_file_ignores=(("a", ("HFP001",)),))),
        ("[tool.hfpin]\nmodel-keys = ['a']\n", Config(model_keys=(("a", None),))),
        ("[tool.hfpin]\ndataset-keys = {a = 'b'}\n", Config(dataset_keys=(("a", "b"),))),
        (
            "[tool.hfpin]\nrevision-keys = ['a']\nignore-values = ['b/*']\n",
            Config(revision_keys=("a",), ignore_values=("b/*",)),
        ),
    ],
)
def test_the_table_is_read_as_it_is_written(text: str, config: Config) -> None:
    """A pyproject.toml gives a Config, with defaults for all that it does not say."""
    assert loads(text) == config


SETTINGS = ", ".join(sorted(field.name.replace("_", "-") for field in fields(Config)))
TAKES_A_STRING = "It takes a string that is not empty."
TAKES_STRINGS = "It takes a list of strings."
TAKES_KEYS = "It takes a list of keys, or a table that gives each the key of its revision."
TAKES_LISTS = "It takes a table that gives each glob a list of rules."
TABLE = "pyproject.toml: [tool.hfpin]"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "[tool.hfpin]\ncache_dir = 'x'\n",
            "pyproject.toml: [tool.hfpin] has no setting 'cache_dir'",
            "Did you mean 'cache-dir'?",
        ),
        (
            "[tool.hfpin]\nquux = 'commit'\n",
            "pyproject.toml: [tool.hfpin] has no setting 'quux'",
            f"The settings are: {SETTINGS}.",
        ),
        ("tool.hfpin = 1\n", "pyproject.toml: tool.hfpin is not a table", "Write it as [tool.hfpin]."),
        (
            "[tool.hfpin]\ncache-dir = ''\n",
            "pyproject.toml: [tool.hfpin] cache-dir is ''",
            TAKES_A_STRING,
        ),
        (
            "[tool.hfpin]\nformats = ['safetensors']\n",
            "pyproject.toml: [tool.hfpin] formats is ['safetensors']",
            "It takes safetensors.",
        ),
        ('[tool.hfpin]\ncache-dir = "a\\nb"\n', f"{TABLE} cache-dir is 'a\\nb'", TAKES_A_STRING),
        ('[tool.hfpin]\nfiles = ["\\u001b[31m"]\n', f"{TABLE} files is ['\\x1b[31m']", TAKES_STRINGS),
        ("[tool.hfpin]\ncache-dir = 1\n", "pyproject.toml: [tool.hfpin] cache-dir is 1", TAKES_A_STRING),
        ("[tool.hfpin]\nfiles = 'a'\n", "pyproject.toml: [tool.hfpin] files is 'a'", TAKES_STRINGS),
        ("[tool.hfpin]\nfiles = ['']\n", "pyproject.toml: [tool.hfpin] files is ['']", TAKES_STRINGS),
        ("[tool.hfpin]\nfiles = [1]\n", "pyproject.toml: [tool.hfpin] files is [1]", TAKES_STRINGS),
        ("[tool.hfpin]\nrequire-lock = 1\n", f"{TABLE} require-lock is 1", "It takes true or false."),
        (
            "[tool.hfpin]\nrequire = 'tag'\n",
            f"{TABLE} require is 'tag'",
            "It takes one of: revision, commit.",
        ),
        ("[tool.hfpin]\nmodel-keys = 'a'\n", f"{TABLE} model-keys is 'a'", TAKES_KEYS),
        ("[tool.hfpin]\nmodel-keys = {a = 1}\n", f"{TABLE} model-keys is {{'a': 1}}", TAKES_KEYS),
        ("[tool.hfpin]\nper-file-ignores = []\n", f"{TABLE} per-file-ignores is []", TAKES_LISTS),
        (
            "[tool.hfpin.per-file-ignores]\na = 'b'\n",
            f"{TABLE} per-file-ignores is {{'a': 'b'}}",
            TAKES_LISTS,
        ),
    ],
)
def test_what_the_table_may_not_hold_is_refused(text: str, message: str, hint: str) -> None:
    """A setting that does not exist or has the wrong type is named, never passed over."""
    with pytest.raises(ConfigError) as caught:
        loads(text)
    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize(
    "key",
    ["hfpin", '"hfpin"', "'hfpin'", '"\\u0068fpin"', '"\\U00000068fpin"', "hfpin\t", '"hfpin"  ', "'hfpin' "],
)
@pytest.mark.parametrize(
    "table", ["[tool.{}]\n{}", "[tool]\n{}.{}", "tool.{}.{}", "tool = {{ {} = {{{}}} }}"]
)
def test_however_it_is_spelled(key: str, table: str) -> None:
    """The table is found, whatever way its key is written in."""
    assert loads(table.format(key, "jobs = 3")) == Config(jobs=3)


@pytest.mark.parametrize(
    "text", ['[tool.doit]\nloader = "hfpin"', "a = ['x', 'hfpin[test]>=0.1', \"hfpin\",]"]
)
def test_what_only_mentions_it(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a file that has it as a package and no table, no parser is loaded."""
    monkeypatch.setitem(sys.modules, "tomllib" if sys.version_info >= (3, 11) else "tomli", None)
    assert loads(text) == Config()


def test_a_file_that_is_not_toml_is_refused() -> None:
    """The TOML reader's own words say where."""
    with pytest.raises(ConfigError) as caught:
        loads("[tool.hfpin\n")
    assert caught.value.message.startswith("pyproject.toml is not TOML: ")
    assert "line 1" in caught.value.message
    assert caught.value.hint == "Mend it there; hfpin reads only [tool.hfpin]."


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("[" * 9_000 + "]" * 9_000, "it nests too deep"),
        ("9" * 9_000, "a number in it has more digits than Python reads"),
    ],
)
def test_a_file_that_python_cannot_follow_is_refused(value: str, reason: str) -> None:
    """What the TOML reader gives up on is an error of the file, and no traceback."""
    with pytest.raises(ConfigError) as caught:
        loads(f"a = {value}\n[tool.hfpin]\n")
    assert caught.value.message == f"pyproject.toml cannot be read: {reason}"


@pytest.mark.parametrize(
    ("cache_dir", "path"),
    [
        ("cache", ROOT / "cache"),
        ("/scratch/hf", Path("/scratch/hf")),
        ("~", HOME),
        ("~/hf", HOME / "hf"),
        ("~other/hf", ROOT / "~other/hf"),
        ("$SCRATCH/hf", Path("/scratch/hf")),
        ("${SCRATCH}/hf", Path("/scratch/hf")),
        ("data/${USER}_hf", ROOT / "data/me_hf"),
        ("$TILDE", HOME / "hf"),
        ("${SCRATCH:-~/.cache/huggingface}/hub", Path("/scratch/hub")),
        ("${NONE:-~/.cache/huggingface}/hub", HOME / ".cache/huggingface/hub"),
        ("${EMPTY:-/local}/hub", Path("/local/hub")),
        ("${NONE:-$SCRATCH/mine}/hub", Path("/scratch/mine/hub")),
        ("${DOLLAR:-/local}/hub", ROOT / "$SCRATCH/hub"),
    ],
)
def test_the_projects_own_cache_comes_first(cache_dir: str, path: Path) -> None:
    """`cache-dir` is relative to the project, with variables and `~` expanded, whatever HF_HUB_CACHE says."""
    environ = {
        "SCRATCH": "/scratch",
        "USER": "me",
        "TILDE": "~/hf",
        "EMPTY": "",
        "DOLLAR": "$SCRATCH",
        "HF_HUB_CACHE": "/other",
    }
    assert find_cache_dir(Config(cache_dir=cache_dir), environ, root=ROOT, home=HOME) == path


@pytest.mark.parametrize("environ", [{}, {"SCRATCH": ""}])
def test_a_variable_that_is_not_set_is_refused(environ: dict[str, str]) -> None:
    """A cache is never put into a folder that is called `$SCRATCH`, or at the root of the disk."""
    with pytest.raises(ConfigError) as caught:
        find_cache_dir(Config(cache_dir="$SCRATCH/hf"), environ, root=ROOT, home=HOME)
    assert caught.value.message == (
        "pyproject.toml: [tool.hfpin] cache-dir is '$SCRATCH/hf', and $SCRATCH is not set here"
    )
    assert (
        caught.value.hint == "Set it (export SCRATCH=…), or say what to use without it: ${SCRATCH:-fallback}."
    )


@pytest.mark.parametrize("name", ["HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "wandb_api_key"])
@pytest.mark.parametrize("cache_dir", ["/pub/${}", "/pub/${{{}}}", "/pub/${{NONE:-${}}}"])
def test_a_secret_names_no_folder(name: str, cache_dir: str) -> None:
    """A project may be a stranger's: its cache-dir gets no token into a folder's name, for all to read."""
    cache_dir = cache_dir.format(name)
    with pytest.raises(ConfigError) as caught:
        find_cache_dir(Config(cache_dir=cache_dir), {name: "hf_secret"}, root=ROOT, home=HOME)
    assert caught.value.message == (
        f"pyproject.toml: [tool.hfpin] cache-dir is {cache_dir!r}, and ${name} is a secret, by its name"
    )


@pytest.mark.parametrize("cache_dir", ["${NONE:-${SCRATCH}}", "${NONE", "${NONE-/local}", "${}"])
def test_what_is_not_understood_is_refused(cache_dir: str) -> None:
    """A cache is never put into a folder that is called after a slip of the pen."""
    with pytest.raises(ConfigError) as caught:
        find_cache_dir(Config(cache_dir=cache_dir), {"SCRATCH": "/scratch"}, root=ROOT, home=HOME)
    assert caught.value.message == (
        f"pyproject.toml: [tool.hfpin] cache-dir is {cache_dir!r}: what follows '${{' is not understood"
    )
    assert caught.value.hint == "Write $NAME, ${NAME} or ${NAME:-fallback}, and no braces in the fallback."


def cache_of_huggingface_hub() -> Path:
    """Run huggingface_hub's own constants anew, in the environment as it is now."""
    spec = importlib.util.spec_from_file_location("huggingface_hub.constants_anew", constants.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Path(module.HF_HUB_CACHE)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"XDG_CACHE_HOME": "/xdg"},
        {"XDG_CACHE_HOME": "~/xdg"},
        {"HF_HOME": "/hf", "XDG_CACHE_HOME": "/xdg"},
        {"HF_HOME": "~/hf"},
        {"HF_HOME": "$SCRATCH/hf", "SCRATCH": "/scratch"},
        {"HF_HOME": "$SCRATCH/hf"},
        {"HUGGINGFACE_HUB_CACHE": "/old", "HF_HOME": "/hf"},
        {"HF_HUB_CACHE": "/new", "HUGGINGFACE_HUB_CACHE": "/old", "HF_HOME": "/hf"},
        {"HF_HUB_CACHE": "${SCRATCH}/${USER}", "SCRATCH": "/scratch", "USER": "me"},
        {"HF_HUB_CACHE": "~"},
        {"HF_HUB_CACHE": "relative/hub"},
    ],
    ids=lambda environ: " ".join(environ) or "nothing",
)
def test_without_one_the_cache_is_that_of_huggingface_hub(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    """In any environment hfpin finds the cache where huggingface_hub does, without importing it."""
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME", "SCRATCH"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(HOME))
    for variable, value in environ.items():
        monkeypatch.setenv(variable, value)
    assert find_cache_dir(Config(), os.environ, root=ROOT, home=HOME) == cache_of_huggingface_hub()


@pytest.mark.parametrize("variable", ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"])
def test_an_empty_variable_counts_as_not_set(variable: str) -> None:
    """Empty is not a place: huggingface_hub would use the folder that it happens to run in."""
    found = find_cache_dir(Config(), {variable: ""}, root=ROOT, home=HOME)
    assert found == HOME / ".cache" / "huggingface" / "hub"

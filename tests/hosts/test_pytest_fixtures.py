"""The fixtures of the pytest host, by the real executable in a research repo with tests of its own."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from hfpin.testing import Fault
from tests.support import SCRIPTS, Published, ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub


@pytest.fixture
def locked(online: ResearchRepo, tiny: Published, hf_local_hub: LocalHub) -> ResearchRepo:
    """A research repo with two pins, nothing of them fetched: `mistral`, also called `m`, and `other`."""
    hf_local_hub.create_repo("acme/other")
    other = hf_local_hub.commit("acme/other", {"config.json": b"{}"})
    online.write(
        "config.yaml",
        f"mistral: {{repo_id: acme/tiny, revision: {tiny.first}}}\n"
        f"m: {{repo_id: acme/tiny, revision: {tiny.first}}}\n"
        f"other: {{repo_id: acme/other, revision: {other}}}\n",
    )
    online.lock()
    hf_local_hub.clear_requests()
    return online


def pytest_in(repo: ResearchRepo, test: str, *args: str, **env: str) -> tuple[int, str]:
    """Run the real pytest on one test file."""
    repo.write("test_it.py", test)
    done = repo.run("pytest", "-q", "-p", "no:cacheprovider", *args, **env)
    return done.returncode, done.stdout


def fetches(hub: LocalHub) -> Counter[str]:
    """How often each file was asked for, by its path in its repo."""
    paths = [record.path for record in hub.requests if "/resolve/" in record.path]
    return Counter(path.split("/resolve/")[1].split("/", 1)[1] for path in paths)


def of_tiny(hub: LocalHub) -> int:
    """How many requests were about acme/tiny."""
    return sum("/acme/tiny/" in record.path for record in hub.requests)


VALUE = """
import json
import pytest
import hfpin.pytest
from hfpin.pytest import PinnedSnapshot

calls = []

def load(path, **kwargs):
    calls.append((path, kwargs))
    return object()

@pytest.fixture(scope="session")
def config(hf_m):
    return json.loads((hf_m.path / "config.json").read_text())

text = hfpin.pytest.pinned("mistral", loader=lambda path: open(path).read(), file="config.json")
folder = hfpin.pytest.pinned("acme/tiny")
absent = hfpin.pytest.pinned("mistral", file="vocab.txt")
moved = hfpin.pytest.pinned("mistral", loader=str, device="cpu")
unloaded = hfpin.pytest.pinned("mistral", dtype="float32", revision="main")

def test_what_the_lock_says(hf_mistral: PinnedSnapshot, tmp_path):
    assert (hf_mistral.name, hf_mistral.repo_id, hf_mistral.repo_type) == ("mistral", "acme/tiny", "model")
    assert hf_mistral.revision == "COMMIT"
    assert hf_mistral.files == (".gitattributes", "config.json", "model.safetensors", "sub/tokenizer.json")
    assert repr(hf_mistral) == "<PinnedSnapshot mistral (acme/tiny at SHORT)>"

def test_found(hf_mistral, hf_m, hf_pins, hf_snapshot, folder):
    assert list(hf_pins) == ["mistral", "other"]
    assert hf_m is hf_mistral is hf_snapshot("m") is hf_snapshot("mistral") is hf_snapshot("acme/tiny")
    assert hf_pins["other"] is hf_snapshot("other")
    assert folder is hf_mistral

def test_unknown(hf_snapshot):
    hf_snapshot("mixtral")

def test_files(hf_mistral, config):
    assert config == {"a": 1}
    assert hf_mistral.from_pretrained_kwargs == {"revision": "COMMIT", "local_files_only": True}

def test_load(hf_mistral):
    one = hf_mistral.load(load, sizes=[1, {"a": 2}])
    assert one is hf_mistral.load(load, sizes=[1, {"a": 2}])
    assert one is not hf_mistral.load(load, sizes=[1, {"a": 3}])
    assert calls == [
        (str(hf_mistral.path), {"sizes": [1, {"a": 2}]}),
        (str(hf_mistral.path), {"sizes": [1, {"a": 3}]}),
    ]
    assert hf_mistral.load(len, "abc") == 3

def test_own_fixture(text):
    assert text == '{"a": 1}\\n'

def test_absent(absent): pass
def test_moved(moved): pass
def test_unloaded(unloaded): pass

@pytest.mark.hf("other", "acme/tiny")
def test_marked(hf_pins):
    assert (hf_pins["other"].path / "config.json").is_file()

@pytest.mark.hf
def test_marked_wrong(): pass

@pytest.mark.hf(["other"])
def test_marked_with_a_list(): pass

@pytest.mark.hf_online
def test_network(): pass
"""


def test_values(locked: ResearchRepo, tiny: Published, hf_local_hub: LocalHub) -> None:
    """All of a value, and of fixtures under one's own names; workers of xdist fetch each file once."""
    test = VALUE.replace("COMMIT", tiny.first).replace("SHORT", tiny.first[:8])
    code, out = pytest_in(locked, test, "-n", "2", "--strict-markers")
    assert code == 1
    assert "hfpin: hfpin.lock has no pin 'mixtral'\n" in out
    assert (
        "It has: mistral, other. Declare a new one "
        "in a file that [tool.hfpin] names (by default config.yaml), then run `hfpin pin`." in out
    )
    assert "hfpin: there is no 'vocab.txt' in this pin\nIt has: .gitattributes, config.json, " in out
    assert "hfpin: builtins.str has no `to`, so it takes no device\nLeave it out where the fixture" in out
    assert "hfpin: this fixture is declared with dtype= and revision= and without a loader, so nothing" in out
    assert "\nAdd loader=AutoModel.from_pretrained, say, or leave that out.\n" in out
    assert out.count('hfpin: @pytest.mark.hf takes the names of pins: @pytest.mark.hf("mistral")\n') == 2
    assert "1 failed, 7 passed, 5 errors" in out.splitlines()[-1], out
    assert "hfpin/pytest_plugin" not in out
    assert "During handling of" not in out
    assert set(fetches(hf_local_hub).values()) == {1, 2}  # two repos have a config.json
    assert fetches(hf_local_hub)["model.safetensors"] == 1


ADAPTED = """
from huggingface_hub import hf_hub_download

def test_base(hf_lora, hf_base, hf_pins):
    assert list(hf_pins) == ["base", "lora"]
    assert hf_lora.base is hf_base
    assert (hf_base.repo_id, hf_base.revision) == ("acme/base", "COMMIT")

def test_path(hf_lora, hf_base):
    assert (hf_lora.path / "adapter_config.json").is_file()

def test_no_adapter(hf_base): hf_base.base

def test_base_by_its_branch(): hf_hub_download("acme/base", "config.json")
"""


def test_an_adapter_knows_its_base(online: ResearchRepo, hf_local_hub: LocalHub) -> None:
    """`base` is the fixture of the base; where the adapter is needed both are brought, the base first."""
    commits = {}
    for name, path, data in (
        ("base", "config.json", b"{}"),
        ("lora", "adapter_config.json", b'{"base_model_name_or_path": "acme/base"}'),
    ):
        hf_local_hub.create_repo(f"acme/{name}")
        commits[name] = hf_local_hub.commit(f"acme/{name}", {path: data})
    online.write("config.yaml", f"lora: {{repo_id: acme/lora, revision: {commits['lora']}}}\n")
    online.lock()
    test = ADAPTED.replace("COMMIT", commits["base"])
    code, out = pytest_in(online, test, "-k", "path")
    assert (code, re.findall(r"^hfpin: fetching (\w+)", out, re.MULTILINE)) == (0, ["base", "lora"])
    code, out = pytest_in(online, test, "--hf-offline")
    assert code == 1
    assert f"hfpin: base (acme/base at {commits['base'][:8]}) is no adapter: it has no base\n" in out
    revision = f"revision='{commits['base']}'"
    assert f"It is pinned as base: pass {revision}, or use the fixture hf_base or hf_lora.base.\n" in out
    assert "2 failed, 2 passed" in out


MISSING = """
import pytest

def test_lock(hf_mistral): assert hf_mistral.repo_id == "acme/tiny"
def test_path(hf_mistral): hf_mistral.path
def test_load(hf_mistral): hf_mistral.load(str)
@pytest.mark.hf("mistral")
def test_marked(): pass
def test_tensors(hf_mistral): hf_mistral.tensors
def test_skeleton(hf_mistral): hf_mistral.skeleton(lambda folder: folder)
@pytest.mark.hf_online
def test_network(): pass
"""


def test_missing_offline(locked: ResearchRepo, hf_local_hub: LocalHub) -> None:
    """Offline a missing pin fails what needs its files, and says what brings it; no one is asked."""
    code, out = pytest_in(locked, MISSING, "--hf-offline", "--hf-missing=fetch", "-rs")
    assert code == 1
    assert "is not complete here: 4 of 4 files are not in" in out
    assert "Where there is a network, `doit fetch:mistral` or `hfpin fetch mistral` brings it." in out
    assert "hfpin: model.safetensors of mistral (acme/tiny at " in out
    assert "SKIPPED [1] test_it.py:11: hfpin: it may use the network, and this run is offline\n" in out
    assert "Traceback" not in out
    assert "hfpin/pytest_plugin" not in out
    assert "During handling of" not in out
    assert out.splitlines()[-1].startswith("4 failed, 1 passed, 1 skipped, 1 error"), out
    assert hf_local_hub.requests == ()


def test_missing_skipped(locked: ResearchRepo, hf_local_hub: LocalHub) -> None:
    """With hf_missing = skip the same tests are skipped, whatever they need of the pin."""
    locked.write("pytest.ini", "[pytest]\nhf_missing = skip\n")
    code, out = pytest_in(locked, MISSING, "-rs", HF_HUB_OFFLINE="1")
    assert code == 0
    assert re.search(
        r"SKIPPED \[\d\] .*: hfpin: mistral \(acme/tiny at \w+\) is not complete .*; `hfpin fetch mistral`",
        out,
    )
    assert out.splitlines()[-1].startswith("2 passed, 5 skipped"), out
    assert hf_local_hub.requests == ()


FAILING = """
import pytest

@pytest.mark.parametrize("number", range(4))
def test_it(hf_mistral, number): hf_mistral.path
"""


def test_failure_is_shared(locked: ResearchRepo, hf_local_hub: LocalHub) -> None:
    """What fails in one worker of xdist fails for all in the same words; the next run tries again."""
    hf_local_hub.inject(Fault(kind="status", match="/acme/tiny/", status=403, count=None))
    code, out = pytest_in(locked, FAILING, "-n", "2")
    assert code == 1
    assert out.splitlines()[-1].startswith("4 failed"), out
    assert of_tiny(hf_local_hub) == 1
    assert out.count("\nhfpin: the Hub refused someone without a token for acme/tiny (HTTP 403)\n") == 4
    hf_local_hub.clear_requests()
    assert pytest_in(locked, FAILING)[0] == 1
    assert of_tiny(hf_local_hub) == 1


def test_torchrun(locked: ResearchRepo, hf_local_hub: LocalHub) -> None:
    """Two ranks of one torchrun fetch each file once between them."""
    locked.write("test_it.py", FAILING)
    ranks = [
        subprocess.Popen(
            [SCRIPTS / "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
            cwd=locked.root,
            env={
                **locked.env,
                "TORCHELASTIC_RUN_ID": "none",
                "MASTER_PORT": "29500",
                "LOCAL_RANK": str(rank),
            },
            stdout=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    assert [(rank.communicate()[0].splitlines()[-1][:8], rank.returncode) for rank in ranks] == [
        ("4 passed", 0)
    ] * 2
    assert set(fetches(hf_local_hub).values()) == {1}


INNER = """
import subprocess
import sys

pytest_plugins = "pytester"

def test_outer(hf_mistral, pytestconfig, pytester):
    lock = (pytestconfig.rootpath / "hfpin.lock").read_text()
    (pytester.path / "hfpin.lock").write_text(lock)
    pytester.makepyfile(
        "def test_inner(hf_mistral, pytestconfig):\\n"
        "    assert hf_mistral.path.is_dir() and pytestconfig.rootpath.name.startswith('test_outer')"
    )
    path = hf_mistral.path
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
    assert hf_mistral.path == path

def test_after(hf_mistral, pytestconfig):
    command = [sys.executable, "-m", "hfpin", "path", "mistral"]
    done = subprocess.run(command, cwd=pytestconfig.rootpath, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(hf_mistral.path)
"""


def test_within_a_run(locked: ResearchRepo) -> None:
    """A run within the run, by pytester, has pins of its own and harms none; a child finds the same files."""
    code, out = pytest_in(locked, INNER)
    assert code == 0, out


def test_listed(locked: ResearchRepo, tiny: Published) -> None:
    """`pytest --fixtures` shows each pin with repo, commit, size, and what of it is still to be fetched."""
    _, out = pytest_in(locked, "", "--fixtures")
    described = rf"acme/tiny at {tiny.first[:8]}, 3\.1 MB, 3\.1 MB to fetch\."
    assert re.search(rf"hf_m \[session scope\] -- .*\n    {described}\n", out)
    assert re.search(rf"hf_mistral \[session scope\] -- .*\n    {described}\n", out)


def test_no_lock(repo: ResearchRepo) -> None:
    """Without a lock, the fixtures that need none are there, and say how to get one."""
    code, out = pytest_in(
        repo,
        "def test_find(hf_snapshot): hf_snapshot('mistral')\n"
        "def test_all(hf_pins): pass\n"
        "def test_hub(hf_local_hub):\n"
        "    from huggingface_hub import HfApi\n"
        "    api = HfApi(endpoint=hf_local_hub.endpoint, token=hf_local_hub.writer_token)\n"
        "    api.create_repo('me/new')\n"
        "    assert api.model_info('me/new').sha == hf_local_hub.commit_hash('me/new')\n",
    )
    assert out.count(f"hfpin: there is no hfpin.lock in {repo.root}\n") == 2
    assert code == 1
    assert out.splitlines()[-1].startswith("1 failed, 1 passed, 1 error in "), out


def test_no_fixture(locked: ResearchRepo) -> None:
    """Who asks for a pin's fixture that is not there is told which pins are, or what it is called."""
    code, out = pytest_in(
        locked,
        "def test_misspelt(hf_mistrall): pass\n"
        "def test_by_key(request): request.getfixturevalue('hf_Other')\n"
        "def test_somebody_elses(hfnothing): pass\n",
    )
    assert code == 1
    assert (
        out.count(
            "hfpin: no pin gives hf_mistrall: hfpin.lock has no pin 'mistrall'\nIt has: mistral, other."
        )
        == 1
    )
    assert re.search(r"\nhfpin: the fixture of other \(acme/other at \w{8}\) is hf_other\.\n", out), out
    assert out.count("hfpin: ") == 2


def test_lock_below_root(repo: ResearchRepo) -> None:
    """Where pytest's root folder is above the project, who asks for a pin is told how to mend that."""
    lock = '{"lock_version": "1.1", "pins": []}'
    svc = repo.write("a service/hfpin.lock", lock).parent
    repo.write("pytest.ini", "[pytest]\n")
    test = "def test_it(hf_mistral): pass\ndef test_find(hf_snapshot): hf_snapshot('mistral')\n"
    repo.write("a service/tests/test_below.py", test)
    _, out = pytest_in(repo, "", svc.name)
    message = f"there is no hfpin.lock in {repo.root}, which pytest takes for the root folder\n"
    assert out.count(message) == 2, out
    assert out.count(f"\nThere is one in {svc}: pytest --rootdir='{svc}', or a section for ") == 2, out
    _, out = pytest_in(repo, "", svc.name, f"--rootdir={svc}")
    assert out.count("hfpin.lock has no pin 'mistral'\n") == 2, out


def test_plugin_left_out(locked: ResearchRepo) -> None:
    """A fixture made by `hfpin.pytest.pinned` says what it lacks in a run without the plugin."""
    test = "import hfpin.pytest\nm = hfpin.pytest.pinned('mistral')\ndef test_it(m): pass\n"
    message = "hfpin: this run is without hfpin's plugin for pytest, so its pins cannot be served\n"
    for args, env in ((("-p", "no:hfpin"), {}), ((), {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})):
        _, out = pytest_in(locked, test, *args, **env)
        assert message in out, out
        assert "Traceback" not in out


def test_broken_lock(repo: ResearchRepo) -> None:
    """A lock that cannot be read is a usage error, not a traceback."""
    repo.write("hfpin.lock", "{")
    code, out = pytest_in(repo, "def test_it(): pass\n")
    assert code == 4
    assert out.startswith("ERROR: hfpin.lock is not JSON: ")
    assert "Traceback" not in out


def test_broken_pin(repo: ResearchRepo) -> None:
    """What a lock says of a pin is read when one is used: where that is wrong, what uses it fails."""
    lock = {"lock_version": "1.0", "pins": [{"name": "mistral", "aliases": []}]}
    repo.write("hfpin.lock", json.dumps(lock))
    code, out = pytest_in(repo, "def test_it(): pass\ndef test_pin(hf_mistral): pass\n")
    assert (code, out.count("hfpin: hfpin.lock.pins[0].revision: missing\n")) == (1, 2), out
    assert out.splitlines()[-1].startswith("1 passed, 1 error in "), out
    assert "Traceback" not in out


def test_missing_misspelt(repo: ResearchRepo) -> None:
    """A setting that says something else than is known is a usage error, which names what it takes."""
    repo.write("pytest.ini", "[pytest]\nhf_missing = never\n")
    code, out = pytest_in(repo, "def test_it(): pass\n")
    assert code == 4
    assert "hfpin: hf_missing is 'never'. It takes one of: fetch, skip, fail.\n" in out

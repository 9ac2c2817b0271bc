"""What is not loaded until it is needed, and what is public."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import hfpin
from chores import compat
from hfpin.cli import commands
from hfpin.lock import Lock, LockedPin, dumps
from hfpin.pin import Pin, Target
from hfpin.repo import Repo

HEAVY = ("huggingface_hub", "httpx", "httpx2", "doit", "pytest", "tqdm", "filelock", "aiohttp", "dulwich")

SLOW = ("argparse", "dataclasses", "inspect", "tempfile", "shutil", "subprocess", "tomllib", "tomli")
"""What the standard library is slow to load."""

CHECK = "from hfpin.cli import main; main(['check', 'config.yaml'])"


def loaded(code: str, cwd: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after some code."""
    script = f"import sys\n{code}\nprint('|', *{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], cwd=cwd, capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("|")[2].split())


@pytest.mark.parametrize("code", ["import hfpin", CHECK, CHECK.replace("check", "refs")])
def test_nothing_heavy(tmp_path_factory: pytest.TempPathFactory, code: str) -> None:
    """Importing hfpin, checking and listing references load neither the Hub's client nor a host."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "config.yaml").write_text("model: acme/tiny\n")
    assert loaded(code, str(folder)).isdisjoint(HEAVY)


def test_a_hook_loads_what_it_uses(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Checking a YAML file loads no other command, and none of what the standard library is slow to load."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "config.yaml").write_text("model: acme/tiny\n")
    assert loaded(CHECK, str(folder)).isdisjoint({*SLOW, "hashlib"})


def test_a_fetch_of_nothing_loads_little(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A fetch that finds everything there loads nothing that reads configs, headers or the Hub."""
    folder = tmp_path_factory.mktemp("project")
    target = Target(repo=Repo("acme/tiny"), commit="1" * 40)
    pin = Pin(name="tiny", target=target, revision=target.commit)
    (folder / "config.yaml").write_text(f"tiny: {{repo_id: acme/tiny, revision: '{target.commit}'}}\n")
    (folder / "hfpin.lock").write_text(dumps(Lock((LockedPin(pin=pin, files=()),))))
    fetch = "from hfpin.cli import main; assert main(['fetch']) == 0"
    assert "ruamel" in loaded(fetch, str(folder))
    assert loaded(fetch, str(folder)).isdisjoint({*HEAVY, *SLOW, "ruamel", "struct", "queue"})


def test_every_command_is_listed() -> None:
    """A command is found by its name, and there is no module of one that is not."""
    folder = Path(commands.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert {name.replace("-", "_") for name in commands.NAMES} == modules
    assert [commands.load(name).name for name in commands.NAMES] == list(commands.NAMES)


def test_plugin_is_light(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The pytest plugin loads nothing but pytest and the standard library."""
    folder = str(tmp_path_factory.mktemp("empty"))
    assert loaded("import pytest, hfpin.pytest_plugin", folder) - loaded("import pytest", folder) <= {"hfpin"}


def test_doit_host_is_light(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The doit tasks load neither doit nor the Hub's client."""
    folder = str(tmp_path_factory.mktemp("empty"))
    assert loaded("from hfpin.doit import *", folder).isdisjoint(HEAVY)


def test_a_project_without_pins_pays_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    """In a project without a lock, a pytest run loads the plugin and what makes its values, no more."""
    folder = tmp_path_factory.mktemp("other")
    (folder / "pytest.ini").touch()
    (folder / "test_other.py").write_text(
        "import sys\n"
        "def test_other():\n"
        "    ours = {name for name in sys.modules if name.startswith('hfpin.')}\n"
        "    assert {name.split('.')[1] for name in ours} <= {'pytest_plugin', 'dataclass'}\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_version() -> None:
    """The package's version is the distribution's."""
    assert version("hfpin") == hfpin.__version__


def test_entry_point() -> None:
    """The plugin is found by pytest itself."""
    (plugin,) = entry_points(group="pytest11", name="hfpin")
    assert plugin.value == "hfpin.pytest_plugin"


def test_the_oldest_client_is_tried() -> None:
    """`doit compat` takes the oldest huggingface_hub that may be installed beside hfpin."""
    needs = {need.name: need for need in map(Requirement, requires("hfpin") or ())}
    (oldest,) = (bound.version for bound in needs["huggingface-hub"].specifier if bound.operator == ">=")
    assert Version(compat.RELEASES[0]) == Version(oldest)

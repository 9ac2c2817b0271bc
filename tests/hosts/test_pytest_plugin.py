"""The pytest host, by the real executable in a research repo with tests of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import Published, ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub


@pytest.fixture
def pinned(online: ResearchRepo, tiny: Published) -> ResearchRepo:
    """A research repo with a pin named `mistral`, fetched."""
    online.write("config.yaml", f"models:\n  mistral:\n    repo_id: acme/tiny\n    revision: {tiny.first}\n")
    assert online.hfpin("lock").returncode == 0
    assert online.hfpin("fetch").returncode == 0
    return online


def pytest_in(repo: ResearchRepo, test: str, *args: str, **env: str) -> tuple[int, str]:
    """Run the real pytest on one test file, which it does not find xdist or the like in."""
    repo.write("test_it.py", test)
    done = repo.run("pytest", "-q", "-p", "no:cacheprovider", *args, **env)
    return done.returncode, done.stdout


OFFLINE_TEST = """\
import os, subprocess, sys
import pytest
from huggingface_hub import HfApi, hf_hub_download, snapshot_download
from huggingface_hub.errors import OfflineModeIsEnabled, LocalEntryNotFoundError

def test_api():
    with pytest.raises(OfflineModeIsEnabled):
        HfApi().model_info("acme/tiny")

def test_download():
    with pytest.raises(LocalEntryNotFoundError):
        hf_hub_download("acme/other", "config.json")

def test_pinned_snapshot(hf_mistral):
    path = snapshot_download("acme/tiny", revision=hf_mistral.revision)
    assert path == str(hf_mistral.path)

def test_child():
    code = "from huggingface_hub import constants; assert constants.HF_HUB_OFFLINE"
    subprocess.run([sys.executable, "-c", code], check=True)
"""


class TestOffline:
    """`--hf-offline`."""

    @pytest.mark.parametrize("conftest", ["", "import huggingface_hub.constants\n"])
    def test_is_offline(self, pinned: ResearchRepo, hf_local_hub: LocalHub, conftest: str) -> None:
        """huggingface_hub asks nothing, imported by a conftest or later, in children too; pins still load."""
        pinned.write("conftest.py", conftest)
        hf_local_hub.clear_requests()
        code, out = pytest_in(pinned, OFFLINE_TEST, "--hf-offline")
        assert code == 0, out
        assert hf_local_hub.requests == ()

    def test_without_it(self, pinned: ResearchRepo, hf_local_hub: LocalHub) -> None:
        """Without the option the very same call does reach the Hub."""
        hf_local_hub.clear_requests()
        test = (
            "from huggingface_hub import HfApi\n"
            "def test_it(): assert HfApi().model_info('acme/tiny').id == 'acme/tiny'\n"
        )
        code, out = pytest_in(pinned, test)
        assert code == 0, out
        assert len(hf_local_hub.requests) >= 1

    def test_hub_imported_before_pytest(self, pinned: ResearchRepo, hf_local_hub: LocalHub) -> None:
        """It holds in a process that had huggingface_hub already, and all is put back at the end."""
        pinned.write("test_it.py", OFFLINE_TEST)
        pinned.write(
            "main.py",
            "import os, pytest\n"
            "from huggingface_hub import HfApi, constants\n"
            "before = dict(os.environ)\n"
            "assert pytest.main(['-q', '-p', 'no:cacheprovider', '--hf-offline']) == 0\n"
            "os.environ.pop('PYTEST_VERSION', None)\n"
            "assert dict(os.environ) == before\n"
            "assert not constants.HF_HUB_OFFLINE and not constants.HF_HUB_DISABLE_XET\n"
            "assert HfApi().model_info('acme/tiny').id == 'acme/tiny'\n",
        )
        hf_local_hub.clear_requests()
        done = pinned.run("python", "main.py")
        assert done.returncode == 0, done.stdout
        assert {record.path for record in hf_local_hub.requests} >= {"/api/models/acme/tiny"}

    def test_hub_imported_during_pytest(self, pinned: ResearchRepo) -> None:
        """huggingface_hub that was first imported by the tests is not left offline."""
        pinned.write("test_it.py", OFFLINE_TEST)
        pinned.write(
            "main.py",
            "import sys, pytest\n"
            "assert 'huggingface_hub' not in sys.modules\n"
            "assert pytest.main(['-q', '-p', 'no:cacheprovider', '--hf-offline']) == 0\n"
            "from huggingface_hub import HfApi\n"
            "assert HfApi().model_info('acme/tiny').id == 'acme/tiny'\n",
        )
        done = pinned.run("python", "main.py")
        assert done.returncode == 0, done.stdout

    def test_xdist(self, pinned: ResearchRepo, hf_local_hub: LocalHub) -> None:
        """Workers of pytest-xdist are offline too, and have the fixtures."""
        hf_local_hub.clear_requests()
        code, out = pytest_in(pinned, OFFLINE_TEST, "--hf-offline", "-n", "2")
        assert code == 0, out
        assert hf_local_hub.requests == ()

    def test_header(self, pinned: ResearchRepo) -> None:
        """The run says that it is offline."""
        pinned.write("test_it.py", "def test_it(): pass\n")
        assert "\nhfpin: offline\n" in pinned.run("pytest", "--hf-offline").stdout

    def test_header_of_a_newer_lock(self, pinned: ResearchRepo) -> None:
        """A lock of a newer minor version is used, and the header says what it may lack."""
        text = pinned.read("hfpin.lock").replace('"lock_version": "1.0"', '"lock_version": "1.4"')
        pinned.write("hfpin.lock", text)
        pinned.write("test_it.py", "def test_it(hf_mistral): pass\n")
        done = pinned.run("pytest", "-p", "no:cacheprovider")
        assert done.returncode == 0
        assert (
            "\nhfpin: hfpin.lock has version 1.4; this hfpin knows 1.0 and passes over what is newer\n"
            "  = Upgrade hfpin (pip install -U hfpin).\n"
        ) in done.stdout


def test_real_model(online: ResearchRepo, hf_local_hub: LocalHub, fracast: object) -> None:
    """Real safetensors, from the Hub through doit to an offline test that reads them."""
    hf_local_hub.create_repo("fracast/fracast")
    hf_local_hub.add_folder("fracast/fracast", str(fracast))
    online.write("config.yaml", "fracast:\n  repo_id: fracast/fracast\n  allow_patterns: ['*.safetensors']\n")
    online.write("dodo.py", "from hfpin.doit import *\n")
    assert online.hfpin("pin").returncode == 0
    assert online.run("doit", "fetch").returncode == 0
    code, out = pytest_in(
        online,
        "from safetensors import safe_open\n"
        "def test_it(hf_fracast):\n"
        "    for name, least in (('model.safetensors', 300_000), ('model.int8.safetensors', 100_000)):\n"
        "        with safe_open(hf_fracast.path / name, framework='numpy') as opened:\n"
        "            size = sum(opened.get_tensor(key).nbytes for key in opened.keys())\n"
        "        assert size > least\n",
        "--hf-offline",
        HF_ENDPOINT="http://127.0.0.1:9",
    )
    assert code == 0, out

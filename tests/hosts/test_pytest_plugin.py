"""The pytest host, by the real executable in a research repo with tests of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support import Published, ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub


@pytest.fixture
def pinned(online: ResearchRepo, tiny: Published) -> ResearchRepo:
    """A research repo with a pin named `mistral`, fetched."""
    online.write("config.yaml", f"models:\n  mistral:\n    repo_id: acme/tiny\n    revision: {tiny.first}\n")
    online.lock()
    assert online.hfpin("fetch").returncode == 0
    return online


def pytest_in(repo: ResearchRepo, test: str, *args: str, **env: str) -> tuple[int, str]:
    """Run the real pytest on one test file, which it does not find xdist or the like in."""
    repo.write("test_it.py", test)
    done = repo.run("pytest", "-q", "-p", "no:cacheprovider", *args, **env)
    return done.returncode, done.stdout


OFFLINE_TEST = """\
import os, socket, subprocess, sys
import pytest
import huggingface_hub as hub
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

def test_own_factory():
    client = type(hub.get_session())
    hub.set_client_factory(client)
    try:
        with pytest.raises(Exception, match="^hfpin: offline, and test_it.py::test_own_factory asked "):
            HfApi().model_info("acme/tiny")
    finally:
        hub.set_client_factory(hub.utils._http.default_client_factory)

def test_other_clients():
    with pytest.raises(OSError, match="hfpin: offline"):
        socket.create_connection(("hf.example", 443))
    with pytest.raises(OSError, match="hfpin: offline"):
        socket.create_connection(("192.0.2.1", 443))

def test_child():
    code = '''
import socket
from huggingface_hub import constants
assert constants.HF_HUB_OFFLINE
try:
    socket.getaddrinfo('hf.example', 443)
except OSError as error:
    assert str(error).startswith('hfpin: offline, and test_it.py::test_child tried to reach '), error
else:
    raise AssertionError
'''
    subprocess.run([sys.executable, "-c", code], check=True)
"""

MESSAGES_TEST = """\
import subprocess, sys, urllib.request
from huggingface_hub import hf_hub_download

def test_branch():
    hf_hub_download("acme/tiny", "config.json")

def test_url():
    urllib.request.urlopen("https://huggingface.co/acme/rerank/resolve/main/config.json")

def test_missing(request):
    hf_hub_download("acme/tiny", "config.json", revision="COMMIT")

def test_host():
    urllib.request.urlopen("https://example.org/")
"""


class TestOffline:
    """`--hf-offline`."""

    @pytest.mark.parametrize("conftest", ["", "import huggingface_hub.constants\n"])
    def test_is_offline(self, pinned: ResearchRepo, hf_local_hub: LocalHub, conftest: str) -> None:
        """No client asks anything, imported by a conftest or later, in children too; pins still load."""
        pinned.write("conftest.py", conftest)
        hf_local_hub.clear_requests()
        code, out = pytest_in(pinned, OFFLINE_TEST, "--hf-offline")
        assert code == 0, out
        assert hf_local_hub.requests == ()

    @pytest.mark.skipif(
        shutil.which("unshare") is None
        or subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode != 0,
        reason="this machine makes no network namespaces",
    )
    def test_no_network(self, pinned: ResearchRepo) -> None:
        """The very same tests pass where there is no network interface."""
        pinned.write("test_it.py", OFFLINE_TEST)
        done = pinned.run("unshare", "-rn", "pytest", "-q", "-p", "no:cacheprovider", "--hf-offline")
        assert done.returncode == 0, done.stdout

    def test_without_it(self, pinned: ResearchRepo, hf_local_hub: LocalHub) -> None:
        """Without the option the very same call does reach the Hub; a variable outdoes the setting."""
        pinned.write("pytest.ini", "[pytest]\nhf_offline = true\n")
        hf_local_hub.clear_requests()
        test = (
            "from huggingface_hub import HfApi\n"
            "def test_it(): assert HfApi().model_info('acme/tiny').id == 'acme/tiny'\n"
        )
        code, out = pytest_in(pinned, test, HFPIN_OFFLINE="0")
        assert code == 0, out
        assert len(hf_local_hub.requests) >= 1

    def test_in_a_process_that_goes_on(self, pinned: ResearchRepo, hf_local_hub: LocalHub) -> None:
        """It holds in a process that had huggingface_hub already, and all is put back, run after run."""
        pinned.write("test_it.py", OFFLINE_TEST)
        pinned.write("broken/conftest.py", "import nowhere\n")
        pinned.write(
            "main.py",
            "import os, sys, types, pytest\n"
            "from huggingface_hub import HfApi, constants\n"
            "copied = types.ModuleType('copied')\n"
            "copied._is_offline_mode = False\n"
            "sys.modules['copied'] = copied\n"
            "before = dict(os.environ)\n"
            "def main(*args):\n"
            "    code = pytest.main(['-q', '-p', 'no:cacheprovider', '--hf-offline', *args])\n"
            "    os.environ.pop('PYTEST_VERSION', None)\n"
            "    assert dict(os.environ) == before\n"
            "    assert not constants.HF_HUB_OFFLINE and not constants.HF_HUB_DISABLE_XET\n"
            "    assert copied._is_offline_mode is False\n"
            "    assert HfApi().model_info('acme/tiny').id == 'acme/tiny'\n"
            "    return code\n"
            "assert main('test_it.py') == 0\n"
            "assert main('broken') == 4\n"
            "assert main('test_it.py') == 0\n",
        )
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
        """Workers of pytest-xdist are offline too, by the setting as by the option, and have the fixtures."""
        pinned.write("pytest.ini", "[pytest]\nhf_offline = true\n")
        hf_local_hub.clear_requests()
        code, out = pytest_in(pinned, OFFLINE_TEST, "-n", "2")
        assert code == 0, out
        assert hf_local_hub.requests == ()

    def test_messages(self, pinned: ResearchRepo, tiny: Published) -> None:
        """What fails for being offline says who asked whom for what, and which pin would have served."""
        next(pinned.places.cache_dir.rglob("config.json")).unlink()
        pinned.write("test_module.py", "from huggingface_hub import HfApi\nHfApi().model_info('acme/tiny')\n")
        test = MESSAGES_TEST.replace("COMMIT", tiny.first)
        hosts = "--hf-allow-hosts=hf.example,10.0.0.0/8"
        pinned.write("test_it.py", test)
        flags = ("--tb=short", "--continue-on-collection-errors", "-p", "no:cacheprovider", hosts)
        done = pinned.run("pytest", *flags, HFPIN_OFFLINE="1", HF_ENDPOINT="")
        sections = re.findall(r"^-+ hfpin -+\n(.*?)(?=^[_=])", done.stdout, re.MULTILINE | re.DOTALL)
        snapshot = pinned.places.cache_dir / "models--acme--tiny" / "snapshots" / tiny.first
        assert "\nhfpin: offline, but for hf.example, 10.0.0.0/8\n" in done.stdout
        assert "\n".join(sections) == (
            "hfpin: offline, and code outside of any test asked huggingface.co for\n"
            "acme/tiny (revision: default branch).\n"
            f"It is pinned as mistral: pass revision='{tiny.first}', or use the fixture hf_mistral.\n"
            "\n"
            "hfpin: offline, and test_it.py::test_branch asked huggingface.co for\n"
            "acme/tiny (revision: main).\n"
            f"It is pinned as mistral: pass revision='{tiny.first}', or use the fixture hf_mistral.\n"
            "\n"
            "hfpin: offline, and test_it.py::test_url asked huggingface.co for\n"
            "acme/rerank (revision: main).\n"
            "It is not pinned here. Declare it "
            "in a file that [tool.hfpin] names (by default config.yaml), then: hfpin pin && doit fetch\n"
            "\n"
            "hfpin: offline, and test_it.py::test_missing asked huggingface.co for\n"
            f"acme/tiny (revision: {tiny.first}).\n"
            f"It is pinned as mistral, but 1 of its 4 files is not in {snapshot}.\n"
            "Where there is a network: hfpin fetch mistral\n"
            "\n"
            "hfpin: offline, and test_it.py::test_host tried to reach example.org (port 443).\n"
            "Keep it off the network, or allow this host: --hf-allow-hosts=example.org\n"
        )

    def test_header_of_a_newer_lock(self, pinned: ResearchRepo) -> None:
        """A lock of a newer minor version is used, and the header says what it may lack."""
        text = pinned.read("hfpin.lock").replace('"lock_version": "1.1"', '"lock_version": "1.4"')
        pinned.write("hfpin.lock", text)
        pinned.write("test_it.py", "def test_it(hf_mistral): pass\n")
        done = pinned.run("pytest", "-p", "no:cacheprovider")
        assert done.returncode == 0
        assert (
            "\nhfpin: hfpin.lock has version 1.4; this hfpin knows 1.1 and passes over what is newer\n"
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

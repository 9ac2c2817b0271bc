"""How the Hub is asked: what cannot be seen from the answers."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from huggingface_hub import constants, get_session, hf_hub_url
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # public, but lazily exported

from hfpin.errors import NetworkError, RevisionNotFoundError
from hfpin.hub import HuggingFaceHub
from hfpin.repo import Repo
from tests.support import ResearchRepo, since

ENDPOINT = "http://127.0.0.1:1/mirror"
"""A port that nobody answers on: a request is made and not answered."""


@pytest.mark.parametrize(
    ("repo", "path"), [(Repo("org/tiny"), "config.json"), (Repo("org/tiny", "dataset"), "deep/ä b?#%.bin")]
)
@pytest.mark.parametrize(("start", "asked"), [(0, {}), (5, {"Range": "bytes=5-"})])
def test_a_get_is_what_the_client_would_build(
    repo: Repo, path: str, start: int, asked: dict[str, str]
) -> None:
    """Requests are made after the model of the first, and are those that the client itself would make."""
    # first: it may have a request of its own to make, once a day
    headers = {**build_hf_headers(token="hf_unit"), "Accept-Encoding": "identity", **asked}
    sent: list[Any] = []
    session = get_session()
    hooks = session.event_hooks
    session.event_hooks = {"request": [sent.append]}
    try:
        hub = HuggingFaceHub(endpoint=ENDPOINT, token="hf_unit")
        with contextlib.suppress(NetworkError), hub.open(repo, "0" * 40, path, start=start):
            pass
    finally:
        session.event_hooks = hooks
    (made,) = sent
    url = hf_hub_url("org/tiny", path, repo_type=repo.repo_type, revision="0" * 40, endpoint=ENDPOINT)
    built = session.build_request("GET", url, headers=headers, timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT)
    assert (made.method, made.url, made.extensions) == (built.method, built.url, built.extensions)
    assert sorted(made.headers.items()) == sorted(built.headers.items())
    assert made.headers["Host"] == "127.0.0.1:1"


PROXIES = "Check ALL_PROXY, HTTP_PROXY and HTTPS_PROXY."
LOG_IN = "log in again with `hf auth login`."


@pytest.mark.parametrize(
    ("environment", "message", "hint"),
    [
        pytest.param(
            {"HF_ENDPOINT": "http://127.0.0.1:99999"},
            "huggingface_hub cannot read one of its variables",
            "Check HF_ENDPOINT, HF_HUB_DOWNLOAD_TIMEOUT, HF_HUB_ETAG_TIMEOUT and others of HF_….",
            marks=since("2.0", "it reads the address when it is imported"),
        ),
        ({"HTTP_PROXY": "nonsense://"}, "a proxy that is set has no address that can be used", PROXIES),
        (
            {"SSL_CERT_FILE": "nowhere"},
            "the certificates to trust cannot be read",
            "Check SSL_CERT_FILE and SSL_CERT_DIR.",
        ),
        (
            {"HF_TOKEN": "hf_é"},
            "the token holds a character that no token has",
            f"Set HF_TOKEN again, or {LOG_IN}",
        ),
        (
            {"HF_TOKEN_PATH": "pyproject.toml/token"},
            "the file with the token cannot be read",
            f"Check HF_TOKEN_PATH and HF_HOME, or {LOG_IN}",
        ),
    ],
)
def test_what_keeps_the_client_from_asking(
    repo: ResearchRepo, environment: dict[str, str], message: str, hint: str
) -> None:
    """A machine whose variables do not let huggingface_hub start is told which of them to look at."""
    repo.write("config.yaml", "model: org/tiny\n")
    done = repo.hfpin("pin", **environment)
    assert (done.returncode, done.stdout) == (2, f"hfpin: the Hub was not asked: {message}\n  = {hint}\n")


def test_half_a_character() -> None:
    """JSON can spell a revision that no address can hold: no repo has it, and nobody is asked."""
    with pytest.raises(RevisionNotFoundError):
        HuggingFaceHub(endpoint=ENDPOINT).resolve(Repo("org/tiny"), "\ud800")

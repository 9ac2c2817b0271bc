"""How the Hub is asked: what cannot be seen from the answers."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from huggingface_hub import constants, get_session, hf_hub_url
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # public, but lazily exported

from hfpin.errors import NetworkError
from hfpin.hub import HuggingFaceHub
from hfpin.repo import Repo

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

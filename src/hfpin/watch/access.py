"""What one opened path, or one requested address, says about a Hub repo."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from hfpin.regex import lazily

Kind = Literal["ref", "file", "blob", "request", "given"]


class Access(NamedTuple):
    """One look at a repo.

    Args:
        kind: `ref`: the cache was asked where a branch or tag points; `file`: a file of a commit was opened,
            or its folder listed; `blob`: bytes were opened by their digest; `request`: the Hub was asked;
            `given`: a fixture of hfpin handed the snapshot out.
        repo_type: `model`, `dataset`, `space` or `kernel`.
        repo_id: The repo.
        revision: The branch or tag, the commit, or for a `blob` its digest; empty for the default branch.
        file: The file's path in the repo; empty where it is about the whole.
    """

    kind: Kind
    repo_type: str
    repo_id: str
    revision: str
    file: str


# https://huggingface.co/docs/huggingface_hub/guides/manage-cache
_CACHED = lazily(
    r"(?:^|/)(?P<type>model|dataset|space|kernel)s--(?P<id>[^/]+)/(?P<what>refs|snapshots|blobs)/(?P<rest>.+)",
    re.DOTALL,
)
# https://huggingface.co/docs/datasets/about_cache: `org___name/config/version/hash`, with the commit for hash
_PREPARED = lazily(
    r"(?:^|/)(?P<org>[^/]+?)___(?P<name>[^/]+)/[^/]+/[^/]+/(?P<commit>[0-9a-f]{40})(?:/(?P<file>.*))?$",
    re.DOTALL,
)
_COMMIT = lazily(r"(?P<commit>[0-9a-f]{40})(?:/(?P<file>.*))?", re.DOTALL)
_DIGEST = lazily(r"[0-9a-f]{40}|[0-9a-f]{64}")
_BESIDE = lazily(r"\.[0-9a-f]{8}\.tmp$")  # huggingface_hub writes a ref beside, then moves it

# https://huggingface.co/docs/hub/api: /api/models/<id>/tree/<revision>, /datasets/<id>/resolve/<revision>/…
_RESOLVE = lazily(
    r"/(?:(?P<type>dataset|space|kernel)s/)?(?P<id>[^/]+(?:/[^/]+)?)/resolve/(?P<revision>[^/]+)/(?P<file>.+)"
)
_API = lazily(
    r"/api/(?P<type>model|dataset|space|kernel)s/(?P<id>[^/]+(?:/[^/]+)?)"
    r"/(?:revision|tree|paths-info)/(?P<revision>[^/]+)(?:/.*)?"
)


def parse_path(path: str) -> Access | None:
    """Read a path of the Hub cache, or of the cache of datasets, wherever it is; None for any other path."""
    path = path.replace("\\", "/")
    match = _CACHED.search(path)
    if match is None:
        prepared = _PREPARED.search(path)
        if prepared is None:
            return None
        repo_id = f"{prepared['org']}/{prepared['name']}"
        return Access("file", "dataset", repo_id, prepared["commit"], prepared["file"] or "")
    repo_type, repo_id = match["type"], match["id"].replace("--", "/")
    if match["what"] == "refs":
        return Access("ref", repo_type, repo_id, _BESIDE.sub("", match["rest"]), "")
    if match["what"] == "blobs":
        digest = match["rest"]
        return Access("blob", repo_type, repo_id, digest, "") if _DIGEST.fullmatch(digest) else None
    below = _COMMIT.fullmatch(match["rest"])
    return Access("file", repo_type, repo_id, below["commit"], below["file"] or "") if below else None


def parse_url(url: str) -> Access | None:
    """Read an address of the Hub that names a revision; None for any other.

    What is asked about a repo as such (its card, its likes) names none: it brings nothing that is loaded.
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    match = _API.fullmatch(path) or _RESOLVE.fullmatch(path)
    if match is None or path.startswith("/api/resolve-cache/"):
        return None
    groups = match.groupdict()
    return Access(
        kind="request",
        repo_type=groups["type"] or "model",
        repo_id=groups["id"],
        revision=unquote(groups["revision"]),
        file=unquote(groups.get("file") or ""),
    )

"""Files: ``resolve``, which is where downloads begin."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from hfpin.testing.refusal import HubRefusal
from hfpin.testing.reply import Reply, file_reply
from hfpin.testing.routes.route import REPO_PAGES, Need, Route, open_repo

if TYPE_CHECKING:
    from aiohttp import web

    from hfpin.testing.site import Site
    from hfpin.testing.storage.git_repo import StoredFile
    from hfpin.testing.storage.hub_store import HubRepo

_CACHE = "/api/resolve-cache"


async def resolve(site: Site, request: web.Request) -> Reply:
    """Answer ``GET [/{type}]/{id}/resolve/{rev}/{path}``.

    A regular file comes from here, a large one by redirect (302) from the CDN: its size and digest are in the
    redirect's headers, where huggingface_hub looks for them.
    """
    repo = open_repo(site, request, Need.READ)
    commit = repo.git.resolve(request.match_info["rev"])
    path = request.match_info["path"]
    headers = {"X-Repo-Commit": commit.commit_hash}
    blob_hash = repo.git.tree(commit).get(path)
    if blob_hash is None:
        message = f"Entry not found: {path!r} at {commit.commit_hash}"
        raise HubRefusal(message, status=404, code="EntryNotFound", headers=headers)
    file = repo.git.file(blob_hash)
    if file.pointer:
        return Reply(status=302, headers=headers | _large_headers(site, repo, commit.commit_hash, file))
    if site.options.resolve_cache and not request.path.startswith(f"{_CACHE}/"):
        target = f"{_CACHE}/{repo.name.plural}/{repo.name.repo_id}/{commit.commit_hash}/{quote(path)}"
        return Reply(status=307, headers={**headers, "Location": target})
    return file_reply(repo.git.content(blob_hash), {**headers, "ETag": f'"{blob_hash}"'})


def _large_headers(site: Site, repo: HubRepo, commit_hash: str, file: StoredFile) -> dict[str, str]:
    headers = {
        "Location": f"{site.cdn_url}/lfs/{file.digest}",
        "ETag": f'"{file.blob_hash}"',
        "X-Linked-Etag": f'"{file.digest}"',
        "X-Linked-Size": str(file.size),
        "Accept-Ranges": "bytes",
    }
    uploaded = site.xet.by_sha256(file.digest)
    if uploaded and site.options.xet:
        token = f"{site.hub_url}/api/{repo.name.plural}/{repo.name.repo_id}/xet-read-token/{commit_hash}"
        rebuild = f"{site.cdn_url}/v1/reconstructions/{uploaded.xet_hash}"
        headers["X-Xet-Hash"] = uploaded.xet_hash
        headers["Link"] = f'<{token}>; rel="xet-auth", <{rebuild}>; rel="xet-reconstruction-info"'
    return headers


ROUTES = (
    Route(method="GET", path=f"{_CACHE}{REPO_PAGES[0]}/{{rev}}/{{path:.+}}", handler=resolve),
    *(
        Route(method="GET", path=f"{page}/{verb}/{{rev}}/{{path:.+}}", handler=resolve)
        for page in REPO_PAGES
        for verb in ("resolve", "raw")
    ),
)

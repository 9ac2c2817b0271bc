"""What is in a commit: ``tree`` and ``paths-info``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hfpin.testing.refusal import HubRefusal
from hfpin.testing.reply import Reply, json_reply
from hfpin.testing.routes.route import API_REPO, Route, is_true, iso_time, open_repo, page_of

if TYPE_CHECKING:
    from aiohttp import web

    from hfpin.testing.site import Site
    from hfpin.testing.storage.git_repo import CommitInfo, GitRepo


async def tree(site: Site, request: web.Request) -> Reply:
    """Answer ``GET /api/{type}/{id}/tree/{rev}[/{path}]?recursive=&expand=&limit=&cursor=``."""
    repo = open_repo(site, request)
    commit = repo.git.resolve(request.match_info["rev"])
    folder = request.match_info.get("path", "").strip("/")
    expand = is_true(request.query.get("expand"))
    paths = _listing(repo.git, commit, folder, recursive=is_true(request.query.get("recursive")))
    if folder and not paths:
        message = f"Folder {folder!r} does not exist at {commit.commit_hash}"
        raise HubRefusal(message, status=404, code="EntryNotFound")
    size = site.options.expanded_page_size if expand else site.options.tree_page_size
    chosen, headers = page_of(site, request, len(paths), size)
    entries = _Entries(site=site, git=repo.git, commit=commit, expand=expand)
    return json_reply([entries.entry(path) for path in paths[chosen]], headers=headers)


async def paths_info(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /api/{type}/{id}/paths-info/{rev}`` (a form or JSON: paths, expand).

    Unknown paths are left out.
    """
    repo = open_repo(site, request)
    commit = repo.git.resolve(request.match_info["rev"])
    if "json" in request.content_type:
        document = await request.json()
        wanted, expand = document.get("paths", []), document.get("expand")
    else:
        form = await request.post()
        wanted, expand = form.getall("paths", []), form.get("expand")
    known = {*repo.git.tree(commit), *_folders(repo.git, commit)}
    entries = _Entries(site=site, git=repo.git, commit=commit, expand=is_true(expand))
    paths = (str(path).strip("/") for path in wanted)
    return json_reply([entries.entry(path) for path in paths if path in known])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entries:
    """Writes the JSON of one commit's files and folders."""

    site: Site
    git: GitRepo
    commit: CommitInfo
    expand: bool

    def entry(self, path: str) -> dict[str, Any]:
        blob_hash = self.git.tree(self.commit).get(path)
        entry = self._folder(path) if blob_hash is None else self._file(path, blob_hash)
        if self.expand:
            last = self.git.last_change(self.commit, path)
            entry["lastCommit"] = {
                "id": last.commit_hash,
                "title": last.title,
                "date": iso_time(last.timestamp),
            }
        return entry

    def _folder(self, path: str) -> dict[str, Any]:
        oid = self.git.folder_hash(self.commit, path)
        return {"type": "directory", "oid": oid, "size": 0, "path": path}

    def _file(self, path: str, blob_hash: str) -> dict[str, Any]:
        file = self.git.file(blob_hash)
        entry: dict[str, Any] = {"type": "file", "oid": blob_hash, "size": file.size, "path": path}
        if file.pointer:
            entry["lfs"] = {"oid": file.pointer.oid, "size": file.size, "pointerSize": file.blob_size}
            uploaded = self.site.xet.by_sha256(file.pointer.oid)
            if uploaded and self.site.options.xet:
                entry["xetHash"] = uploaded.xet_hash
        if self.expand:
            scan = {"status": "safe", "avScan": {"status": "safe"}, "pickleImportScan": None}
            entry["securityFileStatus"] = scan
        return entry


def _listing(git: GitRepo, commit: CommitInfo, folder: str, *, recursive: bool) -> list[str]:
    """Return the paths of files and folders below `folder` ("" is the top), sorted."""
    start = f"{folder}/" if folder else ""
    below = [path for path in (*git.tree(commit), *_folders(git, commit)) if path.startswith(start)]
    return sorted(path for path in below if recursive or "/" not in path[len(start) :])


def _folders(git: GitRepo, commit: CommitInfo) -> set[str]:
    folders: set[str] = set()
    for path in git.tree(commit):
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


ROUTES = (
    Route(method="GET", path=f"{API_REPO}/tree/{{rev}}", handler=tree),
    Route(method="GET", path=f"{API_REPO}/tree/{{rev}}/{{path:.*}}", handler=tree),
    Route(method="POST", path=f"{API_REPO}/paths-info/{{rev}}", handler=paths_info),
)

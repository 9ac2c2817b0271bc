"""Uploads: which files are large, and the commit itself."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from hfpin.testing.refusal import bad_request
from hfpin.testing.reply import Reply, json_reply
from hfpin.testing.routes.route import API_REPO, Need, Route, is_true, json_object, open_repo
from hfpin.testing.storage.hub_store import Change
from hfpin.testing.storage.lfs import LfsPointer

if TYPE_CHECKING:
    from aiohttp import web

    from hfpin.testing.site import Site


async def preupload(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /api/{type}/{id}/preupload/{rev} {files: [{path, sample, size}]}``."""
    repo = open_repo(site, request, Need.WRITE)
    revision = request.match_info["rev"]
    tree, is_large = repo.git.tree(repo.git.resolve(revision)), repo.git.size_rule(revision)
    answers = [
        {
            "path": file["path"],
            "uploadMode": "lfs" if is_large(file["path"], file["size"]) else "regular",
            "shouldIgnore": False,
            "oid": repo.git.file(tree[file["path"]]).digest if file["path"] in tree else None,
        }
        for file in (await json_object(request))["files"]
    ]
    return json_reply({"files": answers})


async def commit(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /api/{type}/{id}/commit/{rev}[?create_pr=1]`` with one JSON object a line.

    Their keys are ``header``, ``file`` (content in base64), ``lfsFile``, ``deletedFile`` and
    ``deletedFolder``.
    """
    repo = open_repo(site, request, Need.WRITE)
    header, change = _read(site, await request.text())
    description = header.get("description")
    created, number = site.store.commit(
        repo,
        change,
        branch=request.match_info["rev"],
        message=str(header.get("summary", "")) + (f"\n\n{description}" if description else ""),
        parent_hash=header.get("parentCommit"),
        open_pull_request=is_true(request.query.get("create_pr")),
    )
    page = f"{site.hub_url}/{repo.name.url_path}"
    document = {
        "success": True,
        "commitOid": created.commit_hash,
        "commitUrl": f"{page}/commit/{created.commit_hash}",
        "hookOutput": "",
    }
    if number is not None:
        document["pullRequestUrl"] = f"{page}/discussions/{number}"
    return json_reply(document)


def _read(site: Site, text: str) -> tuple[dict[str, Any], Change]:
    header: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    deleted_files: list[str] = []
    deleted_folders: list[str] = []
    number = 0
    try:
        for number, line in enumerate(text.splitlines(), start=1):
            operation = json.loads(line)
            key, value = operation["key"], operation["value"]
            if key == "header":
                header = value
            elif key == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif key == "lfsFile":
                files[value["path"]] = _pointer(site, value["path"], value["oid"])
            elif key == "deletedFile":
                deleted_files.append(value["path"])
            elif key == "deletedFolder":
                deleted_folders.append(value["path"])
            else:
                raise bad_request(f"Line {number} of the commit has the unknown key {key!r}.")
    except (KeyError, TypeError, json.JSONDecodeError, binascii.Error) as error:
        raise bad_request(f"Line {number} of the commit cannot be read: {error!r}.") from error
    change = Change(files=files, deleted_files=tuple(deleted_files), deleted_folders=tuple(deleted_folders))
    return header, change


def _pointer(site: Site, path: str, oid: str) -> bytes:
    size = site.bridge.size(oid)
    if size is None:
        raise bad_request(f"LFS pointer pointed to a file that does not exist: {path!r}")
    return LfsPointer(oid=oid, size=size).dumps()


ROUTES = (
    Route(method="POST", path=f"{API_REPO}/preupload/{{rev}}", handler=preupload),
    Route(method="POST", path=f"{API_REPO}/commit/{{rev}}", handler=commit),
)

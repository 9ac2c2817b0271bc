"""`LocalHub`: a Hugging Face Hub on loopback, as a context manager."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.testing.faults import FaultList
from hfpin.testing.request_log import RequestLog
from hfpin.testing.server import ServerThread, bind
from hfpin.testing.site import Options, Site
from hfpin.testing.storage.accounts import READER, WRITER, Access
from hfpin.testing.storage.git_repo import ref_of_branch, ref_of_tag
from hfpin.testing.storage.hub_store import HubStore
from hfpin.testing.storage.lfs import LargeObjects
from hfpin.testing.storage.repo_name import RepoName
from hfpin.testing.storage.staging import stage, walk_folder
from hfpin.testing.xet.bridge import Bridge
from hfpin.testing.xet.xet_store import XetStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from hfpin.testing.faults import Fault
    from hfpin.testing.request_log import RequestRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class _Running:
    """What a started hub has and a stopped one has not."""

    root: Path
    site: Site
    server: ServerThread


class LocalHub:
    """A writable Hugging Face Hub on this machine's loopback, which an unmodified huggingface_hub talks to.

    Its verbs need no client; what they refuse, they refuse with `HubRefusal`, which is a `ValueError`. Commit hashes
    depend on the repo's name and contents alone, so they are the same in every run.

    Example:
        ::

            with LocalHub() as hub:
                hub.create_repo("org/tiny")
                commit_hash = hub.commit("org/tiny", {"config.json": b"{}"})
                snapshot_download("org/tiny", revision=commit_hash, endpoint=hub.endpoint)

    Args:
        root: Folder of what the hub stores. A folder that is given is kept, and opened again by the next hub; by
            default the hub has a temporary one, which `close` removes.
        host: An IPv4 loopback address.
        port: Port of the hub origin, 0 for any that is free. The CDN origin always takes a free one.
        xet: Offer Xet for uploads and downloads; without it, large files go over git LFS.
        resolve_cache: Answer for a regular file with a redirect to ``/api/resolve-cache/``, as the real Hub does.
        tree_page_size: Entries in a page of a tree, expanded or not; None for the Hub's 50 and 1,000.
        commits_page_size: Commits in a page of a history.
    """

    writer_token: str = WRITER.token
    """Token of the user ``tester``, who may write everywhere."""

    reader_token: str = READER.token
    """Token of the user ``reader``, who sees what is public and what was granted."""

    def __init__(  # noqa: PLR0913 - one keyword for each setting reads better than a second class
        self,
        root: str | Path | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        xet: bool = True,
        resolve_cache: bool = False,
        tree_page_size: int | None = None,
        commits_page_size: int = 50,
    ) -> None:
        self._kept_root = None if root is None else Path(root).absolute()
        self._host = host
        self._port = port
        self._options = Options(
            xet=xet,
            resolve_cache=resolve_cache,
            tree_page_size=tree_page_size or 1000,
            expanded_page_size=tree_page_size or 50,
            commits_page_size=commits_page_size,
        )
        self._running: _Running | None = None

    # Life

    def start(self) -> LocalHub:
        """Listen; return once requests are answered.

        Raises:
            ValueError: The host is not an IPv4 loopback address.
            OSError: The port is taken.
            RuntimeError: The hub runs already.
        """
        if self._running is not None:
            raise RuntimeError(f"This hub runs already, at {self.endpoint}: close it before it is started again.")
        hub_socket = bind(self._host, self._port)
        cdn_socket = bind(self._host, 0)
        root = self._kept_root or Path(tempfile.mkdtemp(prefix="hfpin-hub-"))
        objects, xet = LargeObjects(root / "lfs"), XetStore(root / "xet")
        site = Site(
            # Two host names: clients before 2.2 tell a redirect off the Hub by the name alone.
            hub_url=f"http://{self._host}:{hub_socket.getsockname()[1]}",
            cdn_url=f"http://localhost:{cdn_socket.getsockname()[1]}",
            options=self._options,
            accounts=(WRITER, READER),
            store=HubStore(root),
            objects=objects,
            xet=xet,
            bridge=Bridge(objects, xet),
            faults=FaultList(),
            log=RequestLog(),
        )
        server = ServerThread(site, hub_socket, cdn_socket)
        server.start()
        self._running = _Running(root=root, site=site, server=server)
        return self

    def close(self) -> None:
        """Stop, and remove a temporary root. Requests in progress are cut off; closing twice does no harm."""
        running, self._running = self._running, None
        if running is None:
            return
        running.server.stop()
        if self._kept_root is None:
            shutil.rmtree(running.root, ignore_errors=True)  # Windows: a client may still hold a file open

    def __enter__(self) -> LocalHub:
        return self.start()

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    # What a client needs to know

    @property
    def endpoint(self) -> str:
        """The hub origin, for ``HF_ENDPOINT``: ``http://127.0.0.1:PORT``."""
        return self._site.hub_url

    @property
    def cdn_endpoint(self) -> str:
        """The origin of large files and of Xet: ``http://localhost:PORT``."""
        return self._site.cdn_url

    @property
    def root(self) -> Path:
        """Folder of what the hub stores."""
        return self._now.root

    @property
    def env(self) -> dict[str, str]:
        """Environment for a client process, to be laid over `os.environ`.

        Caches are this hub's own: hf_xet remembers by endpoint what it uploaded, and another hub may have had the
        port before. There is no token in it, also none of the user's: who asks is the caller's choice.
        """
        home = self._now.root / "hf_home"
        no_xet = {} if self._options.xet else {"HF_HUB_DISABLE_XET": "1"}
        return {
            "HF_ENDPOINT": self.endpoint,
            "HF_HOME": str(home),
            "HF_HUB_CACHE": str(home / "hub"),
            "HF_XET_CACHE": str(home / "xet"),
            "HF_TOKEN": "",
            "HF_HUB_OFFLINE": "0",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "NO_PROXY": "127.0.0.1,localhost",
            **no_xet,
        }

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        """What was asked and answered, in the order in which the answers were complete."""
        return self._site.log.records()

    def clear_requests(self) -> None:
        """Forget the requests so far."""
        self._site.log.clear()

    # Faults

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that still wait for a request."""
        return self._site.faults.waiting()

    def inject(self, fault: Fault) -> None:
        """Let something go wrong with the next requests that match."""
        self._site.faults.add(fault)

    def clear_faults(self) -> None:
        """Take back all faults."""
        self._site.faults.clear()

    # Repos

    def create_repo(
        self, repo_id: str, repo_type: str = "model", *, private: bool = False, gated: bool | str = False
    ) -> str:
        """Create a repo with its first commit.

        Args:
            repo_id: ``namespace/name``, or one word as the Hub's oldest repos have it.
            repo_type: ``"model"``, ``"dataset"``, ``"space"`` or ``"kernel"``.
            private: Hide it from everybody but the writer and who is granted access.
            gated: False, ``"auto"``, ``"manual"``, or True for ``"manual"``.

        Returns:
            The first commit's hash.
        """
        name = RepoName(repo_type=repo_type, repo_id=repo_id)
        access = Access().changed(private=private, gated=gated)
        repo = self._now.server.call(lambda: self._site.store.create(name, access))
        return repo.git.resolve("main").commit_hash

    def set_access(
        self,
        repo_id: str,
        repo_type: str = "model",
        *,
        private: bool | None = None,
        gated: bool | str | None = None,
        granted: Iterable[str] | None = None,
    ) -> None:
        """Change who may see a repo; what is None stays as it is.

        Args:
            repo_id: The repo's id.
            repo_type: The repo's type.
            private: As in `create_repo`.
            gated: As in `create_repo`.
            granted: Names of users who are let in, for example ``["reader"]``.
        """

        def change(store: HubStore) -> None:
            repo = store.get(RepoName(repo_type=repo_type, repo_id=repo_id))
            store.set_access(repo, repo.access.changed(private=private, gated=gated, granted=granted))

        self._now.server.call(lambda: change(self._site.store))

    def rename(self, repo_id: str, new_id: str, repo_type: str = "model") -> None:
        """Give a repo another id; clients that ask for the old one are redirected."""
        old = RepoName(repo_type=repo_type, repo_id=repo_id)
        new = RepoName(repo_type=repo_type, repo_id=new_id)
        self._now.server.call(lambda: self._site.store.rename(old, new))

    def delete_repo(self, repo_id: str, repo_type: str = "model") -> None:
        """Delete a repo and all it holds."""
        name = RepoName(repo_type=repo_type, repo_id=repo_id)
        self._now.server.call(lambda: self._site.store.delete(name))

    # Commits and refs

    def commit(  # noqa: PLR0913 - a commit has that many parts
        self,
        repo_id: str,
        files: Mapping[str, bytes | Path | None],
        *,
        message: str = "commit",
        revision: str = "main",
        repo_type: str = "model",
        parent_commit: str | None = None,
    ) -> str:
        """Commit to a branch.

        A file goes to LFS if ``.gitattributes`` says so, or above 10 MiB; such a file has no Xet hash. Files on disk
        are copied while they are hashed, a block at a time.

        Args:
            repo_id: The repo's id.
            files: Path in the repo, and its content, a file to read it from, or None to delete the path.
            message: The commit message; what follows its first line is the description.
            revision: A branch, or ``refs/pr/N``.
            repo_type: The repo's type.
            parent_commit: Hash that the branch's head has to have, None for any.

        Returns:
            The new commit's hash, 40 hex digits.

        Raises:
            HubRefusal: A path leaves the repo or is to be deleted and not there, or the branch does not exist, or
                its head is not `parent_commit`.
        """
        name = RepoName(repo_type=repo_type, repo_id=repo_id)
        call, site = self._now.server.call, self._site
        is_large = call(lambda: site.store.get(name).git.size_rule(revision))
        change = stage(files, is_large, site.objects)  # here, not on the server's thread: it may take long

        def commit() -> str:
            repo = site.store.get(name)
            created, _number = site.store.commit(
                repo, change, branch=revision, message=message, parent_hash=parent_commit
            )
            return created.commit_hash

        return call(commit)

    def add_folder(
        self,
        repo_id: str,
        folder: str | Path,
        *,
        message: str = "add folder",
        revision: str = "main",
        repo_type: str = "model",
    ) -> str:
        """Commit every file below a folder of the disk, as `commit` does; return the new commit's hash."""
        files = walk_folder(Path(folder))
        return self.commit(repo_id, files, message=message, revision=revision, repo_type=repo_type)

    def commit_hash(self, repo_id: str, revision: str = "main", repo_type: str = "model") -> str:
        """Return the hash of the commit that a branch, tag, ref or commit names."""
        name = RepoName(repo_type=repo_type, repo_id=repo_id)
        return self._now.server.call(lambda: self._site.store.get(name).git.resolve(revision).commit_hash)

    def tag(
        self, repo_id: str, tag: str, revision: str = "main", *, repo_type: str = "model", force: bool = False
    ) -> None:
        """Tag a revision; with `force`, move a tag that exists."""
        self._set_ref(RepoName(repo_type=repo_type, repo_id=repo_id), ref_of_tag(tag), revision, force=force)

    def branch(
        self, repo_id: str, branch: str, revision: str = "main", *, repo_type: str = "model", force: bool = False
    ) -> None:
        """Make a branch, or a pull request's ``refs/pr/N``; with `force`, move one that exists: a force push."""
        self._set_ref(RepoName(repo_type=repo_type, repo_id=repo_id), ref_of_branch(branch), revision, force=force)

    def _set_ref(self, name: RepoName, ref: str, revision: str, *, force: bool) -> None:
        def change(store: HubStore) -> None:
            git = store.get(name).git
            git.set_ref(ref, git.resolve(revision).commit_hash, force=force)

        self._now.server.call(lambda: change(self._site.store))

    @property
    def _now(self) -> _Running:
        if self._running is None:
            raise RuntimeError("This hub does not run: use it as `with LocalHub() as hub:`, or call start().")
        return self._running

    @property
    def _site(self) -> Site:
        return self._now.site

"""`LocalHub`: a Hugging Face Hub on loopback, as a context manager."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hfpin.testing.faults import FaultList
from hfpin.testing.repo_verbs import RepoVerbs
from hfpin.testing.request_log import RequestLog
from hfpin.testing.server import ServerThread, bind
from hfpin.testing.site import Options, Site
from hfpin.testing.storage.accounts import READER, WRITER
from hfpin.testing.storage.hub_store import HubStore
from hfpin.testing.storage.lfs import LargeObjects
from hfpin.testing.xet.bridge import Bridge
from hfpin.testing.xet.xet_store import XetStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from hfpin.testing.faults import Fault
    from hfpin.testing.request_log import RequestRecord

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Running:
    """What a started hub has and a stopped one has not."""

    root: Path
    site: Site
    server: ServerThread
    cleanup: ExitStack


class LocalHub(RepoVerbs):
    """A writable Hugging Face Hub on this machine's loopback, which an unmodified huggingface_hub talks to.

    Its verbs need no client; what they refuse, they refuse with `HubRefusal`, which is a `ValueError`. Commit
    hashes depend on the repo's name and contents alone, so they are the same in every run.

    Example:
        ::

            with LocalHub() as hub:
                hub.create_repo("org/tiny")
                commit_hash = hub.commit("org/tiny", {"config.json": b"{}"})
                snapshot_download("org/tiny", revision=commit_hash, endpoint=hub.endpoint)

    Args:
        root: Folder of what the hub stores. A folder that is given is kept, and opened again by the next hub;
            by default the hub has a temporary one, which `close` removes.
        host: An IPv4 loopback address.
        port: Port of the hub origin, 0 for any that is free. The CDN origin always takes a free one.
        xet: Offer Xet for uploads and downloads; without it, large files go over git LFS.
        resolve_cache: Answer for a regular file with a redirect to ``/api/resolve-cache/``, as the real
            Hub does.
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

    def start(self) -> Self:
        """Listen; return once requests are answered.

        Raises:
            ValueError: The host is not an IPv4 loopback address.
            OSError: The port is taken.
            RuntimeError: The hub runs already.
        """
        if self._running is not None:
            raise RuntimeError(
                f"This hub runs already, at {self.endpoint}: close it before it is started again."
            )
        with ExitStack() as undo:
            hub_socket = undo.enter_context(bind(self._host, self._port))
            cdn_socket = undo.enter_context(bind(self._host, 0))
            root = self._kept_root or Path(undo.enter_context(_temporary_folder()))
            site = self._build_site(root, hub_socket.getsockname()[1], cdn_socket.getsockname()[1])
            server = ServerThread(site, hub_socket, cdn_socket)
            server.start()
            self._running = _Running(site=site, server=server, root=root, cleanup=undo.pop_all())
        return self

    def close(self) -> None:
        """Stop, and remove a temporary root. Requests in progress are cut off; closing twice does no harm."""
        running, self._running = self._running, None
        if running is not None:
            with running.cleanup:
                running.server.stop()

    def _build_site(self, root: Path, hub_port: int, cdn_port: int) -> Site:
        objects, xet = LargeObjects(root / "lfs"), XetStore(root / "xet")
        return Site(
            # Two host names: clients before 2.2 tell a redirect off the Hub by the name alone.
            hub_url=f"http://{self._host}:{hub_port}",
            cdn_url=f"http://localhost:{cdn_port}",
            options=self._options,
            accounts=(WRITER, READER),
            store=HubStore(root),
            objects=objects,
            xet=xet,
            bridge=Bridge(objects, xet),
            faults=FaultList(),
            log=RequestLog(),
        )

    def __enter__(self) -> Self:
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

        Caches are this hub's own: hf_xet remembers by endpoint what it uploaded, and another hub may have had
        the port before. There is no token in it, also none of the user's: who asks is the caller's choice.
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

    # What the verbs work on

    def _on_store(self, function: Callable[[HubStore], T]) -> T:
        running = self._now
        return running.server.call(lambda: function(running.site.store))

    @property
    def _objects(self) -> LargeObjects:
        return self._site.objects

    @property
    def _now(self) -> _Running:
        if self._running is None:
            raise RuntimeError("This hub does not run: use it as `with LocalHub() as hub:`, or call start().")
        return self._running

    @property
    def _site(self) -> Site:
        return self._now.site


def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    # On Windows nothing removes what a client still holds open.
    return tempfile.TemporaryDirectory(prefix="hfpin-hub-", ignore_cleanup_errors=True)

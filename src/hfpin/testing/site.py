"""What every route may use: one value that holds a hub's parts and settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hfpin.testing.faults import FaultList
    from hfpin.testing.request_log import RequestLog
    from hfpin.testing.storage.accounts import Account
    from hfpin.testing.storage.hub_store import HubStore
    from hfpin.testing.storage.lfs import LargeObjects
    from hfpin.testing.xet.bridge import Bridge
    from hfpin.testing.xet.xet_store import XetStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """How a hub behaves.

    Args:
        xet: Offer Xet for uploads and downloads; without it, large files go over git LFS.
        resolve_cache: Answer for a regular file with a redirect to ``/api/resolve-cache/``, as the real Hub
            does, instead of with the file.
        tree_page_size: Entries in a page of a tree. The Hub's is 1,000.
        expanded_page_size: Entries in a page of a tree with ``expand``. The Hub's is 50.
        commits_page_size: Commits in a page of a history. The Hub's is 50.
    """

    xet: bool = True
    resolve_cache: bool = False
    tree_page_size: int = 1000
    expanded_page_size: int = 50
    commits_page_size: int = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A hub's parts. `hub_url` and `cdn_url` are the two origins, without a slash at the end."""

    hub_url: str
    cdn_url: str
    options: Options
    accounts: tuple[Account, ...]
    store: HubStore
    objects: LargeObjects
    xet: XetStore
    bridge: Bridge
    faults: FaultList
    log: RequestLog

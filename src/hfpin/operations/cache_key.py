"""A key for what a machine would keep in its Hub cache, as CI systems want it."""

from __future__ import annotations

import hashlib
import json

from hfpin.lock import Lock


def cache_key(lock: Lock) -> str:
    """Hash what the pins of a lock bring into the cache.

    It changes exactly when that does: other names, other patterns that keep the same files and a tag that
    was a branch before leave it as it is, and so do pins that go to a `local_dir`.

    Returns:
        64 hex digits.
    """
    files = {
        (
            locked.pin.repo.repo_type,
            locked.pin.repo.repo_id,
            locked.pin.commit,
            file.path,
            file.size,
            str(file.digest),
        )
        for locked in lock.pins
        if locked.pin.target.local_dir is None
        for file in locked.files
    }
    return hashlib.sha256(json.dumps(sorted(files)).encode()).hexdigest()

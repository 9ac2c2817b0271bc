"""The variables that make other programs look for a project's files where hfpin puts them."""

from __future__ import annotations

from collections.abc import Mapping

from hfpin.places import Places


def environment(places: Places, environ: Mapping[str, str]) -> dict[str, str]:
    """Give the variables for a job that uses what was fetched, and asks nobody for more.

    `HF_HUB_CACHE` outranks every other way to name the cache, so `HF_HOME` is left as it is: the token lives
    there, and the caches of other packages. Xet's cache holds gigabytes of chunks, by default in `HF_HOME`;
    unless the user has a place for it, it goes beside the Hub cache.

    Args:
        places: Where files are.
        environ: The environment that the variables are for.
    """
    return {
        "HF_HUB_CACHE": str(places.cache_dir),
        "HF_XET_CACHE": environ.get("HF_XET_CACHE") or str(places.cache_dir.parent / "xet"),
        "HF_HUB_OFFLINE": "1",
    }

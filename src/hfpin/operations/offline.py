"""Refuse the network, and say what was asked for, by whom, and which pin would have served."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hfpin.watch.children import ALLOW_HOSTS
from hfpin.watch.network import Attempt, Guard

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def make_guard(start: Path, environ: Mapping[str, str], home: Path) -> Guard:
    """Make the guard of a process. What explains a refusal is loaded when something is refused.

    Args:
        start: A folder of the project, for its pins.
        environ: The environment: for the hosts that are allowed, the addresses of the
            Hub and of proxies, and the running test.
        home: The user's home directory.
    """
    allowed = tuple(host for host in environ.get(ALLOW_HOSTS, "").split(",") if host)

    def explain(attempt: Attempt) -> str:
        from hfpin.operations import refusal

        who = refusal.running_test(environ)
        if attempt.asked is None:
            return refusal.explain_host(attempt, who, proxies(environ))
        return refusal.explain_asked(
            attempt.asked, attempt.host, who, start=start, environ=environ, home=home
        )

    outlets = (environ.get("HF_ENDPOINT", ""), *proxies(environ).values())
    return Guard(explain, allowed=allowed, outlets=outlets)


def proxies(environ: Mapping[str, str]) -> dict[str, str]:
    """Give the variables that name a proxy, as requests, httpx, curl and the standard library read them."""
    return {name: value for name, value in environ.items() if name.lower() in _PROXIES and value}

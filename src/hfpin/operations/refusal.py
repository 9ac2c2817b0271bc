"""What was refused, in words: who asked for what, and which pin would have served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from hfpin.errors import HfpinError
from hfpin.lock import BASE_MODEL, LockedPin
from hfpin.operations.plan import plan
from hfpin.operations.project import Project, open_project, read_lock
from hfpin.paths import DECLARING_FILE
from hfpin.places import find_root
from hfpin.watch.access import Access
from hfpin.watch.network import Attempt, loopback_port
from hfpin.watch.recorder import TEST_VARIABLE

DEFAULT_ENDPOINT = "https://huggingface.co"


def running_test(environ: Mapping[str, str]) -> str:
    """Name the test that is running, or what else is."""
    test = environ.get(TEST_VARIABLE, "").rpartition(" ")[0]
    return test or "code outside of any test"


def running_file(environ: Mapping[str, str]) -> str:
    """The file of the test that is running, as pytest's root folder sees it; empty where there is none."""
    return environ.get(TEST_VARIABLE, "").partition("::")[0]


def hub_host(environ: Mapping[str, str]) -> str:
    """The host of the Hub that this environment means, with its port where that is said."""
    return urlsplit(environ.get("HF_ENDPOINT") or DEFAULT_ENDPOINT).netloc.rpartition("@")[2]


def explain_asked(  # noqa: PLR0913  # what, whom, by whom; and where the pins are
    asked: Access, host: str, who: str, *, start: Path, environ: Mapping[str, str], home: Path
) -> str:
    """Say that a repo was asked for, and which pin would have served it.

    Args:
        asked: What was asked for.
        host: The host that was asked.
        who: The test that asked.
        start: A folder of the project.
        environ: The environment, for the place of the cache.
        home: The user's home directory.
    """
    revision = asked.revision or "default branch"
    first = f"hfpin: offline, and {who} asked {host} for\n{_repo(asked)} (revision: {revision})."
    try:
        project = open_project(find_root(start), environ, home)
        pins = read_lock(project).pins if project.lock_path.is_file() else ()
    except HfpinError as error:
        return f"{first}\nWhich pins there are cannot be told: {error}"
    mine = [
        one
        for one in pins
        if (one.pin.repo.repo_id, one.pin.repo.repo_type) == (asked.repo_id, asked.repo_type)
    ]
    return f"{first}\n{_advice(asked, project, mine, pins)}"


def _advice(asked: Access, project: Project, pins: Sequence[LockedPin], everyone: Sequence[LockedPin]) -> str:
    if not pins:
        return f"It is not pinned here. Declare it {DECLARING_FILE}, then: hfpin pin && doit fetch"
    here = [one for one in pins if one.pin.commit == asked.revision]
    if not here:
        revisions = ", or as ".join(f"{one.pin.name}: pass revision={one.pin.commit!r}" for one in pins)
        names = {one.pin.name for one in pins}
        bases = sorted(
            f"hf_{locked.pin.name}.base"
            for locked in everyone
            for one in locked.dependencies
            if one.role == BASE_MODEL and one.name in names
        )
        fixtures = " or ".join(dict.fromkeys([*(f"hf_{one.pin.name}" for one in pins), *bases]))
        return f"It is pinned as {revisions}, or use the fixture {fixtures}."
    (one, *_) = here
    missing = len(plan(project.places, one).states)
    if missing:
        verb = "is" if missing == 1 else "are"
        return (
            f"It is pinned as {one.pin.name}, but {missing} of its {len(one.files)} files {verb} not in "
            f"{project.places.snapshot(one.pin.target)}.\n"
            f"Where there is a network: hfpin fetch {one.pin.name}"
        )
    if one.pin.target.local_dir is not None:
        folder = one.pin.target.local_dir
        return f"It is pinned as {one.pin.name}, in a folder of its own: load it from {folder}."
    if asked.file and asked.file not in {file.path for file in one.files}:
        return (
            f"It is pinned as {one.pin.name}, without {asked.file}: its patterns leave that out, "
            "or the commit has none."
        )
    return (
        f"It is pinned as {one.pin.name}, and complete in {project.places.cache_dir}.\n"
        "Let HF_HUB_CACHE name that folder: `hfpin env` prints it."
    )


def explain_host(attempt: Attempt, who: str, proxies: Mapping[str, str]) -> str:
    """Say that a host was to be reached.

    Args:
        attempt: What was refused.
        who: The test that asked.
        proxies: Variables that name proxies: one on this machine leads elsewhere.
    """
    port = "" if attempt.port is None else f" (port {attempt.port})"
    names = [name for name, proxy in proxies.items() if attempt.port in {loopback_port(proxy)} - {None}]
    through = f", the proxy in ${names[0]}" if names else ""
    return (
        f"hfpin: offline, and {who} tried to reach {attempt.host}{port}{through}.\n"
        f"Keep it off the network, or allow this host: --hf-allow-hosts={attempt.host}"
    )


def _repo(asked: Access) -> str:
    return asked.repo_id if asked.repo_type == "model" else f"{asked.repo_type} {asked.repo_id}"

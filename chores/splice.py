"""Pins copies of all config files below a folder, and holds the result to what pinning promises.

`python -m chores.splice ROOT` prints how many files and references there were, what was refused and why, and
every promise that was broken. Commits are made up: nobody is asked, and no file of ROOT is written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

from hfpin.hub import DatedCommit, Resolved
from hfpin.operations.commits import Answer, HubCommits
from hfpin.operations.pin import FileResult, Policy, pin
from hfpin.reference import Slot
from hfpin.repo import Repo
from hfpin.scan import READERS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NOW = datetime(2026, 1, 31, tzinfo=timezone.utc)
NUMBERS = {"org/digits": "1" * 40, "org/exponent": "12345e" + "6" * 34}
"""Commits that YAML reads as numbers where they are not quoted."""


class FakeHub:
    """Has every repo, and answers the same question with the same commit."""

    def resolve(self, repo: Repo, revision: str | None) -> Resolved:
        """Give a commit that depends on the repo and on the revision."""
        return Resolved(revision=revision or "main", commit=commit_of(repo, revision), date="2026-01-30")

    def commits(self, repo: Repo, revision: str) -> tuple[DatedCommit, ...]:
        """Give a history of one commit."""
        head = commit_of(repo, None if revision == "main" else revision)
        return (DatedCommit(commit=head, created_at=NOW - timedelta(days=1)),)

    def tags(self, repo: Repo) -> frozenset[str]:
        """Give none."""
        del repo
        return frozenset()


def commit_of(repo: Repo, revision: str | None) -> str:
    """Make up a commit."""
    return NUMBERS.get(repo.repo_id) or hashlib.sha1(f"{repo} {revision}".encode()).hexdigest()


def pin_in_copy(path: Path, data: bytes, commits: HubCommits) -> FileResult:
    """Pin a file of that name that holds `data`, in a folder of its own; the disk must hold what is said."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, path.name)
        copy.write_bytes(data)
        (result,) = pin([copy], commits, Policy())
        if (result.before, copy.read_bytes()) != (data, result.after):
            raise AssertionError(f"{path}: the disk does not hold what the result says")
        return result


def written(result: FileResult) -> dict[Slot, Answer]:
    """Give every place that was written to, and what was written."""
    places: dict[tuple[str | int, ...], tuple[Slot, Answer]] = {}
    for new in result.pinned:
        if isinstance(new.reference.slot, Slot):
            places.setdefault(new.reference.slot.key_path, (new.reference.slot, new.answer))
    return dict(places.values())


def restored(result: FileResult) -> bytes:
    """Take what was written out of the new text, at the places where it should be, and put the old back.

    Raises:
        AssertionError: Something else stands there.
    """
    places = []
    for slot, answer in written(result).items():
        is_whole = not (slot.suffix or slot.before or slot.after)
        quote = '"' if answer.commit in NUMBERS.values() and is_whole else ""
        revision = f"{slot.prefix}{quote}{answer.commit}{quote}{slot.suffix}".encode()
        places.append((slot.span.start, 0, slot.span.end, revision))
        comment = f"  # {answer.name}".encode()
        if slot.comment_at is not None and answer.name is not None:
            places.append((slot.comment_at, 1, slot.comment_at, comment))
    text, shift = result.after, 0
    for start, is_comment, end, new in sorted(places):
        at = start + shift
        if text[at : at + len(new)] != new:
            if is_comment:  # one that says the same was there
                continue
            raise AssertionError(f"{new!r} is not at byte {at}")
        old = result.before[start:end]
        text = text[:at] + old + text[at + len(new) :]
        shift += len(old) - (end - start)
    return text


def leaves(name: str, data: bytes) -> Counter[tuple[tuple[Any, ...], str]]:
    """Read a file by somebody else's reader, and give every value with its path and kind.

    Raises:
        ValueError: That reader does not read it.
    """
    text = data.decode("utf-8-sig")
    if name.endswith((".json", ".toml")):
        loaded = json.loads(text) if name.endswith(".json") else tomllib.loads(text)
        return Counter(_leaves(loaded, (0,)))
    try:
        documents = list(yaml.compose_all(text, yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    return Counter(
        leaf for number, node in enumerate(documents) for leaf in _node_leaves(node, (number,), set())
    )


def _leaves(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index))
    else:
        yield path, value if isinstance(value, str) else f"{type(value).__name__} {value}"


def _node_leaves(
    node: yaml.Node, path: tuple[Any, ...], seen: set[int]
) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Walk composed nodes; one that was met before is an alias, and is not followed."""
    if id(node) in seen:
        yield path, "an alias"
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, inner in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            yield from _node_leaves(inner, (*path, name), seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, inner in enumerate(node.value):
            yield from _node_leaves(inner, (*path, index), seen)
    else:
        is_text = node.tag == "tag:yaml.org,2002:str"
        yield path, node.value if is_text else f"{node.tag} {node.value}"


def broken_promises(path: Path, result: FileResult, commits: HubCommits) -> Iterator[str]:
    """Say which promise of pinning a result breaks: the bytes, the values, and that once is enough."""
    if result.unreadable is not None:
        if result.after != result.before:
            yield "it could not be read, and was changed"
        return
    try:
        if restored(result) != result.before:
            yield "bytes outside of what was written differ"
    except AssertionError as error:
        yield str(error)
    expected = {
        slot.key_path: f"{slot.before}{new.commit}{slot.after}" for slot, new in written(result).items()
    }
    old, new = leaves(path.name, result.before), leaves(path.name, result.after)
    come, gone = new - old, old - new
    if dict(come.keys()) != expected:
        yield f"values that came: {dict(come)}, expected: {expected}"
    if any(key_path not in expected for key_path, _ in gone):
        yield f"values that went: {dict(gone)}"
    again = pin_in_copy(path, result.after, commits)
    if again.after != result.after or again.pinned:
        yield "a second run changes it"
    if again.already != result.already + len(result.pinned):
        yield f"a second run finds {again.already} pinned, not {result.already + len(result.pinned)}"


def run(paths: Iterable[Path]) -> int:
    """Pin all, report, and return how many promises were broken."""
    commits = HubCommits(hub=FakeHub(), now=NOW)  # type: ignore[arg-type]  # the part of a Hub that pinning asks
    counts, reasons, broken = Counter[str](), Counter[str](), 0
    for path in _config_files(paths):
        result = pin_in_copy(path, path.read_bytes(), commits)
        counts["files"] += 1
        counts["could not be read"] += result.unreadable is not None
        counts["changed"] += result.after != result.before
        counts["pinned"] += len(result.pinned)
        counts["already pinned"] += result.already
        counts["could not be pinned"] += len(result.not_pinned)
        reasons.update(re.sub("'.*'", "…", left.reason) for left in result.not_pinned)
        try:
            promises = list(broken_promises(path, result, commits))
        except ValueError:
            counts["values not compared, as no other reader reads them"] += 1
            continue
        for promise in promises:
            broken += 1
            print(f"{path}: {promise}")
    print(", ".join(f"{name} {count}" for name, count in counts.items()))
    for reason, count in reasons.most_common():
        print(f"{count:6} {reason}")
    print(f"promises broken: {broken}")
    return broken


def _config_files(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        yield from sorted(path for path in root.rglob("*") if path.suffix in READERS and path.is_file())


def main() -> int:
    """Run the chore."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m chores.splice")
    parser.add_argument("roots", metavar="ROOT", nargs="+", type=Path, help="folders of config files")
    return 1 if run(parser.parse_args().roots) else 0


if __name__ == "__main__":
    raise SystemExit(main())

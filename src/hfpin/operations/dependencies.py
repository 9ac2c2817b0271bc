"""Lock what pins need of other repos: the base of an adapter, a tokenizer, components, code.

Which repos those are is read from the small files of a commit that is new (`hfpin.operations.named`); of one
that is locked the lock says it, and nobody is asked. A repo that the project pins itself serves with that
pin. Any other is locked at the commit that the file names, or at what its default branch is today, and then
stays there, like a tag stays.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator, Sequence

from hfpin import config
from hfpin.dataclass import dataclass, field, replace
from hfpin.errors import ConfigError, LockError
from hfpin.lock import ADAPTER, CODE, Dependency, LockedFile, LockedPin
from hfpin.lock.needs import find_ring
from hfpin.operations.asking import Asking, located
from hfpin.operations.declared import Declared
from hfpin.operations.named import ADAPTER_CONFIG, Named, files_to_read, is_adapter, names_in
from hfpin.operations.pool import each
from hfpin.operations.project import Project
from hfpin.operations.serving import (
    MOST,
    SETTING,
    SHORT,
    WHOLE_ROLES,
    Key,
    Node,
    Serving,
    advised,
    alone,
    moves,
)
from hfpin.patterns import Patterns
from hfpin.pin import Mention, Pin, Target, assign_names
from hfpin.repo import is_commit
from hfpin.weights import WEIGHT_PATTERNS

_CODE_FILES = Patterns(allow=("*.py",))
_NO_WEIGHTS = Patterns(ignore=("*.index.json", *WEIGHT_PATTERNS))


def follow(project: Project, asking: Asking, declared: Iterable[Declared]) -> tuple[LockedPin, ...]:
    """Lock pins, and what they need of other repos, and what that needs, and so on.

    Args:
        project: The project.
        asking: The old lock, and the Hub.
        declared: The pins that configs declare.

    Returns:
        Those, and the pins that they brought.

    Raises:
        LockError: It is open which pin is meant, pins need each other, a tag that a file names moved, or a
            pin brings more than anybody could mean.
        HubError: What is needed cannot be had. The message says who needs it.
        ConfigError: The setting names a pin that there is not, or a file stands where the account of a
            `local_dir` is kept.
    """
    serving = Serving(asking=asking)
    return _Following(project=project, asking=asking, declared=tuple(declared), serving=serving).run()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Following:
    project: Project
    asking: Asking
    declared: tuple[Declared, ...]
    serving: Serving
    nodes: dict[Target, Node] = field(default_factory=dict)

    def run(self) -> tuple[LockedPin, ...]:
        own = [self._node(one, is_whole=True) for one in self.declared]
        while True:
            keys = list(self.serving.brought)
            before = [self._target(key) for key in keys]
            others = [self._brought_node(key) for key in keys]
            nodes = [*own, *others]
            served = [
                [(named, self.serving.serve(node, named, own)) for named in node.named] for node in nodes
            ]
            if [self._target(key) for key in self.serving.brought] == before:
                break
        self.asking.refuse_moved()
        self._refuse_unknown(own, others)
        # once more: a commit may have been asked for by more names meanwhile
        return self._finish(own, [self._brought_node(key) for key in keys], served)

    def _finish(
        self,
        own: Sequence[Node],
        others: Sequence[Node],
        served: Sequence[Sequence[tuple[Named, Target | Key]]],
    ) -> tuple[LockedPin, ...]:
        """Give names to what is brought, and write down who needs whom."""
        taken = {name for node in own for name in (node.locked.pin.name, *node.locked.pin.aliases)}
        mentions = [Mention(target=node.locked.pin.target, name=None, where=node.where) for node in others]
        names = {target: name for target, (name, *_) in assign_names(mentions, taken).items()}
        names.update({node.locked.pin.target: node.locked.pin.name for node in own})
        pins = []
        for number, (node, needs) in enumerate(zip((*own, *others), served, strict=True)):
            targets = [(one, self._target(to) if isinstance(to, tuple) else to) for one, to in needs]
            found = {
                Dependency(
                    role=one.role,
                    repo=one.repo,
                    revision=one.revision,
                    name=names[target],
                    source=one.source,
                )
                for one, target in targets
            }
            pin = node.locked.pin
            pins.append(
                replace(
                    node.locked,
                    pin=replace(pin, name=names[pin.target]),
                    dependencies=tuple(sorted(found, key=lambda one: one.sort_key)),
                    without_dependencies=self._is_without(pin),
                    is_dependency=number >= len(own),
                )
            )
        _refuse_rings(pins, {names[node.locked.pin.target]: node.where for node in (*own, *others)})
        return tuple(sorted(pins, key=lambda one: one.pin.name))

    def _refuse_unknown(self, own: Iterable[Node], others: Iterable[Node]) -> None:
        pins = [node.locked.pin for node in own]
        brought = {node.locked.pin.repo.repo_id for node in others}
        asked = set(self.project.config.without_dependencies) - brought
        unknown = {name for name in asked if not any(pin.answers_to(name) for pin in pins)}
        if unknown:
            known = brought.union(*(pin.names for pin in pins))
            raise ConfigError(
                f"{config.FILE_NAME}: [tool.hfpin] {SETTING} names {min(unknown)!r}, which is no pin",
                hint=f"There are: {', '.join(sorted(known)) or 'none'}.",
            )

    def _is_without(self, pin: Pin) -> bool:
        return pin.is_among(self.project.config.without_dependencies)

    def _target(self, key: Key) -> Target:
        """What is brought of a commit: all of a model, else what its roles need."""
        roles = self.serving.brought[key].roles
        repo, commit = key
        if roles & WHOLE_ROLES:
            return Target(repo=repo, commit=commit, formats=self.project.config.formats)
        return Target(repo=repo, commit=commit, patterns=_CODE_FILES if roles == {CODE} else _NO_WEIGHTS)

    def _brought_node(self, key: Key) -> Node:
        brought, target = self.serving.brought[key], self._target(key)
        named = sorted(one for one in brought.revisions if not is_commit(one))
        pin = Pin(name="", target=target, revision=named[0] if named else target.commit)
        is_whole = not brought.roles.isdisjoint(WHOLE_ROLES)
        with advised(brought.setting):
            node = self._node(Declared(pin=pin, where=brought.where), is_whole=is_whole)
        return replace(node, locked=replace(node.locked, pin=pin))

    def _node(self, declared: Declared, *, is_whole: bool) -> Node:
        """Lock a pin and read what it names, once."""
        target = declared.pin.target
        if target not in self.nodes:
            locked = self.asking.locked(declared)
            if not is_whole:  # what its patterns leave out is not for it to load
                allowed = tuple(one for one in locked.unmatched_patterns if one.startswith("allow_patterns"))
                locked = replace(locked, incomplete=None, unmatched_patterns=allowed)
            kind, named = self._named(locked, declared.where)
            self.nodes[target] = Node(
                locked=replace(locked, kind=kind),
                where=declared.where,
                named=tuple(self._others(locked, named)),
            )
        return self.nodes[target]

    def _named(self, locked: LockedPin, where: str) -> tuple[str | None, tuple[Named, ...]]:
        """Tell what a pin is, and what its files name."""
        pin = locked.pin
        if pin.repo.repo_type != "model":
            return None, ()
        if self._is_without(pin):  # not a byte is read: it may be that nobody here may
            is_named_so = any(file.path == ADAPTER_CONFIG for file in locked.files)
            return ADAPTER if is_named_so else None, ()
        known = self.asking.known(pin.target) if self.asking.knows_dependencies else None
        if known is not None and not known.without_dependencies:
            return known.kind, tuple(
                Named(role=one.role, repo=one.repo, revision=one.revision, source=one.source)
                for one in known.dependencies
            )
        files = files_to_read(locked.files)
        if len(files) > MOST:
            raise LockError(
                f"{where}: {len(files)} configs of {pin.repo} may name other repos: too many to follow",
                hint=f"Leave some out with patterns; or lock it alone: {alone(pin)}",
            )
        kind, named = None, list[Named]()
        for file, data in self._contents(pin, files, where):
            named += names_in(file.path, data)
            if file.path == ADAPTER_CONFIG and is_adapter(data):
                kind = ADAPTER
        return kind, tuple(named)

    def _contents(self, pin: Pin, files: Sequence[LockedFile], where: str) -> list[tuple[LockedFile, bytes]]:
        """Read files, several at once: each is a request that waits for an answer of a few bytes."""

        def read(file: LockedFile) -> tuple[LockedFile, bytes]:
            return file, self.asking.read(pin.repo, pin.commit, file)

        # what is brought is advised about by whoever needs it
        with located(where), advised(alone(pin)) if pin.name else contextlib.nullcontext():
            found = list(each(read, files, jobs=self.project.config.jobs, stop=threading.Event()))
        return sorted(found, key=lambda item: item[0].path)

    def _others(self, locked: LockedPin, named: Iterable[Named]) -> Iterator[Named]:
        """Leave out what a pin names of itself."""
        pin = locked.pin
        for one in named:
            if one.repo != pin.repo or not (moves(one) or one.revision in (pin.commit, pin.revision)):
                yield one


def _refuse_rings(pins: Iterable[LockedPin], where: dict[str, str]) -> None:
    by_name = {locked.pin.name: locked for locked in pins}
    ring = find_ring({name: [one.name for one in locked.dependencies] for name, locked in by_name.items()})
    if ring:
        shown = " -> ".join(f"{by_name[name].pin.repo}@{by_name[name].pin.commit[:SHORT]}" for name in ring)
        first = next((name for name in ring if not by_name[name].is_dependency), ring[0])
        pin = by_name[first].pin
        alone = pin.repo.repo_id if by_name[first].is_dependency else pin.name
        raise LockError(
            f"{where[first]}: repos need each other: {shown}",
            hint=f'No order brings them. Lock one alone: [tool.hfpin] {SETTING} = ["{alone}"] '
            f"in {config.FILE_NAME}.",
        )

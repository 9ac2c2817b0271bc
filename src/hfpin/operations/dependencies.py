"""Lock what pins need of other repos: the base of an adapter, a tokenizer, components, code.

Which repos those are is read from the small files of a commit that is new (`hfpin.operations.named`); of one
that is locked the lock says it, and nobody is asked. A repo that the project pins itself serves with that
pin. Any other is locked at the commit that the file names, or at what its default branch is today, and then
stays there, like a tag stays.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence

from hfpin import config
from hfpin.dataclass import dataclass, field, replace
from hfpin.errors import ConfigError, HubError, LockError
from hfpin.lock import ADAPTER, BASE_MODEL, CODE, COMPONENT, Dependency, LockedPin
from hfpin.lock.needs import find_ring
from hfpin.operations.asking import Asked, Asking, located
from hfpin.operations.declared import Declared
from hfpin.operations.named import ADAPTER_CONFIG, Named, files_to_read, is_adapter, names_in
from hfpin.operations.project import Project
from hfpin.patterns import Patterns
from hfpin.pin import Mention, Pin, Target, assign_names
from hfpin.repo import Repo, RevisionKind, is_commit, revision_kind
from hfpin.weights import WEIGHT_PATTERNS

SETTING = "without-dependencies"

_MOST = 100
"""How many repos the pins of a project may bring, and how many configs of a commit are read."""

_WHOLE = frozenset({BASE_MODEL, COMPONENT})
_CODE_FILES = Patterns(allow=("*.py",))
_NO_WEIGHTS = Patterns(ignore=("*.index.json", *WEIGHT_PATTERNS))

_SHORT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Brought:
    """A commit of another repo that no config declares.

    Args:
        where: Who needs it, for messages: the first who asked.
        alone: How to do without it.
        roles: What it is needed for.
        revisions: What it was asked for as.
    """

    where: str
    alone: str
    roles: set[str] = field(default_factory=set)
    revisions: set[str] = field(default_factory=set)


_Key = tuple[Repo, str]
"""A repo and its commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """A pin, and what its files name.

    Args:
        locked: The pin; one that is brought has no name yet.
        where: Who declares or needs it.
        named: What it needs.
    """

    locked: LockedPin
    where: str
    named: tuple[Named, ...]


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
    return _Following(project=project, asking=asking, declared=tuple(declared)).run()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Following:
    project: Project
    asking: Asking
    declared: tuple[Declared, ...]
    nodes: dict[Target, _Node] = field(default_factory=dict)
    brought: dict[_Key, _Brought] = field(default_factory=dict)

    def run(self) -> tuple[LockedPin, ...]:
        own = [self._node(one, is_whole=True) for one in self.declared]
        while True:
            keys = list(self.brought)
            before = [self._target(key) for key in keys]
            others = [self._brought_node(key) for key in keys]
            nodes = [*own, *others]
            served = [[(named, self._serve(node, named, own)) for named in node.named] for node in nodes]
            if [self._target(key) for key in self.brought] == before:
                break
        self.asking.refuse_moved()
        self._refuse_unknown(own, others)
        # once more: a commit may have been asked for by more names meanwhile
        return self._finish(own, [self._brought_node(key) for key in keys], served)

    def _finish(
        self,
        own: Sequence[_Node],
        others: Sequence[_Node],
        served: Sequence[Sequence[tuple[Named, Target | _Key]]],
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

    def _refuse_unknown(self, own: Iterable[_Node], others: Iterable[_Node]) -> None:
        known = {name for node in own for name in node.locked.pin.names}
        known |= {node.locked.pin.repo.repo_id for node in others}
        unknown = set(self.project.config.without_dependencies) - known
        if unknown:
            raise ConfigError(
                f"{config.FILE_NAME}: [tool.hfpin] {SETTING} names {min(unknown)!r}, which is no pin",
                hint=f"There are: {', '.join(sorted(known)) or 'none'}.",
            )

    def _is_without(self, pin: Pin) -> bool:
        return not set(self.project.config.without_dependencies).isdisjoint(pin.names)

    def _target(self, key: _Key) -> Target:
        """What is brought of a commit: all of a model, else what its roles need."""
        roles = self.brought[key].roles
        repo, commit = key
        if roles & _WHOLE:
            return Target(repo=repo, commit=commit, formats=self.project.config.formats)
        return Target(repo=repo, commit=commit, patterns=_CODE_FILES if roles == {CODE} else _NO_WEIGHTS)

    def _brought_node(self, key: _Key) -> _Node:
        brought, target = self.brought[key], self._target(key)
        named = sorted(one for one in brought.revisions if not is_commit(one))
        pin = Pin(name="", target=target, revision=named[0] if named else target.commit)
        is_whole = not brought.roles.isdisjoint(_WHOLE)
        with _advised(brought.alone):
            node = self._node(Declared(pin=pin, where=brought.where), is_whole=is_whole)
        return replace(node, locked=replace(node.locked, pin=pin))

    def _node(self, declared: Declared, *, is_whole: bool) -> _Node:
        """Lock a pin and read what it names, once."""
        target = declared.pin.target
        if target not in self.nodes:
            locked = self.asking.locked(declared)
            if not is_whole:  # what its patterns leave out is not for it to load
                locked = replace(locked, incomplete=None, unmatched_patterns=())
            kind, named = self._named(locked, declared.where)
            self.nodes[target] = _Node(
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
        is_without = self._is_without(pin)
        known = self.asking.known(pin.target) if self.asking.old.knows_dependencies else None
        if known is not None and (is_without or not known.without_dependencies):
            needs = () if is_without else known.dependencies
            return known.kind, tuple(
                Named(role=one.role, repo=one.repo, revision=one.revision, source=one.source) for one in needs
            )
        files = files_to_read(locked.files)
        if len(files) > _MOST:
            raise LockError(
                f"{where}: {len(files)} configs of {pin.repo} may name other repos: too many to follow",
                hint=f"Leave some out with patterns; or lock it alone: {self._setting(pin)}",
            )
        kind, named = None, list[Named]()
        for file in files:
            with located(where):
                data = self.asking.read(pin.repo, pin.commit, file)
            named += () if is_without else names_in(file.path, data)
            if file.path == ADAPTER_CONFIG and is_adapter(data):
                kind = ADAPTER
        return kind, tuple(named)

    def _others(self, locked: LockedPin, named: Iterable[Named]) -> Iterator[Named]:
        """Leave out what a pin names of itself."""
        pin = locked.pin
        for one in named:
            if one.repo != pin.repo or not (_moves(one) or one.revision in (pin.commit, pin.revision)):
                yield one

    def _serve(self, node: _Node, named: Named, own: Sequence[_Node]) -> Target | _Key:
        """Decide which pin serves: one of the project's own, or a commit that is brought."""
        pins = [one.locked for one in own if one.locked.pin.repo == named.repo]
        if not _moves(named):
            pins = [one for one in pins if named.revision in (one.pin.commit, one.pin.revision)]
        if pins:
            return self._choose(node, named, pins)
        if named.revision is not None and is_commit(named.revision):
            return self._bring(node, named, named.revision, named.revision)
        commit, revision = self._settle(node, named)
        pins = [
            one.locked for one in own if (one.locked.pin.repo, one.locked.pin.commit) == (named.repo, commit)
        ]
        return self._choose(node, named, pins) if pins else self._bring(node, named, commit, revision)

    def _bring(self, node: _Node, named: Named, commit: str, revision: str) -> _Key:
        key = (named.repo, commit)
        where = _needs(node, named)
        if key not in self.brought and len(self.brought) == _MOST:
            raise LockError(
                f"{where}: that makes more than {_MOST} repos that no config declares",
                hint=f"Pin what is meant; or lock it alone: {self._setting(node.locked.pin)}",
            )
        brought = self.brought.setdefault(key, _Brought(where=where, alone=self._setting(node.locked.pin)))
        brought.roles.add(named.role)
        brought.revisions.add(revision)
        return key

    def _settle(self, node: _Node, named: Named) -> tuple[str, str]:
        known = self._stood_for(named)
        asked = Asked(where=_needs(node, named), repo=named.repo, revision=named.revision, is_declared=False)
        with _advised(self._setting(node.locked.pin)):
            return self.asking.settle(asked, known, stays=_moves(named))

    def _stood_for(self, named: Named) -> Pin | None:
        """The pin of the old lock that served whoever asked for this."""
        asked = (named.repo, named.revision)
        names = {
            one.name
            for locked in self.asking.old.pins
            for one in locked.dependencies
            if (one.repo, one.revision) == asked
        }
        return next((locked.pin for locked in self.asking.old.pins if locked.pin.name in names), None)

    def _choose(self, node: _Node, named: Named, pins: Sequence[LockedPin]) -> Target | _Key:
        """Choose among the project's own pins: the only one, or the one that holds all that the others hold.

        Where they hold no weights and those are needed, all of their commit is brought.
        """
        whole = [one for one in pins if one.incomplete is None] if named.role in _WHOLE else pins
        candidates = whole or pins
        widest = max(candidates, key=lambda one: (len(one.files), one.pin.target.local_dir is None))
        paths = {file.path for file in widest.files}
        for one in candidates:
            if one.pin.commit != widest.pin.commit or not paths.issuperset(file.path for file in one.files):
                several = ", ".join(f"{one.pin.name} (at {one.pin.commit[:_SHORT]})" for one in candidates)
                raise LockError(
                    f"{_needs(node, named)}: it is pinned here as {several}; which of them is open",
                    hint=f"Pin it once; or lock what needs it alone: {self._setting(node.locked.pin)}",
                )
        if not whole:
            return self._bring(node, named, widest.pin.commit, widest.pin.revision)
        return widest.pin.target

    def _setting(self, pin: Pin) -> str:
        return f'[tool.hfpin] {SETTING} = ["{pin.name or pin.repo.repo_id}"] in {config.FILE_NAME}.'


@contextlib.contextmanager
def _advised(alone: str) -> Iterator[None]:
    """Say in the Hub's errors how to do without what it does not give."""
    try:
        yield
    except HubError as error:
        hint = f"{error.hint} " if error.hint else ""
        raise type(error)(error.message, hint=f"{hint}Or lock it alone: {alone}") from None


def _moves(named: Named) -> bool:
    """Whether a file names no state of a repo: its default branch, or one that moves by its nature."""
    return named.revision is None or revision_kind(named.revision) is RevisionKind.MUTABLE


def _needs(node: _Node, named: Named) -> str:
    return f"{node.where}: {node.locked.pin.repo} needs {named.repo} ({named.role} in {named.source})"


def _refuse_rings(pins: Iterable[LockedPin], where: dict[str, str]) -> None:
    by_name = {locked.pin.name: locked for locked in pins}
    ring = find_ring({name: [one.name for one in locked.dependencies] for name, locked in by_name.items()})
    if ring:
        shown = " -> ".join(f"{by_name[name].pin.repo}@{by_name[name].pin.commit[:_SHORT]}" for name in ring)
        first = next((name for name in ring if not by_name[name].is_dependency), ring[0])
        pin = by_name[first].pin
        alone = pin.repo.repo_id if by_name[first].is_dependency else pin.name
        raise LockError(
            f"{where[first]}: repos need each other: {shown}",
            hint=f'No order brings them. Lock one alone: [tool.hfpin] {SETTING} = ["{alone}"] '
            f"in {config.FILE_NAME}.",
        )

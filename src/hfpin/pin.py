"""What a reference means once it is settled, and what it is called."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable

from hfpin.dataclass import dataclass, field
from hfpin.errors import ConfigError
from hfpin.patterns import Patterns
from hfpin.regex import lazily
from hfpin.repo import Repo
from hfpin.weights import Formats

RESERVED_NAMES = frozenset({"local_hub", "pins", "snapshot"})
"""Names that no pin can have: `hf_` and one of them is a pytest fixture of hfpin's own."""

_NOT_WORD = lazily(r"\W+", re.ASCII)
_SHORT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What one pin stands for. Mentions that agree in all of it are one pin.

    Args:
        repo: The Hub repo.
        commit: 40 lowercase hex digits.
        patterns: Which files.
        formats: Which format of weights is enough where a repo has several; None for all.
        local_dir: Where they go, relative to the project; None for the Hub cache.
    """

    repo: Repo
    commit: str
    patterns: Patterns = field(default_factory=Patterns)
    formats: Formats | None = None
    local_dir: str | None = None

    @property
    def sort_key(self) -> tuple[str, str, str, tuple[str, ...], tuple[str, ...], str, str]:
        """Orders targets the same way on every machine."""
        repo, patterns = self.repo, self.patterns
        allow, ignore = patterns.allow or (), patterns.ignore or ()
        return (
            repo.repo_id,
            repo.repo_type,
            self.commit,
            allow,
            ignore,
            self.formats or "",
            self.local_dir or "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A settled reference.

    Args:
        name: What `doit fetch:NAME` and the fixture `hf_NAME` call it: an identifier, unique in a project.
        aliases: Other names that the declaring files give to the same target, sorted.
        target: What it stands for.
        revision: The revision that was asked for: a branch, a tag, or the commit itself.
    """

    name: str
    aliases: tuple[str, ...] = ()
    target: Target
    revision: str

    @property
    def repo(self) -> Repo:
        """The Hub repo."""
        return self.target.repo

    @property
    def commit(self) -> str:
        """The commit, 40 lowercase hex digits."""
        return self.target.commit

    @property
    def names(self) -> tuple[str, ...]:
        """Everything this pin may be asked for as: its name, its aliases and its repo id."""
        return (self.name, *self.aliases, self.repo.repo_id)

    def answers_to(self, name: str) -> bool:
        """Tell whether somebody means this pin: by one of its names, or a key as a config writes it.

        Args:
            name: What it is called. The key `mistral-7b` gives the name `mistral_7b`; `a/b` is no key.
        """
        if name in self.names:
            return True
        return "/" not in name and identifier(name) in (self.name, *self.aliases)

    def is_among(self, names: Iterable[str]) -> bool:
        """Tell whether one of some names means this pin."""
        return any(self.answers_to(name) for name in names)

    def __str__(self) -> str:
        return f"{self.name} ({self.repo} at {self.commit[:_SHORT]})"


def identifier(text: str) -> str:
    """Turn a key or a repo name into a Python identifier: `Mistral-7B-v0.1` to `mistral_7b_v0_1`."""
    name = _NOT_WORD.sub("_", text).strip("_").lower()
    return f"_{name}" if not name or name[0].isdigit() else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One reference, as far as naming goes.

    Args:
        target: What it stands for.
        name: The name its file declares; None where the file gives none.
        where: `path:line:column`, for messages.
    """

    target: Target
    name: str | None
    where: str


def assign_names(mentions: Iterable[Mention], taken: Collection[str] = ()) -> dict[Target, tuple[str, ...]]:
    """Give each target its names, the first of them its own.

    A declared name (the mapping key above `repo_id`) is taken as it is. A target that no file names is
    called after its repo, then after owner and repo where two would collide, then with the commit.

    Args:
        mentions: They.
        taken: Names that no target without a declared one may have.

    Returns:
        For each target, in the order of `Target.sort_key`, its names.

    Raises:
        ConfigError: Two files declare one name for different targets, or one of `RESERVED_NAMES`.
    """
    names = _declared_names(mentions)
    taken = {name for own in names.values() for name in own} | RESERVED_NAMES | set(taken)
    targets = sorted(names, key=lambda target: target.sort_key)
    for make in (_by_name, _by_owner, _by_commit):
        candidates = {target: make(target) for target in targets if not names[target]}
        often = Counter(candidates.values())
        for target, name in candidates.items():
            if often[name] == 1 and name not in taken:
                names[target].append(name)
                taken.add(name)
    for target in targets:  # what is left differs in patterns or destination only
        if not names[target]:
            numbered = (f"{_by_commit(target)}_{number}" for number in itertools.count(1))
            name = next(name for name in numbered if name not in taken)
            names[target].append(name)
            taken.add(name)
    return {target: tuple(names[target]) for target in targets}


def _declared_names(mentions: Iterable[Mention]) -> dict[Target, list[str]]:
    """Give each target the names that files declare for it, which may be none."""
    owners: dict[str, Mention] = {}
    names: dict[Target, list[str]] = {}
    for mention in mentions:
        own = names.setdefault(mention.target, [])
        if mention.name is None:
            continue
        name = identifier(mention.name)
        if name in RESERVED_NAMES:
            raise ConfigError(
                f"{mention.where}: no pin can be called {name!r}: hf_{name} is a fixture of hfpin's own",
                hint="Rename the mapping key.",
            )
        first = owners.setdefault(name, mention)
        if first.target != mention.target:
            raise ConfigError(
                f"{mention.where}: the name {name!r} is taken: {first.where} declares it for "
                f"{first.target.repo} at {first.target.commit[:_SHORT]}",
                hint="Rename one of the two mapping keys.",
            )
        if name not in own:
            own.append(name)
    return names


def _by_name(target: Target) -> str:
    return identifier(target.repo.name)


def _by_owner(target: Target) -> str:
    return identifier(target.repo.repo_id)


def _by_commit(target: Target) -> str:
    return f"{identifier(target.repo.repo_id)}_{target.commit[:_SHORT]}"

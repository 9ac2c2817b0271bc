"""What the configs of a project declare, as pins."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hfpin.dataclass import dataclass
from hfpin.errors import ConfigError, LockError
from hfpin.operations.project import Project
from hfpin.operations.scanning import scan_declaring_files
from hfpin.paths import folded, has_control
from hfpin.pin import Mention, Pin, Target, assign_names
from hfpin.reference import NoSlot, Reference
from hfpin.repo import REPO_TYPES, RevisionKind, revision_kind
from hfpin.scan import Scan
from hfpin.span import Span
from hfpin.target import ALL_FORMATS, target_of
from hfpin.vocabulary import keys
from hfpin.weights import FORMATS

CommitOf = Callable[[Reference, str], str]
"""Gives the commit that a reference's tag or branch stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """The references of the declaring files, sorted by what can be done with them.

    Args:
        references: Those with a revision that can be locked.
        loose: Those without one, or with one that moves by its nature.
        skipped: Those that cannot be locked as they are written: another program fills in their revision,
            their place has no room for one, their file is not the project's to change, or the project says
            that they are meant so. What can be locked beside them is.
    """

    references: tuple[Reference, ...]
    loose: tuple[Reference, ...]
    skipped: tuple[Reference, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the files name no repo at all."""
        return not (self.references or self.loose or self.skipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A pin as the configs declare it.

    Args:
        pin: The pin.
        where: `path:line:column` of its first mention.
    """

    pin: Pin
    where: str


def read_declaration(project: Project) -> Declaration:
    """Read the declaring files of a project. Offline.

    Raises:
        ConfigError: One cannot be read, or a revision in it holds control characters.
    """
    references, loose, skipped = [], list[Reference](), []
    for scanned in scan_declaring_files(project):
        found = []
        for reference in scanned.references:
            kind = None if reference.revision is None else revision_kind(reference.revision)
            has_no_room = kind is None and isinstance(reference.slot, NoSlot)
            if kind is RevisionKind.DYNAMIC or has_no_room:
                skipped.append(reference)
            elif reference.is_loose:
                found.append(reference)
            else:
                _refuse_controls(reference)
                _refuse_other_kinds(reference)
                references.append(reference)
        stays = _meant(project, scanned) if found else frozenset()
        loose += [one for one in found if one.span not in stays]
        skipped += [one for one in found if one.span in stays]
    return Declaration(references=tuple(references), loose=tuple(loose), skipped=tuple(skipped))


def _meant(project: Project, scanned: Scan) -> frozenset[Span]:
    """The references of a file that the project says are to stay without a commit."""
    from hfpin.rules.meant import meant  # here: most projects have no such reference, and no use for rules
    from hfpin.rules.selection import selection

    return meant(scanned, selection(project.config).of(scanned.path))


def refuse_loose(declaration: Declaration) -> None:
    """Refuse references that cannot be locked.

    Raises:
        LockError: There are some.
    """
    if not declaration.loose:
        return
    first, *others = declaration.loose
    more = f" (and {len(others)} more)" if others else ""
    raise LockError(
        f"{first.where}: {first.repo} has no revision that can be locked{more}",
        hint="Run `hfpin pin` to write their commits into the configs; it writes the lock too.",
    )


def settle(project: Project, references: Iterable[Reference], commit_of: CommitOf) -> tuple[Declared, ...]:
    """Turn references into named pins, sorted by name; mentions of one target are one pin.

    Args:
        project: The project.
        references: What is declared.
        commit_of: Asked for each revision that is no commit.

    Raises:
        ConfigError: Names collide, or a `local_dir` cannot be used.
    """
    mentions: list[Mention] = []
    asked_for: dict[Target, set[str]] = {}
    for reference in references:
        revision = reference.revision or ""
        is_commit = revision_kind(revision) is RevisionKind.COMMIT
        commit = revision if is_commit else commit_of(reference, revision)
        target = target_of(reference, commit, project.config.formats)
        mentions.append(Mention(target=target, name=reference.name, where=reference.where))
        requested = (reference.requested or revision) if is_commit else revision
        asked_for.setdefault(target, set()).add(requested)
    _refuse_shared_local_dirs(mentions)
    where = {mention.target: mention.where for mention in reversed(mentions)}
    declared = []
    for target, (name, *aliases) in assign_names(mentions).items():
        named = asked_for[target] - {target.commit}
        pin = Pin(
            name=name,
            aliases=tuple(sorted(aliases)),
            target=target,
            revision=min(named) if named else target.commit,
        )
        declared.append(Declared(pin=pin, where=where[target]))
    return tuple(sorted(declared, key=lambda one: one.pin.name))


def _refuse_controls(reference: Reference) -> None:
    """Refuse what a lock may not hold, where it can be mended."""
    patterns = reference.patterns
    for text in (reference.revision or "", *(patterns.allow or ()), *(patterns.ignore or ())):
        if has_control(text):
            raise ConfigError(
                f"{reference.where}: {text!r} beside {reference.repo} holds control characters",
                hint="Write it without them.",
            )


def _refuse_other_kinds(reference: Reference) -> None:
    """Refuse a value of another kind than its key takes: nothing would be left out, or all, unsaid."""
    for key in reference.misread:
        is_kind, as_what = _KINDS[key]
        raise ConfigError(f"{reference.where}: {key} beside {reference.repo} is {is_kind}", hint=as_what)


_AS_TAKEN = "Write it as huggingface_hub's snapshot_download takes it"
_KINDS = {
    keys.ALLOW_PATTERNS_KEY: (
        "neither a text nor a list of texts",
        f'{_AS_TAKEN}, like ["*.json", "*.safetensors"].',
    ),
    keys.IGNORE_PATTERNS_KEY: ("neither a text nor a list of texts", f'{_AS_TAKEN}, like ["*.bin"].'),
    keys.FORMATS_KEY: ("no text", f"Write one of: {', '.join((*FORMATS, ALL_FORMATS))}."),
    keys.LOCAL_DIR_KEY: ("no text", f"{_AS_TAKEN}."),
    keys.REPO_TYPE_KEY: ("none that the Hub has", f"Write one of: {', '.join(REPO_TYPES)}."),
}
"""What is wrong with the value of a key, and what to write."""


def _refuse_shared_local_dirs(mentions: Iterable[Mention]) -> None:
    """Refuse two targets in one folder, or in a folder of one another: files would replace each other.

    Folders that differ by case alone are one folder on a Mac, and the lock is for every machine.
    """
    first: dict[str, Mention] = {}
    for mention in mentions:
        if mention.target.local_dir is not None:
            owner = first.setdefault(folded(mention.target.local_dir), mention)
            if owner.target != mention.target:
                raise _shared(mention, owner)
    for path, mention in first.items():
        for other, outer in first.items():
            if path.startswith(f"{other}/"):
                raise _shared(mention, outer)


def _shared(mention: Mention, other: Mention) -> ConfigError:
    return ConfigError(
        f"{mention.where}: local_dir {mention.target.local_dir!r} is used already, at {other.where}",
        hint="Give each pin a folder of its own.",
    )

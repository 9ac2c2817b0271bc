"""Check config files against the rules. Offline by construction: nothing here can reach the Hub."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from hfpin.dataclass import dataclass, replace
from hfpin.finding import Finding
from hfpin.operations.files import chosen_files, is_declaring, name_in
from hfpin.operations.project import Project, each_declaring_file, read_lock_if_any
from hfpin.operations.scanning import scan_file
from hfpin.operations.sparse import not_checked_out
from hfpin.rules import RULES, Context, Examined, Rule, Watch
from hfpin.rules.selection import CODES, Selection
from hfpin.scan import Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the rules say of one file, in its order; or at the end, of what all files together show.

    Args:
        scan: The file; None at the end.
        findings: What is said.
    """

    scan: Scan | None
    findings: tuple[Finding, ...]


def check(project: Project, paths: Iterable[Path], selection: Selection, *, here: Path) -> Iterator[Checked]:
    """Check files one by one, holding one in memory at a time, in the order of their paths.

    Which files there are is settled when this is called, what is in them as they are asked for.

    Args:
        project: The project; its settings say what is excluded, taught and required.
        paths: Files, or folders whose config files are all meant; none for the project's declaring files.
            They are called in messages what they are called here.
        selection: Which rules speak.
        here: The folder that the paths are relative to.

    Raises:
        ConfigError: A path does not exist or cannot be opened, or no file declares anything.
    """
    given = list(paths)
    chosen = chosen_files(project, given, here)
    context = Context(
        config=project.config,
        is_whole=(not given or _holds_all(project, set(chosen.values()), here))
        and not not_checked_out(project),
        known=CODES,
        judged=frozenset(rule.code for rule in RULES if not rule.sees_other_files),
        lock_path=Path(os.path.relpath(project.lock_path, here)).as_posix(),
        read_lock=lambda: read_lock_if_any(project, must_be_sound=True),
    )
    running = [(rule, rule.start(context)) for rule in RULES if rule.code in selection.codes]
    return _checked(project, chosen, selection, running)


def _checked(
    project: Project, chosen: dict[Path, str], selection: Selection, running: list[tuple[Rule, Watch]]
) -> Iterator[Checked]:
    taught = project.taught
    for path, name in chosen.items():
        scanned = scan_file(path, path.as_posix(), taught, root=project.root)
        if scanned.says_nothing:  # as most config files do
            yield Checked(scan=scanned, findings=())
            continue
        declares, codes = is_declaring(project, name), selection.of(name)
        examined = Examined(scan=scanned, name=name, declares=declares, codes=codes)
        yield Checked(scan=scanned, findings=_findings(examined, running))
    last = tuple(finding for _, watch in running for finding in watch.end())
    if last:
        yield Checked(scan=None, findings=last)


def scans(project: Project, paths: Iterable[Path], *, here: Path) -> Iterator[Scan]:
    """Scan files one by one: those that `check` would check.

    Raises:
        ConfigError: As `check`.
    """
    taught = project.taught
    for path in chosen_files(project, paths, here):
        yield scan_file(path, path.as_posix(), taught, root=project.root)


def _holds_all(project: Project, names: set[str], here: Path) -> bool:
    """Whether every declaring file is among those of these names."""
    if not any(is_declaring(project, name) for name in names):
        return False  # and no folder need be read to know it
    # One that is not among them is often found at once: a hook is shown one file of a project of thousands.
    return all(name_in(project, path, here) in names for path in each_declaring_file(project))


def _findings(examined: Examined, running: list[tuple[Rule, Watch]]) -> tuple[Finding, ...]:
    said: tuple[Finding, ...] = ()
    for rule, watch in running:
        if rule.code in examined.codes:
            said += tuple(watch.file(replace(examined, said=said)))
    ignored = {(ignore.line, code) for ignore in examined.scan.ignores for code in ignore.codes}
    kept = {  # once, where several aliases stand for one id
        (finding.position, finding.code, finding.message): finding
        for finding in reversed(said)
        if (finding.position.line, finding.code) not in ignored
    }
    return tuple(sorted(kept.values(), key=lambda finding: (finding.position, finding.code)))

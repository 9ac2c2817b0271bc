"""A project on disk: its settings, the files that declare its pins, its lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hfpin import atomic, config
from hfpin.config import Config
from hfpin.dataclass import dataclass
from hfpin.errors import ConfigError, LockError, UnsetVariableError
from hfpin.paths import LOCK_FILE
from hfpin.places import Places

if TYPE_CHECKING:  # who only reads the lock should not pay for what finds references, nor the other way
    from hfpin.lock import Lock
    from hfpin.vocabulary import Taught


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project, opened.

    Args:
        config: Its `[tool.hfpin]`.
        places: Its root, and the Hub cache it uses.
    """

    config: Config
    places: Places

    @property
    def root(self) -> Path:
        """The folder that paths in configs and the lock are relative to."""
        return self.places.root

    @property
    def taught(self) -> Taught:
        """What it says about its own keys and values."""
        from hfpin.vocabulary import Taught

        return Taught(
            model_keys=dict(self.config.model_keys),
            dataset_keys=dict(self.config.dataset_keys),
            revision_keys=self.config.revision_keys,
            ignore_values=self.config.ignore_values,
        )

    @property
    def lock_path(self) -> Path:
        """Where the lock is."""
        return self.root / LOCK_FILE


def open_project(root: Path, environ: Mapping[str, str], home: Path, *, needs_cache: bool = True) -> Project:
    """Read a project's settings.

    Args:
        root: The project's folder.
        environ: The environment, for the place of the cache.
        home: The user's home directory.
        needs_cache: Whether settings that lead to no cache here are an error now, and not when it is needed.

    Raises:
        ConfigError: `[tool.hfpin]` is wrong.
    """
    path = root / config.FILE_NAME
    try:
        settings = config.loads(atomic.a_file(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        settings = Config()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{config.FILE_NAME} cannot be read: {error}", hint="Mend the file.") from None
    cache: Path | UnsetVariableError
    try:
        cache = config.find_cache_dir(settings, environ, root=root, home=home)
    except UnsetVariableError as error:
        if needs_cache:
            raise
        cache = error
    return Project(config=settings, places=Places(root=root, cache=cache))


def declaring_files(project: Project, *, or_named: bool = False) -> tuple[Path, ...]:
    """List the files that declare the project's pins, sorted.

    Args:
        project: The project.
        or_named: Whether files can be named instead, where there are none: a lock follows no others.

    Raises:
        ConfigError: There are none, or the globs for them are wrong.
    """
    found = set(each_declaring_file(project))
    if not found:
        raise ConfigError(
            f"no file in {project.root} declares a pin: {_nothing(project.config)}",
            hint=_where_to_declare(project, or_named=or_named),
        )
    return tuple(sorted(found))


def _where_to_declare(project: Project, *, or_named: bool) -> str:
    where = 'in pyproject.toml which files declare: [tool.hfpin] files = ["…"].'
    if or_named:
        return f"Name a file, or say {where}"
    if project.lock_path.exists():
        return f"If nothing is to be pinned any more, remove {LOCK_FILE}; else say {where}"
    return f"Say {where}"


def _nothing(settings: Config) -> str:
    if not settings.files:
        return "[tool.hfpin] files is empty"
    left_out = " but for what [tool.hfpin] exclude leaves out" if settings.exclude else ""
    return f"there is no {', '.join(settings.files)}{left_out}"


def each_declaring_file(project: Project) -> Iterator[Path]:
    """Give the files that declare the project's pins as they are found, in no order, some more than once.

    Raises:
        ConfigError: The globs for them are wrong.
    """
    for pattern in project.config.files:
        try:
            if not Path(pattern).parts:  # as ".", which not every Python refuses by itself
                raise ValueError("it names no file")  # noqa: TRY301  # as those that Python refuses
            for path in project.root.glob(pattern):
                if path.is_file() and not is_excluded(
                    project.config, path.relative_to(project.root).as_posix()
                ):
                    yield path
        except (NotImplementedError, ValueError) as error:
            raise ConfigError(
                f"{config.FILE_NAME}: [tool.hfpin] files has {pattern!r}: {error}",
                hint="Write globs relative to the project, like conf/**/*.yaml.",
            ) from None


def is_excluded(settings: Config, name: str) -> bool:
    """Whether the settings leave a file out, by its path from the root."""
    from hfpin.globs import covers  # here, as what follows: to read the lock takes none of it

    return any(covers(glob, name) for glob in settings.exclude)


def read_file(path: Path, display: str) -> bytes:
    """Read one file.

    Args:
        path: The file.
        display: What to call it in messages.

    Raises:
        ConfigError: It cannot be opened.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{display} cannot be opened: {error.strerror}", hint="Check the path, and that you may read it."
        ) from None


def read_lock(project: Project) -> Lock:
    """Read the project's lock.

    Raises:
        LockError: There is none, or it cannot be used.
    """
    try:
        text = atomic.a_file(project.lock_path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LockError(
            f"there is no {LOCK_FILE} in {project.root}",
            hint="Run `hfpin pin` (or `hfpin lock`, where all is pinned) to write it.",
        ) from None
    except PermissionError as error:
        raise LockError(f"{LOCK_FILE} cannot be read: {error}", hint="Check its permissions.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise LockError(f"{LOCK_FILE} cannot be read: {error}", hint="Restore it from git.") from None
    from hfpin.lock import loads

    return loads(text)


def read_lock_if_any(project: Project, *, must_be_sound: bool) -> Lock | None:
    """Read the project's lock, or None where there is none.

    Args:
        project: The project.
        must_be_sound: Whether one that cannot be used is an error; else it counts as none.

    Raises:
        LockError: It cannot be used.
    """
    if not project.lock_path.exists():
        return None
    try:
        return read_lock(project)
    except LockError:
        if must_be_sound:
            raise
        return None


def write_lock(project: Project, new: Lock) -> bool:
    """Write the project's lock, unless the very same bytes are there.

    Returns:
        Whether the file changed.

    Raises:
        LockError: The disk refused, and the old lock is still there; or its name is a link to something else.
    """
    from hfpin.lock import dumps

    data = dumps(new).encode("utf-8")
    path = project.lock_path
    # One that came with a repository could lead to any file of its user's.
    if path.is_symlink() and read_lock_if_any(project, must_be_sound=False) is None:
        raise LockError(
            f"{path} cannot be written: it is a link to {path.readlink()}, which is no lock",
            hint="Nothing was written there. Remove the link, then run the same command again.",
        )
    try:
        if project.lock_path.is_file() and project.lock_path.read_bytes() == data:
            return False
        atomic.write(project.lock_path, data)
    except OSError as error:
        raise LockError(
            f"{project.lock_path} cannot be written: {error.strerror or error}",
            hint="Make room or mend the permissions, then run the same command again.",
        ) from None
    return True

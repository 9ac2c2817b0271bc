"""`[tool.hfpin]` in pyproject.toml, and where the Hub cache is."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from hfpin.errors import ConfigError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Link = Literal["auto", "copy"]
LINKS: tuple[Link, ...] = get_args(Link)

FILE_NAME = "pyproject.toml"
DECLARING_FILES = ("config.y*ml", "conf/**/*.y*ml", "config/**/*.y*ml", "configs/**/*.y*ml")

_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})", re.ASCII)
_TEMPLATE = re.compile(
    r"\$(?:(?P<bare>\w+)|\{(?P<name>\w+)(?::-(?P<fallback>[^{}]*))?\}|(?P<other>\{))", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a project decided about hfpin.

    Args:
        files: Globs, relative to the project, of the files that declare its pins.
        cache_dir: The Hub cache to use, as written: `$NAME`, `${NAME:-fallback}` and `~` not yet expanded;
            None for the one that huggingface_hub would use.
        jobs: How many files to fetch at once; huggingface_hub's own default.
        link: Whether a file of a `local_dir` that the cache has may share its bytes (`auto`: a reflink, else
            a hard link, else a symbolic one) or is a copy (`copy`).
        write_refs: Whether a fetch lets the branch or tag that was asked for point at its commit in the
            cache, for programs that ask for it by name; one that is there is never changed.
    """

    files: tuple[str, ...] = DECLARING_FILES
    cache_dir: str | None = None
    jobs: int = 8
    link: Link = "auto"
    write_refs: bool = False


_KEYS = tuple(sorted(field.name.replace("_", "-") for field in fields(Config)))


def loads(text: str) -> Config:
    """Read the `[tool.hfpin]` table of a pyproject.toml.

    Raises:
        ConfigError: The text is not TOML, or the table holds what it may not.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"{FILE_NAME} is not TOML: {error}", hint="Mend it there; hfpin reads only [tool.hfpin]."
        ) from None
    tool = document.get("tool")
    table = tool.get("hfpin", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise ConfigError(f"{FILE_NAME}: tool.hfpin is not a table", hint="Write it as [tool.hfpin].")
    for key in table:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            raise ConfigError(
                f"{FILE_NAME}: [tool.hfpin] has no setting {key!r}",
                hint=f"Did you mean {near[0]!r}?" if near else f"The settings are: {', '.join(_KEYS)}.",
            )
    return Config(
        files=_strings(table, "files", DECLARING_FILES),
        cache_dir=_string(table, "cache-dir"),
        jobs=_positive(table, "jobs", 8),
        link=_link(table),
        write_refs=_switch(table, "write-refs"),
    )


def _string(table: Mapping[str, Any], key: str) -> str | None:
    value = table.get(key)
    if value is None or (isinstance(value, str) and value):
        return value
    raise ConfigError(
        f"{FILE_NAME}: [tool.hfpin] {key} is {value!r}", hint="It takes a string that is not empty."
    )


def _positive(table: Mapping[str, Any], key: str, default: int) -> int:
    value = table.get(key, default)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise ConfigError(f"{FILE_NAME}: [tool.hfpin] {key} is {value!r}", hint="It takes a number, 1 or more.")


def _link(table: Mapping[str, Any]) -> Link:
    value = table.get("link", "auto")
    for link in LINKS:
        if value == link:
            return link
    raise ConfigError(
        f"{FILE_NAME}: [tool.hfpin] link is {value!r}", hint=f"It takes one of: {', '.join(LINKS)}."
    )


def _switch(table: Mapping[str, Any], key: str) -> bool:
    value = table.get(key, False)
    if isinstance(value, bool):
        return value
    raise ConfigError(f"{FILE_NAME}: [tool.hfpin] {key} is {value!r}", hint="It takes true or false.")


def _strings(table: Mapping[str, Any], key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = table.get(key, list(default))
    if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
        return tuple(value)
    raise ConfigError(f"{FILE_NAME}: [tool.hfpin] {key} is {value!r}", hint="It takes a list of strings.")


def find_cache_dir(config: Config, environ: Mapping[str, str], *, root: Path, home: Path) -> Path:
    """Tell which Hub cache a project uses.

    The project's own `cache-dir` comes first. Without one it is where huggingface_hub looks
    (`huggingface_hub.constants`): `HF_HUB_CACHE`, then `HUGGINGFACE_HUB_CACHE`, then `hub` in `HF_HOME`,
    then `huggingface/hub` in `XDG_CACHE_HOME`, then `~/.cache/huggingface/hub`. It is worked out here so
    that a fetch with nothing to do need not import that package.

    Args:
        config: The project's settings.
        environ: The environment.
        root: The project, for a relative `cache-dir`.
        home: The user's home directory.

    Raises:
        ConfigError: `cache-dir` names a variable that is not set, and no fallback.
    """
    if config.cache_dir is not None:
        return root / _expand(config.cache_dir, environ, home)
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if value := environ.get(variable):
            return Path(_lenient_expand(value, environ, home))
    if value := environ.get("HF_HOME"):
        return Path(_lenient_expand(value, environ, home)) / "hub"
    base = environ.get("XDG_CACHE_HOME") or str(home / ".cache")
    return Path(_lenient_expand(base, environ, home)) / "huggingface" / "hub"


def _expand(path: str, environ: Mapping[str, str], home: Path) -> str:
    return _with_home(_filled(path, path, environ), home)


def _filled(text: str, path: str, environ: Mapping[str, str]) -> str:
    """Fill in the variables of `text`, which is `path` or a fallback in it. Their values stay as they are."""

    def value(match: re.Match[str]) -> str:
        if match["other"]:
            raise ConfigError(
                f"{FILE_NAME}: [tool.hfpin] cache-dir is {path!r}: what follows '${{' is not understood",
                hint="Write $NAME, ${NAME} or ${NAME:-fallback}, and no braces in the fallback.",
            )
        name, fallback = match["bare"] or match["name"], match["fallback"]
        if found := environ.get(name):
            return found
        if fallback:
            return _filled(fallback, path, environ)
        raise ConfigError(
            f"{FILE_NAME}: [tool.hfpin] cache-dir is {path!r}, and ${name} is not set here",
            hint=f"Set it (export {name}=…), or say what to use without it: ${{{name}:-fallback}}.",
        )

    return _TEMPLATE.sub(value, text)


def _lenient_expand(path: str, environ: Mapping[str, str], home: Path) -> str:
    """Expand as huggingface_hub does: a variable that is not set stays as it is written."""
    return _with_home(_VARIABLE.sub(lambda match: environ.get(match[1] or match[2], match[0]), path), home)


def _with_home(path: str, home: Path) -> str:
    if path == "~" or path.startswith(("~/", "~\\")):
        return str(home) + path[1:]
    return path

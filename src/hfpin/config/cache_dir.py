"""Where the Hub cache is, worked out without huggingface_hub."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from hfpin.config.values import FILE_NAME, Config
from hfpin.errors import ConfigError, UnsetVariableError
from hfpin.regex import lazily

_VARIABLE = lazily(r"\$(?:(\w+)|\{(\w+)\})", re.ASCII)
_TEMPLATE = lazily(
    r"\$(?:(?P<bare>\w+)|\{(?P<name>\w+)(?::-(?P<fallback>[^{}]*))?\}|(?P<other>\{))", re.ASCII
)
_SECRET = lazily(r"(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|KEY|PAT)(?:_|$)", re.IGNORECASE)


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
        UnsetVariableError: `cache-dir` names a variable that is not set, and no fallback.
        ConfigError: It names one that is a secret, or cannot be understood.
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
        if _SECRET.search(name):  # a folder's name is for all to read, and a project is not always one's own
            raise ConfigError(
                f"{FILE_NAME}: [tool.hfpin] cache-dir is {path!r}, and ${name} is a secret, by its name",
                hint="Name a variable that holds a folder.",
            )
        if found := environ.get(name):
            return found
        if fallback:
            return _filled(fallback, path, environ)
        raise UnsetVariableError(
            f"{FILE_NAME}: [tool.hfpin] cache-dir is {path!r}, and ${name} is not set here",
            hint=f"Set it (export {name}=…), or say what to use without it: ${{{name}:-fallback}}.",
        )

    return _TEMPLATE.sub(value, text)


def _lenient_expand(path: str, environ: Mapping[str, str], home: Path) -> str:
    """Expand as huggingface_hub does: a variable that is not set stays as it is written."""
    if "$" in path:
        path = _VARIABLE.sub(lambda match: environ.get(match[1] or match[2], match[0]), path)
    return _with_home(path, home)


def _with_home(path: str, home: Path) -> str:
    if path == "~" or path.startswith(("~/", "~\\")):
        return str(home) + path[1:]
    return path

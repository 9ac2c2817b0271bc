"""Reads `[tool.hfpin]` of a pyproject.toml."""

from __future__ import annotations

import re
import sys

from hfpin.config.values import DECLARING_FILES, FILE_NAME, LINKS, REQUIREMENTS, Config
from hfpin.errors import ConfigError
from hfpin.regex import lazily
from hfpin.weights import FORMATS

_SETTINGS = tuple(sorted(name.replace("_", "-") for name in Config.__annotations__))

# A key of that name, or what may be one: any mention but one that begins a string, as the name of a package
# does, and is no key itself, which a sign of TOML's would follow. By an escape a key can be spelled as well.
_MAY_BE_OURS = lazily(r"""(?<!["'])hfpin|hfpin["']?[ \t]*[=.\]]|\\[uUxX]""")

_OURS = lazily(r"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*hfpin[ \t]*[.\]]", re.MULTILINE)


def is_ours(text: str) -> bool:
    """Whether a pyproject.toml has a `[tool.hfpin]`, told without reading it as TOML."""
    return "hfpin" in text and _OURS.search(text) is not None


def loads(text: str) -> Config:
    """Read the `[tool.hfpin]` table of a pyproject.toml.

    Raises:
        ConfigError: The text is not TOML, or the table holds what it may not.
    """
    if not _MAY_BE_OURS.search(text):
        return Config()  # no table can have that name: the file is not ours to judge, nor a parser to load
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    from hfpin.config.table import Table

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"{FILE_NAME} is not TOML: {error}", hint="Mend it there; hfpin reads only [tool.hfpin]."
        ) from None
    except RecursionError:
        raise ConfigError(f"{FILE_NAME} cannot be read: it nests too deep", hint="Mend the file.") from None
    except ValueError:
        raise ConfigError(
            f"{FILE_NAME} cannot be read: a number in it has more digits than Python reads",
            hint="Mend the file.",
        ) from None
    tool = document.get("tool")
    values = tool.get("hfpin", {}) if isinstance(tool, dict) else {}
    if not isinstance(values, dict):
        raise ConfigError(f"{FILE_NAME}: tool.hfpin is not a table", hint="Write it as [tool.hfpin].")
    table = Table(values)
    table.refuse_unknown(_SETTINGS)
    return Config(
        files=table.strings("files", DECLARING_FILES),
        cache_dir=table.string("cache-dir"),
        jobs=table.positive("jobs", 8),
        link=table.one_of("link", LINKS) or "auto",
        write_refs=table.switch("write-refs"),
        purge_after=table.age("purge-after"),
        formats=table.one_of("formats", FORMATS),
        allow_incomplete=table.strings("allow-incomplete"),
        without_dependencies=table.strings("without-dependencies"),
        record_tensors=table.strings("record-tensors"),
        exclude=table.strings("exclude"),
        model_keys=table.keys("model-keys"),
        dataset_keys=table.keys("dataset-keys"),
        revision_keys=table.strings("revision-keys"),
        ignore_values=table.strings("ignore-values"),
        require=table.one_of("require", REQUIREMENTS) or "revision",
        require_lock=table.switch("require-lock"),
        select=table.strings("select"),
        ignore=table.strings("ignore"),
        per_file_ignores=table.lists("per-file-ignores"),
    )

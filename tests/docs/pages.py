"""Reads the fences of a page, so that what it shows can be run.

A fence that starts with a comment naming a file (`# config.yaml`) is written to that file. In a `console`
fence each `$` line is run, and what follows is what it must print: `…s` stands for any time, a line
of `…` for any lines, and the digits of a hash for those of any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# (?P<name>[\w./-]+\.(?:py|yaml|toml))\n")
_FILES = re.compile(r"^# ([\w./-]+\.yaml)\n", re.MULTILINE)
_DATE = re.compile(r"\b20\d\d-\d\d-\d\d\b")
_HASH = re.compile(r"\b[0-9a-f]{40,64}\b|\b[0-9a-f]{8}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A fenced block: its info string, its text, and the line of the page that it starts at."""

    info: str
    body: str
    line: int

    @property
    def file(self) -> str | None:
        """The file that the block is, by the comment it starts with."""
        match = _FILE.match(self.body)
        return match["name"] if match else None

    def files(self, default: str) -> Iterator[tuple[str, str]]:
        """The files that the block is, each by the comment it starts with; else one of the default name."""
        names = [default, *_FILES.findall(self.body)]
        for name, text in zip(names, _FILES.sub("\0", self.body).split("\0"), strict=True):
            if text:
                yield name, text

    def commands(self) -> Iterator[tuple[str, str]]:
        """The commands of a console block, each with what it must print."""
        for part in re.split(r"^\$ ", self.body, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def fences(page: Path) -> list[Fence]:
    """All fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    return [
        Fence(info=match["info"], body=match["body"], line=text.count("\n", 0, match.start()) + 1)
        for match in _FENCE.finditer(text)
    ]


def matches(shown: str, printed: str) -> bool:
    """Whether what a page shows is what was printed."""
    shown, printed = _DATE.sub("<date>", shown), _DATE.sub("<date>", printed)
    pattern = re.escape(_HASH.sub("<hash>", shown))
    pattern = pattern.replace("…s", r"[\d.]+s").replace("…\\\n", "(?:.*\n)*").replace("…/", "\\S*/")
    return re.fullmatch(pattern, _HASH.sub("<hash>", printed)) is not None


def pages() -> list[Path]:
    """Every page that users read."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

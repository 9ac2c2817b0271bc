"""The hook in `.pre-commit-config.yaml`."""

from __future__ import annotations

import re
from collections import Counter

from hfpin.operations.init.change import Change, Refused, appended
from hfpin.scan import documents
from hfpin.scan.tree import Mapping, Node, Scalar, Sequence, leaves
from hfpin.span import SourceText

NAME = ".pre-commit-config.yaml"
_STANZA = """\
- repo: local  # hfpin, from the environment that it is installed in
  hooks:
  - id: hfpin-check
    name: Hub references are pinned
    entry: hfpin check
    language: system
    types: [text]
    files: \\.(ya?ml|jsonc?|toml)$
"""
_DASH = re.compile(rb"(?P<indent> *)-(?P<gap> +)")


def add_hook(before: bytes | None) -> Change | Refused | None:
    """Add the hook behind the last repo; None where a hook of hfpin is there.

    Args:
        before: The file; None where there is none.
    """
    if before is None or not before.strip():
        text = f"repos:\n{_STANZA}".encode()
        return Change(name=NAME, what="the hook", before=before, after=(before or b"") + text)
    try:
        source, trees = SourceText(before), documents(NAME, before)
    except ValueError:
        return _refused("it cannot be read")
    if any(path[-1] == "id" and text.startswith("hfpin-") for path, text in leaves(trees)):
        return None
    if not trees:  # nothing but comments
        after: bytes | None = appended(before, f"repos:\n{_STANZA}")
    else:
        repos = _repos(trees)
        if isinstance(repos, Refused):
            return repos
        after = _spliced(source, repos)
    if after is None or not _only_adds(before, after):
        return _refused("a repo cannot be added behind the last one without changing something else")
    return Change(name=NAME, what="the hook", before=before, after=after)


def for_the_top(before: bytes | None, name: str) -> Refused | None:
    """Say what to write into a file that pre-commit reads, and the project does not hold; None as above.

    Args:
        before: The file; None where there is none.
        name: What it is from here.
    """
    if before is not None and add_hook(before) is None:
        return None
    return Refused(name=name, reason="pre-commit reads that one, and it is not in this project", text=_STANZA)


def _repos(trees: tuple[Node, ...]) -> Sequence | Refused:
    """The list that the hook is added to."""
    if len(trees) > 1:
        return _refused("it holds more than one YAML document")
    repos = trees[0].own("repos") if isinstance(trees[0], Mapping) else ()
    if len(repos) == 1 and isinstance(repos[0], Sequence) and not repos[0].flow and repos[0].items:
        return repos[0]
    return _refused("its repos are no list with a line for each")


def _spliced(source: SourceText, repos: Sequence) -> bytes | None:
    first, last = _first_scalar(repos.items[0]), _last_scalar(repos.items[-1])
    if first is None or last is None:
        return None
    line = source.line_span(first.span.start)
    dash = _DASH.fullmatch(source.data[line.start : first.span.start])
    if dash is None:
        return None
    indent, gap = dash["indent"].decode(), dash["gap"].decode()
    inner = _hooks_indent(source, repos, len(indent) + 1 + len(gap))
    lines = []
    for number, text in enumerate(_STANZA.splitlines()):
        if number == 0:
            lines.append(f"{indent}-{gap}{text[2:]}")
        else:
            depth = " " * inner if number > 1 else ""
            lines.append(f"{indent} {gap}{depth}{text[2:]}")
    end = source.line_span(max(last.span.start, last.span.end - 1)).end
    added = "".join(f"{source.newline}{text}" for text in lines)
    return source.data[:end] + added.encode("utf-8") + source.data[end:]


def _hooks_indent(source: SourceText, repos: Sequence, column: int) -> int:
    """How much deeper than the key `hooks` the file puts its dashes."""
    for item in repos.items:
        hooks = item.own("hooks") if isinstance(item, Mapping) else ()
        if hooks and isinstance(hooks[0], Sequence) and not hooks[0].flow and hooks[0].items:
            first = _first_scalar(hooks[0].items[0])
            if first is not None:
                line = source.line_span(first.span.start)
                dash = _DASH.fullmatch(source.data[line.start : first.span.start])
                if dash is not None:
                    return max(0, len(dash["indent"]) - column)
    return 0


def _first_scalar(node: Node) -> Scalar | None:
    while not isinstance(node, Scalar):
        if isinstance(node, Mapping) and node.entries:
            node = node.entries[0][0]
        elif isinstance(node, Sequence) and node.items:
            node = node.items[0]
        else:
            return None
    return node


def _last_scalar(node: Node) -> Scalar | None:
    while not isinstance(node, Scalar):
        if isinstance(node, Mapping) and node.entries:
            node = node.entries[-1][1]
        elif isinstance(node, Sequence) and node.items:
            node = node.items[-1]
        else:
            return None
    return node


def _only_adds(before: bytes, after: bytes) -> bool:
    """Whether one item of the list is new, it is ours, and everything else is as it was."""
    try:
        old, new = (Counter(leaves(documents(NAME, data))) for data in (before, after))
        wanted = Counter(leaves(documents(NAME, _STANZA.encode())))
    except ValueError:
        return False
    come = new - old
    places = {path[:3] for path, _ in come}
    ours = Counter({((0, 0, *path[3:]), text): count for (path, text), count in come.items()})
    return not old - new and len(places) == 1 and ours == wanted


def _refused(reason: str) -> Refused:
    return Refused(name=NAME, reason=reason, text=_STANZA)

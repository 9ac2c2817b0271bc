"""Repo ids in commands, in arguments written as one text, and in code that stands in a config."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from hfpin.dataclass import dataclass
from hfpin.regex import lazily
from hfpin.repo import is_repo_id
from hfpin.scan.keys import KeyKind, kind, normal, revision_flags
from hfpin.scan.mentions import ID, Form, Mention, is_legacy, names_nothing_else
from hfpin.vocabulary import programs, shapes

_END = lazily(r"(?<!\\)(?<!\\\r)\r?\n|&&|\|\||;|\s\|\s")
_FOLDED_END = lazily(r"&&|\|\||;|\s\|\s")
"""Of a folded text, whose lines are one."""
_LEADING = lazily(rf"(?:>[-+0-9]*)?\s*(?:serve\s+)?(?P<id>{ID})(?=\s+(?:\\\s+)?--)", re.ASCII)
"""What an image whose entry point is an engine is given first."""
_PAIR = lazily(
    r"(?<![\w.-])(?:(?P<flag>--?[A-Za-z][\w.-]*)(?:=|[ \t]+(?:\\\r?\n\s*)?)|(?P<name>[A-Za-z_][\w.]*)=)"
    r"[\"']?(?![A-Za-z_]\w*=)(?P<value>[^\s\"',;()\\]+)",
    re.ASCII,
)
_FLAG_OF_PAIRS = lazily(
    r"(?<!\S)--(?P<flag>[A-Za-z][\w-]*)(?:(?:[ \t]|\\\r?\n)+[\"']?[\w.-]+=[^\s\\]*)+$", re.ASCII
)
_KEYWORD = lazily(r"[\"'](?:,[ \t]*(?:\r?\n|$|\w+[ \t]*=)|\))")
"""After a value: what makes it an argument in Python, of a request more often than of a load."""
_LINE = lazily(
    r"^[ \t]*(?:- )?[\"']?(?P<key>[A-Za-z_][\w.-]*)[\"']?[ \t]*:[ \t]+"
    rf"[\"']?(?P<id>{ID})[\"']?[ \t]*,?[ \t]*\r?$",
    re.ASCII | re.MULTILINE,
)
_HEREDOC = lazily(r"<<-?[ ]?[\"']?(?P<word>[A-Za-z_]+)")
_JSON_PAIR = lazily(
    rf"[\"'](?P<key>[A-Za-z_][\w.-]*)[\"']:[ ]?\\?[\"'](?P<id>{ID})\\?[\"'](?=\s*[,}}])", re.ASCII
)
_COMMENT = lazily(r"[ \t]*(?:#|//)")
_ENTRY = lazily(r"\s*(?:- +)*(?:[\"']?[A-Za-z_][\w./-]*[\"']?:(?:\s|$)|- ?\S)")
_NEARLY_ALL, _FEWEST = 0.9, 3
_VALUE = lazily(rf"(?P<id>{ID}|{shapes.LEGACY_ID.pattern})(?:@(?P<revision>[\w./-]+)|:[\w.-]+)?", re.ASCII)
_QUOTED = lazily(r"(?:(?P<name>[a-z_]+)\s*=\s*)?\\?[\"'](?P<value>[^\"'\\\n]*)\\?[\"']")
_NAMED_IN_CALL = frozenset("repo_id path model pretrained_model_name_or_path model_name_or_path".split())
_ASKS_A_SERVER = lazily(
    r"\bcurl\b|\bhttpie?\b|\bjq\b|\bdocker\s+(?:pull|push|build)\b|\bhf\s+upload\b|\becho\b"
)
_LONGEST = 500
"""How much of a command is kept to tell its program by."""


_MOST_FILES = 50
"""How many files of a script are looked at, for each of its lines."""
_MOST_PAIRS = 200
"""How many flags are looked at for the revision of another: no command has more."""


@dataclass(frozen=True, slots=True)
class _Pair:
    key: str
    value: str
    start: int
    is_flag: bool
    is_keyword: bool


def in_text(text: str) -> Iterator[Mention]:
    """Give the ids of a command, of several, or of `key=value,key=value`."""
    at = 0
    for end in (_FOLDED_END if text.startswith(">") else _END).finditer(text):
        yield from _in_command(text, at, end.start())
        at = end.end()
    yield from _in_command(text, at, len(text))
    if "(" in text:
        yield from _in_calls(text)
    if "{" in text:
        yield from _in_json(text)
    if "\n" in text:
        as_config, heredocs = is_config(text), list(islice(_heredocs(text), _MOST_FILES))
        for line in _LINE.finditer(text):
            if is_repo_id(line["id"]):
                key = normal(line["key"])
                around = next((text[start:end] for start, end in heredocs if start <= line.start() < end), "")
                form = Form.CONFIG if as_config or around else Form.LINE
                program = around[:_LONGEST]
                yield Mention(repo_id=line["id"], start=line.start("id"), form=form, key=key, program=program)


def is_config(text: str) -> bool:
    """Whether nearly all lines of a text are keys with values, or items of lists."""
    lines = [line for line in text.splitlines()[1:] if line.strip() and not line.lstrip().startswith("#")]
    entries = sum(_ENTRY.match(line) is not None for line in lines)
    return entries >= _FEWEST and entries > _NEARLY_ALL * len(lines)


def _heredocs(text: str) -> Iterator[tuple[int, int]]:
    """Give where the files stand that a script writes, from `<<EOF` to `EOF`; not what a server is asked."""
    at = 0
    while (opened := _HEREDOC.search(text, at)) is not None:
        ends = lazily(rf"\n[ \t]*{opened['word']}\b").search(text, opened.end())
        closed = ends.start() if ends is not None else len(text)
        line = text[text.rfind("\n", 0, opened.start()) + 1 : text.find("\n", opened.end())]
        if not _ASKS_A_SERVER.search(line):
            yield opened.end(), closed
        at = max(closed, opened.end())


def _in_command(text: str, start: int, end: int) -> Iterator[Mention]:
    if re.match(r"\s*#", text[start:end]):
        return
    program = text[start : min(end, start + _LONGEST)]
    if _ASKS_A_SERVER.search(program):
        return
    is_python = " -m" in program and re.search(programs.FLAG_PROGRAM, program) is not None
    pairs = [
        _Pair(
            key="model" if is_python and match["flag"] == "-m" else normal(match["flag"] or match["name"]),
            value=match["value"],
            start=match.start("value"),
            is_flag=bool(match["flag"]),
            is_keyword=_KEYWORD.match(text, match.end()) is not None and not match["flag"],
        )
        for match in _PAIR.finditer(text, start, end)
    ]
    yield from _from_pairs(text, pairs, program)
    first = _LEADING.match(text, start, end) if start == 0 and "\n" not in text[:1] else None
    runs_engine = first is not None and any(pair.key in programs.MODEL_OPTIONS for pair in pairs)
    leading = (first,) if first is not None and runs_engine else ()
    for match in (*leading, *lazily(programs.POSITIONAL).finditer(text, start, end)):
        revision = _flag_revision(pairs, "model")
        yield Mention(
            repo_id=match["id"],
            start=match.start("id"),
            form=Form.COMMAND,
            key=match[0].split()[0],
            repo_type="dataset" if "--repo-type dataset" in program else None,
            revision=revision.value if revision else None,
            revision_start=revision.start if revision else -1,
            program=program,
        )


def _flag_before(text: str) -> str:
    """The flag that a `name=value` is one of the values of: `--lora-modules a=org/a b=org/b`."""
    found = _FLAG_OF_PAIRS.search(text)
    return normal(found["flag"]) if found is not None else ""


def _from_pairs(text: str, pairs: Sequence[_Pair], program: str) -> Iterator[Mention]:
    for pair in pairs:
        named = pair.value.rfind("=") + 1 if pair.is_flag else 0  # `--lora-modules name=org/name`
        match = _VALUE.fullmatch(pair.value, named)
        if pair.is_flag and _is_old_dataset(pair, pairs):
            yield Mention(
                repo_id=pair.value,
                start=pair.start,
                form=Form.FLAG,
                key=pair.key,
                repo_type="dataset",
                program=program,
            )
        if match is not None and "/" not in match["id"] and not takes_word(pair.key, match["id"]):
            continue
        if match is None or (pair.is_keyword and "\n" in text) or not is_repo_id(match["id"]):
            continue
        below = "" if pair.is_flag else _flag_before(text[max(0, pair.start - _LONGEST) : pair.start])
        revision = _flag_revision(pairs, pair.key, below)
        written = match["revision"]
        yield Mention(
            repo_id=match["id"],
            start=pair.start + named,
            form=Form.FLAG if pair.is_flag else Form.ARGUMENT,
            key=pair.key,
            revision=written or (revision.value if revision else None),
            revision_start=pair.start + match.start("revision")
            if written
            else revision.start
            if revision
            else -1,
            program=program,
        )


def _is_old_dataset(pair: _Pair, pairs: Sequence[_Pair]) -> bool:
    """Whether a flag of transformers' scripts has one of the oldest datasets."""
    is_one = kind(pair.key) is KeyKind.DATASET and pair.value in shapes.LEGACY_DATASETS
    return is_one and any(other.key in programs.SUBSET_OPTIONS for other in pairs[:_MOST_PAIRS])


def takes_word(key: str, word: str) -> bool:
    """Whether a word after a flag or a name is an id: one that is also a family's is less surely so."""
    found = kind(key)
    is_id = names_nothing_else(word) or key.endswith("_id")
    return found is KeyKind.CERTAIN or (found is KeyKind.MODEL and is_id)


def _flag_revision(pairs: Sequence[_Pair], key: str, below: str = "") -> _Pair | None:
    """The flag that carries the revision of what another flag names: by prefix, or the plain one."""
    wanted = revision_flags(key, below=below)
    return next((pair for pair in pairs[:_MOST_PAIRS] if pair.key in wanted), None)


def _in_json(text: str) -> Iterator[Mention]:
    """Give the ids of JSON within a text, which is an option (`--speculative-config '{"model": …}'`)."""
    if _ASKS_A_SERVER.search(text):
        return
    is_json = text.lstrip("|>+-0123456789 \t\r\n").startswith(("{", "["))  # after a block's own mark
    form = Form.CONFIG if is_json or "--" in text else Form.LINE
    for pair in _JSON_PAIR.finditer(text):
        if is_repo_id(pair["id"]):
            yield Mention(repo_id=pair["id"], start=pair.start("id"), form=form, key=normal(pair["key"]))


def _in_calls(text: str) -> Iterator[Mention]:
    for call in lazily(programs.CALL).finditer(text):
        if _COMMENT.match(text, text.rfind("\n", 0, call.start()) + 1):
            continue
        found: Mention | None = None
        revision: tuple[str, int] | None = None
        for number, argument in enumerate(_QUOTED.finditer(text, call.start("args"), call.end("args"))):
            if argument["name"] == "revision":
                revision = (argument["value"], argument.start("value"))
            named = argument["name"] in _NAMED_IN_CALL or (number == 0 and argument["name"] is None)
            if found is None and named and _is_loaded(call["call"], argument["value"]):
                found = Mention(
                    repo_id=argument["value"],
                    start=argument.start("value"),
                    form=Form.CALL,
                    key=call["call"],
                    repo_type="dataset" if call["call"].startswith("load_dataset") else None,
                )
        if found is not None and is_repo_id(found.repo_id):
            yield found if revision is None else _at(found, *revision)


def _is_loaded(call: str, value: str) -> bool:
    """Whether the argument of a call is an id: with a namespace, or one that never had any."""
    if "/" in value:
        return re.fullmatch(ID, value) is not None
    return value in shapes.LEGACY_DATASETS if call.startswith("load_dataset") else is_legacy(value)


def _at(mention: Mention, revision: str, start: int) -> Mention:
    return Mention(
        repo_id=mention.repo_id,
        start=mention.start,
        form=mention.form,
        key=mention.key,
        repo_type=mention.repo_type,
        revision=revision,
        revision_start=start,
    )

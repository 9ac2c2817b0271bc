"""Flags and values that stand as items of a list: `args: ["--model", "org/name"]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hfpin.dataclass import dataclass, replace
from hfpin.scan import mentions
from hfpin.scan.keys import normal, revision_flags
from hfpin.scan.mentions import Form, Mention
from hfpin.scan.tree import Scalar, Sequence
from hfpin.vocabulary import programs, shapes

_MOST = 500
"""How much of the list tells which program it runs."""
_COMMANDS = (("vllm", "serve"), ("huggingface-cli", "download"), ("hf", "download"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """A list of arguments.

    Args:
        flags: The flag before each item that follows one.
        program: The first words of the list.
        is_one: Whether it is such a list, and not one of other things.
        positional: The place of what `vllm serve` and its like take first.
    """

    flags: Mapping[int, str]
    program: str
    is_one: bool
    positional: int | None

    def at(self, index: int, whole: list[Mention], value: str) -> Iterator[Mention]:
        """Give the mentions of one item: of what its flag names, or of the flags that it holds itself."""
        from hfpin.scan import commands  # here: as in `judging`

        for mention in whole:
            if index in self.flags and mention.form is Form.WORD:
                is_old = shapes.LEGACY_ID.fullmatch(mention.repo_id)
                if is_old and commands.takes_word(normal(self.flags[index]), mention.repo_id):
                    yield replace(mention, form=Form.FLAG, key=normal(self.flags[index]))
            elif index in self.flags:
                yield replace(mention, form=Form.FLAG, key=normal(self.flags[index]), program=self.program)
            elif index == self.positional:
                yield replace(mention, form=Form.COMMAND, key="serve", program=self.program)
            else:
                yield mention
        if whole or "/" not in value:
            return
        yield from mentions.addresses(value)
        name, _, rest = value.partition("=")
        if index in self.flags and re.fullmatch(
            r"[\w.-]+=\S+", value
        ):  # `--lora-modules`, then `name=org/name`
            for mention in mentions.in_value(rest):
                at = len(name) + 1 + mention.start
                yield replace(mention, form=Form.FLAG, key=normal(self.flags[index]), start=at)
            return
        for mention in commands.in_text(value):
            yield replace(mention, program=self.program)


def read(items: Sequence, command: tuple[str, ...] = ()) -> Arguments:
    """Tell which items of a list are flags, and which are their values.

    Args:
        items: The list.
        command: The words that stand before it, where it is the `args` of a `command`.
    """
    flags: dict[int, str] = {}
    texts = [item.value if isinstance(item, Scalar) else "" for item in items.items]
    has_flags = False
    for index, text in enumerate(texts):
        if not re.match(r"--?[A-Za-z]", text):
            if flags.get(index, "").endswith("s") and index + 1 < len(texts):
                flags[index + 1] = flags[index]  # `--models` takes several
            continue
        has_flags = True
        takes_next = index + 1 < len(texts) and not re.match(r"--?[A-Za-z]", texts[index + 1])
        if " " not in text and "=" not in text and takes_next:
            flags[index + 1] = text
    positional = None
    words = [*(word.rpartition("/")[2] for word in command), *texts[:10]]
    for first, second in _COMMANDS:
        for index in range(len(words) - 2):
            if words[index] == first and words[index + 1] == second and index + 2 >= len(command):
                positional = index + 2 - len(command)
    if positional is None and any(normal(flag) in programs.MODEL_OPTIONS for flag in flags.values()):
        positional = 1 if texts[0] == "serve" else 0  # the image runs the engine
    return Arguments(
        flags=flags,
        is_one=has_flags or positional is not None,
        program=" ".join((*command, *texts))[:_MOST] if has_flags or positional else "",
        positional=positional,
    )


def revision(items: Sequence, index: int, mention: Mention) -> tuple[int, Scalar, int] | None:
    """Find the revision of what an item names: the item, and where in its value the revision starts."""
    if mention.form not in (Form.FLAG, Form.COMMAND, Form.ARGUMENT):
        return None
    wanted = revision_flags(mention.key)
    for at in items.revisions[:_MOST_REVISIONS]:
        item, following = (*items.items[at : at + 2], None)[:2]
        text = item.value if isinstance(item, Scalar) else ""
        is_flag = text.startswith("-") and normal(text) in wanted
        if is_flag and isinstance(following, Scalar) and at + 1 != index:
            return at + 1, following, 0
        flag, equals, _ = text.partition("=")
        is_pair = equals and (flag.startswith("-") or mention.form is Form.ARGUMENT) and at != index
        if isinstance(item, Scalar) and is_pair and normal(flag) in wanted:
            return at, item, len(flag) + 1
    return None


_MOST_REVISIONS = 100
"""How many revisions of one list are looked at for each id in it: no command has more."""

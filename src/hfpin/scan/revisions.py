"""Which revision, of those around an id, is its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hfpin.dataclass import dataclass
from hfpin.reference import NoSlot, Slot
from hfpin.repo import is_commit
from hfpin.scan.block import Block
from hfpin.scan.candidate import Candidate
from hfpin.scan.keys import KeyKind, kind, normal, repo_type, stem
from hfpin.scan.mentions import is_local
from hfpin.scan.places import DEEPEST, Frame
from hfpin.scan.plain import reads_as
from hfpin.scan.slots import Beside, Syntax, existing_slot, new_slot, requested_name, value_slot
from hfpin.scan.tree import KeyPath, Mapping, Node, Scalar, resolve
from hfpin.span import SourceText, Span
from hfpin.vocabulary import keys, programs

_KWARGS = ("init_kwargs", "kwargs", "hub_kwargs", "hf_kwargs")
_MODEL_KWARGS = ("model_kwargs", "model_args", "model_init_kwargs", "from_pretrained_kwargs")
_DATASET_KWARGS = ("load_dataset_kwargs", "dataset_kwargs")
_SECONDARY = ("tokenizer", "dataset", "adapter", "lora", "gguf", "draft", "processor", *keys.KERNEL_KEYS)
_MODEL_KEYS = frozenset({"model", "model_id", "model_name", "model_path"})
_FULL_NAME_KEYS = frozenset({"base_model_name_or_path", "pretrained_model_name_or_path"})
_NAME_KEYS = (keys.CERTAIN_KEYS - keys.KERNEL_KEYS) | _MODEL_KEYS | _FULL_NAME_KEYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A reference's revision, as far as the file says, and where one can be written."""

    revision: str | None = None
    span: Span | None = None
    requested: str | None = None
    slot: Slot | NoSlot
    reads_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Far:
    """A revision outside the mapping that holds the id."""

    path: KeyPath
    node: Node


def settle(candidate: Candidate, source: SourceText, syntax: Syntax, key: Scalar) -> Settled:
    """Find the revision of an id that is the value of a key."""
    frame = candidate.place.frame
    block = frame.block
    if block is None or frame.depth > DEEPEST:
        return Settled(
            slot=NoSlot(reason="it nests too deep", hint="Write it nearer to the top of the file.")
        )
    beside = Beside(
        source=source,
        mapping=block.mapping,
        path=frame.path,
        key=key,
        id_node=candidate.place.node,
        revision_keys=tuple(_near_keys(candidate, block)),
        syntax=syntax,
    )
    found = beside.revision_node()
    if found is not None:
        return _settled(found[1], source, existing_slot(beside, *found))
    far = next(_far(candidate, block, frame), None)
    if far is not None:
        return _settled(far.node, source, value_slot(source, far.path, far.node, syntax))
    return Settled(slot=_new(candidate, beside))


def _settled(node: Node, source: SourceText, slot: Slot | NoSlot) -> Settled:
    scalar = resolve(node)
    if not isinstance(scalar, Scalar) or scalar.is_null or not scalar.value.strip():
        return Settled(slot=slot)
    requested = requested_name(source, scalar.span.end)
    return Settled(
        revision=scalar.value, span=scalar.inner, requested=requested, slot=slot, reads_as=reads_as(scalar)
    )


def _near_keys(candidate: Candidate, block: Block) -> Iterator[str]:
    """The keys, as they are written here, that carry the revision if they are there, the best one first."""
    own = candidate.key
    _, taught = candidate.facts.taught_keys.get(own, ("", None))
    if taught is not None:
        yield taught
    entry = keys.ID_KEYS.get(own)
    wanted = list(entry.revision_keys) if entry is not None else []
    if (repo_type(own) == "dataset" or own.startswith("base_model")) and not _is_main(candidate, block):
        wanted = [name for name in wanted if name != "revision"]
    yield from (block.values[name][0] if name in block.values else name for name in wanted)
    stems = [own, stem(own)]
    if "_" in stems[1]:
        stems.append(stems[1].rpartition("_")[0])
    wanted = [f"{one}_{word}" for one in stems for word in keys.REVISION_WORDS if one]
    wanted += [f"revision_of_{own}", f"{own}revision"]
    if _is_main(candidate, block):
        wanted += [normal(name) for name in candidate.facts.taught.revision_keys]
        wanted += keys.REVISION_KEYS
        # These words mean other things too, so a whole commit has to stand there, or a default branch.
        wanted += [name for name in keys.COMMIT_KEYS if _is_at(block.texts.get(name, ""))]
    for name in wanted:
        if name in block.values and (name != "sha" or candidate.kind is not KeyKind.GENERAL):
            yield block.values[name][0]
    if stems[1] in block.commits:
        yield block.commits[stems[1]]
    is_second = any(word in own for word in _SECONDARY)  # what is merged in may be about a model
    if block.mapping.own("<<") and _is_main(candidate, block) and not is_second:
        yield "revision"


def _is_at(text: str) -> bool:
    return is_commit(text) or text in ("main", "master", "HEAD")


def _is_main(candidate: Candidate, block: Block) -> bool:
    """Whether a plain `revision` in the block is this one's: it is not a second thing that it loads."""
    own = candidate.key
    if own in keys.KERNEL_KEYS:
        return False  # a kernel carries its own: `org/name@revision`
    if any(word in own for word in _SECONDARY):
        return all(is_local(block.texts[key]) for key in block.loading if key != own)
    if own.startswith("base_model") and any("/" in block.texts.get(key, "") for key in _MODEL_KEYS):
        return False  # the base of an adapter, which the revision is of
    if own in _NAME_KEYS:
        return True
    if _NAME_KEYS & block.texts.keys():
        return False
    others = (key for key in block.loading if key != own and not any(word in key for word in _SECONDARY))
    return not any("/" in block.texts[key] for key in others)  # of two that are alike, neither is


def _far(candidate: Candidate, block: Block, frame: Frame) -> Iterator[_Far]:
    """Give revisions outside the mapping: in its kwargs, in `env`, above its section, in its arguments."""
    kwargs: tuple[str, ...] = _DATASET_KWARGS if repo_type(candidate.key) == "dataset" else ()
    if not kwargs and _is_main(candidate, block):
        kwargs = _MODEL_KWARGS
    for name in (f"{candidate.key.partition('_')[0]}_kwargs", *kwargs, *_KWARGS):
        written, inner = block.values.get(name, ("", None))
        if isinstance(inner, Mapping):
            for node in inner.own("revision")[-1:]:
                yield _Far(path=(*frame.path, written, "revision"), node=node)
    if candidate.place.governing != normal(candidate.place.key.value if candidate.place.key else ""):
        yield from _in_env(candidate, frame)
    yield from _above_section(frame)
    if _is_main(candidate, block):
        yield from _in_section(block, frame)
    if "tokenizer" not in candidate.key and "dataset" not in candidate.key:
        for above in (frame, _owner(frame)):
            if above is not None and above.block is not None and above.block.flag_revision is not None:
                path, scalar = above.block.flag_revision
                yield _Far(path=(*above.path, *path), node=scalar)


def _above_section(frame: Frame) -> Iterator[_Far]:
    """`model_revision` beside a section `model` that holds the id."""
    outer = frame.above
    if outer is None or outer.block is None or not isinstance(frame.step, str):
        return
    section = normal(frame.step)
    if kind(section) in (KeyKind.MODEL, KeyKind.DATASET, KeyKind.ROLE, KeyKind.CERTAIN):
        for one, word in product({section: None, stem(section): None}, keys.REVISION_WORDS):
            if f"{one}_{word}" in outer.block.values:
                written, node = outer.block.values[f"{one}_{word}"]
                inner = node.own("value")[-1:] if isinstance(node, Mapping) else []  # of a sweep's parameter
                steps = (*outer.path, written, *("value" for _ in inner))
                yield _Far(path=steps, node=inner[0] if inner else node)


def _in_section(block: Block, frame: Frame) -> Iterator[_Far]:
    """A revision of the Hub in a section beside the id that has no id of its own."""
    for written, node in list(block.values.values())[:_MOST_ENTRIES]:
        if isinstance(node, Mapping) and not Block(node).names_id:
            for name in keys.SECTION_REVISION_KEYS:
                for value in node.own(name)[-1:]:
                    yield _Far(path=(*frame.path, written, name), node=value)


def _owner(frame: Frame) -> Frame | None:
    """The mapping around a mapping, across a list (an entry of `env`, say)."""
    above = frame.above
    while above is not None and above.block is None:
        above = above.above
    return above


def _in_env(candidate: Candidate, frame: Frame) -> Iterator[_Far]:
    """The value of the entry of `env` that is called like this one's revision."""
    items = frame.above.items if frame.above is not None else None
    if frame.above is None or items is None or len(items.items) > _MOST_ENTRIES:
        return
    wanted = {f"{stem(candidate.key)}_revision", f"{candidate.key}_revision", "revision", "model_revision"}
    for index, item in enumerate(items.items):
        if isinstance(item, Mapping):
            name, value = (resolve(next(iter(item.own(key)), None)) for key in ("name", "value"))
            if isinstance(name, Scalar) and isinstance(value, Scalar) and normal(name.value) in wanted:
                yield _Far(path=(*frame.above.path, index, "value"), node=value)


_MOST_ENTRIES = 200
"""How long a list of environment variables is read for each of its entries: nobody's is longer."""


def _new(candidate: Candidate, beside: Beside) -> Slot | NoSlot:
    """Find where a revision can be added, if the program reads one there."""
    written = beside.key.value
    if "." in written and beside.syntax is Syntax.TOML:
        return NoSlot(reason="its key is a dotted one", hint="Write its revision beside it by hand.")
    is_taught, revision_key = candidate.facts.taught_keys.get(candidate.key, ("", None))
    if written in keys.UNREAD_REVISIONS and not revision_key:
        return NoSlot(
            reason=keys.UNREAD_REVISIONS[written],
            hint="Load a local copy that is pinned: repo_id, revision and local_dir in a mapping of its own.",
        )
    entry = keys.ID_KEYS.get(written)
    writes = entry.revision_keys[:1] if entry is not None else ()
    if revision_key is not None:
        writes = (revision_key,)
    if not writes and beside.mapping.tag == "":
        writes = _by_class(candidate) or _by_program(candidate)
    if not writes and is_taught:
        return NoSlot(
            reason=f"[tool.hfpin] does not say which key carries the revision of {written!r}",
            hint=f'Say it there: {is_taught}-keys = {{ {written} = "…" }}.',
        )
    if not writes:
        return NoSlot(
            reason=f"no program is known that reads a revision beside {written!r}",
            hint="Where its program has a key for the revision, write it there by hand.",
        )
    return new_slot(
        Beside(
            source=beside.source,
            mapping=beside.mapping,
            path=beside.path,
            key=beside.key,
            id_node=beside.id_node,
            revision_keys=writes,
            syntax=beside.syntax,
        )
    )


def _by_class(candidate: Candidate) -> tuple[str, ...]:
    """A function that ends in from_pretrained or load_dataset takes `revision`, and so does torchtune's."""
    texts = candidate.block.texts if candidate.block is not None else {}
    for key in ("_target_", "_component_"):
        name = texts.get(key, "")
        if name.endswith((".from_pretrained", "load_dataset", "snapshot_download")):
            return ("revision",)
        if name.startswith("torchtune.datasets.") and candidate.key == "source":
            return ("revision",)
    return ()


def _by_program(candidate: Candidate) -> tuple[str, ...]:
    """The entries of axolotl's `datasets` take `revision` beside their `path`."""
    is_axolotls = "base_model" in candidate.facts.keys and not programs.AXOLOTL_KEYS.isdisjoint(
        candidate.facts.keys
    )
    is_entry = candidate.key == "path" and candidate.above[:1] in (("datasets",), ("test_datasets",))
    return ("revision",) if is_axolotls and is_entry and candidate.place.index is None else ()

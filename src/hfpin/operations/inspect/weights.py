"""Look at the weights of a folder, format by format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING

from hfpin.dataclass import dataclass, field
from hfpin.operations.inspect.files import Files
from hfpin.operations.inspect.values import Checkpoint, Fault, Trouble
from hfpin.regex import lazily
from hfpin.tensors import MalformedError, Tensor
from hfpin.tensors.index import LONGEST, WeightIndex, read_index
from hfpin.tensors.kinds import HEAD, PICKLES, kind_of
from hfpin.tensors.safetensors import read_layout
from hfpin.weights import PICKLED, is_index, is_weights

if TYPE_CHECKING:  # read where there are such files
    from hfpin.tensors.gguf import Gguf

_NUMBERED = lazily(r"(?P<stem>.*)-(?P<number>\d{5})-of-(?P<count>\d{5})")
_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
_MOST_ABSENT = 1000
_LONGEST = 500


@dataclass(slots=True)
class Tally:
    """What the files of one set of weights add up to.

    Args:
        files: The files, as far as they are there.
        tensors: How many tensors were seen; None where headers tell none.
        parameters: The numbers in them.
        dtypes: Tensors by type.
        size: Bytes of the tensors.
        names: Each file's tensors.
    """

    files: list[str] = field(default_factory=list)
    tensors: int | None = None
    parameters: int = 0
    dtypes: Counter[str] = field(default_factory=Counter)
    size: int = 0
    names: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, path: str, tensors: Mapping[str, Tensor], size: int) -> None:
        """Add the tensors of a file."""
        self.tensors = (self.tensors or 0) + len(tensors)
        self.parameters += sum(prod(tensor.shape) for tensor in tensors.values())
        self.dtypes.update(tensor.dtype for tensor in tensors.values())
        self.size += size
        self.names[path] = frozenset(tensors)


@dataclass(slots=True)
class Weights:
    """The weights of a folder, looked at once.

    Args:
        files: The folder.
        checkpoints: What was found.
        faults: What is wrong.
        notes: What is worth knowing.
    """

    files: Files
    checkpoints: list[Checkpoint] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def look(self) -> None:
        """Look at everything."""
        seen: set[str] = set()
        for path in self.files.sizes:
            if is_index(path):
                seen |= self._indexed(path)
        rest = [path for path in self.files.sizes if is_weights(path) and path not in seen]
        for (stem, ending, count), found in _grouped(rest).items():
            for number in _absent(found, count):
                path = f"{stem}-{number:05}-of-{count:05}.{ending}"
                self.fault(path, Trouble.MISSING, f"it is one of {count} by name, and {len(found)} are here")
            self._keep(stem, ending, self._read(found.values(), ending))

    def fault(self, path: str, trouble: Trouble, reason: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(path=_cut(path), trouble=trouble, reason=_cut(reason)))

    def _indexed(self, path: str) -> set[str]:
        """Look at the set that an index names; give its files."""
        folder, _, name = path.rpartition("/")
        prefix = f"{folder}/" if folder else ""
        try:
            index = read_index(path, self.files.whole(path, LONGEST))
        except MalformedError as error:
            self.fault(path, Trouble.BROKEN, error.reason)
            return set()
        shards = {f"{prefix}{shard}": names for shard, names in index.shards.items()}
        there = [shard for shard in shards if shard in self.files.sizes]
        ending = name.partition(".index")[0].rpartition(".")[2]
        if not there and ending != "safetensors" and self._has_other(prefix):
            return set()  # nearly every repo keeps the index of a format that its patterns leave out
        for shard in shards.keys() - set(there):
            self.fault(shard, Trouble.MISSING, f"{path} names it")
        tally = self._read(there, ending)
        self._compare(path, index, shards, tally, complete=len(there) == len(shards))
        self._keep(prefix + name.partition(f".{ending}.")[0], ending, tally)
        return set(shards)

    def _has_other(self, prefix: str) -> bool:
        return any(
            is_weights(path) and path.startswith(prefix) and "/" not in path[len(prefix) :]
            for path in self.files.sizes
        )

    def _compare(
        self,
        path: str,
        index: WeightIndex,
        shards: Mapping[str, frozenset[str]],
        tally: Tally,
        *,
        complete: bool,
    ) -> None:
        """Hold an index against the headers of its shards, or where there are none against their sizes."""
        for shard, found in tally.names.items():
            lost = sorted(shards[shard] - found)
            if lost:
                more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
                self.fault(
                    shard, Trouble.DIFFERS, f"{path} says that it holds {lost[0]!r}{more}, and it does not"
                )
            extra = sorted(found - shards[shard])
            if extra:
                self.notes.append(_cut(f"{shard} holds {extra[0]!r}, which {path} does not give it"))
        total = index.total_size
        if total is None or not complete or any(fault.path in shards for fault in self.faults):
            return
        if tally.tensors is not None and tally.size != total:
            self.fault(
                path,
                Trouble.DIFFERS,
                f"its total_size is {total}, and the shards' headers are about {tally.size}",
            )
        size = sum(self.files.sizes[shard] for shard in shards)
        if tally.tensors is None and size < total:
            self.fault(path, Trouble.DIFFERS, f"its total_size is {total}, and the shards have {size} bytes")

    def _keep(self, name: str, ending: str, tally: Tally) -> None:
        dtypes = sorted(tally.dtypes.items(), key=lambda item: (-item[1], item[0]))
        self.checkpoints.append(
            Checkpoint(
                name=name,
                format=ending,
                files=tuple(tally.files),
                size=sum(self.files.sizes[path] for path in tally.files),
                tensors=tally.tensors,
                parameters=tally.parameters if tally.names else None,
                dtypes=tuple(dtypes),
            )
        )

    def _read(self, paths: Iterable[str], ending: str) -> Tally:
        tally = Tally()
        splits: dict[str, Gguf] = {}
        for path in paths:
            tally.files.append(path)
            try:
                self._file(path, ending, tally, splits)
            except MalformedError as error:
                self.fault(path, Trouble.BROKEN, f"not {error.kind}: {error.reason}")
        self.faults += _split_faults(splits)
        return tally

    def _file(self, path: str, ending: str, tally: Tally, splits: dict[str, Gguf]) -> None:
        size = self.files.sizes[path]
        with self.files.reading(path) as read:
            head = read(0, min(HEAD, size))
            if head.startswith(_POINTER):
                self.fault(
                    path, Trouble.BROKEN, "a Git LFS pointer in place of the file: `git lfs pull` brings it"
                )
            elif not head:
                self.fault(path, Trouble.BROKEN, "it is empty")
            elif ending == "safetensors":
                layout = read_layout(path, read, size)
                tally.add(path, layout.tensors, layout.size)
            elif ending == "gguf":
                from hfpin.tensors.gguf import read_gguf

                splits[path] = found = read_gguf(path, read, size)
                tally.add(path, found.tensors, found.size)
            elif ending == "onnx":
                from hfpin.tensors.onnx import read_onnx

                model = read_onnx(path, read, size)
                tally.tensors = (tally.tensors or 0) + model.tensors
                self._external(path, model.external, tally)
            elif ending in PICKLED and kind_of(head, size) not in {*PICKLES, None}:
                self.notes.append(f"{path} is {kind_of(head, size)} by its content, whatever its name says")

    def _external(self, path: str, external: Mapping[str, int], tally: Tally) -> None:
        """Look at the files that hold the weights of an ONNX model."""
        prefix = path[: path.rfind("/") + 1]
        for location, end in sorted(external.items()):
            other = f"{prefix}{location.removeprefix('./')}"
            size = self.files.sizes.get(other)
            if ".." in other.split("/") or location.startswith("/"):
                self.fault(path, Trouble.BROKEN, f"it keeps weights in {location!r}, outside of its folder")
            elif size is None:
                self.fault(other, Trouble.MISSING, f"{path} keeps weights in it")
            else:
                tally.files.append(other)
                if size < end:
                    self.fault(other, Trouble.BROKEN, f"{path} reads it up to byte {end}, and it has {size}")


def _split_faults(splits: Mapping[str, Gguf]) -> Iterator[Fault]:
    """Hold the parts of a split GGUF against what each says of the whole (llama.cpp, `gguf-split`)."""
    total = sum(len(part.tensors) for part in splits.values())
    for path, part in splits.items():
        number, count = _number(part, "split.no", 0) + 1, _number(part, "split.count", 1)
        match = _NUMBERED.fullmatch(path.rpartition(".")[0])
        by_name = (1, 1) if match is None else (int(match["number"]), int(match["count"]))
        if (number, count) != by_name and not (count <= 1 and by_name == (1, 1)):
            reason = f"by its header it is part {number} of {count}"
            yield Fault(path=path, trouble=Trouble.DIFFERS, reason=reason)
        elif (
            number == 1 and len(splits) == count > 1 and _number(part, "split.tensors.count", total) != total
        ):
            reason = f"it says {part.metadata['split.tensors.count']} tensors, and all parts have {total}"
            yield Fault(path=path, trouble=Trouble.DIFFERS, reason=reason)


def _cut(text: str) -> str:
    """A text as a message can hold it: names in an index are a stranger's, and of any length."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _number(part: Gguf, key: str, default: int) -> int:
    value = part.metadata.get(key)
    return value if isinstance(value, int) else default


def _grouped(paths: Iterable[str]) -> dict[tuple[str, str, int], dict[int, str]]:
    """Group files by name without number, ending, and how many there should be: 0 where no number says it."""
    groups: dict[tuple[str, str, int], dict[int, str]] = {}
    for path in sorted(paths):
        stem, _, ending = path.rpartition(".")
        match = _NUMBERED.fullmatch(stem)
        if match is None:
            groups[stem, ending, 0] = {0: path}
        else:
            groups.setdefault((match["stem"], ending, int(match["count"])), {})[int(match["number"])] = path
    return groups


def _absent(found: Mapping[int, str], count: int) -> Iterator[int]:
    """The numbers of a set that are not there, at most a thousand: a name may claim any count.

    transformers counts from 1, TensorFlow and datasets from 0.
    """
    first = 0 if 0 in found else 1
    for number in range(first, first + min(count, len(found) + _MOST_ABSENT)):
        if number not in found:
            yield number

"""Which files an ONNX model keeps its weights in, by the model's own protobuf.

Source: onnx's `onnx.proto`: a ModelProto has a graph, a graph initializers and nodes, a node attributes that
may hold tensors and graphs again, and a TensorProto `external_data`: pairs that say `location`, `offset`
and `length`. The file is walked by lengths; weights that it holds itself are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hfpin.dataclass import dataclass
from hfpin.tensors.values import MalformedError, Read
from hfpin.tensors.window import Window

_MOST_FIELDS = 2_000_000
_LONGEST_TEXT = 1 << 16
_DEEPEST = 64
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_VARINT_BITS = 63

_MESSAGES: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {
        "model": {7: "graph", 25: "function"},
        "graph": {1: "node", 5: "tensor", 15: "sparse"},
        "function": {7: "node"},
        "node": {5: "attribute"},
        "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
        "sparse": {1: "tensor", 2: "tensor"},
        "tensor": {13: "entry"},
        "entry": {1: "key", 2: "value"},
    }
)
"""What is entered: a message, its fields, and what each of them holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Onnx:
    """An ONNX model.

    Args:
        tensors: How many it has.
        external: The files that hold some of them, relative to the model's, each with the offset up to which
            it must reach; 0 where the model does not say.
    """

    tensors: int
    external: dict[str, int]


def read_onnx(path: str, read: Read, size: int) -> Onnx:
    """Walk a model.

    Args:
        path: The file, in its repo.
        read: Reads from it.
        size: The file's bytes.

    Raises:
        MalformedError: The file is not ONNX, or cut short.
    """
    walk = _Walk(path, Window(read, size))
    try:
        return walk.run()
    except EOFError:
        raise _malformed(path, "it is cut short") from None


class _Walk:
    """One pass over a file: the messages that it is in are a stack, so no depth matters."""

    def __init__(self, path: str, window: Window) -> None:
        self._path = path
        self._window = window
        self._inside: list[tuple[str, int]] = [("model", window.size)]
        self._entries: list[dict[str, str]] = []
        self._external: dict[str, int] = {}
        self._tensors = 0

    def run(self) -> Onnx:
        for _ in range(_MOST_FIELDS):
            while self._inside and self._window.position >= self._inside[-1][1]:
                self._leave()
            if not self._inside:
                return Onnx(tensors=self._tensors, external=self._external)
            self._field()
        raise _malformed(self._path, f"it has more than {_MOST_FIELDS} fields")

    def _leave(self) -> None:
        message, end = self._inside.pop()
        if self._window.position > end:
            raise _malformed(self._path, "a field is longer than what it is in")
        if message == "tensor":
            self._tensors += 1
            self._note({entry.get("key", ""): entry.get("value", "") for entry in self._entries})
            self._entries.clear()

    def _note(self, said: dict[str, str]) -> None:
        location = said.get("location")
        if location is None:
            return
        numbers = [said.get(key, "0") for key in ("offset", "length")]
        if not all(number.isdecimal() and len(number) < len(str(1 << 64)) for number in numbers):
            raise _malformed(self._path, f"where a tensor is in {location!r} is no number")
        end = sum(map(int, numbers))
        self._external[location] = max(end, self._external.get(location, 0))

    def _field(self) -> None:
        tag = self._varint()
        number, kind = tag >> 3, tag & 7
        if not number:  # no message has such a field: most of all, zeros are no protobuf
            raise _malformed(self._path, "a field has no number")
        if kind == _VARINT:
            self._varint()
        elif kind == _LENGTH:
            self._message(number, self._varint())
        elif kind in (_FIXED64, _FIXED32):
            self._window.skip(8 if kind == _FIXED64 else 4)
        else:
            raise _malformed(self._path, f"a field is of an unknown kind, {kind}")

    def _message(self, number: int, length: int) -> None:
        inner = _MESSAGES[self._inside[-1][0]].get(number)
        if inner is None:
            self._window.skip(length)
        elif inner in ("key", "value"):
            if length > _LONGEST_TEXT:
                raise _malformed(self._path, f"a text would be {length} bytes long")
            self._entries[-1][inner] = self._window.take(length).decode("utf-8", "replace")
        elif len(self._inside) == _DEEPEST:
            raise _malformed(self._path, f"it is nested more than {_DEEPEST} deep")
        elif length > self._inside[-1][1] - self._window.position:
            raise EOFError
        else:
            if inner == "entry":
                self._entries.append({})
            self._inside.append((inner, self._window.position + length))

    def _varint(self) -> int:
        found = 0
        for shift in range(0, _VARINT_BITS + 1, 7):
            byte = self._window.take(1)[0]
            found |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004  # the bit that says that more follows
                return found
        raise _malformed(self._path, "a number is longer than 64 bits")


def _malformed(path: str, reason: str) -> MalformedError:
    return MalformedError(path, "an ONNX model", reason)

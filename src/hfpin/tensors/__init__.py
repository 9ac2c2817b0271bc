"""What is in a file of weights, by its header: names, types and shapes, and no weights. Nothing is unpickled.

A reader is given a function that reads ranges, so that a file may be on disk, in git or on the Hub. Nothing
in a header is trusted: what cannot be is refused with a reason, before it costs time or memory.
"""

from __future__ import annotations

from hfpin.tensors.safetensors import joined, read_header, tensor_of
from hfpin.tensors.values import MalformedError, Read, Tensor

__all__ = ["MalformedError", "Read", "Tensor", "joined", "read_header", "tensor_of"]

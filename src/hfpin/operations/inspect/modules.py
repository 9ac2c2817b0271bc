"""Which files a sentence-transformers model is loaded with, module by module.

`modules.json` lists them, each as `{"path": "1_Pooling", "type": "sentence_transformers….Pooling"}`;
a Router has the same for its own parts (sentence-transformers: `base/model.py`, and `load` of each module).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from hfpin.dataclass import dataclass
from hfpin.operations.inspect.beside import MODULES, PROCESSORS, is_vocabulary
from hfpin.operations.inspect.files import Files
from hfpin.operations.inspect.values import Fault, Trouble
from hfpin.paths import is_safe_path
from hfpin.tensors import MalformedError
from hfpin.weights import is_index, is_weights

_OWN = "sentence_transformers."
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_CONFIG = ("config.json",)

_NEEDS: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "Pooling": (_CONFIG,),
        "BoW": (_CONFIG,),
        "WordWeights": (_CONFIG,),
        "Dense": (_CONFIG, _WEIGHTS),
        "LayerNorm": (_CONFIG, _WEIGHTS),
        "WeightedLayerPooling": (_CONFIG, _WEIGHTS),
        "SparseAutoEncoder": (_CONFIG, _WEIGHTS),
        "CNN": (("cnn_config.json",), _WEIGHTS),
        "LSTM": (("lstm_config.json",), _WEIGHTS),
        "WordEmbeddings": (("wordembedding_config.json",), _WEIGHTS),
        "StaticEmbedding": (("tokenizer.json",), _WEIGHTS),
        "SparseStaticEmbedding": (_WEIGHTS,),
        "Router": (("router_config.json", "config.json"),),
        "Asym": (_CONFIG,),
    }
)
"""What a module cannot be loaded without, each by the names of which one is enough. Others, as Normalize and
Dropout, do with what they are made with."""

_TRANSFORMERS = frozenset({"Transformer", "MLMTransformer", "CLIPModel"})
_BACKENDS = ("onnx/", "openvino/")
"""Where a transformer for another backend than PyTorch has its weights."""
_ROUTERS = frozenset({"Router", "Asym"})
_MOST = 1000
"""Modules that are looked at: nobody's model has more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Module:
    """A module, as its list has it.

    Args:
        source: The file that names it.
        prefix: The folder that its path starts from, with a slash; empty for the top.
        path: Where it says to be.
        kind: Its class.
    """

    source: str
    prefix: str = ""
    path: Any
    kind: Any


def modules(files: Files) -> Iterator[Fault]:
    """Give what `modules.json` names and is not there, or is not what it should be."""
    try:
        listed = files.listed(MODULES)
    except MalformedError as error:
        yield Fault(path=MODULES, trouble=Trouble.BROKEN, reason=error.reason)
        return
    said = (one if isinstance(one, dict) else {} for one in listed)
    pending = deque(_Module(source=MODULES, path=one.get("path"), kind=one.get("type")) for one in said)
    for _ in range(_MOST):
        if not pending:
            return
        module = pending.popleft()
        prefix = _prefix(module)
        if prefix is None:
            reason = f"it names a module at {str(module.path)[:100]!r}, which is no folder of it"
            yield Fault(path=module.source, trouble=Trouble.BROKEN, reason=reason)
        elif isinstance(module.kind, str) and module.kind.startswith(_OWN):
            name = module.kind.rpartition(".")[2]
            yield from _needed(files, module.source, prefix, name)
            if name in _ROUTERS:
                pending.extend(_routes(files, prefix))
        # else a class of the repo's own, or of another package: only its code knows


def _prefix(module: _Module) -> str | None:
    """Give the folder of a module, with a slash; None where its path leads out."""
    if not isinstance(module.path, str):
        return None
    tidy = module.path.removeprefix("./").rstrip("/")
    if tidy in ("", "."):
        return module.prefix
    return f"{module.prefix}{tidy}/" if is_safe_path(tidy) else None


def _needed(files: Files, source: str, prefix: str, name: str) -> Iterator[Fault]:
    if name in _TRANSFORMERS:
        yield from _transformer(files, source, prefix)
    for names in _NEEDS.get(name, ()):
        if not any(prefix + one in files.sizes for one in names):
            reason = f"{source} has a {name} there"
            yield Fault(path=prefix + names[0], trouble=Trouble.MISSING, reason=reason)


def _transformer(files: Files, source: str, prefix: str) -> Iterator[Fault]:
    below = [path.removeprefix(prefix) for path in files.sizes if path.startswith(prefix)]
    reason = f"{source} has a Transformer there"
    own = (path for path in below if "/" not in path or path.startswith(_BACKENDS))
    if not any(is_weights(path) or is_index(path) for path in own):
        yield Fault(path=f"{prefix}model.safetensors", trouble=Trouble.MISSING, reason=reason)
    if "config.json" not in below and "adapter_config.json" not in below:
        yield Fault(path=f"{prefix}config.json", trouble=Trouble.MISSING, reason=reason)
    if not any(is_vocabulary(path) or path in PROCESSORS for path in below):
        reason = "a Transformer is loaded with a tokenizer"
        yield Fault(path=f"{prefix}tokenizer.json", trouble=Trouble.LACKS, reason=reason)


def _routes(files: Files, prefix: str) -> Iterator[_Module]:
    """Give the parts of a Router: `types` in its config, by their folders below its own."""
    for source in (f"{prefix}router_config.json", f"{prefix}config.json"):
        try:
            types = (files.config(source) or {}).get("types")
        except MalformedError:
            continue
        for path, kind in types.items() if isinstance(types, dict) else ():
            yield _Module(source=source, prefix=prefix, path=path, kind=kind)

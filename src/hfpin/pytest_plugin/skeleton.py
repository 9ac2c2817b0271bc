"""The architecture of a model on torch's meta device, from its config alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def skeleton(folder: Path, build: Callable[[Path], Any] | None, kwargs: dict[str, Any]) -> Any:
    """Build a model whose parameters have shapes and types, and no values.

    Args:
        folder: The configs of the model, and its code.
        build: Builds it, called where tensors have no values by default; None to let transformers do it.
        kwargs: What else `AutoConfig.from_pretrained` is given: `trust_remote_code`, say.

    Raises:
        ConfigError: What it takes is not installed, or the config is not one of transformers.
    """
    from hfpin.errors import ConfigError

    try:
        import torch

        if build is None:
            import transformers  # noqa: F401  # so that its absence is told before anything is built
    except ImportError as error:
        raise ConfigError(
            f"a skeleton takes torch and transformers, and {error.name} is not installed",
            hint=f"pip install {error.name}",
        ) from None
    if build is None:
        return _by_transformers(folder, kwargs)
    with torch.device("meta"):
        return build(folder)


def _by_transformers(folder: Path, kwargs: dict[str, Any]) -> Any:
    import torch
    import transformers

    from hfpin.errors import ConfigError

    if not (folder / "config.json").is_file():
        raise ConfigError(
            "there is no config.json at the top of the repo, so transformers cannot build its model",
            hint="Say how it is built, by a function of the folder: skeleton(build).",
        )
    config: Any = transformers.AutoConfig.from_pretrained(folder, **{"local_files_only": True, **kwargs})
    with torch.device("meta"):
        model = _model_class(transformers, folder, config, kwargs)(config)
    dtype = getattr(config, "dtype", None) or getattr(config, "torch_dtype", None)
    return (model if dtype is None else model.to(dtype)).eval()


def _model_class(
    transformers: Any, folder: Path, config: Any, kwargs: dict[str, Any]
) -> Callable[[Any], Any]:
    """Find what the config calls its architecture: in code that may be trusted, else in transformers."""
    architecture = next(iter(config.architectures or ()), "")
    code = getattr(config, "auto_map", None) or {}
    for reference in code.values():
        if kwargs.get("trust_remote_code") and str(reference).rpartition(".")[2] == architecture:
            from transformers.dynamic_module_utils import get_class_from_dynamic_module

            found: Callable[[Any], Any] = get_class_from_dynamic_module(reference, folder, **kwargs)
            return found
    known: Callable[[Any], Any] | None = getattr(transformers, architecture, None)
    return transformers.AutoModel.from_config if known is None else known

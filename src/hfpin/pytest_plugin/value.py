"""A pin as tests meet it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfpin.pytest_plugin.loading import Loaded
from hfpin.pytest_plugin.missing import Supply
from hfpin.pytest_plugin.refusing import failing

if TYPE_CHECKING:
    from hfpin.lock import Lock, LockedPin
    from hfpin.tensors import Tensor


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PinnedSnapshot:
    """A pin, and its files when they are asked for.

    What the lock says costs nothing and needs no file. `path`, `from_pretrained_kwargs` and `load` need all
    files of the pin, and those of what it cannot be loaded without: where they are not on disk they are
    fetched, or the test ends, as `--hf-missing` has it.
    """

    locked: LockedPin
    lock: Lock
    pins: Mapping[str, PinnedSnapshot]
    supply: Supply
    loaded: Loaded

    def __repr__(self) -> str:
        return f"<PinnedSnapshot {self.locked.pin}>"

    @property
    def name(self) -> str:
        """The pin's name."""
        return self.locked.pin.name

    @property
    def repo_id(self) -> str:
        """The Hub's `namespace/name`."""
        return self.locked.pin.repo.repo_id

    @property
    def repo_type(self) -> str:
        """`model`, `dataset`, `space` or `kernel`."""
        return self.locked.pin.repo.repo_type

    @property
    def revision(self) -> str:
        """The commit: 40 lowercase hex digits."""
        return self.locked.pin.commit

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of its files in the repo, sorted, by the lock."""
        return tuple(file.path for file in self.locked.files)

    @property
    def base(self) -> PinnedSnapshot:
        """The pin of the model that an adapter goes on, as the lock has it; a test that asks others fails."""
        __tracebackhide__ = True
        from hfpin.operations.base import base_of

        with failing():
            return self.pins[base_of(self.lock, self.locked).pin.name]

    @property
    def path(self) -> Path:
        """The folder that holds the files under their own names."""
        __tracebackhide__ = True
        *needed, own = self.lock.with_dependencies([self.locked])
        self._bring(needed)
        return self.supply.snapshot(own).path

    @property
    def from_pretrained_kwargs(self) -> dict[str, Any]:
        """What to pass to `from_pretrained`, beside the repo id or the path, so that every part is pinned.

        `revision` and `local_files_only`; `code_revision` where the repo takes code, as only the Auto classes
        know it; `cache_dir` where the project says where its files are.
        """
        __tracebackhide__ = True
        from hfpin.operations.remote_code import code_pins, one_commit

        folder = self.path
        kwargs = {"revision": self.revision, **self._kwargs_of_cache()}
        with failing():
            code = code_pins(folder, self.locked, self.lock)
            self._bring(code)
            commit = one_commit(self.locked, code)
        if commit is not None:
            kwargs["code_revision"] = commit
        return kwargs

    def _kwargs_of_cache(self) -> dict[str, Any]:
        """What lets huggingface_hub look where hfpin puts files, and nowhere else."""
        project = self.supply.project
        elsewhere = {} if project.config.cache_dir is None else {"cache_dir": str(project.places.cache_dir)}
        return {"local_files_only": True, **elsewhere}

    def load(self, loader: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Load something from the files, once a session for each loader and its arguments.

        Args:
            loader: What loads it: `AutoModel.from_pretrained`, `SentenceTransformer`, a function of your own.
                Of a lambda there is a new one each time, and each loads anew.
            args: Its positional arguments; where there are none, it is given the folder as a string.
            kwargs: Its keyword arguments.

        Returns:
            What the loader gave. Tests that ask for it share it: call the loader yourself for one to change.
        """
        __tracebackhide__ = True
        path = self.path
        given = kwargs if args else self.with_code(path, kwargs)
        return self.loaded.load(loader, args or (str(path),), given)

    def with_code(self, folder: Path, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Pin the code that a model takes from another repo, where a loader is told to trust it.

        Args:
            folder: The model's configs.
            kwargs: What the loader is to be given.
        """
        __tracebackhide__ = True
        given = dict(kwargs)
        if not given.get("trust_remote_code") or "code_revision" in given:
            return given
        from hfpin.operations.remote_code import code_pins, one_commit

        with failing():
            # The repo's own code comes with its folder, and takes no revision.
            code = code_pins(folder, self.locked, self.lock, with_base=True)
            others = tuple(one for one in code if one is not self.locked)
            self._bring(others)
            commit = one_commit(self.locked, others)
        if commit is None:
            return given
        return {**given, "code_revision": commit, **self._kwargs_of_cache()}

    def _bring(self, pins: Iterable[LockedPin]) -> None:
        __tracebackhide__ = True
        for one in pins:
            self.supply.snapshot(one)

    def skeleton(self, build: Callable[[Path], Any] | None = None, **kwargs: Any) -> Any:
        """Give the architecture on torch's meta device, from the configs alone: shapes, and no weights.

        Online it brings the configs and the code, not the weights; offline they have to be on disk.

        Args:
            build: Builds it from the folder of configs; where None, transformers does, by config.json.
            kwargs: What `AutoConfig.from_pretrained` is given besides: `trust_remote_code=True`, say.
        """
        __tracebackhide__ = True
        from hfpin.pytest_plugin.skeleton import skeleton

        folder = self.supply.configs(self.locked)
        with failing():
            return skeleton(folder, build, self.with_code(folder, kwargs))

    @cached_property
    def tensors(self) -> Mapping[str, Tensor]:
        """The tensors of the model by name, each with dtype and shape: from the headers, without the weights.

        Of several models in a repo it is the one that libraries load by default: `model.safetensors`, say.
        """
        __tracebackhide__ = True
        from hfpin.operations.tensors import main_files

        with failing():
            files = main_files(self.locked)
        return self.supply.tensors(self.locked, files)

    def tensors_in(self, pattern: str) -> Mapping[str, Tensor]:
        """The tensors of the files that match a pattern: `tensors_in("unet/*.safetensors")`."""
        __tracebackhide__ = True
        from hfpin.operations.tensors import matching_files

        with failing():
            files = matching_files(self.locked, pattern)
        return self.supply.tensors(self.locked, files)

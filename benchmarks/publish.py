"""Lets an unmodified client publish a folder, as people do: large files by Xet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hfpin.testing import LocalHub

_UPLOAD = """
import sys
from huggingface_hub import HfApi
api = HfApi(token=sys.argv[1])
api.create_repo(sys.argv[2])
print(api.upload_folder(folder_path=sys.argv[3], repo_id=sys.argv[2]).oid)
"""


def publish_by_xet(hub: LocalHub, repo_id: str, folder: Path) -> str:
    """Upload a folder, and give the commit."""
    command = [sys.executable, "-c", _UPLOAD, hub.writer_token, repo_id, str(folder)]
    env = {**os.environ, **hub.env}
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    return done.stdout.split()[-1]

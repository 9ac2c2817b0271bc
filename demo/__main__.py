"""Tells the story: each command is a real executable, and each must end as the story says."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from demo import research_repo
from demo.real_models import MINILM, model_folder
from hfpin.testing import LocalHub

CACHE = Path(__file__).parent.parent / ".cache" / "models"
REPO = "sentence-transformers/all-MiniLM-L6-v2"


class StoryError(Exception):
    """A command did not end as the story says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Runs commands in the research repo, in sight of the reader.

    Args:
        folder: The research repo.
        env: The environment of every command.
    """

    folder: Path
    env: Mapping[str, str]

    def run(self, command: str, *, code: int = 0, says: str = "") -> None:
        """Run a command and show it with its output.

        Args:
            command: As one would type it.
            code: The exit code that the story needs.
            says: What the output must hold.

        Raises:
            StoryError: It ended otherwise.
        """
        print(f"\n$ {command}", flush=True)
        done = subprocess.run(
            shlex.split(command),
            cwd=self.folder,
            env=dict(self.env),
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        for line in done.stdout.splitlines():
            print(f"  {line}")
        if done.returncode != code or says not in done.stdout:
            raise StoryError(
                f"`{command}` ended with {done.returncode}; the story needs {code} and {says!r}."
            )


def tell(folder: Path) -> None:
    """Tell the story in an empty folder."""
    _say("A Hub of our own starts on loopback, with the real all-MiniLM-L6-v2 in it.")
    with LocalHub(folder / "hub") as hub:
        hub.create_repo(REPO)
        hub.add_folder(REPO, model_folder(MINILM, CACHE), message="all-MiniLM-L6-v2")
        print(f"  {hub.endpoint}/{REPO}")
        env = _environment(folder) | hub.env
        repo = folder / "research"
        research_repo.create(repo, env)
        shell = Shell(folder=repo, env=env)

        _say("A research repo names the model as if it were a constant.")
        shell.run("cat config.yaml")
        _say("The hook says no.")
        shell.run("pre-commit run --all-files", code=1, says="HFP001")
        _say("hfpin asks the Hub which commit that is today, and writes it in. Nothing else changes.")
        shell.run("hfpin pin", says="pinned 1")
        shell.run("git diff --stat")
        shell.run("git add --all")
        shell.run("pre-commit run --all-files", says="Passed")
        _say("doit brings what hfpin.lock names, hashed as it arrives.")
        shell.run("doit fetch", says="every digest as in hfpin.lock")
        _say("Once is enough.")
        hub.clear_requests()
        shell.run("doit fetch", says="-- fetch:minilm")
        requests = len(hub.requests)
        print(f"  ({requests} requests reached the Hub)")
        if requests:
            raise StoryError("a fetch with nothing to do asked the Hub")
    _say("The Hub is gone now. The tests do not need it.")
    shell.run("pytest --hf-offline -v --no-header", says="3 passed")
    shell.run("hfpin verify", says="every byte as in hfpin.lock")
    _say("From here: README.md.")


def _say(text: str) -> None:
    print(f"\n── {text}", flush=True)


def _environment(folder: Path) -> dict[str, str]:
    """The environment of a newcomer: nobody's git identity, no settings but the Hub's."""
    scripts = str(Path(sys.executable).parent)
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HFPIN_", "GIT_"))
    }
    return env | {
        "PATH": os.pathsep.join((scripts, env.get("PATH", ""))),
        "PRE_COMMIT_HOME": str(folder / "pre-commit"),
        "PYTHONUTF8": "1",
        "GIT_AUTHOR_NAME": "newcomer",
        "GIT_AUTHOR_EMAIL": "newcomer@localhost",
        "GIT_COMMITTER_NAME": "newcomer",
        "GIT_COMMITTER_EMAIL": "newcomer@localhost",
    }


def main() -> int:
    """Run the demo in a temporary folder; 1 where the story went otherwise."""
    with tempfile.TemporaryDirectory(prefix="hfpin-demo-", ignore_cleanup_errors=True) as folder:
        try:
            tell(Path(folder).resolve())
        except StoryError as error:
            print(f"\n── The demo failed: {error}", file=sys.stderr)
            return 1
    return 0


raise SystemExit(main())

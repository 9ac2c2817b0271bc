"""The recipes for CI: their commands are run, job by job, each job on a machine of its own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import yaml

from hfpin import config
from hfpin.config import Config
from hfpin.testing import LocalHub
from tests.docs.pages import ROOT, fences
from tests.support import Published, ResearchRepo

PAGE = ROOT / "docs" / "ci.md"


def recipes() -> tuple[dict[Any, Any], dict[str, Any]]:
    """The recipes of the page, parsed: for GitHub and for GitLab."""
    github, gitlab = (yaml.safe_load(fence.body) for fence in fences(PAGE) if fence.info == "yaml")
    return github, gitlab


def filled(text: str, values: dict[str, str]) -> str:
    """A text with its `${{ expressions }}` filled in."""
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: values[match[1]], text)


def run_job(job: dict[str, Any], repo: ResearchRepo, kept: Path, values: dict[str, str]) -> list[str]:
    """Run a job's steps as GitHub would, apart from the set-up of Python; give the commands that ran.

    Args:
        job: The job.
        repo: The checkout, and the environment of a fresh machine.
        kept: The pipeline's cache.
        values: What expressions stand for; steps add to it.
    """
    ran = []
    for step in job["steps"]:
        action, given = step.get("uses", "").partition("@")[0], step.get("with", {})
        if action.startswith("actions/cache"):
            key = filled(given["key"], values)
            hit = (kept / key).is_dir()
            values[f"steps.{step.get('id')}.outputs.cache-hit"] = str(hit).lower()
            if hit and not given.get("lookup-only"):
                place = Path(given["path"].replace("~", repo.env["HOME"]))
                shutil.copytree(kept / key, place, symlinks=True)
            assert hit or not given.get("fail-on-cache-miss")
        condition = re.fullmatch(r"(\S+) != '(\w+)'", step.get("if", ""))
        if condition and values[condition[1]] == condition[2]:
            continue
        if "run" in step and not step["run"].startswith("pip install"):
            output = repo.root.parent / "output"
            output.write_text("")
            done = repo.run("sh", "-ec", step["run"], GITHUB_OUTPUT=str(output))
            assert done.returncode == 0, f"{step['run']}\n{done.stdout}"
            ran.append(step["run"])
            for line in output.read_text().splitlines():
                name, _, value = line.partition("=")
                values[f"steps.{step['id']}.outputs.{name}"] = value
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/cache@"):  # saves when the job is over
            place = Path(step["with"]["path"].replace("~", repo.env["HOME"]))
            if place.is_dir():
                shutil.copytree(place, kept / filled(step["with"]["key"], values), symlinks=True)
    return ran


def test_github(repo: ResearchRepo, tmp_path: Path, tiny: Published, hf_local_hub: LocalHub) -> None:
    """The first job fetches, the second has the bytes and no network, the next pipeline fetches nothing."""
    github, _ = recipes()
    jobs = github["jobs"]
    repo.write("config.yaml", f"tiny: {{repo_id: acme/tiny, revision: {tiny.first}}}\n")
    repo.write("tests/test_it.py", "def test_it(hf_tiny): assert (hf_tiny.path / 'config.json').is_file()\n")
    assert repo.hfpin("lock", HF_ENDPOINT=hf_local_hub.endpoint).returncode == 0
    values = {"secrets.HF_TOKEN": "", "matrix.python": jobs["tests"]["strategy"]["matrix"]["python"][0]}

    def on(name: str, endpoint: str = repo.env["HF_ENDPOINT"]) -> ResearchRepo:
        """The checkout on a fresh machine."""
        home = tmp_path / name
        home.mkdir()
        places = {"HOME": str(home), "HF_HOME": str(home / ".cache" / "huggingface")}
        return ResearchRepo(root=repo.root, env={**repo.env, **places, "HF_ENDPOINT": endpoint})

    ran = run_job(jobs["models"], on("first", hf_local_hub.endpoint), tmp_path / "kept", values)
    assert ran[-1] == "hfpin fetch"
    for name, expression in jobs["models"]["outputs"].items():
        values[f"needs.models.outputs.{name}"] = filled(expression, values)
    assert run_job(jobs["tests"], on("second"), tmp_path / "kept", values) == [
        "hfpin verify",
        "pytest --hf-offline",
    ]
    again = run_job(jobs["models"], on("third"), tmp_path / "kept", values)
    assert again == ran[:-1]


def test_gitlab(tmp_path: Path) -> None:
    """GitLab's jobs run the same commands, and keep the folder that hfpin then uses."""
    github, gitlab = recipes()
    for job in ("models", "tests"):
        wanted = [step["run"] for step in github["jobs"][job]["steps"] if "run" in step]
        assert [line for line in wanted if "cache-key" not in line] == gitlab[job]["script"]
        assert gitlab[job]["cache"]["key"] == {"files": ["hfpin.lock"], "prefix": "hub"}
        (kept,) = gitlab[job]["cache"]["paths"]
        environ = {"HF_HOME": gitlab["variables"]["HF_HOME"].replace("$CI_PROJECT_DIR", str(tmp_path))}
        assert config.find_cache_dir(Config(), environ, root=tmp_path, home=Path("/root")) == tmp_path / kept
    assert (gitlab["models"]["cache"]["policy"], gitlab["tests"]["cache"]["policy"]) == ("pull-push", "pull")

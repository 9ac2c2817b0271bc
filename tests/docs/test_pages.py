"""The docs: every example is run, every link leads somewhere, every table is what the code says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import hfpin
from chores import cli_page
from hfpin import lock
from hfpin.config import loads
from hfpin.operations.check import check
from hfpin.operations.project import Project
from hfpin.places import Places
from hfpin.rules import RULES, Rule
from hfpin.rules.adapter_rules import ADAPTER_RULES
from hfpin.rules.selection import selection
from hfpin.testing import LocalHub
from hfpin.vocabulary import ID_KEYS
from tests.docs.pages import ROOT, fences, matches, pages
from tests.support import ResearchRepo, safetensors

PAGES = pages()
STORIES = [page for page in PAGES if any(fence.info == "console" for fence in fences(page))]
MINILM = "sentence-transformers/all-MiniLM-L6-v2"

FAMILY = {
    "acme/code": {"modeling.py": b"from torch import nn\n", "README.md": b"# Code\n"},
    "acme/base": {
        "config.json": b'{"auto_map": {"AutoModel": "acme/code--modeling.Model"}}\n',
        "model.safetensors": safetensors(2_000_000),
    },
    "acme/lora": {
        "adapter_config.json": b'{"peft_type": "LORA", "base_model_name_or_path": "acme/base"}\n',
        "adapter_model.safetensors": safetensors(20_000),
    },
}
"""An adapter, its base, and the code of its base, for the page about them."""


def title(page: Path) -> str:
    """The page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def minilm_hub(minilm: Path) -> Iterator[LocalHub]:
    """A Hub with the real model that the docs play with, and an adapter; they only read it."""
    with LocalHub() as hub:
        hub.create_repo(MINILM)
        hub.add_folder(MINILM, minilm)
        for repo_id, files in FAMILY.items():
            hub.create_repo(repo_id)
            hub.commit(repo_id, dict(files))
        yield hub


@pytest.mark.parametrize("page", STORIES, ids=title)
def test_story(page: Path, repo: ResearchRepo, minilm_hub: LocalHub) -> None:
    """Run the page from top to bottom in one folder: each command prints what the page shows."""
    online = ResearchRepo(root=repo.root, env={**repo.env, "HF_ENDPOINT": minilm_hub.endpoint})
    commit = minilm_hub.commit_hash(MINILM)
    reader = {**online.env, "COLUMNS": "80"}
    if title(page) != "README.md":  # the other pages begin where the README's tour has pinned its model
        online.write(
            "config.yaml",
            f"minilm:\n  repo_id: {MINILM}\n  revision: {commit}\n  ignore_patterns: ['*.md', vocab.txt]\n",
        )
        online.lock()
    story = ResearchRepo(root=online.root, env=reader)
    code = "0"
    for fence in fences(page):
        if fence.file:
            story.write(fence.file, fence.body)
        if fence.info != "console":
            continue
        for command, shown in fence.commands():
            done = story.run("sh", "-c", command.replace("$?", code))
            where = f"{title(page)}:{fence.line}: {command}"
            assert matches(shown, done.stdout), f"{where}\n--- shown\n{shown}--- printed\n{done.stdout}"
            code = str(done.returncode)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_page(rule: Rule, repo: ResearchRepo) -> None:
    """Every rule has a page; its bad examples are found by that rule alone, its good ones by none.

    Each is a project of its own, with the settings and the lock that the page showed last.
    """
    page = ROOT / "docs" / "rules" / f"{rule.code}.md"
    assert page.read_text(encoding="utf-8").startswith(f"# {rule.code}: {rule.title}\n")
    settings, seen = "", set()
    for number, fence in enumerate(fences(page)):
        if fence.info == "toml settings":
            settings = fence.body
        elif fence.info == "json lock":
            repo.write(lock.FILE_NAME, fence.body)
        elif fence.info == "json nolock":
            (repo.root / lock.FILE_NAME).unlink(missing_ok=True)
        elif fence.info.startswith("yaml "):
            root = repo.root / str(number)
            example = ResearchRepo(root=root, env=repo.env)
            for name, text in fence.files("config.yaml"):
                example.write(name, text)
            if (repo.root / lock.FILE_NAME).exists():
                example.write(lock.FILE_NAME, repo.read(lock.FILE_NAME))
            project = Project(config=loads(settings), places=Places(root=root, cache=root))
            found = {
                finding.code
                for checked in check(project, [root], selection(project.config), here=root)
                for finding in checked.findings
            }
            assert found == ({rule.code} if fence.info == "yaml bad" else set()), (
                f"{title(page)}:{fence.line}"
            )
            seen.add(fence.info)
    assert seen == {"yaml bad", "yaml good"}


def test_every_rule_page_is_a_rule() -> None:
    """No page is left of a rule that is gone, and README and CHANGELOG name them all."""
    codes = {rule.code for rule in RULES} | {rule.code for rule in ADAPTER_RULES}
    assert {page.stem for page in (ROOT / "docs" / "rules").iterdir()} == codes
    titles = {rule.code: rule.title for rule in RULES}
    assert all(titles.setdefault(rule.code, rule.title) == rule.title for rule in ADAPTER_RULES)
    for rule in ADAPTER_RULES:  # their examples are those of the hook
        page = ROOT / "docs" / "rules" / f"{rule.code}.md"
        assert page.read_text(encoding="utf-8").startswith(f"# {rule.code}: {rule.title}\n")
    for name in ("README.md", "CHANGELOG.md"):
        assert set(re.findall(r"HFP\d{3}", (ROOT / name).read_text(encoding="utf-8"))) == codes


def test_table_of_keys() -> None:
    """The table of keys is the vocabulary."""
    text = (ROOT / "docs" / "declaring.md").read_text(encoding="utf-8")
    table = re.search(r"<!-- keys -->\n.*?\n.*?\n(.*?)<!-- /keys -->", text, re.DOTALL)
    assert table is not None
    assert table[1] == "".join(
        f"| `{key}` | {entry.repo_type} | {', '.join(f'`{name}`' for name in entry.revision_keys)} |\n"
        for key, entry in ID_KEYS.items()
    )


def test_cli_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of the command line is what `doit docs` makes of the program's help."""
    monkeypatch.setenv("COLUMNS", "80")
    assert (ROOT / cli_page.PAGE).read_text(encoding="utf-8") == cli_page.rendered()


def test_lock_example() -> None:
    """The lock that docs/lock.md shows can be read, and is written as it is shown."""
    (example,) = (fence.body for fence in fences(ROOT / "docs" / "lock.md") if fence.info == "json")
    assert lock.dumps(lock.loads(example)) == example
    assert json.loads(example)["lock_version"] == lock.VERSION


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=title)
def test_links(page: Path) -> None:
    """Every link to a file of the repository leads to one, and to a heading that it has."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith("http"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{title(page)}: {link}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in anchors, f"{title(page)}: {link}"


def test_readme_commands() -> None:
    """The README's two commands name extras and a task that exist."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "pip install -e '.[demo]' && doit demo\n" in text
    assert "pip install -e '.[test]' && pytest\n" in text


def test_changelog_has_this_version() -> None:
    """What is released is in the changelog, or about to be."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{hfpin.__version__}]" in text or "## [Unreleased]" in text

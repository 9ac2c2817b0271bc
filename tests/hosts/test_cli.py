"""The command line, by its real executable: exit codes, and every message that a user can cause."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hfpin.cli.main import main
from hfpin.operations.project import read_lock
from hfpin.report.numbers import human_size
from hfpin.rules.selection import CODES
from tests.support import SCRIPTS, Published, ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub

COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"


PAGES = Path(__file__).parents[2] / "docs" / "rules"
WRITE = "Write hfpin explain FILE:LINE, or the code of a rule: hfpin explain HFP001."
READABLE = "Check the path, and that you may read it."


class TestCheck:
    """`hfpin check`."""

    def test_clean(self, repo: ResearchRepo) -> None:
        """Pinned references pass, with the count."""
        repo.write("config.yaml", f"model: acme/tiny\nrevision: {COMMIT}\n")
        done = repo.hfpin("check")
        assert (done.returncode, done.stdout) == (0, "Checked 1 file: 1 Hub reference, all pinned.\n")

    def test_findings(self, repo: ResearchRepo) -> None:
        """A finding shows its line with a caret, why it matters and what to do."""
        repo.write("config.yaml", "é: 1\nmodel:\n  model_name_or_path: acme/tiny  # ünï\n")
        done = repo.hfpin("check", "config.yaml")
        assert done.returncode == 1
        assert done.stdout == (
            "config.yaml:3:23: HFP001 acme/tiny has no revision\n"
            "  2 | model:\n"
            "  3 |   model_name_or_path: acme/tiny  # ünï\n"
            "    |                       ^^^^^^^^^\n"
            "  = Whoever runs this next month may get other weights.\n"
            "  = hfpin pin config.yaml   writes model_revision with today's commit of main\n"
            "  = hfpin explain HFP001   (docs/rules/HFP001.md)\n"
            "\n"
            "Checked 1 file: 1 Hub reference, 1 finding.\n"
        )

    def test_folder(self, repo: ResearchRepo) -> None:
        """A folder stands for the config files below it, hidden folders left out."""
        for name in ("c/a.yaml", "c/b/d.yml", "c/.hidden/e.yaml", "c/f.txt"):
            repo.write(name, "model: acme/tiny\n")
        done = repo.hfpin("check", "c")
        assert re.findall(r"^c/\S+", done.stdout, re.MULTILINE) == ["c/a.yaml:1:8:", "c/b/d.yml:1:8:"]

    def test_from_below(self, repo: ResearchRepo) -> None:
        """Without a path the project's declaring files are checked, from wherever one stands."""
        repo.write("config.yaml", "model: acme/tiny\n")
        (repo.root / "src").mkdir()
        below = ResearchRepo(root=repo.root / "src", env=repo.env)
        assert below.hfpin("check").stdout.startswith("../config.yaml:1:8: HFP001")

    def test_no_such_file(self, repo: ResearchRepo) -> None:
        """A path that is not there could not be checked: exit 2."""
        done = repo.hfpin("check", "confg.yaml")
        assert (done.returncode, done.stdout) == (
            2,
            "hfpin: confg.yaml does not exist\n  = Check the path; it is relative to where you are.\n",
        )

    def test_nothing_to_check(self, repo: ResearchRepo) -> None:
        """A project where no file declares anything is not clean, it is not checked: exit 2."""
        for command, hint in (
            ("check", "Name a file, or say"),
            ("pin", "Name a file, or say"),
            ("lock", "Say"),
        ):
            done = repo.hfpin(command)
            assert done.returncode == 2
            assert done.stdout == (
                f"hfpin: no file in {repo.root} declares a pin: there is no "
                "config.y*ml, conf/**/*.y*ml, config/**/*.y*ml, configs/**/*.y*ml\n"
                f'  = {hint} in pyproject.toml which files declare: [tool.hfpin] files = ["…"].\n'
            )
        assert not repo.project.lock_path.exists()

    def test_not_utf8(self, repo: ResearchRepo) -> None:
        """A file in another encoding is reported, not skipped and not guessed."""
        (repo.root / "config.yaml").write_bytes(b"model: acme/tiny\nname: \xe9\n")
        done = repo.hfpin("check")
        assert done.returncode == 1
        assert done.stdout.startswith("config.yaml:2:1: HFP000 could not be read: byte 23 is not UTF-8\n")

    def test_closed_pipe(self, repo: ResearchRepo) -> None:
        """A reader that has seen enough (`head`) causes no noise."""
        repo.write("config.yaml", "a:\n" + "- model: acme/tiny\n" * 5000)
        done = repo.run("sh", "-c", "hfpin check | head -n 1")
        assert done.stdout == "config.yaml:2:10: HFP001 acme/tiny has no revision\n"


class TestExplain:
    """`hfpin explain`."""

    def test_taken_and_not(self, repo: ResearchRepo) -> None:
        """Each text of the line that could be an id is weighed in full."""
        repo.write("config.yaml", "model: acme/small\nrevision: v1\nx: 1\nimage: acme/small\n")
        assert repo.hfpin("explain", "config.yaml:1").stdout == (
            "config.yaml:1:8: acme/small is a reference\n"
            "     +3  model-key   'model'\n"
            "     +1  model-like  'small'\n"
            "     +4  of 3 that it takes\n"
            "  revision: v1\n"
        )
        assert repo.hfpin("explain", "config.yaml:4:8:").stdout == (
            "config.yaml:4:8: acme/small is not a reference\n"
            "  never  elsewhere-key  'image'\n"
            "     +1  model-like     'small'\n"
        )
        nothing = "config.yaml:3: nothing here has the shape of a repo id\n"
        assert repo.hfpin("explain", "config.yaml:3").stdout == nothing

    @pytest.mark.parametrize("code", sorted(CODES))
    def test_a_rule(self, code: str, capsys: pytest.CaptureFixture[str]) -> None:
        """The code of a rule prints its page, which an install has without the docs."""
        assert main(["explain", code]) == 0
        assert capsys.readouterr().out == PAGES.joinpath(f"{code}.md").read_text(encoding="utf-8")

    def test_what_cannot_be_explained(self, repo: ResearchRepo) -> None:
        """A place without a line, or with one that is not there, or of no file, or of no text: exit 2."""
        repo.write("two.yaml", "a: 1\nb: 2")
        many = "9" * 5000
        (repo.root / "latin.yaml").write_bytes("é: 1\n".encode("latin-1"))
        for place, message, hint in (
            ("config.yaml", "config.yaml names no line and no rule", WRITE),
            ("two.yaml:²", "two.yaml:² names no line and no rule", WRITE),
            (f"two.yaml:{many}", f"two.yaml:{many} names no line and no rule", WRITE),
            ("two.yaml:3", "two.yaml has no line 3", "Its last is 2."),
            ("two.yaml:0", "two.yaml has no line 0", "Its last is 2."),
            ("HFP999", "there is no rule HFP999", f"There are: {', '.join(sorted(CODES))}."),
            ("no.yaml:1", "no.yaml cannot be opened: No such file or directory", READABLE),
            ("latin.yaml:1", "latin.yaml is not UTF-8", "Save it as UTF-8."),
        ):
            done = repo.run("hfpin", "explain", place)
            assert (done.returncode, done.stdout) == (2, f"hfpin: {message}\n  = {hint}\n")


class TestRefs:
    """`hfpin refs`."""

    CONFIG = f"""\
models:
  mistral:
    repo_id: mistralai/Mistral-7B-v0.1
    revision: {COMMIT}  # v0.1
dataset_name: HuggingFaceH4/ultrafeedback_binarized
base_model: gpt2
revision_of_model: main
"""

    def test_jsonl(self, repo: ResearchRepo) -> None:
        """Every reference is a line of JSON with the promised fields."""
        repo.write("config.yaml", self.CONFIG)
        done = repo.hfpin("refs", "--format", "jsonl")
        fields = ("path", "line", "column", "repo_id", "repo_type", "revision", "status", "name")
        rows = [
            ("config.yaml", 3, 14, "mistralai/Mistral-7B-v0.1", "model", COMMIT, "commit", "mistral"),
            (
                "config.yaml",
                5,
                15,
                "HuggingFaceH4/ultrafeedback_binarized",
                "dataset",
                None,
                "unpinned",
                "ultrafeedback_binarized",
            ),
            ("config.yaml", 6, 13, "gpt2", "model", "main", "named", "gpt2"),
        ]
        assert [json.loads(line) for line in done.stdout.splitlines()] == [
            dict(zip(fields, row, strict=True)) for row in rows
        ]
        assert done.returncode == 0

    def test_table(self, repo: ResearchRepo) -> None:
        """For people it is a table, with the tag that a commit stands for."""
        repo.write("config.yaml", self.CONFIG)
        assert repo.hfpin("refs").stdout == (
            "config.yaml:3  model    mistralai/Mistral-7B-v0.1              26bca36b… (v0.1)\n"
            "config.yaml:5  dataset  HuggingFaceH4/ultrafeedback_binarized  no revision\n"
            "config.yaml:6  model    gpt2                                   main\n"
        )

    def test_unreadable(self, repo: ResearchRepo) -> None:
        """A file that does not parse is not touched, and the lock is not written without it."""
        repo.write("config.yaml", "a: [\n")
        done = repo.hfpin("pin")
        assert (done.returncode, repo.read("config.yaml")) == (1, "a: [\n")
        unreadable = (
            "config.yaml:2:1: could not be read: while parsing a flow node did not find expected node content"
        )
        assert done.stdout == (
            f"{unreadable}\n"
            "  = Mend the file, then pin again.\n"
            "pinned 0, already pinned 0, could not pin 0, could not read 1 file.\n"
            f"hfpin.lock is as it was: {unreadable}\n"
            "  = Mend the file: it may declare a pin.\n"
        )


class TestLock:
    """`hfpin lock`."""

    @pytest.fixture
    def tagged(self, online: ResearchRepo, tiny: Published, hf_local_hub: LocalHub) -> ResearchRepo:
        """A research repo whose pin is a tag, locked."""
        assert tiny.first
        online.write(
            "config.yaml", "tiny:\n  repo_id: acme/tiny\n  revision: v1\n  ignore_patterns: '*.md'\n"
        )
        done = online.hfpin("lock")
        assert (done.returncode, done.stdout) == (
            0,
            (
                "warning: tiny: ignore_patterns '*.md' matches no file\n"
                "hfpin.lock: 1 added (tiny). 1 pin in all.\n"
            ),
        )
        hf_local_hub.clear_requests()
        return online

    def test_check_agrees(self, tagged: ResearchRepo, hf_local_hub: LocalHub) -> None:
        """A lock that is as declared passes, without a request."""
        done = tagged.hfpin("lock", "--check")
        assert (done.returncode, done.stdout) == (0, "hfpin.lock: 1 pin, as declared.\n")
        assert hf_local_hub.requests == ()

    def test_check_differs(self, tagged: ResearchRepo, tiny: Published, hf_local_hub: LocalHub) -> None:
        """Every difference has its line: what changed, what is not locked, what nobody declares."""
        before = tagged.read("hfpin.lock")
        tagged.write(
            "config.yaml",
            "small:\n  repo_id: acme/tiny\n  revision: v1\n  ignore_patterns: '*.md'\n"
            f"new:\n  repo_id: acme/other\n  revision: {COMMIT}\nloose: {{repo_id: acme/loose}}\n",
        )
        done = tagged.hfpin("lock", "--check")
        assert (done.returncode, done.stdout) == (
            1,
            (
                "config.yaml:8:18: acme/loose has no revision that can be locked\n"
                "config.yaml:2:12: small: name is small here, tiny in hfpin.lock\n"
                "config.yaml:6:12: acme/other as it stands here is not in hfpin.lock\n"
                "hfpin.lock: 3 differences from what is declared.\n"
                "  = `hfpin lock` brings it up to date; `hfpin pin` does too, and first pins what is not.\n"
                "  = Stage it with the configs: a commit of one without the other is stopped again.\n"
            ),
        )
        tagged.write("config.yaml", "a: 1\n")
        assert tagged.hfpin("lock", "--check").stdout.splitlines()[0] == (
            f"hfpin.lock: tiny (acme/tiny at {tiny.first[:8]}) is declared nowhere"
        )
        assert tagged.read("hfpin.lock") == before
        assert hf_local_hub.requests == ()

    def test_moved(self, tagged: ResearchRepo, tiny: Published, hf_local_hub: LocalHub) -> None:
        """A tag that moved is an error with both commits; `--update` follows it."""
        hf_local_hub.tag("acme/tiny", "v1", tiny.second, force=True)
        done = tagged.hfpin("lock")
        assert (done.returncode, done.stdout) == (
            1,
            (
                f"hfpin: config.yaml:2:12: v1 of acme/tiny moved: hfpin.lock has {tiny.first}, "
                f"the Hub has {tiny.second}\n"
                "  = `hfpin lock --update tiny` follows it; to stay, declare the commit that is locked.\n"
            ),
        )
        assert tagged.hfpin("lock", "--check").returncode == 0
        done = tagged.hfpin("lock", "--update", "acme/tiny")
        assert (done.returncode, done.stdout.splitlines()[1]) == (
            0,
            "hfpin.lock: 1 changed (tiny). 1 pin in all.",
        )
        hf_local_hub.tag("acme/tiny", "v1", tiny.first, force=True)
        assert tagged.hfpin("lock", "--update").returncode == 0
        assert tiny.first in tagged.read("hfpin.lock")

    def test_no_answer(self, tagged: ResearchRepo) -> None:
        """Without the Hub what is locked stays, and that is said."""
        for env in ({"HF_ENDPOINT": "http://127.0.0.1:9"}, {"HF_HUB_OFFLINE": "1"}):
            done = tagged.hfpin("lock", **env)
            assert (done.returncode, done.stdout) == (
                0,
                (
                    "config.yaml:2:12: the Hub gave no answer; "
                    "v1 of acme/tiny stays at the commit that is locked\n"
                    "warning: tiny: ignore_patterns '*.md' matches no file\n"
                    "hfpin.lock: 1 pin, unchanged.\n"
                ),
            )

    def test_newer_minor_version(self, tagged: ResearchRepo) -> None:
        """A lock of a newer minor version is used, with one warning on stderr."""
        text = tagged.read("hfpin.lock").replace('"lock_version": "1.1"', '"lock_version": "1.4"')
        tagged.write("hfpin.lock", text)
        warning = (
            "hfpin: hfpin.lock has version 1.4; this hfpin knows 1.1 and passes over what is newer\n"
            "  = Upgrade hfpin (pip install -U hfpin).\n"
        )
        for command, code in (("lock --check", 0), ("plan", 0), ("fetch", 0), ("verify", 0)):
            done = tagged.run("sh", "-c", f"hfpin {command} 2>&1 >/dev/null")
            assert (done.returncode, done.stdout) == (code, warning)


class TestPlan:
    """`hfpin plan`."""

    @pytest.fixture
    def pinned(self, online: ResearchRepo, tiny: Published) -> ResearchRepo:
        """A research repo with two pins, into the cache and into a folder."""
        online.write(
            "config.yaml",
            f"a:\n  repo_id: acme/tiny\n  revision: {tiny.first}\n  ignore_patterns: ['.git*', '*.h5']\n"
            f"b:\n  repo_id: acme/tiny\n  revision: {tiny.second}\n"
            "  allow_patterns: model*\n  local_dir: data/b\n",
        )
        online.lock()
        return online

    def test_before_and_after(self, pinned: ResearchRepo, tiny: Published, hf_local_hub: LocalHub) -> None:
        """Before a fetch it says what would come and whether there is room, after it that all is there."""
        hf_local_hub.clear_requests()
        done = pinned.hfpin("plan")
        dropped = [one.size for one in read_lock(pinned.project).pins[0].dropped]
        lines = done.stdout.splitlines()
        assert done.returncode == 0
        assert lines[0].split() == ["pin", "commit", "fetch", "present", "dropped"]
        assert lines[1] == (
            f"  a    {tiny.first[:8]}  3.1 MB (3 files)  -        {human_size(dropped[0])} .git* (1 file)"
        )
        assert lines[2].startswith(f"  b    {tiny.second[:8]}  3.1 MB (1 file)   -        ")
        assert lines[3].startswith(
            f"to {pinned.places.cache_dir}, {pinned.root}/data/b: needs 6.3 MB and 10 inodes, free "
        )
        assert lines[4:] == ["warning: a: ignore_patterns '*.h5' matches no file"]
        assert hf_local_hub.requests == ()
        assert pinned.hfpin("fetch").returncode == 0
        assert pinned.hfpin("plan", "acme/tiny").returncode == 2  # it is pinned twice
        done = pinned.hfpin("plan", "b")
        assert (done.returncode, done.stdout.splitlines()[1].split()[:6]) == (
            0,
            ["b", tiny.second[:8], "-", "3.1", "MB", "(1"],
        )

    def test_drift(self, pinned: ResearchRepo) -> None:
        """What is not declared any more is not planned."""
        pinned.write("config.yaml", "a: 1\n")
        done = pinned.hfpin("plan")
        assert done.returncode == 2
        assert re.match(
            r"hfpin: hfpin\.lock: a \(acme/tiny at \w{8}\) is declared nowhere \(and 1 more\)", done.stdout
        )

    def test_incomplete(self, pinned: ResearchRepo) -> None:
        """A pattern that leaves no weights is refused when it is locked, and can be allowed by name."""
        text = pinned.read("config.yaml").replace("'*.h5'", "'*.safetensors'")
        pinned.write("config.yaml", text)
        done = pinned.hfpin("lock")
        assert (done.returncode, done.stdout) == (
            2,
            (
                "hfpin: config.yaml:2:12: a: every weight file is left out by "
                "ignore_patterns '*.safetensors'\n"
                "  = Change the pattern and run `hfpin lock`; or, where this is meant, say so in "
                'pyproject.toml: [tool.hfpin] allow-incomplete = ["a"].\n'
            ),
        )
        pinned.write("pyproject.toml", '[tool.hfpin]\nallow-incomplete = ["a"]\n')
        pinned.lock()
        assert pinned.hfpin("plan").returncode == 0
        pinned.write("pyproject.toml", "")
        for command in ("plan", "fetch", "lock --check"):
            done = pinned.hfpin(*command.split())
            assert done.returncode == 2
            assert "hfpin: hfpin.lock: a: every weight file is left out by" in done.stdout


class TestFetchAndVerify:
    """`hfpin fetch` and `hfpin verify`."""

    @pytest.fixture
    def pinned(self, online: ResearchRepo, tiny: Published) -> ResearchRepo:
        """A research repo with a pin and its lock."""
        online.write("config.yaml", f"tiny:\n  repo_id: acme/tiny\n  revision: {tiny.first}\n")
        online.lock()
        return online

    def test_story(self, pinned: ResearchRepo, hf_local_hub: LocalHub) -> None:
        """Fetch, fetch again without a request, verify, find a bad disk, repair it."""
        plan, fetched = pinned.hfpin("plan").stdout, pinned.hfpin("fetch").stdout
        assert fetched.splitlines()[-1] == "tiny  3.1 MB fetched, 0 B kept, every digest as in hfpin.lock"
        assert [line.partition(", free")[0] for line in fetched.splitlines()[:-1]] == [
            line.partition(", free")[0] for line in plan.splitlines()
        ]
        hf_local_hub.clear_requests()
        assert pinned.hfpin("fetch").stdout == "tiny  all 4 files are there\n"
        assert hf_local_hub.requests == ()
        assert pinned.hfpin("verify").stdout == "4 files, 3.1 MB: every byte as in hfpin.lock.\n"
        config = next(pinned.places.cache_dir.rglob("config.json")).resolve()
        config.write_bytes(b'{"a": 7}\n')
        bad = pinned.hfpin("verify", "acme/tiny")
        assert bad.returncode == 3
        assert re.fullmatch(
            r"  tiny  config\.json  differs  [0-9a-f]{8}… expected, [0-9a-f]{8}… found\n"
            r"1 of 4 files are not what hfpin\.lock says\.\n"
            r"hfpin verify --repair fetches just those\.\n",
            bad.stdout,
        )
        assert pinned.hfpin("verify", "--repair").returncode == 0
        assert config.read_bytes() == b'{"a": 1}\n'
        assert pinned.hfpin("verify").returncode == 0

    def test_json(self, pinned: ResearchRepo) -> None:
        """With --json, what happens is a line of JSON each."""
        done = subprocess.run(
            [SCRIPTS / "hfpin", "fetch", "--json"],
            cwd=pinned.root,
            env=dict(pinned.env),
            capture_output=True,
            text=True,
            check=True,
        )
        size = json.loads(pinned.read("hfpin.lock"))["pins"][0]["size"]
        events = [json.loads(line) for line in done.stdout.splitlines()]
        assert [event for event in events if event["event"] != "progress"] == [
            {"event": "begin", "pin": "tiny", "total": size},
            {"event": "result", "pin": "tiny", "files": 4, "fetched": size, "kept": 0, "error": None},
        ]
        assert events[-2] == {"event": "progress", "pin": "tiny", "bytes": size}

    def test_no_lock(self, repo: ResearchRepo) -> None:
        """Without a lock the next command is named."""
        done = repo.hfpin("fetch")
        assert (done.returncode, done.stdout) == (
            2,
            (
                f"hfpin: there is no hfpin.lock in {repo.root}\n"
                "  = Run `hfpin pin` (or `hfpin lock`, where all is pinned) to write it.\n"
            ),
        )

    def test_unknown_name(self, pinned: ResearchRepo) -> None:
        """A name that no pin has is answered with those that there are."""
        done = pinned.hfpin("fetch", "tinny")
        assert (done.returncode, done.stdout) == (
            2,
            (
                "hfpin: hfpin.lock has no pin 'tinny'\n"
                "  = It has: tiny. Declare a new one "
                "in a file that [tool.hfpin] names (by default config.yaml), then run `hfpin pin`.\n"
            ),
        )

    def test_newer_lock(self, pinned: ResearchRepo) -> None:
        """A lock of a newer major version is refused, with the way on."""
        text = pinned.read("hfpin.lock").replace('"lock_version": "1.1"', '"lock_version": "2.0"')
        pinned.write("hfpin.lock", text)
        done = pinned.hfpin("verify")
        assert (done.returncode, done.stdout) == (
            2,
            (
                "hfpin: hfpin.lock has version 2.0; this hfpin reads 1.x\n"
                "  = Upgrade hfpin (pip install -U hfpin), or run `hfpin lock` to write the lock anew.\n"
            ),
        )

    def test_stale_lock(self, pinned: ResearchRepo, tiny: Published) -> None:
        """A lock that is not about the configs any more is not fetched."""
        text = pinned.read("config.yaml").replace(tiny.first, tiny.second)
        pinned.write("config.yaml", text)
        done = pinned.hfpin("fetch")
        assert done.returncode == 2
        assert done.stdout == (
            f"hfpin: config.yaml:2:12: tiny: commit is {tiny.second} here, {tiny.first} in hfpin.lock\n"
            "  = Run `hfpin pin` (or `hfpin lock`, where all is pinned) to bring the lock up to date; "
            "`hfpin lock --check` lists every difference.\n"
        )

    def test_configured_cache(self, pinned: ResearchRepo) -> None:
        """`cache-dir` decides where files go; a variable in it must be set for what needs the cache."""
        pinned.write("pyproject.toml", '[tool.hfpin]\ncache-dir = "$SCRATCH/hub"\n')
        before = (pinned.root / "hfpin.lock").rename(pinned.root / "before").read_bytes()
        assert [pinned.hfpin(*line.split()).returncode for line in ("check", "lock", "lock --check")] == [
            0
        ] * 3
        assert (pinned.root / "hfpin.lock").read_bytes() == before
        done = pinned.hfpin("fetch")
        assert (done.returncode, done.stdout) == (
            2,
            (
                "hfpin: pyproject.toml: [tool.hfpin] cache-dir is '$SCRATCH/hub', "
                "and $SCRATCH is not set here\n"
                "  = Set it (export SCRATCH=…), or say what to use without it: ${SCRATCH:-fallback}.\n"
            ),
        )
        scratch = pinned.root / "scratch"
        assert pinned.hfpin("fetch", SCRATCH=str(scratch)).returncode == 0
        assert (scratch / "hub" / "models--acme--tiny" / "snapshots").is_dir()

    def test_patterns_and_local_dir(self, online: ResearchRepo, tiny: Published) -> None:
        """Patterns and local_dir of the declaration are honoured."""
        online.write(
            "config.yaml",
            f"tiny:\n  repo_id: acme/tiny\n  revision: {tiny.first}\n"
            "  allow_patterns: ['*.json', '*.safetensors']\n"
            "  ignore_patterns: sub/\n"
            "  local_dir: data/tiny\n",
        )
        online.hfpin("lock")
        assert online.hfpin("fetch").returncode == 0
        folder = online.root / "data" / "tiny"
        files = {path.name for path in folder.rglob("*") if path.is_file() and ".cache" not in path.parts}
        assert files == {"config.json", "model.safetensors"}
        assert not (online.places.cache_dir / "models--acme--tiny").exists()

    def test_full_disk_or_no_permission(self, pinned: ResearchRepo) -> None:
        """A destination that cannot be written is named."""
        in_the_way = pinned.root / "scratch"
        in_the_way.touch()
        pinned.write("pyproject.toml", '[tool.hfpin]\ncache-dir = "scratch"\n')
        done = pinned.hfpin("fetch")
        assert done.returncode == 2
        assert "Traceback" not in done.stdout
        assert str(in_the_way) in done.stdout


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("cache_dir = 1", "[tool.hfpin] has no setting 'cache_dir'\n  = Did you mean 'cache-dir'?"),
        ("files = 'x'", "[tool.hfpin] files is 'x'\n  = It takes a list of strings."),
        ("a = ", "is not TOML: "),
    ],
)
def test_settings(repo: ResearchRepo, table: str, message: str) -> None:
    """A wrong setting is named, with what it should be."""
    repo.write("pyproject.toml", f"[tool.hfpin]\n{table}\n")
    done = repo.hfpin("check")
    assert done.returncode == 2
    assert message in done.stdout


def test_help_names_every_command(repo: ResearchRepo) -> None:
    """`hfpin --help` lists the commands and the exit codes; `python -m hfpin` is the same program."""
    done = repo.hfpin("--help")
    for command in "check refs pin lock plan fetch verify path env cache-key doctor".split():
        assert re.search(rf"^    {command}\s", done.stdout, re.MULTILINE)
    assert "3  integrity: bytes differ from hfpin.lock" in done.stdout
    assert repo.run("python", "-m", "hfpin", "--help").stdout == done.stdout

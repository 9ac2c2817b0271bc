"""Repo ids, kinds of repo and kinds of revision."""

from __future__ import annotations

import pytest
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils._validators import validate_repo_id
from hypothesis import example, given
from hypothesis import strategies as st

from hfpin.errors import ConfigError
from hfpin.repo import REPO_TYPES, Repo, RepoType, RevisionKind, is_commit, is_repo_id, revision_kind
from tests.support import since

COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"


def hub_takes(repo_id: str) -> bool:
    """Whether huggingface_hub itself takes a repo id."""
    try:
        validate_repo_id(repo_id)
    except HFValidationError:
        return False
    return True


@since("2.0", "a line break at the end of an id is refused")
@given(st.text(alphabet="aZ09_-./ \n", max_size=12) | st.text(st.characters(max_codepoint=127), max_size=8))
@example("a" * 96)
@example("a" * 97)
@example("a" * 96 + "/" + "b" * 96)
@example("a/" + "b" * 97)
@example("a..b")
@example("a--b")
@example("a.git")
@example("a/b.git")
def test_ids_are_the_ones_that_huggingface_hub_takes(repo_id: str) -> None:
    """For ASCII text, hfpin and huggingface_hub agree on what a repo id is."""
    assert is_repo_id(repo_id) == hub_takes(repo_id)


@pytest.mark.parametrize("repo_id", ["café/model", "org/模型", "org/x\u0660"])
def test_ids_are_ascii(repo_id: str) -> None:
    """Letters and digits beyond ASCII are refused, which older releases of huggingface_hub let pass."""
    assert not is_repo_id(repo_id)


@pytest.mark.parametrize(
    ("revision", "kind"),
    [
        (COMMIT, RevisionKind.COMMIT),
        (COMMIT.upper(), RevisionKind.ABBREVIATED),
        (COMMIT[:39], RevisionKind.ABBREVIATED),
        (COMMIT[:7], RevisionKind.ABBREVIATED),
        (COMMIT[:6], RevisionKind.NAMED),
        ("26BCA36", RevisionKind.NAMED),
        (COMMIT + "0", RevisionKind.NAMED),
        (COMMIT + "\n", RevisionKind.NAMED),
        ("v0.1", RevisionKind.NAMED),
        ("Main", RevisionKind.NAMED),
        ("main-2", RevisionKind.NAMED),
        ("main", RevisionKind.MUTABLE),
        ("master", RevisionKind.MUTABLE),
        ("HEAD", RevisionKind.MUTABLE),
        ("refs/pr/1", RevisionKind.MUTABLE),
        ("refs/convert/parquet", RevisionKind.MUTABLE),
        ("${oc.env:REVISION}", RevisionKind.DYNAMIC),
        ("{{ revision }}", RevisionKind.DYNAMIC),
        ("{% if x %}main{% endif %}", RevisionKind.DYNAMIC),
        ("refs/pr/${number}", RevisionKind.DYNAMIC),
        ("$HOME", RevisionKind.NAMED),
    ],
)
def test_a_revision_promises_what_its_spelling_says(revision: str, kind: RevisionKind) -> None:
    """Each spelling of a revision has one kind."""
    assert revision_kind(revision) is kind
    assert is_commit(revision) == (kind is RevisionKind.COMMIT)


@pytest.mark.parametrize(
    ("repo_id", "namespace", "name"),
    [("mistralai/Mistral-7B-v0.1", "mistralai", "Mistral-7B-v0.1"), ("gpt2", "", "gpt2")],
)
def test_a_repo_has_a_namespace_and_a_name(repo_id: str, namespace: str, name: str) -> None:
    """An id is a namespace and a name; the oldest ids have no namespace."""
    repo = Repo(repo_id)
    assert (repo.namespace, repo.name, repo.repo_type) == (namespace, name, "model")


@pytest.mark.parametrize(
    ("repo_type", "text"),
    [("model", "a/b"), ("dataset", "dataset a/b"), ("space", "space a/b"), ("kernel", "kernel a/b")],
)
def test_a_repo_that_is_no_model_says_its_type(repo_type: RepoType, text: str) -> None:
    """In messages a model is its bare id, and everything else says what it is."""
    assert str(Repo("a/b", repo_type)) == text
    assert repo_type in REPO_TYPES


@pytest.mark.parametrize(
    ("repo_id", "repo_type", "message", "hint"),
    [
        (
            "a/b/c",
            "model",
            "'a/b/c' is not a repo id",
            "A repo id is namespace/name: letters, digits, '-', '_' and '.', each at most 96 long.",
        ),
        (
            "a/b",
            "models",
            "'models' is not a type of Hub repo",
            "Use one of: model, dataset, space, kernel.",
        ),
    ],
)
def test_what_the_hub_could_not_have_is_refused(
    repo_id: str, repo_type: RepoType, message: str, hint: str
) -> None:
    """A Repo that exists is a valid one: neither its id nor its type can be wrong."""
    with pytest.raises(ConfigError) as caught:
        Repo(repo_id, repo_type)
    assert (caught.value.message, caught.value.hint) == (message, hint)
    assert str(caught.value) == f"{message}\n{hint}"


def test_repos_sort_by_id_then_type() -> None:
    """The order of repos is the same on every machine."""
    repos = [Repo("b/a"), Repo("a/b", "model"), Repo("a/b", "dataset")]
    assert sorted(repos) == [Repo("a/b", "dataset"), Repo("a/b", "model"), Repo("b/a")]

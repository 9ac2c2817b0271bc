"""Names of refs: what a branch, a pull request or a tag is called in git."""

from __future__ import annotations

import re

from hfpin.testing.refusal import bad_request

_REF_NAME_FAULTS = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|^[/.-]|[/.]$|\.lock(?:/|$)")


def ref_of_branch(branch: str) -> str:
    """Return the full ref that a commit to `branch` moves: ``refs/pr/N`` stays what it is.

    Raises:
        HubRefusal: git would not take the name (status 400).
    """
    return check_ref(branch if branch.startswith("refs/pr/") else f"refs/heads/{branch}")


def ref_of_tag(tag: str) -> str:
    """Return a tag's full ref.

    Raises:
        HubRefusal: git would not take the name (status 400).
    """
    return check_ref(f"refs/tags/{tag}")


def check_ref(ref: str) -> str:
    """Return `ref` if git takes it as a name (the rules of git-check-ref-format).

    Raises:
        HubRefusal: It does not (status 400).
    """
    if _REF_NAME_FAULTS.search(ref) or _REF_NAME_FAULTS.search(ref.split("/", 2)[2]):
        raise bad_request(f"Ref name {ref!r} is not one that git takes: see git-check-ref-format.")
    return ref

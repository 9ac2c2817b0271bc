"""Which paths a commit may hold."""

from __future__ import annotations

from hfpin.testing.refusal import bad_request

_FORBIDDEN_PARTS = frozenset({"", ".", ".."})


def check_path(path: str) -> str:
    r"""Return `path` if a commit may hold it.

    Args:
        path: Relative, with forward slashes.

    Raises:
        HubRefusal: The path is absolute, holds a backslash, a NUL, an empty part, ``.``, ``..`` or ``.git``,
            or names a drive (status 400): checked out, it would leave its folder or rewrite the repository.
    """
    parts = path.split("/")
    escapes = (
        "\\" in path
        or "\0" in path
        or any(part in _FORBIDDEN_PARTS or part.lower() == ".git" for part in parts)
        or parts[0][1:2] == ":"
    )
    if escapes:
        raise bad_request(
            f"Path {path!r} may not be committed: use a relative path with '/' inside the repo."
        )
    return path

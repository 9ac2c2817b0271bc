"""What the Hub says no to: one exception for the HTTP routes and for the Python verbs."""

from __future__ import annotations


class HubRefusal(ValueError):  # noqa: N818 - a refusal is an answer of the Hub, not an error of this package
    """A request that the Hub turns down.

    Over HTTP it becomes a JSON body ``{"error": message}`` with ``X-Error-Code`` and ``X-Error-Message``;
    a verb of `LocalHub` raises it as it is, which is why it is a `ValueError`.

    Args:
        message: What is wrong, where, and what to do next.
        status: HTTP status.
        code: Value of ``X-Error-Code``. ``RepoNotFound``, ``RevisionNotFound``, ``EntryNotFound`` and
            ``GatedRepo`` are the Hub's own words, which huggingface_hub turns into exception classes;
            every other code is this package's, and clients ignore it.
        headers: Further response headers.
    """

    def __init__(
        self, message: str, *, status: int, code: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.headers = headers or {}


def bad_request(message: str) -> HubRefusal:
    """Return the refusal of a request that makes no sense: 400."""
    return HubRefusal(message, status=400, code="BadRequest")


def conflict(message: str) -> HubRefusal:
    """Return the refusal to create what is already there: 409."""
    return HubRefusal(message, status=409, code="Conflict")


def revision_not_found(revision: str) -> HubRefusal:
    """Return the refusal of a branch, tag or commit that the repo does not have: 404."""
    return HubRefusal(f"Invalid rev id: {revision}", status=404, code="RevisionNotFound")

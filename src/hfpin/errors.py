"""The errors hfpin raises, told apart by what their reader should do next."""

from __future__ import annotations


class HfpinError(Exception):
    """Something a user can mend: what is wrong and where, and what to do next.

    Args:
        message: One line: what is wrong, and where.
        hint: One line: what to do about it.

    Attributes:
        exit_code: What a command that ends with this error exits with.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class ConfigError(HfpinError):
    """A file of the project must be mended: a config, `[tool.hfpin]`, a repo id."""


class UnsetVariableError(ConfigError):
    """A setting names a variable that is not set here: who does not need it goes on without."""


class LockError(HfpinError):
    """`hfpin.lock` is missing, unreadable, or not about the project as it stands."""


class PartialCheckoutError(LockError):
    """Files that declare pins are in git and not checked out here: what they declare is not known."""


class RevisionMovedError(LockError):
    """A tag or branch is not where it was when it was locked: somebody must say whether that is meant."""

    exit_code = 1


class HubError(HfpinError):
    """The Hub refused, or could not be reached."""


class RepoNotFoundError(HubError):
    """No such repo, or none that this token may see: the Hub does not tell the two apart."""


class RevisionNotFoundError(HubError):
    """The repo is there; the branch, tag or commit is not."""


class AccessError(HubError):
    """The repo is there; this token may not read it."""


class OfflineError(HubError):
    """The Hub was not asked: this process is told to stay offline."""


class NetworkError(HubError):
    """The Hub did not answer, or not now: asking again may work.

    Args:
        message: As for `HfpinError`.
        hint: As for `HfpinError`.
        retry_after: Seconds that the Hub asks to wait; None where it does not say.
    """

    def __init__(self, message: str, *, hint: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class DestinationError(HfpinError):
    """Files are in the way, or the disk refused: nothing was overwritten."""


class UnwholeError(HfpinError):
    """The bytes are those of the lock, and a model cannot be loaded from them."""

    exit_code = 1


class StoppedError(HfpinError):
    """Something else failed first, or the user asked to stop."""


class IntegrityError(HfpinError):
    """Bytes differ from what `hfpin.lock` says."""

    exit_code = 3

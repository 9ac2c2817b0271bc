"""Who asks, and who may see what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

GATES = (False, "auto", "manual")


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A user with one token. Writers may do anything in any namespace; there are no organizations."""

    name: str
    token: str
    can_write: bool


WRITER = Account(name="tester", token="hf_writer", can_write=True)  # noqa: S106 - it opens nothing but this hub
READER = Account(name="reader", token="hf_reader", can_write=False)  # noqa: S106 - as above


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """Who may see a repo.

    Args:
        private: Without a grant, only writers know that the repo exists.
        gated: False, ``"auto"`` or ``"manual"``: without a grant, only writers may read its files.
        granted: Names of the users who were let in, to private and to gated content alike.
    """

    private: bool = False
    gated: bool | str = False
    granted: frozenset[str] = frozenset()

    def sees(self, account: Account | None) -> bool:
        """Tell whether the account (None: nobody signed in) may know that the repo exists."""
        return not self.private or self._lets_in(account)

    def reads(self, account: Account | None) -> bool:
        """Tell whether the account may download the repo's files."""
        return self.sees(account) and (not self.gated or self._lets_in(account))

    def _lets_in(self, account: Account | None) -> bool:
        return account is not None and (account.can_write or account.name in self.granted)

    def changed(
        self,
        *,
        private: bool | None = None,
        gated: bool | str | None = None,
        granted: Iterable[str] | None = None,
    ) -> Access:
        """Return this access with what is not None replaced.

        Raises:
            ValueError: `gated` is neither a bool nor ``"auto"`` nor ``"manual"``.
        """
        gate = "manual" if gated is True else gated
        if gate is not None and gate not in GATES:
            raise ValueError(
                f"gated={gated!r} is not known: use False, 'auto' or 'manual' (True means 'manual')."
            )
        return replace(
            self,
            private=self.private if private is None else private,
            gated=self.gated if gate is None else gate,
            granted=self.granted if granted is None else frozenset(granted),
        )

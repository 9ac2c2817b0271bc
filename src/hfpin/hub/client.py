"""What is used of huggingface_hub, set up by the environment; and what in the environment keeps it from that.

None of a library's own words are kept: a proxy's address can hold a password.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from hfpin.errors import ConfigError

_NOT_ASKED = "the Hub was not asked"


class Client(NamedTuple):
    """What is used of huggingface_hub for each file: its lazy package takes 30 µs to find a name again."""

    constants: Any
    errors: Any
    get_session: Callable[[], Any]
    hf_raise_for_status: Callable[[Any], None]


def load() -> Client:
    """Import huggingface_hub.

    Raises:
        ConfigError: A variable keeps it from that.
    """
    try:
        from huggingface_hub import constants, errors, get_session
        from huggingface_hub.utils import (  # type: ignore[attr-defined]  # public, but lazily exported
            hf_raise_for_status,
        )
    except ValueError:
        raise ConfigError(
            f"{_NOT_ASKED}: huggingface_hub cannot read one of its variables",
            hint="Check HF_ENDPOINT, HF_HUB_DOWNLOAD_TIMEOUT, HF_HUB_ETAG_TIMEOUT and others of HF_….",
        ) from None
    return Client(constants, errors, get_session, hf_raise_for_status)


def open_client(endpoint: str | None) -> Client:
    """Import huggingface_hub, and let it make its HTTP client.

    Args:
        endpoint: The Hub's address; that of `HF_ENDPOINT` where None.

    Raises:
        ConfigError: The environment does not allow it: message and hint say which variables it is about.
    """
    client = load()
    if not _is_address(endpoint or str(client.constants.ENDPOINT)):
        raise ConfigError(  # which is not shown: there may be a password in it
            "HF_ENDPOINT is not the address of a Hub",
            hint="Write it like https://huggingface.co, or unset it.",
        )
    try:
        client.get_session()
    except ImportError:
        raise ConfigError(
            f"{_NOT_ASKED}: a SOCKS proxy is set, and the package socksio is not installed",
            hint="pip install socksio, or unset ALL_PROXY, HTTP_PROXY and HTTPS_PROXY.",
        ) from None
    except OSError:
        raise ConfigError(
            f"{_NOT_ASKED}: the certificates to trust cannot be read",
            hint="Check SSL_CERT_FILE and SSL_CERT_DIR.",
        ) from None
    except ValueError:
        raise ConfigError(
            f"{_NOT_ASKED}: a proxy that is set has no address that can be used",
            hint="Check ALL_PROXY, HTTP_PROXY and HTTPS_PROXY.",
        ) from None
    return client


def find_token(client: Client) -> str | None:
    """Give the token that huggingface_hub finds, in the environment or where `hf auth login` put it.

    Raises:
        ConfigError: The file that it is in cannot be read.
    """
    from huggingface_hub import get_token

    try:
        return get_token()
    except client.errors.HfHubHTTPError:  # an OSError too: a token can have been asked for
        raise
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            f"{_NOT_ASKED}: the file with the token cannot be read",
            hint="Check HF_TOKEN_PATH and HF_HOME, or log in again with `hf auth login`.",
        ) from None


def check_token(token: str | None) -> None:
    """Refuse a token that no request can carry.

    Raises:
        ConfigError: It is one.
    """
    if token is not None and not (token.isascii() and token.isprintable()):
        raise ConfigError(
            f"{_NOT_ASKED}: the token holds a character that no token has",
            hint="Set HF_TOKEN again, or log in again with `hf auth login`.",
        )


def _is_address(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        _ = parts.port  # reading it is what refuses one that is none
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)

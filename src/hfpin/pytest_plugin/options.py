"""What can be said on the command line and in pytest's settings."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

_AUDITS = ("report", "fail")
_MISSING = ("fetch", "skip", "fail")


def add(parser: pytest.Parser) -> None:
    """Add all options. Their defaults are None, so that a setting in a file can be told from none."""
    group = parser.getgroup("hfpin", "pinned Hugging Face repos")
    _offline(parser, group)
    _audit(parser, group)
    _fixtures(parser, group)


def said(config: pytest.Config, name: str) -> str | None:
    """Give what was chosen for an option that takes a text: on the command line, else in a file."""
    return config.getoption(name) or config.getini(name) or None


def _offline(parser: pytest.Parser, group: pytest.OptionGroup) -> None:
    group.addoption(
        "--hf-offline",
        action="store_true",
        default=None,
        help="keep huggingface_hub, and every other connection, off the network; pins must have been fetched",
    )
    group.addoption(
        "--hf-allow-hosts",
        metavar="HOSTS",
        action="append",
        default=None,
        help="what --hf-offline lets pass beside this machine: names, *.patterns, addresses, networks, "
        "with commas between them",
    )
    parser.addini("hf_offline", "as --hf-offline", type="bool", default=None)
    parser.addini("hf_allow_hosts", "as --hf-allow-hosts", type="args", default=None)


def _audit(parser: pytest.Parser, group: pytest.OptionGroup) -> None:
    group.addoption(
        "--hf-audit",
        metavar="report|fail",
        nargs="?",
        const="report",
        choices=_AUDITS,
        default=None,
        help="tell at the end which repos were opened without a pin, and by which line; =fail: fail for it",
    )
    group.addoption(
        "--hf-audit-report", metavar="FILE", default=None, help="audit, and write all of it to FILE as JSON"
    )
    parser.addini("hf_audit", "as --hf-audit: report or fail")


def _fixtures(parser: pytest.Parser, group: pytest.OptionGroup) -> None:
    group.addoption(
        "--hf-missing",
        choices=_MISSING,
        default=None,
        help="what to do where a test needs a pin that is not on disk (default: fail offline, else fetch)",
    )
    group.addoption(
        "--hf-dtype",
        metavar="DTYPE",
        default=None,
        help="what fixtures that declare a dtype load models in, instead of that: float32, bfloat16, …",
    )
    group.addoption(
        "--hf-device",
        metavar="DEVICE",
        default=None,
        help="where fixtures that declare a device put models, instead of there: cpu, cuda:1, auto, …",
    )
    parser.addini("hf_missing", "as --hf-missing: fetch, skip or fail")
    parser.addini("hf_dtype", "as --hf-dtype")
    parser.addini("hf_device", "as --hf-device")


def refuse_unloaded(config: pytest.Config) -> None:
    """Refuse to serve a fixture of `hfpin.pytest` in a run that the plugin itself is kept out of.

    Raises:
        ConfigError: It is.
    """
    if not hasattr(config.option, "hf_missing"):
        from hfpin.errors import ConfigError

        raise ConfigError(
            "this run is without hfpin's plugin for pytest, so its pins cannot be served",
            hint="Leave out `-p no:hfpin`; where PYTEST_DISABLE_PLUGIN_AUTOLOAD is set, add `-p hfpin`.",
        )


def check_missing(config: pytest.Config) -> None:
    """Refuse a setting for what is missing that says nothing known.

    Raises:
        pytest.UsageError: It does.
    """
    asked = said(config, "hf_missing")
    if asked is not None and asked not in _MISSING:
        raise pytest.UsageError(f"hfpin: hf_missing is {asked!r}. It takes one of: {', '.join(_MISSING)}.")


def audit(config: pytest.Config) -> str | None:
    """Whether to audit, `report` or `fail`: by the option, else by the setting.

    Raises:
        pytest.UsageError: The setting says something else.
    """
    asked: str | None = config.known_args_namespace.hf_audit or config.getini("hf_audit") or None
    if asked is not None and asked not in _AUDITS:
        raise pytest.UsageError(f"hf_audit is {asked!r}: it takes report or fail")
    return asked or ("report" if config.known_args_namespace.hf_audit_report else None)


def is_offline(config: pytest.Config, environ: Mapping[str, str]) -> bool:
    """Whether to go offline: by the option, else by HFPIN_OFFLINE, else by the setting."""
    if config.known_args_namespace.hf_offline:
        return True
    said = environ.get("HFPIN_OFFLINE")
    if said is not None:
        return said.upper() in ("1", "ON", "YES", "TRUE")  # as huggingface_hub reads its own
    return bool(config.getini("hf_offline"))


def allowed_hosts(config: pytest.Config, environ: Mapping[str, str]) -> list[str]:
    """Which hosts may be reached: by the option, else by HFPIN_ALLOW_HOSTS, else by the setting.

    Raises:
        pytest.UsageError: One of them is no host.
    """
    said = config.known_args_namespace.hf_allow_hosts
    if said is None:
        said = [environ["HFPIN_ALLOW_HOSTS"]] if environ.get("HFPIN_ALLOW_HOSTS") else None
    if said is None:
        said = config.getini("hf_allow_hosts") or []
    hosts = [host for entry in said for host in entry.replace(",", " ").split()]
    for host in hosts:
        _refuse_no_host(host)
    return hosts


def _refuse_no_host(host: str) -> None:
    """Refuse what no look-up and no connection could ever match: an address of the web, a port."""
    from ipaddress import ip_network

    try:
        ip_network(host, strict=False)
    except ValueError:
        if any(character in host for character in "/:[]@"):
            raise pytest.UsageError(
                f"hfpin: {host!r} is no host to allow. Write a name (db.example.org), a pattern "
                "(*.example.org), an address (10.0.0.1) or a network (10.0.0.0/8), without scheme and port."
            ) from None

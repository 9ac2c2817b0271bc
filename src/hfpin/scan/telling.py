"""Which keys of a mapping tell something about all that stands in it: looked for once, not for each value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from hfpin.dataclass import dataclass
from hfpin.scan import tree
from hfpin.scan.keys import normal
from hfpin.vocabulary import programs, services, shapes

_MOST = 50
"""How many keys of one kind are kept: no program has as many in one mapping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """The telling keys of a mapping, in its order.

    Args:
        providers: Those that say who loads or serves.
        classes: Those that name the class that the mapping builds, each with that.
        endpoints: Those that say how a server is reached, unless they are left empty.
        subjects: Those that say how what their first words name is reached: `llm_endpoint`.
        servers: Those whose value is the address of a server.
        named: The first words of those that may name an id: what `vllm_server_url` may be about.
        loaded: Those that name, more surely than others, what is loaded from the Hub.
        other_hubs: Those that switch another hub on.
        prices: Those of a price.
        weights: Those whose value is a file of weights.
        downloads: Those whose value is the address of a file on the Hub.
        switches: Those that say by their name whether something is a folder.
        of_clients: The keys of mappings that are about a client: `client_kwargs`.
    """

    providers: tuple[str, ...]
    classes: tuple[tuple[str, str], ...]
    endpoints: tuple[str, ...]
    subjects: tuple[str, ...]
    servers: tuple[str, ...]
    named: frozenset[str]
    loaded: tuple[str, ...]
    other_hubs: tuple[str, ...]
    prices: tuple[str, ...]
    weights: tuple[str, ...]
    downloads: tuple[str, ...]
    switches: tuple[str, ...]
    of_clients: frozenset[str]


def telling(values: Mapping[str, tuple[str, tree.Node]], texts: Mapping[str, str]) -> Telling:
    """Find them.

    Args:
        values: For each key in its normal spelling, the key as written and its value.
        texts: Those values that are scalars.
    """
    return Telling(
        providers=_some(key for key in texts if _is_provider(key)),
        classes=tuple(sorted(_classes(values, texts))),
        endpoints=tuple(
            sorted(
                key
                for key in services.ENDPOINT_KEYS & values.keys()
                if key in texts or not isinstance(values[key][1], tree.Scalar)
            )
        ),
        subjects=_some(key for key in texts if key.endswith(services.ENDPOINT_TAILS) and _runs_models(key)),
        servers=_some(key for key, text in texts.items() if _is_server(text) and _runs_models(key)),
        named=frozenset(
            key.partition("_")[0] for key, text in texts.items() if "/" in text and not _is_server(text)
        ),
        loaded=_some(
            key
            for key, (_, node) in values.items()
            if _is_loaded(key, texts.get(key, "")) or _is_bucket(key, node)
        ),
        other_hubs=_some(
            key for key, text in texts.items() if text.lower() in ("true", "1") and is_of_other_hub(key)
        ),
        prices=_some(key for key in values if _is_price(key)),
        weights=_some(key for key, text in texts.items() if _is_weights(key, text)),
        downloads=_some(key for key, text in texts.items() if "/resolve/" in text and "://" in text),
        switches=_some(key for key in texts if not programs.DISK_WORDS.isdisjoint(key.split("_"))),
        of_clients=frozenset(
            normal(name.value)
            for key, (_, node) in values.items()
            if isinstance(node, tree.Mapping) and not services.CLIENT_WORDS.isdisjoint(key.split("_"))
            for name, _ in node.entries[:_MOST]
            if isinstance(name, tree.Scalar)
        ),
    )


def _classes(
    values: Mapping[str, tuple[str, tree.Node]], texts: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for key in programs.CLASS_KEYS & texts.keys():
        yield key, texts[key]
    _, node = values.get("type_info", ("", None))  # distilabel writes the module and the name apart
    if isinstance(node, tree.Mapping):
        for _, value in node.entries[:_MOST]:
            if isinstance(value, tree.Scalar):
                yield "type_info", value.value


def is_of_other_hub(key: str) -> bool:
    """Whether a key has the name of another hub in it."""
    return not services.OTHER_HUB_WORDS.isdisjoint(key.split("_")) or any(
        name in key for name in ("model_scope", "torch_hub")
    )


def _some(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(islice(keys, _MOST))


def _is_provider(key: str) -> bool:
    return key in services.PROVIDER_KEYS or key.rpartition("_")[2] in services.PROVIDER_WORDS


def _is_price(key: str) -> bool:
    """Whether it is the price of what stands beside it: `claude_price_in` is that of another model."""
    words = key.split("_")
    return not services.PRICE_WORDS.isdisjoint(words) and shapes.API_PREFIXES.isdisjoint(words)


def _runs_models(key: str) -> bool:
    """Whether the server that a key is about may be one of models, and not of traces or vectors."""
    return services.OTHER_SERVERS.isdisjoint(key.split("_"))


def _is_server(text: str) -> bool:
    return text.startswith("http") and re.match(services.SERVER_ADDRESS, text) is not None


def _is_weights(key: str, text: str) -> bool:
    is_file = key.rpartition("_")[2] in programs.FILE_WORDS and "/" not in text
    return is_file and text.endswith(shapes.WEIGHT_SUFFIXES)


def _is_bucket(key: str, node: tree.Node) -> bool:
    """Whether it is Ray's `model_source` with the address of a bucket below it."""
    return key == "model_source" and isinstance(node, tree.Mapping)


def _is_loaded(key: str, text: str) -> bool:
    is_address = text.startswith(programs.HUB_SCHEMES) and key.rpartition("_")[2] in programs.ADDRESS_WORDS
    return is_address or ("/" in text and key in programs.LOADED_BESIDE)

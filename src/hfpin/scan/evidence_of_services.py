"""What says that a name is sent to a service, which has names of its own, and is not loaded here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hfpin.scan.block import Block
from hfpin.scan.candidate import Candidate, slot
from hfpin.scan.keys import KeyKind, names_the_hub, provider, repo_type
from hfpin.scan.mentions import ADDRESSES, Form
from hfpin.vocabulary import services, shapes

_LOADING = services.HUB_PROVIDERS - services.ENGINES
"""Libraries, which a registry's entry may name: by them the name beside is loaded here."""


def providers(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The keys beside a candidate that say who loads or serves it, each with whom."""
    for block in candidate.blocks:
        for key in block.telling.providers:
            if key != candidate.key and _provides(key, candidate.key):
                yield key, provider(block.texts[key])


def _provides(key: str, own: str) -> bool:
    """Whether a key says who loads what another names: `llm_engine` speaks of the LLM, not of an embedder."""
    if key in services.PROVIDER_KEYS:
        return True
    subject = key.partition("_")[0]
    return not {subject, subject.removesuffix("s")}.isdisjoint(own.split("_")) or (
        subject in services.MAIN_WORDS and own in services.MAIN_KEYS
    )


def is_local_part(key: str) -> bool:
    """Whether a key names what a client of a server loads by itself: a tokenizer, a dataset."""
    return repo_type(key) == "dataset" or not services.CLIENT_PARTS.isdisjoint(key.split("_"))


def other_provider(candidate: Candidate) -> str | None:
    """A key beside it names a service that the name is sent to."""
    is_hubs = names_the_hub(candidate.key)
    if candidate.mention.form in ADDRESSES or is_hubs or is_local_part(candidate.key):
        return None
    for key, value in sorted(providers(candidate)):
        is_maker = value in services.MAKERS and key.rpartition("_")[2] not in services.ASKING_WORDS
        if value in services.SERVED_PROVIDERS and not is_maker:
            return f"{key!r} is {value!r}"
    for key in candidate.above[:3]:
        if provider(key) in services.SERVICES:
            return f"below {key!r}"
    for block in candidate.blocks:
        for key, name in block.telling.classes:
            if key != candidate.key and re.search(services.SERVED_CLASS, name):
                return f"{key!r} is {name!r}"
    return None


def endpoint_beside(candidate: Candidate) -> str | None:
    """The address or the key of a server stands beside it."""
    if candidate.mention.form in ADDRESSES or is_local_part(candidate.key):
        return None
    program = candidate.mention.program
    if program and (match := re.search(services.SERVER_ARGUMENT, program)):
        return f"{match[0]!r} in its command"
    each = enumerate(candidate.blocks)
    return next(
        (said for far, block in each for said in _reached(candidate.key, block, is_far=far > 0)), None
    )


def _reached(own: str, block: Block, *, is_far: bool) -> Iterator[str]:
    """What says how the server is reached that a key's value is sent to; what a client is told is near."""
    told = block.telling
    if not services.LAUNCH_KEYS.isdisjoint(block.values):
        return  # who gives them starts the server here
    others = (
        [key for key in (*told.endpoints, *told.servers) if _is_of_language(key)]
        if _is_small_part(own)
        else []
    )
    of_clients = frozenset() if is_far else services.ENDPOINT_KEYS & told.of_clients
    for key in sorted({*told.endpoints, *of_clients}.difference(others)):
        yield f"{key!r}"
    for key in told.subjects:
        if key not in services.PROVIDER_KEYS and _provides(key, own):
            yield f"{key!r}"
    if _is_asked(block):
        yield "'endpoint', with how it is asked"
    for key in told.servers:
        subject = key.partition("_")[0]
        if subject in told.named and subject not in own.split("_"):
            continue  # `vllm_server_url` is of the `vllm_model` beside it
        words = set(key.split("_"))
        is_of_models = bool(words & services.SERVER_WORDS) or words <= services.ADDRESS_ONLY_WORDS
        if key != own and key not in others and (is_of_models or _provides(key, own)):
            yield f"{key!r} is the address of a server"


def _is_asked(block: Block) -> bool:
    """Whether it has an endpoint to be filled in, and how a model is asked there."""
    return "endpoint" in block.values and not services.ASKING_KEYS.isdisjoint(block.values)


def _is_of_language(key: str) -> bool:
    return key.partition("_")[0] in services.LANGUAGE_WORDS


def _is_small_part(key: str) -> bool:
    """Whether a key names what a program runs by itself beside the language model that it asks for."""
    return not services.SMALL_PARTS.isdisjoint(key.split("_"))


def gateway_name(candidate: Candidate) -> str | None:
    """The file has names under such a key that only a gateway to several services takes."""
    is_plain = candidate.mention.form in (Form.WHOLE, Form.ITEM) and candidate.kind is not KeyKind.CERTAIN
    if not is_plain or is_local_part(candidate.key):
        return None
    if any(_is_small_part(key) for key in (candidate.key, *candidate.above[:1])):
        return None
    if candidate.mention.repo_id.islower():  # as gateways spell all names, and the Hub some
        maker = candidate.mention.repo_id.partition("/")[0]
        if maker in shapes.GATEWAY_VENDORS:
            return f"{maker!r}, and no capital"
        for key in sorted(services.GATEWAYS & candidate.facts.keys):
            return f"{key!r} in the file"
    other = candidate.facts.gateways.get(slot(candidate.place))
    return f"{other!r} elsewhere" if other is not None else None


def registry_entry(candidate: Candidate) -> str | None:
    """It stands in an entry of a registry, which has names of its own."""
    if candidate.mention.form in ADDRESSES or candidate.kind is KeyKind.CERTAIN:
        return None
    for block in candidate.blocks:
        for key in sorted(services.REGISTRY_KEYS & block.values.keys()):
            if provider(block.texts.get(key, "")) not in _LOADING:
                return f"{key!r}"
        for key in block.telling.prices:
            return f"{key!r}"
        described = sorted(services.DESCRIBED_KEYS & block.values.keys())
        if candidate.kind is KeyKind.GENERAL and len(described) > 1:
            return f"{described[0]!r} and {described[1]!r}"
    return None

"""What stands beside a candidate and above it says."""

from __future__ import annotations

import re
from itertools import islice

from hfpin.regex import lazily
from hfpin.scan.block import Block
from hfpin.scan.candidate import Candidate
from hfpin.scan.evidence_of_services import endpoint_beside, is_local_part, providers
from hfpin.scan.keys import KeyKind, is_loader, names_the_hub, provider
from hfpin.scan.mentions import ADDRESSES, ANY_ADDRESS, WITHIN, Form
from hfpin.scan.telling import is_of_other_hub
from hfpin.scan.tree import Mapping, Scalar, Sequence, resolve
from hfpin.vocabulary import keys, programs, services, shapes

_MOST = 50
"""How many keys beside a list are looked at."""
_NUMBER = lazily(r"[-+]?[\d.]+(?:[eE][-+]?\d+)?%?")
_SAVED_UNDER = ("name_or_path", "_name_or_path", "model_name_or_path", "dataset_name")
"""Keys under which what is saved says what it was loaded from."""
_OPTIONS = programs.MODEL_OPTIONS | programs.DATASET_OPTIONS


def revision_beside(candidate: Candidate) -> str | None:
    """A key that carries a revision stands beside it, and no other id that it could belong to."""
    if candidate.kind not in (KeyKind.GENERAL, KeyKind.ROLE):
        return None
    for block in candidate.blocks:
        if block.names_id:
            continue
        for key in sorted(keys.REPO_REVISION_KEYS & block.texts.keys()):
            return f"{key!r}"
    return None


def options_beside(candidate: Candidate) -> str | None:
    """Arguments of from_pretrained, load_dataset or an engine stand beside it."""
    for block in candidate.blocks:
        for key in sorted(_OPTIONS & block.values.keys()) or block.telling.weights:
            return f"{key!r}"
    return None


def split_beside(candidate: Candidate) -> str | None:
    """A split or a part of it is chosen beside it, as of a dataset."""
    block = candidate.block
    if block is None or candidate.mention.form is not Form.WHOLE or candidate.kind is KeyKind.ELSEWHERE:
        return None
    return next((f"{key!r}" for key in ("split", "subset") if "/" not in block.texts.get(key, "/")), None)


def company(candidate: Candidate) -> str | None:
    """Beside it another id was taken for one, by what its own key says."""
    return None if candidate.company is None else f"{candidate.company!r}"


def twin(candidate: Candidate) -> str | None:
    """Under the same key of an entry beside this one, another id was taken for one."""
    return None if candidate.twin is None else f"{candidate.twin!r}"


def hub_provider(candidate: Candidate) -> str | None:
    """A key beside it names a program that loads by Hub id."""
    for key, value in sorted(providers(candidate)):
        if value in services.ENGINES and endpoint_beside(candidate) is not None:
            continue
        if value in services.HUB_PROVIDERS or value.startswith(("hf_", "huggingface_pipeline")):
            return f"{key!r} is {value!r}"
    return None


def loader_class(candidate: Candidate) -> str | None:
    """The block builds a class, or calls a function, that loads from the Hub."""
    if candidate.mention.form in WITHIN or candidate.kind in (KeyKind.NONE, KeyKind.ELSEWHERE):
        return None
    for block in candidate.blocks:
        for key, name in block.telling.classes:
            is_client = provider(name) in services.ENGINES and endpoint_beside(candidate) is not None
            if key != candidate.key and is_loader(name) and not is_client:
                return f"{key!r} is {name!r}"
    for frame in list(candidate.place.frame.up())[:2]:
        if frame.tag.startswith("!") and is_loader(frame.tag):
            return f"the tag {frame.tag!r}"
    return None


def model_class(candidate: Candidate) -> str | None:
    """The block builds a class that is a model, by its name, from what a general key gives it."""
    if candidate.kind not in (KeyKind.GENERAL, KeyKind.ROLE) or candidate.mention.form in WITHIN:
        return None
    for block in candidate.blocks:
        for key, name in block.telling.classes:
            if key != candidate.key and re.search(programs.MODEL_CLASS, name):
                return f"{key!r} is {name!r}"
    return None


def named_beside(candidate: Candidate) -> str | None:
    """Another key beside it is the one that is loaded from the Hub, so that this one is a name for it."""
    block = candidate.block
    if candidate.mention.form is Form.KEY:
        return _named_below(candidate)
    if block is None or not candidate.is_value:
        return None
    made_into = _made_into(candidate.key, block)
    if made_into is not None or candidate.kind is KeyKind.CERTAIN or is_local_part(candidate.key):
        return made_into
    names = _named_by(candidate)
    if names is not None:
        return f"a key of {names!r}"
    is_service = block.texts.get("type") == "service" and "commands" in block.values
    if candidate.key == "model" and is_service:
        return "'commands'"  # dstack's: they load it, and its gateway calls it so
    loaded = (key for key in block.telling.loaded if key != candidate.key and not is_local_part(key))
    downloaded = block.telling.downloads if candidate.key == "id" else ()
    subject, _, rest = candidate.key.partition("_")
    made = (rest,) if subject == "upstream" and rest in block.texts else ()  # it says what that was made of
    stored = sorted(programs.STORED_KEYS & block.texts.keys()) if candidate.key == "name" else ()
    return next((f"{key!r}" for key in (*loaded, *downloaded, *made, *stored)), None)


def _made_into(key: str, block: Block) -> str | None:
    """The key beside an original that names the repo with what was made of it, by the file beside that."""
    if key not in programs.ORIGIN_KEYS or not any(text.endswith(".gguf") for text in block.texts.values()):
        return None
    return next((f"{key!r}" for key in sorted(programs.MADE_KEYS & block.texts.keys())), None)


def _named_below(candidate: Candidate) -> str | None:
    """The key, in the mapping that a key is given, whose value is the same id, or that describes a model."""
    block, key = candidate.block, candidate.place.key
    below = block.mapping.own(key.value)[-1] if block is not None and key is not None else None
    if not isinstance(below, Mapping):
        return None
    for name, value in below.entries[:_MOST]:
        if not isinstance(name, Scalar):
            continue
        is_same = isinstance(value, Scalar) and value.value == candidate.mention.repo_id
        is_description = name.value == "architecture" and isinstance(resolve(value), Mapping)
        if is_same or is_description:
            return f"{name.value!r} below it"
    return None


def _named_by(candidate: Candidate) -> str | None:
    """The mapping beside its list in which it is a key: a short name for what that gives it."""
    if candidate.place.index is None or candidate.block is None:
        return None
    for key, (_, node) in islice(candidate.block.values.items(), _MOST):
        if isinstance(node, Mapping) and node.own(candidate.mention.repo_id):
            return key
    return None


def push_beside(candidate: Candidate) -> str | None:
    """It is where something is pushed to: a switch beside it says so."""
    block = candidate.block
    section = candidate.above[0] if candidate.above else ""
    if section in programs.PUSHING_SECTIONS and names_the_hub(candidate.key):
        return f"below {section!r}"
    if block is None:
        return None
    if candidate.key in programs.PUSHED_KEYS:
        return _pushed(candidate, block)
    return _made_here(candidate.key, block)


def _pushed(candidate: Candidate, block: Block) -> str | None:
    """What beside a key that can name a push target says that it does."""
    said = next(iter(sorted(programs.PUSHING_KEYS & block.values.keys())), None)
    if said is not None:
        return f"{said!r}"
    if candidate.facts.pushes:
        return f"the name {candidate.facts.pushes!r}"
    texts = block.texts
    if re.search(programs.PUSHING_TYPE, texts.get("type", "")):
        return f"a {texts['type']!r}"
    for around in (block, *candidate.place.outer[:1]):
        for key in programs.PUSHING_SWITCHES:
            if around.texts.get(key, "").lower() in ("true", "yes", "on", "1"):
                return f"{key!r}"
    return None


def _made_here(own: str, block: Block) -> str | None:
    """What says that a model is made here, and pushed: `push_to_private`, `merge_before_push`."""
    if programs.MADE_WORDS.isdisjoint(own.split("_")):
        return None
    return next((f"{key!r}" for key in block.values if "push" in key.split("_")), None)


def hydra_group(candidate: Candidate) -> str | None:
    """It chooses one of the project's own files: Hydra's list of defaults."""
    key = candidate.place.key
    if key is not None and key.value.startswith("override "):
        return f"{key.value!r}"
    for frame in candidate.place.frame.up():
        above = frame.above
        if frame.step == "defaults" and frame.items is not None and above is not None and above.above is None:
            return "in the list of 'defaults'"
    return None


def result_record(candidate: Candidate) -> str | None:
    """It stands in a record of results, which says what was measured and loads nothing."""
    if candidate.facts.is_results:
        return "'results' of a harness"
    if candidate.block is None or candidate.kind is KeyKind.CERTAIN or not candidate.is_value:
        return None
    for key in sorted(programs.RESULT_KEYS & candidate.block.values.keys()):
        text = candidate.block.texts.get(key)
        is_asked_for = isinstance(candidate.block.values[key][1], Sequence)  # as by `rouge: true`
        if key == "timestamp" or (text is None and not is_asked_for) or (text and _NUMBER.fullmatch(text)):
            return f"{key!r}"
    return None


def other_hub(candidate: Candidate) -> str | None:
    """A key beside it or above says that another hub is meant."""
    if candidate.mention.form in ADDRESSES:
        return None
    namespace = candidate.mention.repo_id.partition("/")[0]
    if namespace in shapes.OTHER_HUB_NAMESPACES:
        return f"{namespace!r} is a namespace of another hub"
    for key in (candidate.key, *candidate.above[:2]):
        if is_of_other_hub(key):
            return f"{key!r}"
    # `hf_repo` is for the tokenizer of what `backend: ollama` serves
    return None if names_the_hub(candidate.key) else _other_hub_beside(candidate)


def _other_hub_beside(candidate: Candidate) -> str | None:
    for block in candidate.blocks:
        for key in block.telling.other_hubs:
            return f"{key!r} is {block.texts[key]!r}"
        for key in sorted(services.KAGGLE_KEYS & block.values.keys()):
            return f"{key!r}"
    for key, value in sorted(providers(candidate)):
        if value in services.OTHER_HUBS:
            return f"{key!r} is {value!r}"
    return None


def file_of_other_hub(candidate: Candidate) -> str | None:
    """A comment of the file speaks of another hub, and nothing in it of this one."""
    is_address = candidate.mention.form in ANY_ADDRESS
    hub = None if is_address else candidate.facts.other_hub
    return hub and f"a comment speaks of {hub!r}"


def request(candidate: Candidate) -> str | None:
    """It is part of a request to a server, or chooses a prompt for one."""
    if (
        candidate.mention.form in (Form.LINE, Form.CONFIG)
        and candidate.place.governing in services.REQUEST_KEYS
    ):
        return f"in the text of {candidate.place.governing!r}"
    if candidate.mention.form in WITHIN:
        return None
    for key in candidate.above[:2]:
        if key in services.REQUEST_KEYS:
            return f"below {key!r}"
    if candidate.block is not None and candidate.key in ("model", "models"):
        for key in sorted({"messages", "content"} & candidate.block.values.keys()):
            return f"beside {key!r}"
    return None


def image_beside(candidate: Candidate) -> str | None:
    """It is a container image: a tag or a pull policy stands beside it."""
    is_plain = candidate.mention.form in (Form.WHOLE, Form.ITEM)
    if candidate.kind is not KeyKind.GENERAL or candidate.block is None or not is_plain:
        return None
    for key in ("tag", "pull_policy", "image_pull_policy", "digest", "image_tag"):
        if key in candidate.block.values:
            return f"{key!r}"
    return None


def provenance(candidate: Candidate) -> str | None:
    """It says where a saved tokenizer or model came from; nothing loads it."""
    if candidate.place.key is None or candidate.block is None:
        return None
    saved = programs.SAVED_KEYS & candidate.block.values.keys()
    is_name = candidate.place.key.value in _SAVED_UNDER
    return f"{min(saved)!r}" if is_name and saved else None


def expectation(candidate: Candidate) -> str | None:
    """It is what a test expects, which nothing loads."""
    for key in candidate.above:
        if key in programs.EXPECTATION_KEYS:
            return f"below {key!r}"
    return None

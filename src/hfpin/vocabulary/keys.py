"""Which keys name a Hub repo, and which carry its revision: data, not code.

Each entry is a fact about programs that people configure; the comment names some of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hfpin.repo import RepoType


@dataclass(frozen=True, slots=True, kw_only=True)
class IdKey:
    """A mapping key whose value is a repo id.

    Args:
        repo_type: What kind of repo the key names.
        revision_keys: Sibling keys that carry its revision, the one to write first. Empty where its
            programs have none.
        one_word: Whether a value without a namespace (`gpt2`) is an id under this key.
        declares: Whether this is the recommended form, whose siblings are arguments of
            `snapshot_download` and whose parent key is the pin's name.
    """

    repo_type: RepoType = "model"
    revision_keys: tuple[str, ...]
    one_word: bool = False
    declares: bool = False


ID_KEYS: Mapping[str, IdKey] = MappingProxyType(
    {
        # huggingface_hub.snapshot_download, and hfpin's own recommended form
        "repo_id": IdKey(revision_keys=("revision",), one_word=True, declares=True),
        # transformers' example scripts, TRL's ModelConfig, LLaMA-Factory
        "model_name_or_path": IdKey(revision_keys=("model_revision", "revision"), one_word=True),
        # from_pretrained itself; diffusers' training scripts
        "pretrained_model_name_or_path": IdKey(revision_keys=("revision", "model_revision"), one_word=True),
        # vLLM, many Hydra projects
        "model": IdKey(revision_keys=("revision", "model_revision")),
        "model_name": IdKey(revision_keys=("model_revision", "revision")),
        "model_id": IdKey(revision_keys=("model_revision", "revision"), one_word=True),
        "model_path": IdKey(revision_keys=("model_revision", "revision")),
        # axolotl; peft's adapter_config.json says base_model_name_or_path with `revision`
        "base_model": IdKey(
            revision_keys=("revision_of_model", "base_model_revision", "revision"), one_word=True
        ),
        "base_model_name_or_path": IdKey(revision_keys=("revision",), one_word=True),
        # vLLM, TRL
        "tokenizer": IdKey(revision_keys=("tokenizer_revision",), one_word=True),
        "tokenizer_name": IdKey(revision_keys=("tokenizer_revision",), one_word=True),
        "tokenizer_name_or_path": IdKey(revision_keys=("tokenizer_revision",), one_word=True),
        "adapter_name_or_path": IdKey(revision_keys=("adapter_revision",)),
        "reward_model_path": IdKey(revision_keys=("reward_model_revision",)),
        # lm-evaluation-harness passes dataset_kwargs on to load_dataset; nothing else beside it is read
        "dataset_path": IdKey(repo_type="dataset", revision_keys=("dataset_revision", "revision")),
        # transformers' example scripts and TRL, which have no key for its revision
        "dataset_name": IdKey(repo_type="dataset", revision_keys=("dataset_revision",)),
        "dataset_id": IdKey(repo_type="dataset", revision_keys=("dataset_revision", "revision")),
    }
)

UNREAD_REVISIONS: Mapping[str, str] = MappingProxyType(
    {
        "dataset_name": "transformers' scripts and TRL read no revision for dataset_name",
        "dataset_path": "lm-evaluation-harness reads no revision beside dataset_path",
        "dataset_id": "no program that is known reads a revision beside dataset_id",
    }
)
"""Keys whose revision is honoured where it is written, and that hfpin adds none to: programs ignore it."""

REPO_TYPE_KEY = "repo_type"
ALLOW_PATTERNS_KEY = "allow_patterns"
IGNORE_PATTERNS_KEY = "ignore_patterns"
LOCAL_DIR_KEY = "local_dir"

CERTAIN_KEYS = frozenset(
    """
    repo_id hf_repo hf_repo_id hf_model hf_model_id hf_model_name hf_path hf_id hf_name hf_dataset hf_datasets
    hf_dataset_id hf_dataset_name hf_hub_url hf_model_path hf_tokenizer hf_processor hf_repo_name hf_uri
    huggingface huggingface_id huggingface_model huggingface_model_id huggingface_path huggingface_repo
    huggingface_repo_id huggingface_model_name huggingface_dataset huggingface_name hugging_face_id
    name_or_path model_name_or_path pretrained pretrained_model pretrained_model_name pretrained_model_path
    pretrained_name from_pretrained base_model base_model_id base_model_name model_id path_or_name
    pretrain reward_pretrain pretrained_tokenizer tokenizer_hf processor_id hub_id source_repo_id tokenizer_config base_model_config
    """.split()
)
"""Keys that hold a Hub id or a path, and nothing else, whatever program reads them.

`hf_hub_url` is LLaMA-Factory's, `pretrain` OpenRLHF's, `pretrained` and `name_or_path` half the field's.
"""

CERTAIN_ENDINGS = ("_name_or_path", "_id_or_path", "_path_or_name", "_path_or_id", "_hf_id", "_repo_id")

MODEL_NOUNS = frozenset(
    """
    model models llm llms vlm tokenizer tokenizers processor adapter adapters lora loras peft checkpoint
    encoder decoder embedder embedding embeddings reranker retriever generator backbone transformer
    transformers vae unet controlnet judge teacher student draft speculative reward critic ref reference
    whisper asr tts classifier segmentation prompter sentence pipeline language bert clip actor policy vision
    text gguf pretrained base model1 model2
    """.split()
)
"""Words for what is loaded from a model repo, as they end a key: `reward_model`, `embed_model`."""

LOADED_NOUNS = frozenset(
    """
    model models llm llms vlm tokenizer tokenizers processor adapter adapters lora loras peft checkpoint
    embedder reranker transformer transformers unet vae controlnet encoder backbone
    """.split()
)
"""Of those, the ones that may stand alone or before a tail such as `_name`."""

DATASET_NOUNS = frozenset("dataset datasets data corpus corpora prompt_data".split())
TAILS = frozenset(
    """
    name id path names ids paths repo repository hub uri url addr address source src list list_ checkpoint
    ckpt default hf hf_id identifier
    """.split()
)
"""What may follow such a word: `model_name`, `tokenizer_path`, `modelURL`, `peft_addr`."""

GENERAL_KEYS = frozenset(
    """
    name id path paths names source src repo repository repositories repo_name url uri urls value checkpoint
    ckpt weights model_weights identifier init key ids sources files load storage_uri args
    """.split()
)
"""Keys that hold an id only where what stands around them says so."""

TRANSPARENT_KEYS = frozenset("value values default choices const enum options option".split())
"""Keys that speak of the key above: a sweep's `values`, a workflow input's `default`."""

MIXTURE_ENDINGS = ("mixer", "mixture", "mix", "mixer_list", "mixer_eval_list", "mixture_list", "mixes")
"""`dataset_mixer` of the alignment handbook, `dataset_mixer_list` of open-instruct."""

TABLE_ENDINGS = ("2path", "2id", "2model", "_to_path", "_to_id", "_to_model", "_paths", "_map", "_mapping")
"""Endings of keys that hold a table from short names to ids: `model2path`."""

ELSEWHERE_KEYS = frozenset(
    """
    hub_model_id hub_repo_id hub_name hub_dataset_id push_to_hub push_to_hub_model_id hub_strategy hf_username
    served_model_name model_alias alias aliases run_name project experiment experiment_name wandb_project
    image images base_image container docker_image image_name image_id uses license homepage author authors
    maintainer description title display_name comment comments notes documentation docs readme _name_or_path
    citation paper repo_url code_url help usage example examples github icon mime mime_type content_type media_type accept output_dir
    output cache_dir extends runs_on timezone tz template chat_template prompt system_prompt instruction
    question answer messages content user role target_repo dest_repo upload_repo results_repo
    ms_hub_url om_hub_url served_name served_model deployment deployment_name organization username
    model_card data_card doc docs_url website link links reference_url references thumbnail_url
    """.split()
)
"""Keys that hold what looks like an id and is something else: push targets, served names, images, prose."""

ELSEWHERE_WORDS = frozenset(
    """
    push pushed served output outputs out save saved export exported upload uploaded wandb mlflow logging
    docker image modelscope kaggle ollama openai anthropic azure bedrock vertex gcs s3 github gitlab git
    civitai target destination dest ms openmind wisemodel
    """.split()
)
"""Words in a key that say the same: `output_model_name`, `kaggle_dataset`."""

REVISION_KEYS = (
    "revision hf_revision huggingface_revision model_revision revision_of_model repo_revision commit_hash "
    "hub_revision hf_model_revision commit_sha git_revision hf_dataset_revision dataset_revision"
).split()
"""Keys that carry the revision of the one repo that their block is about."""

REVISION_WORDS = ("revision", "commit", "commit_hash", "sha", "rev")
"""Words that, after a prefix shared with the id's key, carry its revision: `X_model_id`, `X_model_revision`."""

"""Which keys name a Hub repo, and which carry its revision: data, not code.

Each entry is a fact about programs that people configure; the comment names some of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hfpin.dataclass import dataclass
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
        # diffusers' DiffusionPipeline.from_pretrained, whose code may be in a repo of its own
        "custom_pipeline": IdKey(revision_keys=("custom_revision",)),
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

ADAPTER_CONFIG = "adapter_config.json"
"""What PEFT writes beside the weights of an adapter."""

BASE_KEY = "base_model_name_or_path"
"""What names the adapter's base there, with `revision`."""

CODE_KEY = "custom_pipeline"
"""What names a repo that is taken for its code, in diffusers."""

REPO_TYPE_KEY = "repo_type"

ALLOW_PATTERNS_KEY = "allow_patterns"

IGNORE_PATTERNS_KEY = "ignore_patterns"

FORMATS_KEY = "formats"

LOCAL_DIR_KEY = "local_dir"

CERTAIN_KEYS = frozenset(
    """
    attn_implementation base_model base_model_config base_model_id base_model_name from_pretrained hf
    hf_dataset hf_dataset_id hf_dataset_name hf_datasets hf_hub_url hf_id hf_model hf_model_id hf_model_name
    hf_model_path hf_name hf_path hf_processor hf_repo hf_repo_id hf_repo_name hf_tokenizer hf_uri hub_id
    hugging_face_id huggingface huggingface_dataset huggingface_id huggingface_model huggingface_model_id
    huggingface_model_name huggingface_name huggingface_path huggingface_repo huggingface_repo_id
    model_name_or_path name_or_path path_or_name pretrain pretrained pretrained_model pretrained_model_name
    pretrained_model_path pretrained_name pretrained_tokenizer processor_id qtype qtype_te repo_id repo_ids
    reward_pretrain source_repo_id tokenizer_config tokenizer_hf
    """.split()
)
"""Keys that hold a Hub id or a path, and nothing else, whatever program reads them.

`hf_hub_url` is LLaMA-Factory's, `pretrain` OpenRLHF's, `pretrained` and `name_or_path` half the field's;
`qtype` is ai-toolkit's, for what undoes the losses of quantizing: `uint3|org/name/file.safetensors`.
"""

CERTAIN_ENDINGS = (
    "_name_or_path",
    "_name_or_paths",
    "_names_or_paths",
    "_id_or_path",
    "_path_or_name",
    "_path_or_id",
    "_or_dir",
    "_hf_id",
    "_hf_tag",
    "_uri_or_path",
    "_repo_id",
    "_repo_ids",
    "_hub",
    "_pretrain",
    "_pretrained",
)

MODEL_NOUNS = frozenset(
    """
    actor adapter adapters albert annotator asr assistant attacker automodel backbone bart base bert bge
    blip bloom captioner chatglm checkpoint checkpoints ckpts clap classifier clip codec cogvideox colbert
    controlnet critic crossencoder deberta decoder deepseek denoiser detector diarizer diffusion dino dinov
    dit draft drafter electra emb embed embedder embedding embeddings encodec encoder esm evaluator
    extractor flan flux forecaster gemma generator gguf gpt grader guard hubert hunyuan imagebind
    instructblip internvl judge kosmos language llama llava llm llms lm lmm lora loras lvlm mamba mbart mert
    mimi minilm mistral mixtral mllm model model1 model2 modele modell modelo modelos models mpnet mt5 ner
    nli olmo orm owlvit paligemma peft pegasus phi pipeline pixart planner plm policy pretrain pretrained
    prm processor prompter proposer ptm pythia qwen ranker rater reader ref reference refiner rerank
    reranker retriever reward rewriter rm roberta sam sbert scheduler scorer sd sdxl segmentation sentence
    siglip simulator smollm smolvla smolvlm speculative splade starcoder student summarizer summary t5
    tagger teacher text tinyllama tok tokenizer tokenizers tower transcriber transcription transfer
    transformer transformers translation translator tts unet upscaler vad vae verifier victim vicuna vision
    vit vla vlm vocoder wav2vec wavlm whisper xlnet xlsr zephyr
    """.split()
)
"""Words for what is loaded from a model repo, as they end a key: `reward_model`, `embed_model`."""

LOADED_NOUNS = frozenset(
    """
    adapter adapters backbone checkpoint checkpoints ckpts controlnet embedder encoder llm llms lm lora
    loras lvlm mllm model modele modell modelo modelos models orm peft plm prm processor reranker tokenizer
    tokenizers tower transformer transformers unet vae vlm
    """.split()
)
"""Of those, the ones that may stand alone or before a tail such as `_name`."""

MENTIONED_NOUNS = frozenset(
    """
    checkpoint hf huggingface llm lora model models pretrained tokenizer vlm
    """.split()
)
"""Of those, the ones that say something wherever they stand in a key: `models_to_test`, `model_a`."""

PROPERTIES = frozenset(
    """
    alias api arch architecture args author brand cache category class cls color colors config configs count
    description dir directory domain dtype endpoint engine family file files folder format framework group
    groups home host kind kwargs label labels license mode namespace org organization output owner package
    parameters params placeholder prefix project prompt provider region role root server service settings
    size source spec split status store suffix tag tags task template title token topic type types user
    username vendor version
    """.split()
)
"""Words at the end of a key that say what of a model it holds, which is no id: `model_class`."""

FOLDER_WORDS = frozenset("dir folder".split())

KEPT_NOUNS = frozenset("backbone bert clip llm model sd sdxl t5 teacher tokenizer unet vae vlm".split())
"""Before one of those, what is loaded from a folder or by its id: `sd_folder: org/name`."""

KIND_WORDS = frozenset("arch architecture tag type version".split())
"""Those of them under which some programs take an id all the same: `encoder_version: org/name`."""

HUB_SETTINGS = frozenset(
    """
    auth batch branch column columns device download enabled key login max min mirror num offline push
    retries revision sha size space spaces split splits subset subsets text timeout token tokens transfer
    upload
    """.split()
)
"""Words at the end of a key like `hf_split` for something else of the Hub than a repo."""

DATASET_NOUNS = frozenset(
    """
    benchmark benchmarks calib_set corpora corpus data data_set dataset datasets dev_set dset dsets eval_set
    eval_sets forget_set prompt_data retain_set test_set test_sets train_set train_sets training_set
    trainset val_set valid_set validation_set
    """.split()
)

TAILS = frozenset(
    """
    addr address checkpoint ckpt default fn function hf hf_id hub id identifier ids init list list_ loc
    location modules name names path paths repo repos repository source src stub uri url weights
    """.split()
)
"""What may follow such a word: `model_name`, `tokenizer_path`, `modelURL`, `peft_addr`."""

ADDRESS_TAILS = frozenset("url uri repo checkpoint ckpt weights".split())
"""Tails that make an id of what follows any word: an `org/name` is no other kind of address."""

GENERAL_KEYS = frozenset(
    """
    args ckpt ckpt_path config_name data_root engine eval_path files from hf_space hub id identifier ids
    init key load load_from load_path location name names path paths proto repo repo_name repositories
    repository source sources space_id space_name src storage_uri test_path train_path uri url val_path
    valid_path validation_path value version weights widgets_values
    """.split()
)
"""Keys that hold an id only where what stands around them says so."""

START_KEYS = frozenset(
    "finetune_from init_from initialize_from start_from warm_start warm_start_from warmstart_from".split()
)
"""Keys for what training starts from: a model, by an id or a path."""

TRANSPARENT_KEYS = frozenset("value values default choices const enum options option".split())
"""Keys that speak of the key above: a sweep's `values`, a workflow input's `default`."""

KERNEL_KEYS = frozenset({"attn_implementation"})
"""Keys that hold the id of a kernel: transformers loads an attention that is called like a repo."""

CONFIG_FOLDERS = frozenset("conf config configs".split())
"""Folders below which Hydra's groups have folders of their own: `conf/model/small.yaml`."""

MIXTURE_ENDINGS = ("mixer", "mixture", "mix", "mixer_list", "mixer_eval_list", "mixture_list", "mixes")
"""`dataset_mixer` of the alignment handbook, `dataset_mixer_list` of open-instruct."""

SPLITS = frozenset("dev eval evaluation test train training val valid validation".split())
"""Sections of what a mixture is for, in a section of datasets."""

TABLE_ENDINGS = (
    "2path",
    "2id",
    "2model",
    "_to_path",
    "_to_id",
    "_to_model",
    "_paths",
    "_map",
    "_mapping",
    "_zoo",
)
"""Endings of keys that hold a table from short names to ids: `model2path`."""

SECTION_TAILS = frozenset("args cfg conf config kwargs opts options parameters params settings".split())
"""Words at the end of a section's key that do not say what it is about."""

LIST_ENDINGS = ("model_catalog", "model_list", "model_registry", "model_zoo")
"""Ends of the names of files that list models."""

REVISION_KEYS = (
    "revision hf_revision huggingface_revision model_revision revision_of_model repo_revision commit_hash "
    "hf_model_revision commit_sha git_revision hf_dataset_revision dataset_revision rev huggingface_branch"
).split()
"""Keys that carry the revision of the one repo that their block is about."""

REPO_REVISION_KEYS = frozenset(
    """
    dataset_revision hf_dataset_revision hf_model_revision hf_revision huggingface_revision model_revision
    revision revision_of_model
    """.split()
)
"""Those of them that speak of the Hub: a `commit_hash` is as often one of GitHub."""

SECTION_REVISION_KEYS = ("huggingface_branch", "huggingface_revision", "hf_revision")
"""Those of them that carry it from a section of their own, too: `environment.huggingface_branch` of H2O."""

COMMIT_KEYS = (
    "commit",
    "commit_id",
    "hub_commit",
    "hf_commit",
    "model_commit",
    "model_version",
    "sha",
    "version",
)
"""Keys that do so where a whole commit is given."""

REVISION_WORDS = ("revision", "commit", "commit_hash", "sha", "rev")
"""Words that, after what they share with the id's key, carry its revision: `X_model_revision`."""

HUB_REVISION_KEYS = frozenset(
    """
    adapter_revision base_model_revision dataset_revision hf_dataset_revision hf_model_revision hf_revision
    hub_revision huggingface_revision lora_revision model_revision processor_revision revision_of_model
    reward_model_revision teacher_model_revision tokenizer_revision
    """.split()
)
"""Keys that pin a Hub repo and nothing else: with a commit below them, a repo is meant."""

SNAPSHOT_KEYS = frozenset({REPO_TYPE_KEY, ALLOW_PATTERNS_KEY, IGNORE_PATTERNS_KEY})
"""Arguments of `snapshot_download` that nothing else has: a mapping with one of them declares a repo."""

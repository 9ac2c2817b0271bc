"""Programs that load from the Hub, by the words that configs have for them and for what they do.

Patterns are texts here: what no file needs is not compiled.
"""

from __future__ import annotations

HUB_IN_COMMENT = r"(?im)^([^#\n]{1,200})#[^\n]{0,200}?\bhugging ?face\b(?!\.co)"
"""A line whose comment speaks of the Hub, and what stands before that."""

HUB_SCHEMES = ("hf://", "hf-snapshot://", "hf-hub:", "huggingface://", "hg://")
"""What addresses on the Hub start with."""

ADDRESS_WORDS = frozenset("uri url source src path".split())

LOADED_BESIDE = frozenset(
    """
    hf_id hf_model hf_model_id hf_model_name hf_model_path hf_name hf_path hf_repo hf_repo_id huggingface_id
    huggingface_model huggingface_model_id huggingface_repo huggingface_repo_id model_source
    """.split()
)
"""Keys that name what is loaded: another name in the same block is what it is called."""

PUSHED_KEYS = frozenset(
    """
    hf_repo hf_repo_id hf_space hf_space_id hub_repo huggingface_repo huggingface_repo_id huggingface_space
    repo repo_id repository space_id
    """.split()
)
"""Keys that are a push target where `push_to_hub` is switched on beside them, or their workflow pushes."""

SAVED_KEYS = frozenset("added_tokens_decoder architectures builder_name tokenizer_class".split())
"""Keys that transformers and datasets write into what they save, beside the name of what was loaded."""

ORIGIN_KEYS = frozenset("base_model base_model_id original_model source_model".split())
"""Keys for what a quantized file was made of, where that and its repo stand beside them."""

MADE_KEYS = frozenset("gguf_repo hf_repo hf_repo_id repo repo_id".split())
"""Keys for that repo."""

STORED_KEYS = frozenset("gcs_path gcs_prefix gcs_uri s3_path s3_prefix s3_uri".split())
"""Keys for where the weights are that a `name` beside them is of."""

MADE_WORDS = frozenset("finetuned merged new quantized trained".split())
"""Words in the key of a model that the program makes, and pushes where a key beside it speaks of that."""

PUSHING_TYPE = r"(?i)(?:^|_)(?:push|sink|upload|writer)"
"""Types of a step that brings something to the Hub."""

PUSHING_SWITCHES = (
    "push_to_hub",
    "push",
    "save_to_hf",
    "save_to_hub",
    "upload",
    "upload_to_hf",
    "upload_to_hub",
)
PUSHING_SECTIONS = frozenset("deploy export publishing release".split())
"""Sections about what is made of a model, in which `hf_repo` is where it goes."""

PUSHING_KEYS = frozenset({"commit_message", "github_repo_id"})
"""Arguments of an upload, and of an action that keeps a repo of the Hub like one of GitHub."""

PUSHES = r"(?i)\b(?:deploy|mirror|publish|push|release|sync|upload)"
"""Verbs in the name of a workflow that brings something to the Hub."""

EXPECTATION_KEYS = frozenset(
    """
    assert asserts equal expect expected expects match_regex not_equal
    """.split()
)
"""Keys above a value that a test compares with: helm-unittest, promptfoo, tavern."""

RESULT_KEYS = frozenset(
    """
    acc accuracy average avg avg_latency bleu cer elo eval_accuracy eval_loss exact_match f1 latency
    mean_ttft_ms output_throughput perplexity ranking request_throughput results rouge score scores
    throughput timestamp tokens_per_second total_token_throughput wer win_rate
    """.split()
)
"""Keys of a record of results, with a number: the name beside them is what was measured."""

RESULT_FILE_KEYS = frozenset(
    """
    config_general git_hash higher_is_better n_samples n_shot summary_general task_hashes versions
    """.split()
)
"""Keys beside `results` at the top of a file that an evaluation harness wrote."""

MODEL_OPTIONS = frozenset(
    """
    allow_patterns attn_implementation bnb_4bit_quant_type context_size ctx_size device_map dtype
    enforce_eager filename generation_config gguf_file gpu_layers gpu_memory_utilization hf_file hf_token
    ignore_patterns load_in_4bit load_in_8bit local_files_only lora_alpha lora_r low_cpu_mem_usage
    max_model_len max_num_seqs max_seq_len max_seq_length model_kwargs model_max_length n_gpu_layers
    normalize_embeddings num_labels padding_side peft_config pipeline_parallel_size pooling pooling_method
    quant_config quantization subfolder tensor_parallel tensor_parallel_size tokenizer_kwargs torch_dtype
    trust_remote_code use_auth_token use_fast use_flash_attention_2 use_peft variant weight_name
    """.split()
)
"""Arguments of from_pretrained and of engines: whoever gives them loads a model."""

DATASET_OPTIONS = frozenset(
    """
    chat_template column_map config_name conversation data_dir data_files dataset_config dataset_config_name
    dataset_kwargs ds_type eval_split field_instruction field_messages hf_split hf_subset
    load_dataset_kwargs message_property_mappings num_proc packed prompt_column shards split splits
    streaming subset test_split text_column train_on_input train_split
    """.split()
)
"""Arguments of load_dataset and of what wraps it."""

SLICE = r"\w+\[[\d%]*:[\d%]*\]"
"""A part of a split, as load_dataset takes it: `train[:1000]`."""

LOADER_CLASS = (
    r"(?i)from_pretrained|load_dataset|\bload_hf\b|snapshot_download|hf_hub_download|transformers|huggingface"
    r"|diffusers|\bpeft\b|from_hparams|foreign_class|speechbrain\.(?:inference|pretrained)"
    r"|torchtune\.datasets|sentence_?transformers?|(?:^|[._:])(?:hf|HF)(?:[A-Z_.]|$)|HFTokenizer|HFModel|HFDataset"
    r"|FromHub|DownloadAndLoad"
    r"|Auto(?:Model|Tokenizer|Processor|Config)|FromPretrained|CrossEncoder|vllm|VLLM"
)
"""Parts of a class's path that load from the Hub."""

SCRIPT_OPTIONS = frozenset(
    """
    dataset_config dataset_config_name max_eval_samples max_source_length max_target_length
    max_train_samples model_name_or_path overwrite_output_dir per_device_train_batch_size
    preprocessing_num_workers text_column text_column_name train_split_name
    """.split()
)
"""What transformers' scripts, and scripts after them, take beside `dataset_name`."""

AXOLOTL_KEYS = frozenset(
    "dataset_prepared_path micro_batch_size sample_packing sequence_len val_set_size".split()
)
"""Keys at the top of an axolotl config, that others have not."""

DISK_WORDS = frozenset({"disk", "local"})
"""Words in a switch that says whether a dataset is a folder."""

FILE_WORDS = frozenset({"file", "filename", "gguf"})
"""Words at the end of a key for a file of the repo beside it."""

SUBSET_OPTIONS = SCRIPT_OPTIONS | frozenset({"hf_subset", "subset"})
"""Those, and what chooses a part of a dataset, which an alias has none of."""

MODEL_CLASS = (
    r"(?:Model|Encoder|Embedder|Embeddings?|Tokenizer|LM|LLM|Retriever|Reranker|Ranker|Generator|Processor|Extractor"
    r"|Classifier|Backbone|Adapter|Conditioner|Tower|Teacher)(?:V?\d)?$|(?i:bert|clip|t5|gpt|llama|whisper|wav2vec)\w*$"
)
"""Ends of the name of a class that is a model, or a part of one."""

CLASS_KEYS = frozenset(
    """
    @architectures @model __type__ _class_ _component_ _name_ _target_ _type_ class class_name class_path cls
    factory fn_completions module target type type_info
    """.split()
)
"""Keys that name the class that a block builds: Hydra, torchtune, Lightning, HELM, spaCy, Haystack."""

FLAG_PROGRAM = (
    r"\bvllm\b|\bsglang\b|\blm[_-]eval\b|\baccelerate\b|\btorchrun\b|\bpython3?\b|\bhuggingface-cli\b|\bhf\b|\btrl\b"
    r"|\btune\b|\baxolotl\b|\bllamafactory-cli\b|\btext-generation-(?:launcher|inference)\b|\blitgpt\b|\blighteval\b"
    r"|\bdeepspeed\b|\boptimum-cli\b|\bllama-server\b|\bllama-cli\b|\btrtllm-|\btransformers\b|\bswift\b|\bgenai-perf\b"
    r"|\bmlx_lm|\btext-embeddings-router\b|\binfinity_emb\b|\blmdeploy\b"
    r"|\buv run\b|\bmodal run\b|\baphrodite\b"
)

POSITIONAL = (
    r"(?:\bvllm\s+serve|\b(?:huggingface-cli|hf)\s+download|\blitgpt\s+download|\btune\s+download"
    r"|\bhf\s+repo\s+download|\btrtllm-serve(?:\s+serve)?|\btransformers\s+serve|\blmdeploy\s+serve\s+\w+"
    r"|\bllama\s+model\s+download)(?:\s+--[\w-]+(?:=\S+|[ \t]+[\w.-]+(?=\s))?){0,5}(?:\s+\\)?"
    r"\s+[\"']?(?P<id>[A-Za-z0-9_][\w.-]*/[A-Za-z0-9_][\w.-]*)"
)
"""Commands whose first argument is a repo."""

OWN_REVISION = ("tokenizer", "dataset", "speculative", "draft", "lora", "adapter")
"""Words in a flag for what a plain `--revision` is not about."""

PLAIN_REVISION = ("revision", "model_revision", "hf_revision")
"""Flags for the revision of the one model that a command is about, however the flag for it is called."""

CALL = (
    r"(?P<call>from_pretrained|load_dataset|load_dataset_builder|snapshot_download|hf_hub_download"
    r"|SentenceTransformer|CrossEncoder|LLM|pipeline)\(\s*(?P<args>[^()]{0,500})"
)
"""Python that loads: its first argument, or one by keyword, is a repo."""

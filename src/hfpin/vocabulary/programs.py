"""Programs that load from the Hub and programs that don't, by the words that configs call them.

Patterns are texts here: what no file needs is not compiled.
"""

from __future__ import annotations

PROVIDER_KEYS = frozenset(
    """
    api api_provider api_type backend class_name client client_name client_type engine framework hf_or_api
    hub id kind library loader mode model_hub model_kwargs_type model_source model_type name platform provider
    provider_type runtime service source source_type type vendor
    """.split()
)
"""Keys beside an id that say who loads or serves it."""

PROVIDER_WORDS = frozenset("provider engine backend framework library type vendor".split())
"""Words at the end of a key that say it of what stands before them: `embedding_engine`."""

MAIN_WORDS = frozenset("model llm lm inference".split())
MAIN_KEYS = frozenset("model model_name model_id model_path llm llm_model name".split())
"""What `llm_provider` speaks of, too."""

HUB_PROVIDERS = frozenset(
    """
    auto_transformer diffusers exllama exllamav2 faster_whisper hf hf_auto hf_causal hf_dataset hf_datasets
    hf_hub hf_local hf_pipeline hf_pipeline_generic hf_pipeline_llama2 hf_transformers hfdataset hub
    hugging_face huggingface huggingface_embeddings huggingface_hub huggingface_local huggingface_pipeline
    huggingfacehub huggingfacelocal llama_cpp llamacpp lmdeploy local_hf mlx peft sentence_transformer
    sentence_transformers sentencetransformers sglang tensorrt_llm text_generation_inference tgi
    transformers unsloth vllm
    """.split()
)
"""Programs that load by a Hub id, as they are called where a provider is asked for."""

SERVED_PROVIDERS = frozenset(
    """
    ai21 anthropic anyscale anyscale_endpoint aws_bedrock azure azure_openai baseten bedrock cerebras
    cloudflare cohere continue-proxy continue_proxy dashscope dashscope_api deepinfra deepseek fastembed
    fireworks fireworks_ai free-trial free_trial gemini google google_ai google_genai groq hf_endpoint
    hf_inference hfinference huggingface_api huggingface_endpoint huggingface_inference
    huggingface_inference_api huggingface_tgi inference_client litellm lm_studio lmstudio
    local_chat_completions mistral mistralai moderation moonshot nebius nim novita nvidia
    nvidia_ai_endpoints nvidia_nim ollama openai openai_api openai_chat openai_compatible openailike
    openrouter perplexity remote replicate sagemaker sambanova scaleway sglang_openai siliconflow together
    together_ai togetherai triton trt_llm vertex_ai vertexai vllm_openai watsonx xai zhipu
    """.split()
)
"""Programs and services that get a name and send it on."""

SERVICES = frozenset(
    """
    anthropic anyscale aws_bedrock azure_openai bedrock deepinfra fireworks fireworks_ai groq
    huggingface_api litellm lm_studio lmstudio ollama openai openai_api openai_compatible openailike
    openrouter perplexity replicate sagemaker siliconflow together togetherai vertex_ai vertexai watsonx
    """.split()
)
"""Those of them that are never the name of a family of models: a section that is called so is about them."""

MAKERS = frozenset(
    """
    ai21 azure cerebras cohere deepseek gemini google mistral mistralai moonshot nvidia triton zhipu
    """.split()
)
"""Those of them that make hardware, clouds or models, too: `platform: nvidia` says nothing of who serves."""

ASKING_WORDS = frozenset("provider api engine backend client".split())
"""Words at the end of a key that asks for a service and for nothing else."""

OTHER_HUBS = frozenset(
    """
    azureml civitai csghub gcs gs kaggle model_scope modelscope ms ngc ollama openmind openmind_hub s3 url
    wisemodel
    """.split()
)
"""Places that are not the Hub, where an id is spelled the same."""

HUB_IN_COMMENT = r"(?im)^([^#\n]{1,200})#[^\n]{0,200}?\bhugging ?face\b(?!\.co)"
"""A line whose comment speaks of the Hub, and what stands before that."""

OTHER_HUB_NAMES = ("modelscope", "魔搭", "wisemodel", "始智")
"""What people call those that have ids of the same shape, in lower case."""

PROVIDERS = HUB_PROVIDERS | SERVED_PROVIDERS | OTHER_HUBS

OTHER_HUB_WORDS = frozenset(
    """
    civitai csghub kaggle modelscope ollama opencsg openmind wisemodel
    """.split()
)
"""Words in a key or in a key above that say so."""

ENDPOINT_KEYS = frozenset(
    """
    anthropic_api_key api_base api_base_url api_config api_endpoint api_host api_key api_key_env
    api_key_name api_key_var api_url apibase apikey azure_endpoint base_url base_urls criticality
    deployment_id endpoint endpoint_url endpoints host_and_port host_url inference_url model_url_base
    openai_api_base openai_api_base_url openai_api_base_urls openai_api_key openai_api_version
    openai_base_url pool_ref server_address server_url
    """.split()
)
"""Keys beside a name that say it is sent to a server."""

ENDPOINT_TAILS = (
    "_api_base",
    "_api_key",
    "_api_url",
    "_base_url",
    "_endpoint",
    "_endpoint_url",
    "_server_url",
)
"""Ends of keys that say it of what stands before them."""

SERVER_WORDS = frozenset("chat inference llm model nim ollama openai sglang tei tgi vllm".split())
"""Words in a key for the address of a server that runs models: others have addresses, too."""

ADDRESS_ONLY_WORDS = frozenset("addr address api base endpoint host server service target uri url".split())
"""Words of a key for an address that says nothing of whose it is."""

LANGUAGE_WORDS = frozenset("anthropic chat llm ollama openai".split())
"""First words of a key for a server of language models."""

SMALL_PARTS = frozenset(
    "asr embed embedder embedding embeddings rerank reranker reranking retriever stt tts vad whisper".split()
)
"""Words for the parts that run beside it."""

SERVER_ADDRESS = r"https?://(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|[\w.-]+:\d{2,5})(?:[:/]|$)|https?://[^\s]*/v\d(?:/[\w/]*)?$"
"""An address with a port, or one that ends in an API's version: a server, not a page or a file."""

SERVER_ARGUMENT = r"\b(?:base[-_]url|api[-_]base)\b"
"""An argument that says which server a command asks."""

CLIENT_WORDS = frozenset("client api server endpoint".split())
"""Words in the key of a mapping beside a name whose own keys say how a server is reached."""

CLIENT_PARTS = frozenset("tokenizer processor dataset datasets data corpus".split())
"""Words for what the client of a server loads by itself."""

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

GATEWAYS = frozenset("litellm litellm_settings openrouter openrouter_api_key".split())
"""Keys at the top of a file that reaches models through a gateway."""

PUSHES = r"(?i)\b(?:deploy|mirror|publish|push|release|sync|upload)"
"""Verbs in the name of a workflow that brings something to the Hub."""

REQUEST_KEYS = frozenset(
    """
    body example_input example_model_input headers json_body litellm_params messages payload post_data
    request request_body requests routing target_models
    """.split()
)
"""Keys above a name that say it is part of a request."""

EXPECTATION_KEYS = frozenset(
    """
    assert asserts equal expect expected expects match_regex not_equal
    """.split()
)
"""Keys above a value that a test compares with: helm-unittest, promptfoo, tavern."""

REGISTRY_KEYS = frozenset(
    """
    access adapter_spec client_spec creator_organization creator_organization_name deprecated
    input_cost_per_token litellm_params litellm_provider model_deployment model_info object
    output_cost_per_token owned_by pricing provider_id provider_model_id provider_resource_id release_date
    scenario_spec tokenizer_spec window_service_spec
    """.split()
)
"""Keys of a registry's entry: the name beside them is the registry's own."""

PRICE_WORDS = frozenset("price prices pricing".split())
"""Words in a key of a list of prices."""

DESCRIBED_KEYS = frozenset(
    """
    author citation description display_name downloads homepage icon license likes logo logo_url
    organization paper published summary tags title
    """.split()
)
"""Keys that describe a model to people: two of them beside a `name` make a catalogue."""

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
    allow_patterns attn_implementation bnb_4bit_quant_type device_map dtype enforce_eager filename
    generation_config gguf_file gpu_memory_utilization hf_file hf_token ignore_patterns load_in_4bit
    load_in_8bit local_files_only lora_alpha lora_r low_cpu_mem_usage max_model_len max_num_seqs max_seq_len
    max_seq_length model_kwargs model_max_length normalize_embeddings num_labels padding_side peft_config
    pipeline_parallel_size pooling pooling_method quant_config quantization subfolder tensor_parallel
    tensor_parallel_size tokenizer_kwargs torch_dtype trust_remote_code use_auth_token use_fast
    use_flash_attention_2 use_peft variant weight_name
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

LOADER_CLASS = (
    r"(?i)from_pretrained|load_dataset|\bload_hf\b|snapshot_download|hf_hub_download|transformers|huggingface"
    r"|diffusers|\bpeft\b|from_hparams|foreign_class|speechbrain\.(?:inference|pretrained)"
    r"|torchtune\.datasets|sentence_?transformers?|(?:^|[._:])(?:hf|HF)(?:[A-Z_.]|$)|HFTokenizer|HFModel|HFDataset"
    r"|FromHub"
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

SERVED_CLASS = (
    r"(?i)openai|anthropic|azure|cohere|bedrock|vertex|ollama|together|gemini|huggingface_?api|InferenceClient"
    r"|InferenceEndpoints|NvidiaAI|\bwml_|watsonx|groq|fireworks|sagemaker|litellm|replicate|mistralai_?api"
)
"""Parts of a class's path that send a name to a service."""

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

CALL = (
    r"(?P<call>from_pretrained|load_dataset|load_dataset_builder|snapshot_download|hf_hub_download"
    r"|SentenceTransformer|CrossEncoder|LLM|pipeline)\(\s*(?P<args>[^()]{0,500})"
)
"""Python that loads: its first argument, or one by keyword, is a repo."""

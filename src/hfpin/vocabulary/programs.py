"""Programs that load from the Hub and programs that don't, by the words that configs call them."""

from __future__ import annotations

import re

PROVIDER_KEYS = frozenset(
    """
    provider engine backend api_type llm_provider model_provider embedding_provider client client_type platform
    hub model_hub model_source source source_type type model_type loader framework llm_type embedder_type
    service vendor inference_engine runtime api class_name litellm_provider kind hf_or_api model_kwargs_type
    """.split()
)
"""Keys beside an id that say who loads or serves it."""

HUB_PROVIDERS = frozenset(
    """
    hf hub huggingface hugging_face huggingface_hub huggingfacehub transformers sentence_transformers
    sentencetransformers sentence_transformer hf_hub huggingface_pipeline hf_pipeline hf_local local_hf vllm sglang
    hf_transformers llama_cpp llamacpp diffusers huggingface_local huggingfacelocal tgi text_generation_inference
    hf_causal hf_auto auto_transformer faster_whisper hf_pipeline_llama2 hf_pipeline_generic huggingface_embeddings
    exllama exllamav2 tensorrt_llm mlx lmdeploy unsloth peft hf_dataset hfdataset hf_datasets
    """.split()
)
"""Programs that load by a Hub id, as they are called where a provider is asked for."""

SERVED_PROVIDERS = frozenset(
    """
    openai azure azure_openai anthropic bedrock aws_bedrock cohere deepinfra deepseek fireworks fireworks_ai
    gemini google google_genai google_ai groq litellm mistral mistralai nvidia nvidia_ai_endpoints nim nvidia_nim
    ollama openrouter perplexity replicate sagemaker sambanova siliconflow together together_ai togetherai
    trt_llm triton vertexai vertex_ai vllm_openai watsonx xai cerebras lmstudio lm_studio openai_compatible
    openai_chat hf_endpoint huggingface_endpoint huggingface_tgi huggingface_inference_api huggingface_api
    free_trial free-trial continue_proxy continue-proxy novita nebius scaleway anyscale baseten local_chat_completions
    cloudflare ai21 moonshot zhipu dashscope dashscope_api moderation fastembed sglang_openai openai_api
    """.split()
)
"""Programs and services that get a name and send it on."""

OTHER_HUBS = frozenset(
    "modelscope ms kaggle ollama s3 gcs gs civitai openmind_hub openmind wisemodel url azureml ngc csghub".split()
)
"""Places that are not the Hub, where an id is spelled the same."""

OTHER_HUB_WORDS = frozenset("modelscope kaggle ollama civitai openmind wisemodel csghub opencsg".split())
"""Words in a key or in a key above that say so."""

ENDPOINT_KEYS = frozenset(
    """
    api_base base_url api_key api_url openai_api_base openai_api_key openai_base_url endpoint endpoint_url
    server_url host_url inference_url api_version api_key_name api_key_env api_key_var azure_endpoint
    anthropic_api_key deployment_id openai_api_version api_base_url apibase apikey api_host api_endpoint
    base_urls api_config model_url_base
    """.split()
)
"""Keys beside a name that say it is sent to a server."""

REQUEST_KEYS = frozenset(
    "post_data payload request request_body body json_body messages requests litellm_params".split()
)
"""Keys above a name that say it is part of a request."""

EXPECTATION_KEYS = frozenset(
    "asserts assert equal not_equal expect expected expects match_regex snapshot".split()
)
"""Keys above a value that a test compares with: helm-unittest, promptfoo, tavern."""

REGISTRY_KEYS = frozenset(
    """
    client_spec tokenizer_spec window_service_spec creator_organization_name creator_organization
    deprecated access release_date adapter_spec scenario_spec model_deployment owned_by
    input_cost_per_token output_cost_per_token litellm_provider context_length pricing
    """.split()
)
"""Keys of a registry's entry: the name beside them is the registry's own."""

RESULT_KEYS = frozenset(
    "score scores accuracy acc elo win_rate rank ranking results average avg timestamp exact_match f1 perplexity".split()
)
"""Keys of a record of results: the name beside them is what was measured."""

MODEL_OPTIONS = frozenset(
    """
    trust_remote_code torch_dtype dtype load_in_4bit load_in_8bit device_map attn_implementation quantization
    max_model_len max_seq_len max_seq_length gpu_memory_utilization tensor_parallel_size tensor_parallel
    pipeline_parallel_size lora_r lora_alpha use_flash_attention_2 low_cpu_mem_usage variant num_labels
    use_fast padding_side pooling pooling_method model_max_length use_auth_token subfolder allow_patterns
    ignore_patterns bnb_4bit_quant_type enforce_eager max_num_seqs use_peft peft_config model_kwargs
    tokenizer_kwargs local_files_only generation_config normalize_embeddings quant_config hf_token
    """.split()
)
"""Arguments of from_pretrained and of engines: whoever gives them loads a model."""

DATASET_OPTIONS = frozenset(
    """
    split splits subset streaming data_files data_dir config_name dataset_config dataset_config_name ds_type
    hf_split hf_subset train_split eval_split test_split field_messages shards num_proc chat_template
    field_instruction message_property_mappings conversation column_map train_on_input packed load_dataset_kwargs
    text_column prompt_column dataset_kwargs
    """.split()
)
"""Arguments of load_dataset and of what wraps it."""

LOADER_CLASS = re.compile(
    r"from_pretrained|load_dataset|snapshot_download|hf_hub_download|transformers|huggingface|diffusers|\bpeft\b"
    r"|torchtune\.datasets|sentence_?transformers?|(?:^|[.:])(?:hf|HF)[A-Z_.]|HFTokenizer|HFModel|HFDataset"
    r"|Auto(?:Model|Tokenizer|Processor|Config)|FromPretrained|CrossEncoder|vllm|VLLM",
    re.IGNORECASE,
)
"""Parts of a class's path that load from the Hub."""

CLASS_KEYS = frozenset(
    "_target_ _component_ class_path class_name _class_ type cls class @architectures @model factory _name_".split()
)
"""Keys that name the class that a block builds: Hydra, torchtune, Lightning, HELM, spaCy, Haystack."""

SERVED_CLASS = re.compile(
    r"openai|anthropic|azure|cohere|bedrock|vertex|ollama|together|gemini|huggingface_?api|InferenceClient|NvidiaAI",
    re.IGNORECASE,
)

FLAG_PROGRAM = re.compile(
    r"\bvllm\b|\bsglang\b|\blm[_-]eval\b|\baccelerate\b|\btorchrun\b|\bpython3?\b|\bhuggingface-cli\b|\bhf\b|\btrl\b"
    r"|\btune\b|\baxolotl\b|\bllamafactory-cli\b|\btext-generation-(?:launcher|inference)\b|\blitgpt\b|\blighteval\b"
    r"|\bdeepspeed\b|\boptimum-cli\b|\bllama-server\b|\bllama-cli\b|\btrtllm-|\btransformers\b|\bswift\b|\bgenai-perf\b"
    r"|\bmlx_lm|\btext-embeddings-router\b|\binfinity_emb\b|\blmdeploy\b|\buv run\b|\bmodal run\b|\baphrodite\b"
)

POSITIONAL = re.compile(
    r"(?:\bvllm\s+serve|\b(?:huggingface-cli|hf)\s+download|\blitgpt\s+download|\btune\s+download"
    r"|\bhf\s+repo\s+download|\btrtllm-serve(?:\s+serve)?|\btransformers\s+serve|\blmdeploy\s+serve\s+\w+"
    r"|\bllama\s+model\s+download)(?:\s+\\)?\s+[\"']?(?P<id>[A-Za-z0-9_][\w.-]*/[A-Za-z0-9_][\w.-]*)"
)
"""Commands whose first argument is a repo."""
POSITIONAL_KEYS = ("vllm serve", "hf download", "huggingface-cli download")

CALL = re.compile(
    r"(?P<call>from_pretrained|load_dataset|load_dataset_builder|snapshot_download|hf_hub_download"
    r"|SentenceTransformer|CrossEncoder|LLM|pipeline)\(\s*(?P<args>[^()]{0,500})"
)
"""Python that loads: its first argument, or one by keyword, is a repo."""

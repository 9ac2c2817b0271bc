"""Services and servers that a name is sent to, and the words that configs have for them: data, not code."""

from __future__ import annotations

PROVIDER_KEYS = frozenset(
    """
    _type api api_provider api_type backend class_name client client_name client_type engine framework
    hf_or_api hub id kind library loader mode model_hub model_kwargs_type model_source model_type name
    platform provider provider_type runtime service source source_type type vendor
    """.split()
)
"""Keys beside an id that say who loads or serves it."""

PROVIDER_WORDS = frozenset("provider engine backend framework library type vendor".split())
"""Words at the end of a key that say it of what stands before them: `embedding_engine`."""

MAIN_WORDS = frozenset("model llm lm inference deployment".split())

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

ENGINES = frozenset(
    "llama_cpp llamacpp lmdeploy sglang tensorrt_llm text_generation_inference tgi vllm".split()
)
"""Those of them that are servers, too: beside the address of one, its client is meant."""

SERVED_PROVIDERS = frozenset(
    """
    ai21 anthropic anyscale anyscale_endpoint aws_bedrock azure azure_openai baseten bedrock cerebras
    cloudflare cohere continue-proxy continue_proxy dashscope dashscope_api deepinfra deepseek dummy fastembed
    fireworks fireworks_ai free-trial free_trial gemini google google_ai google_genai groq hf_endpoint
    fake hf_inference hfinference huggingface_api huggingface_endpoint huggingface_inference
    huggingface_inference_api huggingface_tgi inference_client litellm lm_studio lmstudio
    local_chat_completions mistral mistralai mock moderation moonshot nebius nim novita nvidia
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

OTHER_HUB_NAMES = ("modelscope", "魔搭", "wisemodel", "始智")
"""What people call those that have ids of the same shape, in lower case."""

PROVIDERS = HUB_PROVIDERS | SERVED_PROVIDERS | OTHER_HUBS

KAGGLE_KEYS = frozenset("code_file dataset_sources kernel_sources kernel_type".split())
"""Keys of a `kernel-metadata.json`, whose `id` is of Kaggle."""

OTHER_HUB_WORDS = frozenset(
    """
    activeloop civitai csghub deeplake kaggle modelers modelscope ollama opencsg openmind openml roboflow
    tfds torchhub wisemodel zenodo
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

ASKING_KEYS = frozenset({"max_tokens", "temperature"})
"""Keys for how a model is asked: beside an `endpoint`, even an empty one, it is not loaded here."""

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

OTHER_SERVERS = frozenset(
    """
    database db langfuse metrics milvus mlflow otel otlp phoenix qdrant redis telemetry tracing weaviate
    """.split()
)
"""Words in such keys for servers that run no model: `rag_tracing_endpoint`, `rag_qdrant_api_key`."""

SERVER_WORDS = frozenset("chat inference llm model nim ollama openai sglang tei tgi vllm".split())
"""Words in a key for the address of a server that runs models: others have addresses, too."""

ADDRESS_ONLY_WORDS = frozenset(
    "addr address api base endpoint host hostname server service target uri url".split()
)
"""Words of a key for an address that says nothing of whose it is."""

LANGUAGE_WORDS = frozenset("anthropic chat groq llm ollama openai openrouter sglang tgi vllm".split())
"""First words of a key for a server of language models."""

LAUNCH_KEYS = frozenset(
    "gpu_memory_utilization pipeline_parallel_size tensor_parallel_size vllm_tensor_parallel_size".split()
)
"""How an engine is started: who asks a server that others started has no use for them."""

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

GATEWAYS = frozenset("litellm litellm_settings openrouter openrouter_api_key".split())
"""Keys at the top of a file that reaches models through a gateway."""

REQUEST_KEYS = frozenset(
    """
    body example_input example_model_input headers json_body litellm_params messages payload post_data
    request request_body requests routing target_models
    """.split()
)
"""Keys above a name that say it is part of a request."""

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
    author citation color description display_name downloads homepage icon license likes linestyle logo
    logo_url marker organization paper published summary tags title
    """.split()
)
"""Keys that describe a model to people: two of them beside a `name` make a catalogue."""

SERVED_CLASS = (
    r"(?i)openai|openrouter|ibm_gen_?ai|anthropic|azure|cohere|bedrock|vertex|ollama|together|gemini|huggingface_?api|InferenceClient"
    r"|InferenceEndpoints|NvidiaAI|\bwml_|watsonx|groq|fireworks|sagemaker|litellm|replicate|mistralai_?api"
)
"""Parts of a class's path that send a name to a service."""

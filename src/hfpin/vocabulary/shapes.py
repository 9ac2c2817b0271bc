"""What the text of a value says by itself: files, folders, types, names that the Hub never had."""

from __future__ import annotations

from hfpin.regex import lazily

LOCAL_FIRST_PARTS = frozenset(
    """
    adapters apps artifacts assets backbones base_model base_models benchmark benchmarks bin build cache
    charts checkpoint checkpoint_dir checkpoints ckpoints ckpt ckpts conf config configs corpora corpus
    custom data database dataset datasets demo deploy dist docs downloaded_models downloads dummy dump egs
    embeddings etc example examples exp experiment experiments exps fake feature features files finetuned
    fixtures hf_model hf_models home huggingface_models images img index indexes input inputs lib libs
    lightning_logs llm_model llm_models local local_models log logs manifests media mlruns mnt model
    model_cache model_dir model_files model_output model_weights model_zoo models models_cache my_models
    mydata opt out output output_dir outputs outs packages path prebuilt pretrain pretrained
    pretrained_model pretrained_models pretrained_weights processed prompts raw raw_data raw_datasets
    recipes resources result results root runs sample samples save save_dir saved saved_model saved_models
    saves scratch scripts share snapshots src static storage synthetic task tasks temp templates test
    testdata tests tmp tools toy train trained trained_models usr utils val var volumes weights wiki work
    work_dir work_dirs workspace
    """.split()
)
"""First parts of a path that people keep files under, and that no Hub namespace in use is called."""

LOCAL_ENDINGS = tuple(
    """
    _adapter _adapters _cache _checkpoint _checkpoints _ckpt _ckpts _data _dataset _datasets _dir _files _log
    _logs _model _models _output _outputs _results _runs _weights
    """.split()
)
"""How such parts end that people make up: `rvc_models/female`."""

FILE_SUFFIXES = (
    ".arpa .bin .cfg .ckpt .conf .csv .gguf .gz .h5 .html .ini .jpeg .jpg .js .json .json5 .jsonl "
    ".jsonnet .lock .md .model .mp3 .mp4 .npy .npz .onnx .parquet .pdf .pickle .pkl .png .pt .pth .py "
    ".rst .safetensors .sh .sql .svg .tar .tgz .toml .ts .tsv .txt .wav .webp .xml .xz .yaml .yml .zip "
    ".zst"
).split()
"""Endings that mean a file, not a repo."""

WEIGHT_SUFFIXES = (".bin", ".ckpt", ".gguf", ".ggml", ".onnx", ".pt", ".pth", ".safetensors")
"""Endings of those that hold weights."""

PLAIN_NAMES = frozenset(
    """
    annotations best bin checkpoint checkpoints ckpt ckpts config configs de default dev easy en es eval
    final fr hard images ja labels last latest main output outputs processed raw results ru run src test
    train train2017 training val val2017 valid validation weights zh
    """.split()
)
"""Names that folders, splits and options are called by; they say too little for a repo. Sizes are none."""

STEP_NAMES = frozenset("checkpoint ckpt epoch global_step iter run step version".split())
"""What a trainer calls the folder of one of its checkpoints, or of a run, before a number."""

NO_VALUES = frozenset({"false", "model-id", "model_id", "none", "repo-id", "repo_id", "true"})
"""One-word values that switch something on or off, or call a field by its name in a translation."""

MIME_TYPES = frozenset("application audio font image message multipart text video".split())
"""The top-level media types of IANA: what stands before the slash in `application/json`."""

OTHER_FIRST_PARTS = frozenset(
    """
    actions africa ai amd64 america and antarctica arm64 asia australia bugfix detectron2 docker europe
    facebookresearch feat feature fix gcs github google-research gs hf hotfix intel-isl linux minio mmdet
    mmpretrain mmseg mock mockllm n open-mmlab pacific refs release releases s3 snakers4 torchaudio
    torchvision windows
    """.split()
)
"""First parts of things that are no repos: GitHub's own actions, time zones, platforms, branches, mocks."""

COLLECTIONS = frozenset(
    """
    D4RL UCI ade20k agieval antique bbh beir big_bench bigbench cifar cityscapes clueweb09 clueweb12 cmmlu
    coco cord19 d4rl gluonts hm3d imagenet kitti librispeech libritts longbench lvis minari mmarco mmlu
    mmlu_pro mnist monash msmarco-document msmarco-passage nuscenes ogb planetoid scannet tripclick uci
    voc waymo
    """.split()
)
"""What programs put before a part of a collection or of a suite, spelled so: the Hub has `BeIR`."""

ARCHITECTURES = frozenset(
    """
    bart bert bilstm bpe char cnn densenet efficientnet gan gnn gpt gpt2 gru llama lora lstm mlp moses nn
    resnet resnet101 resnet18 resnet34 resnet50 rnn roberta spm t5 transformer unet vgg vit
    """.split()
)
"""First parts that say what kind of model it is: of a folder or an option, and of no namespace in use."""

HUB_NAMESPACES = frozenset({"cross-encoder", "hf-internal-testing", "sentence-transformers"})
"""Namespaces of libraries, which nobody has folders or models of another hub by the name of."""

OTHER_HUB_NAMESPACES = frozenset(
    "01ai AI-ModelScope LLM-Research OpenDataLab OpenMMLab Shanghai_AI_Laboratory ZhipuAI damo iic".split()
)
"""Namespaces of ModelScope and OpenDataLab alone, spelled so."""

MIRROR = "AI-ModelScope"
"""The one of them that mirrors the Hub's repos: who takes one from there takes all."""

PLACEHOLDER_STARTS = ("your", "hf", "user", "namespace", "my", "xxx")
PLACEHOLDER = lazily(r"your[a-z_-]*|(?:hf[-_])?user(?:name)?|namespace|x{3,}|my[-_](?:org|user|name)[a-z]*")
"""A namespace that the reader is to replace."""

API_PREFIXES = frozenset(
    """
    ai21 anthropic anyscale azure azure_ai azure_openai bedrock claude cohere cohere_chat deepinfra deepseek
    fireworks fireworks_ai friendliai gemini github_copilot groq hosted_vllm huggingface jina_ai litellm
    lm_studio lmstudio meta mistral mistral-api nim nvidia_ai_endpoints nvidia_nim ollama ollama_chat
    openrouter palm perplexity replicate sagemaker sambanova simple text-completion-openai together
    together_ai togetherai vertex vertex_ai vertexai volcengine voyage watsonx x-ai xai
    """.split()
)
"""What LiteLLM, OpenRouter, HELM and their like put before a model's name to say who serves it.

Spelled as they spell it: namespaces of the Hub that differ only in case are others.
"""

GATEWAY_VENDORS = frozenset("meta-llama minimax nousresearch qwen z-ai".split())
"""Makers as gateways spell them, in names without a capital: the Hub has one in each of theirs."""

API_MODELS = tuple(
    """
    chatgpt claude- command-light command-nightly command-text dall-e davinci gemini- gpt-3.5 gpt-4 gpt-5
    jurassic nova-lite nova-micro nova-pro palm- sonar text-ada text-babbage text-curie text-davinci
    text-embedding titan- tts-1 voyage-
    """.split()
)
"""How the names of models begin that are sold by API only: no weights, so no repo."""

API_MODEL_STARTS = ("o1", "o3", "o4", "gemini", "grok-", "mistral-")
API_MODEL = lazily(
    r"o[134](?:-|$)|gemini$|grok-\d|mistral-(?:large|medium|tiny)(?:-latest)?$"
    r"|[\w.-]+-Instruct-(?:Turbo|Lite)(?:-|$)"
)
"""Those that more than a beginning tells."""

OLD_PARTS = (
    "bert gpt t5 xlnet- xlm- transfo-xl longformer MiniLM mpnet distiluse clip-ViT facebook-dpr specter"
).split()
"""Parts of what follows: every such id has one."""

LEGACY_ID = lazily(
    r"(?:distil)?bert-(?:base|large)-[a-z0-9-]+|(?:distil|xlm-)?roberta-(?:base|large)[a-z0-9-]*"
    r"|distilgpt2|gpt2(?:-(?:medium|large|xl))?|openai-gpt|t5-(?:small|base|large|3b|11b)"
    r"|albert-(?:base|large|xlarge|xxlarge)-v[12]|xlnet-(?:base|large)-cased|xlm-(?:mlm|clm)-[a-z0-9-]+"
    r"|transfo-xl-wt103|camembert-base|distilbert-base-[a-z0-9-]+|allenai-longformer-[a-z0-9-]+"
)
"""The one-word ids that the Hub keeps from the time before namespaces."""

SENTENCE_TRANSFORMER = lazily(
    r"(?:all|paraphrase|multi-qa|msmarco|stsb|nli)-(?:(?:multilingual|xlm|distil\w*)-)?"
    r"(?:MiniLM|mpnet|distilbert|distilroberta|roberta|bert|albert)-?[A-Za-z0-9.-]*|distiluse-base-[a-z0-9-]+"
    r"|(?:clip-ViT|gtr-t5|sentence-t5|quora-distilbert|facebook-dpr|allenai-specter)-?[A-Za-z0-9-]*"
)
"""Names that sentence-transformers looks up in its own namespace."""

PARTED_DATASETS = frozenset(
    """
    ag_news amazon_polarity arxiv_dataset beans billsum bookcorpus boolq c4 cifar10 cifar100 cnn_dailymail
    common_voice conll2003 dbpedia_14 emotion food101 glue gsm8k hellaswag imdb librispeech_asr math_qa mc4
    mnist ms_marco multi_news multi_nli natural_questions openbookqa openwebtext opus100 oscar paws piqa
    quora race rotten_tomatoes samsum snli squad squad_v2 super_glue swag trec trivia_qa tweet_eval
    wikipedia wikitext winogrande wmt14 wmt16 wmt19 wnut_17 xnli xsum yelp_polarity yelp_review_full
    """.split()
)
"""The best known datasets that the Hub had before namespaces: `glue/sst2` is a part of one, no repo."""

LEGACY_DATASETS = PARTED_DATASETS | frozenset(
    """
    adversarial_qa ai2_arc amazon_reviews_multi anli app_reviews banking77 big_patent biosses blimp
    bookcorpusopen cats_vs_dogs cc100 cc_news civil_comments codah code_search_net common_gen commonsense_qa
    conala cos_e cosmos_qa crows_pairs daily_dialog discofuse e2e_nlg_cleaned eli5 empathetic_dialogues
    esnli fashion_mnist financial_phrasebank germeval_14 gigaword go_emotions hate_speech18 hotpot_qa
    imagenet-1k kilt_tasks lambada lex_glue lj_speech math_dataset mbpp medmcqa mlqa mlsum newsroom nq_open
    openai_humaneval opus_books paws-x pg19 ptb_text_only pubmed_qa qasc quac quarel quoref reddit_tifu
    ropes scientific_papers sciq scitail sentiment140 social_i_qa speech_commands sst2 story_cloze
    stsb_multi_mt svhn swda tab_fact the_pile timit_asr tiny_shakespeare truthful_qa tydiqa
    universal_dependencies web_questions wiki40b wiki_bio wiki_dpr wiki_hop wiki_qa wikiann wikisql
    wikitablequestions wino_bias winograd_wsc wmt17 wmt18 xcopa xquad xtreme
    """.split()
)
"""Those, and the others of that time that are still loaded by one word."""

BENCHMARKS = frozenset(
    """
    ai2_arc boolq c4 cifar10 cifar100 commonsense_qa gsm8k hellaswag lambada mbpp mc4 mnist openai_humaneval
    openbookqa openwebtext piqa pubmed_qa race sciq the_pile truthful_qa wikipedia wikitext winogrande
    """.split()
)
"""Those of them that are as often names of a program's own: tasks of a suite, data to calibrate with."""

DATASET_BUILDERS = frozenset(
    """
    arrow audiofolder csv generator imagefolder json pandas parquet sql text webdataset xml
    """.split()
)
"""What load_dataset takes in place of an id, to read local files."""

MODEL_WORDS = frozenset(
    """
    awq base cased chat code coder distill distilled dpo embed embedding encoder finetuned gguf gptq hf
    instruct it large lora math medium mini mlx multilingual preview reranker rlhf rm sft small tiny
    tokenizer turbo uncased vision vl xl xxl
    """.split()
)
"""Variants and formats that models are named by."""

OLD_FAMILY = lazily(
    r"(?:distil|xlm-|flan-|m|by|wav2vec2-)?(?:albert|bart|beit|bert|blip2?|clip|deberta|deit|dinov2|electra|gpt-neo|gpt2"
    r"|hubert|longformer|opt|pegasus|pythia|roberta|siglip|swin|t5|vit|wav2vec2|whisper)-[a-z0-9.-]*"
)
"""Names of models that began before any was sold by API: `flan-t5-small`, `whisper-large-v2`."""

MODEL_SIZE = lazily(
    r"(?<![a-z])(?:\d+(?:\.\d+)?[bm]|fp8|int[48]|[48]bit)(?![a-z])|(?<![a-z])\d+x\d+b|v\d+(?:[._]\d+)*(?![a-z])"
)
"""Sizes, precisions and versions that they are named by, in lower case."""

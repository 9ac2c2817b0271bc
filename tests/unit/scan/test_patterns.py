"""The ways that programs name Hub repos in their configs, each with near misses.

All names are made up, except where an id from the time before namespaces is the point.
"""

from __future__ import annotations

import pytest

from hfpin.scan import scan

SHA = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"


def found(path: str, text: str) -> list[str]:
    """Give the ids of a file, each with its revision after an @ where it has one."""
    references = scan(path, text.encode()).references
    return [one.repo.repo_id + (f"@{one.revision}" if one.revision else "") for one in references]


def yaml(text: str) -> list[str]:
    """Give the ids of a YAML text."""
    return found("some.yaml", text)


PATTERNS = [
    # 0: what looked at files that nobody had seen before taught
    ("model_path: acme/checkpoint-3000\n", []),
    ("model_path: acme/m-checkpoint-3000\n", ["acme/m-checkpoint-3000"]),
    ("endpoint: http://a.svc.cluster.local:8000/v1\n", []),
    ("model: local:acme/m\n", ["acme/m"]),
    ("model_type: gpt2\nvocab_size: 1\ntorch_dtype: float32\n", []),
    ("env:\n- {key: MODEL_NAME, value: acme/m}\n", ["acme/m"]),
    ("tags:\n- {key: acme/team, value: acme/m}\n", []),
    ("repo: acme/m-GGUF\nfile: m.q4.gguf\n", ["acme/m-GGUF"]),
    ("repo: acme/m-GGUF\nfile: notes.txt\n", []),
    ("llm_backbone: acme/m\nenvironment: {huggingface_branch: v2}\n", ["acme/m@v2"]),
    ("llm_backbone: acme/m\nenvironment: {hub_branch: v2}\n", ["acme/m"]),
    ("type: service\ncommands: [vllm serve acme/m]\nport: 80\nmodel: acme/n\n", ["acme/m"]),
    ("data_name: glue\nsubset: mrpc\nsplit: train\n", ["glue"]),
    ("data_name: glue\nsplit: train\n", []),
    ("planner: {model: anthropic/claude-4}\ncoder: {model: acme/m-7b}\n", []),
    ("models:\n- openai/gpt-4o\n- acme/m-7b\n", []),
    ("models:\n- openai/some-20b\n- acme/m-7b\n", ["openai/some-20b", "acme/m-7b"]),
    ("judge: {model: anthropic/claude-4}\nlocal: {engine: vllm, model: acme/m-7b}\n", ["acme/m-7b"]),
    ("models: {fast: openrouter/acme/m-7b, good: acme/m-7b}\n", []),
    (f"models:\n  acme/m: {SHA}\n", [f"acme/m@{SHA}"]),
    ("models:\n  acme/m: {revision: v1}\n  acme/n: {dtype: bf16}\n", ["acme/m@v1", "acme/n"]),
    ("x:\n- override /model: llama/small\n", []),
    ("data:\n  c.yaml: |\n    model:\n      name: acme/m-7b\n      dtype: bf16\n    x: 1\n", ["acme/m-7b"]),
    ("data:\n  c.yaml: |\n    provider: openai\n    model: acme/m-7b\n    x: 1\n    y: 2\n", []),
    ("data:\n  c.yaml: |\n    model: acme/m\n    revision: v1\n    x: 1\n    y: 2\n", ["acme/m@v1"]),
    (
        'apiVersion: v1\ndata:\n  c.json: |\n    {"model": {"name": "acme/m-7b"}, "url": "a/b"}\n',
        ["acme/m-7b"],
    ),
    ('PRELOAD_MODELS: \'["acme/m", "acme/n"]\'\n', ["acme/m", "acme/n"]),
    ("prompt: |\n  model: acme/m\n  x: 1\n  y: 2\n  z: 3\n", []),
    ("OPENAI_BASE_URL: http://x:80\nMODEL: acme/m-7b\nEMBEDDING_MODEL: acme/e\n", ["acme/e"]),
    ("target: http://localhost:80\nmodel: acme/m-7b\nprocessor: acme/p\n", ["acme/p"]),
    ("lm: {model: openai/gpt-4o}\nretriever: {model: acme/m-7b}\n", ["acme/m-7b"]),
    ("provider: {local: {models: {acme/m-7b: {name: M}}}}\n", []),
    ("attn_implementation: acme/flash-attn3\n", ["acme/flash-attn3"]),
    ("attn_implementation: sdpa\n", []),
    ("model_stub: acme/tiny\n", ["acme/tiny"]),
    ("data: {metadata: {repo: acme/code, source: acme/m-7b}}\n", []),
    ("description: Write hf://acme/m here.\n", []),
    ("knowledge_base: {repository: acme/code}\n", []),
    ("url: https://huggingface.co/acme/m-7b\n", []),
    ("model: https://huggingface.co/acme/m-7b\n", ["acme/m-7b"]),
    ("openrouter: {timeout: 1}\nagent: {model: acme/m-7b}\n", []),
    ("openrouter: {timeout: 1}\nagent: {model: acme/M-7B}\n", ["acme/M-7B"]),
    ("cmd: python t.py --model bert-base-uncased\n", ["bert-base-uncased"]),
    ("cmd: python t.py --model gpt2\n", []),
    ("hf_dataset: {path: billsum, prompt_feature: text}\n", ["billsum"]),
    ("dataset: {path: billsum, prompt_feature: text}\n", []),
    ("huggingFaceModelId: acme/m\n", ["acme/m"]),
    ("hf_repos:\n- repo: acme/m-7b\n  drafter: acme/n-1b\n", ["acme/m-7b", "acme/n-1b"]),
    ("entrypoint: [vllm]\ncommand: [serve, acme/m, --port, '80']\n", ["acme/m"]),
    ("image: vllm\ncommand: [acme/m, --dtype, half]\n", ["acme/m"]),
    ("command: [acme/m, --port, '80']\n", []),
    ("command: >\n  acme/m\n  --dtype half\n  --revision v1\n", ["acme/m@v1"]),
    ("command: acme/m --dtype half\n", ["acme/m"]),
    ("command: acme/m --verbose\n", []),
    ("LLM_ENDPOINT: tgi\nLLM: acme/m-7b\n", []),
    ("HF_ENDPOINT: https://mirror.example\nLLM: acme/m-7b\n", ["acme/m-7b"]),
    ("environment:\n- TGI_HOST=http://tgi:80\n- LLM_MODEL=acme/m-7b\n", []),
    ("environment:\n- QDRANT_URL=http://qdrant:6333\n- EMBEDDING_MODEL=acme/m-7b\n", ["acme/m-7b"]),
    ("name: Upload to the Hub\non: push\nenv: {HF_REPO_ID: acme/m}\njobs: {}\n", []),
    ("name: Test\non: push\nenv: {HF_REPO_ID: acme/m}\njobs: {}\n", ["acme/m"]),
    # 1: mapping keys
    ("dataset_mixer:\n  acme/chat: 1.0\n  acme/code: 0.5\n", ["acme/chat", "acme/code"]),
    ("dataset_mixer_list:\n- acme/chat\n- '1.0'\n", ["acme/chat"]),
    ("datasets:\n  acme/chat: {split: train}\n", ["acme/chat"]),
    ("permissions:\n  acme/chat: write\n", []),
    ("paths:\n  acme/chat: 1\n", []),
    ("models:\n  openrouter/some-model: {price: 1}\n", []),
    # 2: push targets
    (
        "model_name_or_path: acme/base-7b\nhub_model_id: acme/tuned\nhub_model_revision: v2\n",
        ["acme/base-7b"],
    ),
    (f"base_model: acme/b\nrevision_of_model: {SHA}\npush_to_hub: acme/t\n", [f"acme/b@{SHA}"]),
    ("output_model_name: acme/tuned\n", []),
    # 3: @
    (f"model: acme/m@{SHA}\n", [f"acme/m@{SHA}"]),
    ("dataset: acme/d@train\n", ["acme/d"]),
    ("dataset: acme/d@train[:10]\n", []),
    ("uses: acme/action@v4\n", []),
    # 4: a revision beside what is no id
    ("model: gs://bucket/m\nrevision: v1\n", []),
    ("model_path: ./ckpt\nrevision: v1\n", []),
    ("model: /model\nrevision: v1\n", []),
    # 5: a pin that covers one of two
    (f"model: acme/m\ntokenizer: acme/t\nrevision: {SHA}\n", [f"acme/m@{SHA}", "acme/t"]),
    (
        f"model_name_or_path: acme/m\nmodel_revision: {SHA}\ndataset_name: acme/d\n",
        [f"acme/m@{SHA}", "acme/d"],
    ),
    (f"model: acme/m\ndraft_model: acme/little\nrevision: {SHA}\n", [f"acme/m@{SHA}", "acme/little"]),
    # 6: prefixes and the zoo of revision keys
    (f"judge_model_id: acme/j\njudge_model_revision: {SHA}\n", [f"acme/j@{SHA}"]),
    (f"corpus_repo: acme/d\ncorpus_labeled_revision: {SHA}\n", [f"acme/d@{SHA}"]),
    ("corpus_repo: acme/d\ncorpus_labeled_revision: v1\n", ["acme/d"]),
    (
        f"corpus_repo: acme/d\ncorpus_new_data: acme/l\ncorpus_new_data_small_revision: {SHA}\n",
        ["acme/d", f"acme/l@{SHA}"],
    ),
    ("judge_model_id: acme/j\njudge_revision: v1\nother_revision: v2\n", ["acme/j@v1"]),
    ("huggingface_dataset_id: acme/d\nhuggingface_revision: v1\n", ["acme/d@v1"]),
    ("modelURL: acme/m\nmodelRevision: v1\n", ["acme/m@v1"]),
    ("models:\n- name: a\n  hf_model_id: acme/m\n  hf_revision: v3\n", ["acme/m@v3"]),
    ("a_model: acme/a\nb_model: acme/b\nb_model_revision: v1\n", ["acme/a", "acme/b@v1"]),
    # 7: near and far
    ("model:\n  name: acme/m\nmodel_revision: v1\n", ["acme/m@v1"]),
    ("args: [--model, acme/m, --port, '80', --revision, v1]\n", ["acme/m@v1"]),
    ("args:\n- --model=acme/m\n- --revision=v1\n", ["acme/m@v1"]),
    ("modelURL: acme/m\nvllmConfig:\n  extraArgs: ['--revision', 'v1']\n", ["acme/m@v1"]),
    ("task: t\ndataset_path: acme/d\ndataset_kwargs:\n  revision: v1\ndoc_to_text: x\n", ["acme/d@v1"]),
    ("env:\n- name: MODEL_ID\n  value: acme/m\n- name: MODEL_REVISION\n  value: v1\n", ["acme/m@v1"]),
    ("env:\n- name: MODEL_ID\n  value: acme/m\n- name: OTHER\n  value: v1\n", ["acme/m"]),
    # 8: branches and commits
    ("model: acme/m\nrevision: refs/pr/8\n", ["acme/m@refs/pr/8"]),
    ("model: acme/m\nrevision: 1a2b3c4\n", ["acme/m@1a2b3c4"]),
    # 9: other hubs
    ("modelscope:\n  model_id: acme/m\n", []),
    ("model_hub: modelscope\nmodel_id: acme/m\n", []),
    ("kaggle_dataset: acme/d\n", []),
    ("hf_hub_url: acme/d\nms_hub_url: acme/e\n", ["acme/d"]),
    ("model_src:\n  huggingface:\n    model_id: acme/m\n    model_revision: v1\n", ["acme/m@v1"]),
    # 10: local paths
    ("model: checkpoints/fish-1.4\n", []),
    ("dataset: data/SFT\n", []),
    ("dataset_path: cache/x\n", []),
    ("checkpoint_dir: checkpoints/acme/model-7b\n", []),
    ("output_dir: results/acme\n", []),
    # 11: served names
    ("engine: vllm_openai\nmodel: acme/m-7b\nparameters:\n  openai_api_base: http://x\n", []),
    ("provider: openrouter\nmodel: acme/m-7b\n", []),
    ("provider: huggingface\nmodel: acme/m-7b\n", ["acme/m-7b"]),
    ("model: acme/m\nbase_url: http://localhost:8000/v1\n", []),
    ("served_model_name: acme/m\nmodel: acme/real\n", ["acme/real"]),
    ("args: [--model, acme/m, --served-model-name, acme/alias]\n", ["acme/m"]),
    ("type: haystack.Ranker\ninit_parameters:\n  model: acme/rank\n", ["acme/rank"]),
    ("type: haystack.OpenAIGenerator\ninit_parameters:\n  model: acme/rank\n", []),
    ("model: openai/gpt-4o-mini\n", []),
    ("model: openai/some-open-20b\n", ["openai/some-open-20b"]),
    # 12: keys that mean anything
    ("datasets:\n- path: acme/d\n  type: alpaca\n", ["acme/d"]),
    ("model:\n  path: acme/m\n", ["acme/m"]),
    ("repository: acme/image\ntag: v1\n", []),
    ("adapter:\n  type: huggingface\n  repository: acme/lora-8b\n", ["acme/lora-8b"]),
    ("checkpoint_repository:\n  source: HF\n  repo: acme/m\n  revision: v1\n", ["acme/m@v1"]),
    ("repository: acme/project\n", []),
    ("name: acme/m\n", []),
    ("image: acme/m:latest\n", []),
    ("image: acme/m\n", []),
    ("uri: huggingface://acme/m/file.gguf\n", ["acme/m"]),
    ("urls:\n- https://huggingface.co/acme/m\n", []),
    ("model: https://huggingface.co/acme/m\n", ["acme/m"]),
    ("homepage: https://huggingface.co/acme/m\n", []),
    ("url: https://huggingface.co/acme/m/resolve/main/x.gguf\n", ["acme/m@main"]),
    (f"url: https://huggingface.co/datasets/acme/d/resolve/{SHA}/x.csv\n", [f"acme/d@{SHA}"]),
    # 13: tables
    ("model2path:\n  small: acme/s\n  openai-clip: acme/c\n", ["acme/s", "acme/c"]),
    ("model_paths:\n  small: acme/s\n", ["acme/s"]),
    ("model2pooling:\n  small: mean/cls\n", []),
    # 14: both meanings
    ("dataset_name: nq\n", []),
    ("dataset_name: acme/nq\n", ["acme/nq"]),
    # 15: one word
    ("name_or_path: gpt2\n", ["gpt2"]),
    ("type: gpt2\n", []),
    ("model: gpt2\n", ["gpt2"]),
    ("type: gpt2\n", []),
    ("model_type: bert\ntokenizer: bert-base-uncased\n", ["bert-base-uncased"]),
    ("model_name_or_path: my-model\n", []),
    ("embedding_model: all-MiniLM-L6-v2\n", ["all-MiniLM-L6-v2"]),
    ("lora_target_modules: all-linear\n", []),
    ("model_name_or_path: gpt2\ndataset_name: wikitext\ndataset_config_name: x\n", ["gpt2", "wikitext"]),
    ("task: t\ndataset_path: hellaswag\ndoc_to_text: x\n", ["hellaswag"]),
    ("task: t\ndataset_path: json\ndoc_to_text: x\n", []),
    # 16: names that look like revisions
    ("task: t\ndataset_path: acme/d\ndataset_name: main\ndoc_to_text: x\n", ["acme/d"]),
    ("dataset_path: acme/d\ndataset_name: '3.0.0'\n", ["acme/d"]),
    # 17: several in one
    ("models: acme/a,acme/b\n", ["acme/a", "acme/b"]),
    ("model_args: pretrained=acme/m,revision=v1,dtype=bfloat16\n", ["acme/m@v1"]),
    ("model_args: pretrained=acme/m,tokenizer=acme/t\n", ["acme/m", "acme/t"]),
    ("model: uint4|acme/m/weights\n", ["acme/m"]),
    ("environment:\n- MODEL_ID=acme/m\n", ["acme/m"]),
    ("environment:\n- MODEL_ID=distilgpt2\n", ["distilgpt2"]),
    ("environment:\n- MODEL=gpt2\n- NODE_ENV=bert-base-uncased\n", []),
    ("datasets:\n  instruction:\n  - name: acme/d\n", ["acme/d"]),
    ("m:\n  backend: ollama\n  hf_repo: acme/m\n  model: acme/served\n", ["acme/m"]),
    ("dataset:\n  name: wikitext\n  config: wikitext-2-raw-v1\n  split: test\n", ["wikitext"]),
    ("dataset:\n  name: wikitext\n  split: test\n", []),
    ("image: x/tgi\ncommand: [--model-id, gpt2]\n", ["gpt2"]),
    ("# 魔搭\nmodels:\n- model_id: acme/m-7b\n", []),
    ("# 魔搭 (or Hugging Face)\nmodels:\n- model_id: acme/m-7b\n", ["acme/m-7b"]),
    ("environment:\n  MODEL_ID: acme/m\n  OWNER: acme/team\n", ["acme/m"]),
    # 18: embedded languages
    ("command: vllm serve acme/m --revision v1 --port 80\n", ["acme/m@v1"]),
    ("run: |\n  huggingface-cli download acme/m \\\n    --revision v1\n", ["acme/m@v1"]),
    ("run: |\n  python train.py --model_name_or_path acme/m\n  echo done\n", ["acme/m"]),
    ("run: |\n  lm_eval --model hf --model_args pretrained=acme/m,revision=v1\n", ["acme/m@v1"]),
    ("run: |\n  python -c \"AutoModel.from_pretrained('acme/m', revision='v1')\"\n", ["acme/m@v1"]),
    ("run: |\n  # python train.py --model acme/m\n  ls\n", []),
    ('run: |\n  curl x -d \'{"model": "acme/m"}\'\n', []),
    ('run: |\n  r = client.create(\n      model="acme/m",\n  )\n', []),
    ("run: docker run acme/image --model acme/m\n", ["acme/m"]),
    ("command: [vllm, serve, acme/m, --revision, v1]\n", ["acme/m@v1"]),
    ("run: |\n  git clone https://github.com/acme/m\n", []),
    # 19: interpolation
    ("model: ${org}/m\n", []),
    ("model: acme/${name}\n", []),
    ("model: acme/m\nrevision: ${rev}\n", ["acme/m@${rev}"]),
    ("source: !ref <hub>/m\n", []),
    # 20: what only looks like it
    ("type: application/json\n", []),
    ("model: a/b/c\n", []),
    ("gpus: H200/A100\n", []),
    ("share: 1-9/10\n", []),
    ("dataset: 1/10\n", []),
    ("features: [acme/cpu]\n", []),
    ("# model: acme/m\n", []),
    ("timezone: Europe/Berlin\n", []),
    # classes and tags
    ("_target_: transformers.AutoModel.from_pretrained\nname: acme/m\n", ["acme/m"]),
    ("dataset:\n  _component_: torchtune.datasets.alpaca_dataset\n  source: acme/d\n", ["acme/d"]),
    (
        "enc: !new:speechbrain.lobes.models.huggingface_transformers.wav2vec2.Wav2Vec2\n  source: acme/w\n",
        ["acme/w"],
    ),
    ("_target_: torch.nn.Linear\nname: acme/m\n", []),
    # sweeps and inputs
    ("parameters:\n  model_name:\n    values: [acme/a, acme/b]\n", ["acme/a", "acme/b"]),
    ("inputs:\n  model:\n    default: acme/a\n", ["acme/a"]),
    ("inputs:\n  branch:\n    default: feature/a\n", []),
    # what is saved beside a model
    ("_name_or_path: acme/m\n", []),
    ("auto_map:\n  AutoConfig: acme/code--config.MyConfig\n", ["acme/code"]),
    ("name_or_path: acme/m\ntokenizer_class: X\n", []),
    ("storageUri: hf://acme/m:v1\n", ["acme/m@v1"]),
    ("path: hf://datasets/acme/d@v1/train.csv\n", ["acme/d@v1"]),
    (
        "models:\n- model: acme/a\n- model: acme/b\n  parameters: {weight: 1}\nmerge_method: ties\n",
        ["acme/a", "acme/b"],
    ),
    ("- equal:\n    path: x\n    value: --model acme/m\n  asserts: 1\n", []),
    ("models:\n- name: acme/m\n  client_spec: {class_name: X}\n  model_name: acme/m\n", []),
    ("judge: acme/j-7b-instruct\n", ["acme/j-7b-instruct"]),
    ("run: |\n  git clone https://huggingface.co/acme/m\n", ["acme/m"]),
    ("prompts:\n- task: t\n  models: [acme/m-7b]\n  content: x\n", []),
    ("model: my_nets/resnet\n", []),
    ("model:\n  base: acme/m\n", ["acme/m"]),
    ("dataset: Anthropic/pairs\n", ["Anthropic/pairs"]),
    ("command: llama-server -hf acme/m-GGUF:Q4_K_M --port 80\n", ["acme/m-GGUF"]),
    ("args: ['vllm serve acme/m --dtype=float16']\n", ["acme/m"]),
    ("args: [-c, 'x=$(cat y) vllm serve acme/m --revision v1']\n", ["acme/m@v1"]),
    (
        "vars:\n  hf_enc_name: bert-base-cased\n  hf_username: acme/x\n  spacy_name: roberta-base\n",
        ["bert-base-cased"],
    ),
    ("x_hub: acme/wave\n", ["acme/wave"]),
    ("push_to_hub: acme/wave\n", []),
    ("serveConfig: |\n  llm_configs:\n  - model_id: small\n    model_source: acme/m\n", ["acme/m"]),
    ("text: |\n  In your file, write\n  model: acme/m\n  and run it.\n", []),
    ("embed_model: local:acme/embed\n", ["acme/embed"]),
    ("model: hf-hub:acme/clip\n", ["acme/clip"]),
    ("args: [--model_name_or_path, gpt2, --seed, '1']\n", ["gpt2"]),
    ("run: python x.py --model_name_or_path roberta-base --seed 1\n", ["roberta-base"]),
    ("- model: acme/m\n  score: 0.5\n", []),
    ("post_data:\n  model: acme/m\n", []),
    ("trust_remote_code: true\nname: acme/m\n", ["acme/m"]),
    # Hydra's defaults choose files of the project
    ("defaults:\n- _self_\n- /model: acme/m\n- override /model/encoder: acme/m\nmodel: acme/n\n", ["acme/n"]),
    ("server:\n  defaults: {model: acme/m}\n", ["acme/m"]),
    # what is loaded stands beside its other name
    ("model_id: acme/alias\nmodel_source: acme/m\n", ["acme/m"]),
    ("name: acme/alias\nmodel:\n  name: acme/alias\n  uri: hf://acme/m\n", ["acme/m"]),
    ("model: acme/m\nvae: hf://acme/vae\n", ["acme/m", "acme/vae"]),
    # a push target by the switch beside it
    ("policy: {repo_id: acme/mine, push_to_hub: true}\n", []),
    ("model_name_or_path: acme/m\npush_to_hub: true\n", ["acme/m"]),
    # a server is asked for the model; the tokenizer is loaded here
    ("model: acme/m\ntokenizer: acme/t\nbase_url: http://x\n", ["acme/t"]),
    ("model: acme/m\ntarget: http://localhost:8000\n", []),
    ("model: acme/m\nhomepage: https://acme.org/m\n", ["acme/m"]),
    ("model_name: acme/m\nclient_kwargs: {base_url: x}\n", []),
    ("fn: openai_completions\nkwargs: {model: acme/m}\nprovider: openai_completions\n", []),
    ("llm_provider: openai\nllm: acme/m\nembedding_model: acme/e\n", ["acme/e"]),
    ("llm_engine: vllm\nllm: acme/m\n", ["acme/m"]),
    ("use_modelscope: true\nmodel_id: acme/m\n", []),
    ("use_modelscope: false\nmodel_id: acme/m\n", ["acme/m"]),
    # datasets are called after models, too
    ("datasets:\n- path: acme/gpt-4-answers\n", ["acme/gpt-4-answers"]),
    ("model: acme/gpt-4-answers\n", []),
    # a class that is a model takes it by a general key
    ("target: ldm.modules.TextEmbedder\nparams:\n  version: acme/clip-large\n", ["acme/clip-large"]),
    ("target: ldm.modules.Logger\nparams:\n  version: acme/clip-large\n", []),
    # records in a list have keys of their own, which are no short names
    ("models:\n- name: acme/m\n  folder: vae/big\n", ["acme/m"]),
    # commands
    ("command: [vllm, serve]\nargs: [acme/m, --port=80]\n", ["acme/m"]),
    ("command: [/usr/bin/vllm, serve]\nargs:\n- acme/m\n- --revision=v1\n", ["acme/m@v1"]),
    ("args: [--lora-modules, sql=acme/l, --port, '1']\n", ["acme/l"]),
    ("run: vllm serve acme/m --lora-modules sql-x=acme/l\n", ["acme/m", "acme/l"]),
    ('args: [--speculative-config, \'{"model": "acme/draft", "n": 3}\']\n', ["acme/draft"]),
    ('run: |\n  curl x -d \'{"model": "acme/m", "n": 3}\'\n', []),
    ("run: |\n  snapshot_download(\n    repo_id='acme/m',\n    revision='v1',\n  )\n", ["acme/m@v1"]),
    ("run: |\n  # snapshot_download('acme/m')\n", []),
    # other spellings of an address on the Hub
    ("checkpoint: hg://acme/m\n", ["acme/m"]),
    ("dataset_dir: REMOTE:acme/d\n", ["acme/d"]),
    ("compression: //pretrained/acme/codec\n", ["acme/codec"]),
    # legacy ids are nothing else, wherever they stand; of datasets, where load_dataset is at hand
    ("t5:\n  name: t5-base\n", ["t5-base"]),
    ("bm25_tokenizer: [space, gpt2]\n", ["gpt2"]),
    ("datasets:\n- path: imdb\n  split: train\n", ["imdb"]),
    ("dataset_name: imdb\nseed: 1\n", []),
    ("dataset_name: imdb\nsplit: train\n", []),
    ("dataset_name: imdb\ntrain_split: train\n", ["imdb"]),
    ("dataset_name: imdb\nsubset: 0.1\n", []),
    ("# Hugging Face is not used\ndataset: mnist\n", []),
    ("dataset_name: imdb  # from Hugging Face\n", ["imdb"]),
    ("dataset_name: boolq\nbuilder_name: boolq\nsplit: train\n", []),
    ("loader:\n  __type__: load_hf\n  path: glue\n", ["glue"]),
    ("sets:\n  datasets:\n  - name: c4\n    config: en\n    split: train\n", ["c4"]),
    ("datasets: [glue, imdb]\neval_split: test\n", ["glue", "imdb"]),
    ("datasets: [math, gsm8k]\neval_split: test\n", []),
    ("train_files: acme/d@train\n", ["acme/d"]),
    ("uses: acme/action@test\n", []),
    ("dataset:\n  type: huggingface\n  location: acme/d\n", ["acme/d"]),
    ("hf_train: acme/d\nhf_eval: glue\n", ["acme/d", "glue"]),
    ("hf_split: acme/d\nhf_token: acme/d\n", []),
    (
        "model: acme/m\nattacker: acme/a-7b\nencoder_version: acme/e-7b\n",
        ["acme/m", "acme/a-7b", "acme/e-7b"],
    ),
    ("model: acme/m\nwandb: acme/a-7b\nrun_group: acme/r-7b\n", ["acme/m"]),
    ("model: acme/m\nbase_url: http://x:80/v1\nattacker: acme/a-7b\n", []),
    ("dataset_mixer_list:\n- acme/d 1.0\n", ["acme/d"]),
    ("arch: bert-base-uncased\n", ["bert-base-uncased"]),
    ("arch: gpt2\n", []),
    ("repo_or_dir: acme/dino-v2\n", []),
    (
        "jobs:\n  run: |\n    x.from_pretrained('bert-base-uncased')\n    load_dataset('imdb')\n",
        ["bert-base-uncased", "imdb"],
    ),
    ("jobs:\n  run: |\n    x.from_pretrained('large')\n    load_dataset('csv')\n", []),
    ("model_list: [gpt-4o, acme/m-7b]\n", []),
    ("models:\n  a: anthropic/claude-3.5-sonnet\n  b: acme/m-7b\n", []),
    ("provider: openrouter\nmodels:\n  fast: acme/m-7b\n", []),
    (
        "model: acme/m\nmax_seq_length: 8\nlog_group: acme/g-7b\ngit: acme/s-7b\nrun_id: acme/r-7b\n",
        ["acme/m"],
    ),
    ("modelo_base: acme/m-base\n", ["acme/m-base"]),
    ("model:\n  hub: acme/m\n", ["acme/m"]),
    ("model: v1/base\n", []),
    ("repo_id: acme/m\nupload: true\n", []),
    ("repo_id: acme/m\ncommit_message: new\n", []),
    ("dataset_name: beans\nper_device_train_batch_size: 8\n", ["beans"]),
    ("dataset_path: openwebtext\nis_dataset_on_disk: false\n", ["openwebtext"]),
    ("dataset_path: openwebtext\nis_dataset_on_disk: true\n", []),
    ("dataset:\n  id: wikitext\n  num_proc: 4\n", ["wikitext"]),
    ("dataset:\n  id: imdb\n  args: {}\n", []),
    ("voices: hf-snapshot://acme/voices/**/*.safetensors\n", ["acme/voices"]),
    ("scheduler_name: acme/diffusion-2-1\n", ["acme/diffusion-2-1"]),
    ("m:\n  model_card: acme/m\n  revision: 512-96-r1\n", ["acme/m@512-96-r1"]),
    ("m:\n  model_card: acme/m\n", []),
    ("upload:\n  repo_id: acme/result\n", []),
    ("apiProvider: openrouter\nplanModeModelId: acme/m-7b\n", []),
    (
        "retriever: acme/retriever-base\nreader: acme/reader-large\n",
        ["acme/retriever-base", "acme/reader-large"],
    ),
    # an id after any word, where the key ends like an address
    ("wav2vec_url: acme/wav-large\n", ["acme/wav-large"]),
    ("github_url: acme/wav-large\n", []),
    ("models_to_test: [acme/m-7b]\nmodel_class: acme/m-7b\n", ["acme/m-7b"]),
    ("image_encoder: acme/m\nmodel_image: acme/i\n", ["acme/m"]),
    # sections, across the short names of their entries
    ("data:\n  configs:\n    web:\n      id: acme/d\n", ["acme/d"]),
    ("train_data:\n  acme/d: 0.5\n", ["acme/d"]),
    # catalogues and prices
    ("- name: acme/m-7b\n  title: x\n  description: y\n", []),
    ("- model: acme/m-7b\n  input_price: 1\n", []),
    # other hubs, by what only they have
    ("model: ai/m-7b\nvad_model: iic/m-7b\n", []),
    # the tag of a GGUF repo is a quantisation; that of another name an image's or Ollama's
    ("model: acme/m-GGUF:Q4_K_M\n", ["acme/m-GGUF"]),
    ("model: acme/m:latest\n", []),
    ("run: hf download --repo-type dataset acme/d --local-dir x\n", ["acme/d"]),
    ("run: lm_eval --model local --model_args model=acme/m,base_url=http://x,tokenizer=acme/t\n", ["acme/t"]),
    ("command: mlc_llm serve HF://acme/m\n", ["acme/m"]),
    # what says too little for a repo, and what a reader is to replace
    ("data_path: coco/train\nmodel: resnet/18\n", []),
    ("model: your-org/m-7b\n", []),
    # below a service, and below a program that loads
    ("openai:\n  model: acme/m\n  tokenizer: acme/t\n", ["acme/t"]),
    ("vllm:\n  model: acme/m\n", ["acme/m"]),
    # a file that a script writes is a config; what a server is asked is none
    ("run: |\n  cat <<EOF > a.yaml\n  model: acme/m\n  EOF\n  python t.py\n", ["acme/m"]),
    ("run: |\n  curl -d @- <<EOF\n  model: acme/m\n  EOF\n", []),
    # a file of a repo
    ("repo: acme/m\nfilename: m.gguf\n", ["acme/m"]),
    # whose revision it is
    ("model:\n  name: acme/m\n  model_kwargs: {revision: v1}\n", ["acme/m@v1"]),
    ("dataset: acme/d\nmodel_kwargs: {revision: v1}\n", ["acme/d"]),
    ("model: acme/m\nspec: {tokenizer: acme/t, revision: v1}\n", ["acme/m", "acme/t@v1"]),
    ("command: vllm serve acme/m --code-revision v1\n", ["acme/m"]),
    ("args: [--model, acme/m, --lora-modules, x=acme/l, --revision, v1]\n", ["acme/m@v1", "acme/l"]),
    ("env: {MODEL_ID: acme/m, MODEL_REVISION: v1, EMBED_MODEL_ID: acme/e}\n", ["acme/m@v1", "acme/e"]),
    ("environment: [MODEL_ID=acme/m, REVISION=v1]\n", ["acme/m@v1"]),
    ("embedding_model: acme/e\nreranker_model: acme/r\nrevision: v1\n", ["acme/e", "acme/r"]),
    ("model:\n  uri: hf://acme/m\n  revision: v1\n", ["acme/m@v1"]),
    ("model: https://huggingface.co/acme/m/tree/v1\n", ["acme/m@v1"]),
    ("hub_model_id: acme/mine\nhub_revision: v9\nmodel_name_or_path: acme/m\n", ["acme/m"]),
    ("repo: acme/tool\ncommit_hash: abc1234\n", []),
    ("experiment: {model_name: acme/m, name: acme/x}\noutput: {model_name: acme/y}\n", ["acme/m"]),
    ("with: {github_repo_id: acme/g, huggingface_repo_id: acme/h}\n", []),
    ("routing: {modelName: acme/m}\n", []),
    ('body: |\n  {\n    "n": 1,\n    "model": "acme/m"\n  }\n', []),
    ("args: [--models, acme/a, acme/b, --out, acme/c]\n", ["acme/a", "acme/b"]),
    ('c.json: |\n  {\n    "n": 1,\n    "model": "acme/m"\n  }\n', ["acme/m"]),
    ("model: acme/m\nplatform: nvidia\n", ["acme/m"]),
    ("model: acme/m\nprovider: nvidia\n", []),
    ("model: acme/m\nrank: 16\nrouge: true\nresults: out\n", ["acme/m"]),
    ("model: acme/m\nrouge: 0.4\n", []),
    ("snapshot: {repo_id: acme/m}\n", ["acme/m"]),
    (
        "results: {x: 1}\nversions: {x: 1}\nconfig: {model_args: 'pretrained=acme/m'}\nmodel_name: acme/m\n",
        [],
    ),
    ("versions: [1]\nmodel_name: acme/m\n", ["acme/m"]),
    ("model_id: acme/m\ntokenizer_id: acme/m\nrequest_throughput: 3\n", []),
    ("model: acme/m\napi_key: null\nbase_url: ''\n", ["acme/m"]),
    ("provider: openai\nmodel: acme/m\ntokenizer: acme/t\ndataset: acme/d\n", ["acme/t", "acme/d"]),
    ("model: acme/m\ntype_info: {module: x, name: InferenceEndpointsLLM}\n", []),
    ("model: acme/m\napi_key: {secret: x}\n", []),
    ("dataset: glue/mnli\n", []),
    ("matches:\n- headers: [{name: X-Model, value: acme/m}]\n", []),
    ("a: &a {model: acme/m, revision: v1}\nb: {<<: *a, tokenizer: acme/t}\n", ["acme/m@v1", "acme/t"]),
    ("run: |\r\n  vllm serve acme/m \\\r\n    --revision v1\r\n", ["acme/m@v1"]),
    ("args: [--quiet, --tokenizer=acme/t]\n", ["acme/t"]),
    ("model: acme/M-70B-Instruct-Turbo\nasr_model: acme/asr-large-v3-turbo\n", ["acme/asr-large-v3-turbo"]),
    ("bert_type: bert-base-uncased\nmodel_type: gpt2\nmodel_class: openai/chat\n", ["bert-base-uncased"]),
    ("metadata:\n  name: bert-base-uncased\nspec:\n  name: bert-base-uncased\n", ["bert-base-uncased"]),
    ("help_text: Use --model=acme/m to choose.\n", []),
    ('data:\n  note: \'as in {"key": "a", "value": "acme/m"}\'\n', []),
    ("model_field:\n  default: acme/stable\n", []),
    ("model: acme/m\ncommit_hash: abc1234\n", ["acme/m@abc1234"]),
    (
        "dataset: acme/d\ncommit: 26bca36bde8333b5d7f72e9ed20ccda6a618af24\n",
        ["acme/d@26bca36bde8333b5d7f72e9ed20ccda6a618af24"],
    ),
    ("dataset: acme/d\ncommit: every 100 steps\n", ["acme/d"]),
    ("dataset: acme/d\nsha: abc1234\n", ["acme/d"]),
    ("prm_path: acme/m\norm: acme/o\n", ["acme/m", "acme/o"]),
]


@pytest.mark.parametrize(("text", "ids"), PATTERNS)
def test_yaml_pattern(text: str, ids: list[str]) -> None:
    """What the program would resolve on the Hub is found, with its revision, and nothing else."""
    assert yaml(text) == ids


def test_the_id_of_an_alias_is_where_it_is_written() -> None:
    """What an alias stands for is shown at its anchor, unless the two are at different revisions."""
    text = "a: {model: &m acme/m}\nb: {model: *m}\nc: {model: *m, revision: v1}\n"
    lines = [(one.position.line, one.revision) for one in scan("a.yaml", text.encode()).references]
    assert lines == [(1, None), (1, None), (3, "v1")]


OTHERS = [
    ("conf/data/wiki.yaml", "id: acme/wiki\n", ["acme/wiki"]),
    ("src/data/wiki.yaml", "id: acme/wiki\n", []),
    ("models.json", '["acme/a", "acme/b"]', ["acme/a", "acme/b"]),
    ("things.json", '["acme/a", "acme/b"]', []),
    ("src/models.yaml", "short: acme/a\n", ["acme/a"]),
    ("src/things.yaml", "short: acme/a\n", []),
    ("model_registry.json", '{"short": {"id": "acme/a"}}', ["acme/a"]),
    ("conf/data/wiki.yaml", "owner: acme/wiki\n", []),
    ("a.json", '{"model_name_or_path": "acme/m", "model_revision": "v1"}', ["acme/m@v1"]),
    ("a.json", '{"a": [{"model": "acme\\/m"}]}', ["acme/m"]),
    ("a.json", '{"base_model_name_or_path": "acme/m", "revision": null}', ["acme/m"]),
    ("a.json", '{"name": "acme/package", "repository": "acme/package"}', []),
    ("a.json", '{"--pretrained_model_name_or_path": "acme/m"}', ["acme/m"]),
    ("a.jsonc", '{\n  // the model\n  "model": "acme/m", /* that one */\n}', ["acme/m"]),
    (
        "a.json",
        '{"model_specs": [{"model_hub": "huggingface", "model_id": "acme/m", "model_revision": "v1"}]}',
        ["acme/m@v1"],
    ),
    ("a.toml", 'model = "acme/m"\nrevision = "v1"\n', ["acme/m@v1"]),
    ("a.toml", "[model]\nname = 'acme/m'\n", ["acme/m"]),
    ("a.toml", '[[env]]\nid = "acme/environment"\n', []),
    ("a.toml", 'a.model.name = "acme/m" # why\n', ["acme/m"]),
    ("a.toml", 'features = ["acme/cpu"]\nx = {model = "acme/m"}\n', ["acme/m"]),
    # files that do not parse
    ("a.yaml", "{{- if .x }}\nmodel:\n  name: acme/m\n  revision: v1\n{{- end }}\n", ["acme/m@v1"]),
    ("a.yaml", "args:\n  {{ .Values.x }}\n  - --model\n  - acme/m\n", ["acme/m"]),
    ("a.yaml", "key: [\nimage: acme/m\n# model: acme/n\n", []),
    ("a.yaml", "args:\n- --model\n- {{ .m }}\n- --tokenizer=acme/t\n{{ end }\n", ["acme/t"]),
    ("a.yaml", "- model: acme/a\n  revision: v1\n- model: acme/b\n{{ x }\n", ["acme/a@v1", "acme/b"]),
    (
        "a.yaml",
        "{{ x }\nrun: |\n  vllm serve acme/m \\\n    --revision v1\nmodel: acme/n\n",
        ["acme/m@v1", "acme/n"],
    ),
    ("a.json", '{"model": "acme/m",,\n "x": }', []),
    ("a.json", '{\n  "model": "acme/m",,\n  "x": \n}', ["acme/m"]),
    ("a.toml", '[model]\nname = "acme/m"\nbad = = 1\n', ["acme/m"]),
]


@pytest.mark.parametrize(("path", "text", "ids"), OTHERS)
def test_other_kinds_of_files(path: str, text: str, ids: list[str]) -> None:
    """The same is found in JSON, in TOML, and as far as lines show it in what does not parse."""
    assert found(path, text) == ids

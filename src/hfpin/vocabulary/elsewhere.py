"""Keys that hold what looks like an id and is something else: data, not code."""

from __future__ import annotations

DESCRIBING_SECTIONS = frozenset("meta metadata".split())
"""Sections that describe what they stand in, and whose general keys name nothing that is loaded."""

ELSEWHERE_KEYS = frozenset(
    """
    _name_or_path abbr accept alias aliases annotations answer author authors base_image base_path cache_dir
    card_url chat_template citation code_url collection_slug comment comments container content content_type
    data_card dataset_card dependencies deployment deployment_name description dest_repo dev_dependencies
    display_name doc docker_image docs docs_url documentation entity example examples experiment
    experiment_id experiment_name extends features github help help_text hf_target_repo hf_username home
    home_url homepage hub_dataset_id hub_model_id hub_name hub_repo_id hub_strategy icon image image_id
    image_name images info_url job_id labels license license_url link links maintainer match_labels
    media_type messages metric metric_for_best_model metric_name mime mime_type model_alias model_card
    model_page monitor ms_hub_url node_selector notes om_hub_url organization output output_dir page
    page_url paper project project_id prompt provider_url push_to_hub push_to_hub_model_id question readme
    reference_url references repo_or_dir repo_url results_repo role run_id run_name runs_on served_model
    served_model_name served_name session_id slug system_prompt tags target_repo target_repo_id template
    thumbnail_url timezone title tz upload_repo urls usage user user_id username uses wandb_project website
    website_url workspace workspace_id
    """.split()
)
"""Keys that hold what looks like an id and is something else: push targets, served names, images, prose."""

PAGE_WORDS = frozenset(
    """
    checkpoint ckpt download from hf huggingface model path pretrained repo repository source uri url urls
    version
    """.split()
)
"""Words of keys under which the page of a repo may be what is loaded, and not what people are to read."""

CARD_KEYS = frozenset({"data_card", "dataset_card", "model_card"})
"""Those of them that people follow, until a revision beside them says that a program does, too."""

CLOSED_SECTIONS = frozenset(
    """
    aliases annotations authors citation dependencies dev_dependencies docs documentation example examples
    features labels links match_labels messages model_index node_selector output outputs publish push
    push_to_hub references save tags upload upload_repo urls
    """.split()
)
"""Keys below which nothing is loaded, whatever its key: an `experiment`, say, may have a model."""

PROSE_KEYS = frozenset(
    """
    comment comments description doc docs documentation example examples help help_text instruction notes
    prompt readme system_prompt template title usage
    """.split()
)
"""Keys whose text is read by people, or by a model: the flags in it are examples."""

ELSEWHERE_WORDS = frozenset(
    """
    anthropic azure bedrock blocklist civitai completed costs denylist dest destination display docker
    exclude excluded export exported gcs git github gitlab ignore ignored kaggle leaderboard legend logging
    mlflow modelscope ms nltk ollama openai openmind out output outputs plot prices pricing push pushed py
    recommended report resume routing s3 save saved served skip skipped spacy stanza submission tfhub
    torchaudio torchhub torchvision upload uploaded vertex wandb wisemodel
    """.split()
)
"""Words in a key that say the same: `output_model_name`, `kaggle_dataset`."""

"""What is beside the weights of a model, by name."""

from __future__ import annotations

# transformers, `tokenization_utils_base` and each tokenizer's VOCAB_FILES_NAMES
_VOCABULARIES = frozenset(
    """
    tokenizer.json vocab.json vocab.txt merges.txt spiece.model sentencepiece.model sentencepiece.bpe.model
    tokenizer.model tokenizer.model.v3 source.spm vocab.bpe bpe.codes vocab-src.json tekken.json
    tiktoken.model tokenizer.tiktoken qwen.tiktoken
    """.split()
)
MODULES = "modules.json"
"""The parts of a sentence-transformers model."""

PROCESSORS = ("preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json")


def is_vocabulary(name: str) -> bool:
    """Whether a file of this name is what a tokenizer is made from."""
    return name in _VOCABULARIES or name.endswith((".spm", ".tiktoken"))

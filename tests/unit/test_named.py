"""What the small files of a model name of other repos."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin.digest import Digest
from hfpin.lock import LockedFile
from hfpin.operations.named import LARGEST, files_to_read, is_adapter, names_in, takes_own_code

OTHER = "org/other"
BY_CODE, AS_BASE = [("code", OTHER, None)], [("base_model", OTHER, None)]


def named(path: str, content: object) -> list[tuple[str, str, str | None]]:
    """Give role, id and revision of each name in a file."""
    return [
        (one.role, one.repo.repo_id, one.revision) for one in names_in(path, json.dumps(content).encode())
    ]


def auto_map(value: object) -> dict[str, object]:
    """A config with this in its `auto_map`."""
    return {"auto_map": value}


@pytest.mark.parametrize(
    ("path", "content", "found"),
    [
        (
            "adapter_config.json",
            {"base_model_name_or_path": OTHER, "revision": "v1"},
            [("base_model", OTHER, "v1")],
        ),
        ("adapter_config.json", {"base_model_name_or_path": "gpt2"}, [("base_model", "gpt2", None)]),
        (
            "adapter_config.json",
            {"base_model_name_or_path": OTHER, "revision": ""},
            [("base_model", OTHER, None)],
        ),
        ("sub/adapter_config.json", {"base_model_name_or_path": OTHER}, AS_BASE),
        (
            "adapter_config.json",
            {"tokenizer_name_or_path": OTHER, "tokenizer_kwargs": {"revision": "v2"}},
            [("tokenizer", OTHER, "v2")],
        ),
        (
            "config.json",
            auto_map({"AutoModel": f"{OTHER}--m.M", "AutoConfig": f"{OTHER}--c.C"}),
            BY_CODE,
        ),
        (
            "tokenizer_config.json",
            auto_map({"AutoTokenizer": [f"{OTHER}--t.T", None]}),
            BY_CODE,
        ),
        ("tokenizer_config.json", auto_map([None, f"{OTHER}--t.T"]), BY_CODE),
        ("processor_config.json", auto_map({"AutoProcessor": f"{OTHER}--p.P"}), BY_CODE),
        (
            "preprocessor_config.json",
            auto_map({"AutoImageProcessor": f"{OTHER}--p.P"}),
            BY_CODE,
        ),
        ("config.json", {"custom_pipelines": {"x": {"impl": f"{OTHER}--p.P"}}}, BY_CODE),
        ("modules.json", [{"type": f"{OTHER}--m.M", "path": ""}], BY_CODE),
        (
            "modular_model_index.json",
            {"unet": ["diffusers", "U", {"pretrained_model_name_or_path": OTHER, "revision": "v1"}]},
            [("component", OTHER, "v1")],
        ),
        ("modular_model_index.json", {"vae": [None, None, {"repo": OTHER}]}, [("component", OTHER, None)]),
        (
            "open_clip_config.json",
            {"model_cfg": {"text_cfg": {"hf_tokenizer_name": OTHER, "hf_model_name": "org/text"}}},
            [("tokenizer", OTHER, None), ("tokenizer", "org/text", None)],
        ),
        ("adapter_config.json", {"base_model_name_or_path": "/home/u/llama"}, []),
        ("adapter_config.json", {"base_model_name_or_path": "./llama", "tokenizer_name_or_path": 7}, []),
        ("adapter_config.json", {"base_model_name_or_path": OTHER, "revision": "v\x1b"}, []),
        ("adapter_config.json", [OTHER], []),
        ("config.json", {"_name_or_path": OTHER, "base_model_name_or_path": OTHER}, []),
        ("config.json", auto_map({"AutoModel": "modeling.M"}), []),
        ("config.json", auto_map({"AutoModel": "--modeling.M"}), []),
        ("config.json", auto_map(7), []),
        ("config.json", {"custom_pipelines": ["x"]}, []),
        ("modules.json", [{"type": "sentence_transformers.models.Pooling"}, 7], []),
        ("modular_model_index.json", {"unet": ["diffusers", "U"], "_class_name": "P"}, []),
        ("open_clip_config.json", {"model_cfg": {"text_cfg": {}}}, []),
    ],
)
def test_what_libraries_follow_is_named(path: str, content: object, found: list[object]) -> None:
    """Each file names what its library goes and loads, once, and nothing else."""
    assert named(path, content) == found


@given(st.sampled_from(["adapter_config.json", "config.json", "modules.json"]), st.binary(max_size=30))
def test_rubbish_names_nothing(path: str, data: bytes) -> None:
    """What is no JSON is somebody else's to complain about."""
    assert names_in(path, b"{" + data + b"{") == ()


def test_no_depth_of_nesting_names_anything() -> None:
    """What Python's parser gives up names nothing either."""
    assert names_in("config.json", b"[" * 100_000) == ()


def test_code_of_its_own_is_told_from_code_of_others() -> None:
    """A name without `--` is in the repo itself."""
    own, other = (json.dumps(auto_map({"AutoModel": name})).encode() for name in ("m.M", "a/b--m.M"))
    assert [takes_own_code("config.json", one) for one in (own, other, b"{}", b"{")] == [
        True,
        False,
        False,
        False,
    ]
    assert takes_own_code("modules.json", b'[{"type": "custom_st.Transformer"}]')


def test_an_adapter_is_told_by_what_its_config_says() -> None:
    """A file of that name may be another program's."""
    assert is_adapter(b'{"peft_type": "LORA"}')
    assert is_adapter(b'{"base_model_name_or_path": null}')
    assert not any(is_adapter(one) for one in (b'{"fine_tune_type": "lora"}', b"[]", b"{"))


def read(*paths: str, size: int = 9) -> list[str]:
    """Give which of these files would be read, each with bytes of its own."""
    files = [
        LockedFile(path=path, size=size, digest=Digest("git-sha1", f"{number:040x}"))
        for number, path in enumerate(paths)
    ]
    return [file.path for file in files_to_read(files)]


def test_the_top_is_read_and_the_parts_of_a_pipeline() -> None:
    """Folders count where the top says that they are parts, or says nothing at all."""
    assert read("config.json", "a/config.json", "README.md", "x_config.json") == ["config.json"]
    assert read("model_index.json", "unet/config.json", "unet/old/config.json") == ["unet/config.json"]
    assert read("modules.json", "0_T/config.json") == ["0_T/config.json", "modules.json"]
    assert read("fr/x/adapter_config.json", "de/adapter_config.json") == [
        "de/adapter_config.json",
        "fr/x/adapter_config.json",
    ]
    assert read("config.json", size=LARGEST + 1) == []
    same = [
        LockedFile(path=f"{name}/config.json", size=1, digest=Digest("git-sha1", "0" * 40)) for name in "ab"
    ]
    assert files_to_read(same) == (same[0],)

"""What a conftest imports: fixtures of one's own, and the types of what fixtures give.

import hfpin.pytest

mistral = hfpin.pytest.pinned("mistral", loader=AutoModelForCausalLM.from_pretrained, dtype="bfloat16")
"""

from __future__ import annotations

from hfpin.pytest_plugin.factory import pinned
from hfpin.pytest_plugin.value import PinnedSnapshot
from hfpin.tensors import Tensor

__all__ = ["PinnedSnapshot", "Tensor", "pinned"]

"""The pieces of evidence for and against taking a text for a repo id.

Each is a small function of a candidate that says what it saw, or nothing. `docs/finding.md` has a section
for each; a `Verdict` adds up what they weigh.
"""

from __future__ import annotations

from collections.abc import Callable

from hfpin.dataclass import dataclass
from hfpin.scan import (
    evidence_around,
    evidence_in_keys,
    evidence_in_values,
    evidence_of_datasets,
    evidence_of_services,
)
from hfpin.scan.candidate import Candidate

NEEDED = 3
"""What the pieces must add up to."""
VETO = -100
"""The weight of a piece that nothing outweighs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of evidence.

    Args:
        name: What `hfpin explain` and the docs call it.
        weight: How much it counts for, or against where it is negative.
        look: Gives what it saw, in a few words, or None.
    """

    name: str
    weight: int
    look: Callable[[Candidate], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A piece that was found.

    Args:
        name: The piece.
        weight: What it counts.
        detail: What it saw.
    """

    name: str
    weight: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a candidate is a reference, and why.

    Args:
        evidence: All that was found, what counts most first.
    """

    evidence: tuple[Evidence, ...]

    @property
    def total(self) -> int:
        """What the evidence adds up to."""
        return sum(one.weight for one in self.evidence)

    @property
    def is_taken(self) -> bool:
        """Whether that is enough."""
        return self.total >= NEEDED


_KEY, _VALUE, _AROUND, _DATASETS, _SERVICES = (
    evidence_in_keys,
    evidence_in_values,
    evidence_around,
    evidence_of_datasets,
    evidence_of_services,
)
PIECES = (
    Piece(name="taught-key", weight=12, look=_KEY.taught_key),
    Piece(name="certain-key", weight=5, look=_KEY.certain_key),
    Piece(name="model-key", weight=3, look=_KEY.model_key),
    Piece(name="dataset-key", weight=3, look=_KEY.dataset_key),
    Piece(name="role-key", weight=2, look=_KEY.role_key),
    Piece(name="general-key", weight=1, look=_KEY.general_key),
    Piece(name="property-key", weight=-2, look=_KEY.property_key),
    Piece(name="section", weight=2, look=_KEY.section),
    Piece(name="table", weight=3, look=_KEY.table),
    Piece(name="own-name", weight=2, look=_KEY.own_name),
    Piece(name="mixture", weight=4, look=_KEY.mixture),
    Piece(name="declared-form", weight=8, look=_KEY.declared_form),
    Piece(name="one-word-key", weight=1, look=_KEY.one_word_key),
    Piece(name="hub-address", weight=5, look=_VALUE.hub_address),
    Piece(name="hub-page", weight=1, look=_VALUE.hub_page),
    Piece(name="code-reference", weight=5, look=_VALUE.code_reference),
    Piece(name="hub-namespace", weight=2, look=_VALUE.hub_namespace),
    Piece(name="split-after", weight=3, look=_VALUE.split_after),
    Piece(name="model-like", weight=1, look=_VALUE.model_like),
    Piece(name="known-family", weight=1, look=_VALUE.known_family),
    Piece(name="legacy-id", weight=12, look=_VALUE.legacy_id),
    Piece(name="old-family", weight=10, look=_VALUE.old_family),
    Piece(name="loading-call", weight=5, look=_VALUE.loading_call),
    Piece(name="loading-command", weight=2, look=_VALUE.loading_command),
    Piece(name="line-in-text", weight=-2, look=_VALUE.line_in_text),
    Piece(name="odd-namespace", weight=-1, look=_VALUE.odd_namespace),
    Piece(name="plain-name", weight=-4, look=_VALUE.plain_name),
    Piece(name="bare-word", weight=-10, look=_VALUE.bare_word),
    Piece(name="revision-beside", weight=3, look=_AROUND.revision_beside),
    Piece(name="options-beside", weight=2, look=_AROUND.options_beside),
    Piece(name="split-beside", weight=1, look=_AROUND.split_beside),
    Piece(name="company", weight=2, look=_AROUND.company),
    Piece(name="twin", weight=2, look=_AROUND.twin),
    Piece(name="hub-provider", weight=2, look=_AROUND.hub_provider),
    Piece(name="loader-class", weight=3, look=_AROUND.loader_class),
    Piece(name="model-class", weight=2, look=_AROUND.model_class),
    Piece(name="task-dataset", weight=10, look=_DATASETS.task_dataset),
    Piece(name="legacy-dataset", weight=10, look=_DATASETS.legacy_dataset),
    Piece(name="endpoint-beside", weight=-4, look=_SERVICES.endpoint_beside),
    Piece(name="gateway-name", weight=-3, look=_SERVICES.gateway_name),
    Piece(name="registry-entry", weight=-4, look=_SERVICES.registry_entry),
    Piece(name="result-record", weight=-4, look=_AROUND.result_record),
    Piece(name="other-provider", weight=-6, look=_SERVICES.other_provider),
    Piece(name="file-of-other-hub", weight=-6, look=_AROUND.file_of_other_hub),
    Piece(name="ignored-value", weight=VETO, look=_VALUE.ignored_value),
    Piece(name="elsewhere-key", weight=VETO, look=_KEY.elsewhere_key),
    Piece(name="other-hub", weight=VETO, look=_AROUND.other_hub),
    Piece(name="request", weight=VETO, look=_AROUND.request),
    Piece(name="expectation", weight=VETO, look=_AROUND.expectation),
    Piece(name="hydra-group", weight=VETO, look=_AROUND.hydra_group),
    Piece(name="named-beside", weight=VETO, look=_AROUND.named_beside),
    Piece(name="push-beside", weight=VETO, look=_AROUND.push_beside),
    Piece(name="image-beside", weight=VETO, look=_AROUND.image_beside),
    Piece(name="provenance", weight=VETO, look=_AROUND.provenance),
    Piece(name="local-path", weight=VETO, look=_VALUE.local_path),
    Piece(name="file-name", weight=VETO, look=_VALUE.file_name),
    Piece(name="other-kind", weight=VETO, look=_VALUE.other_kind),
    Piece(name="api-model", weight=VETO, look=_VALUE.api_model),
)
"""Every piece, in the order of the docs."""


_SETTLING = tuple(piece for piece in PIECES if piece.weight == VETO)
_ADDING = tuple(piece for piece in PIECES if piece.weight != VETO)


def weigh(candidate: Candidate, *, fully: bool = True) -> Verdict:
    """Look at a candidate with every piece.

    Args:
        candidate: It.
        fully: Whether to look on after a piece that nothing outweighs: for whoever is to see all of them.
    """
    found = []
    for piece in (*_SETTLING, *_ADDING):
        detail = piece.look(candidate)
        if detail is not None:
            found.append(Evidence(name=piece.name, weight=piece.weight, detail=detail))
            if piece.weight == VETO and not fully:
                break
    found.sort(key=lambda one: (-abs(one.weight), one.name))
    return Verdict(evidence=tuple(found))

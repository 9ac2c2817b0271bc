"""The revision of each reference: in its own text, in its list of arguments, or around it."""

from __future__ import annotations

from hfpin.dataclass import replace
from hfpin.reference import NoSlot
from hfpin.scan import arguments, revisions
from hfpin.scan.judging import Judged
from hfpin.scan.mentions import Form, Mention
from hfpin.scan.places import DEEPEST, Place
from hfpin.scan.revisions import Settled
from hfpin.scan.slots import BY_FOLDER, Syntax, part_slot, value_slot
from hfpin.scan.tree import Scalar, resolve
from hfpin.span import SourceText, Span

_BY_PIN = "Read it, then declare it in a config (repo_id: {id}, revision: COMMIT) and run: hfpin lock"
_IN_PART = "Write the revision into the text by hand: {how}."
_IN_PLACE = "Write the commit by hand, in place of the revision that is in the text."


def settle(source: SourceText, judged: Judged, syntax: Syntax) -> Settled:
    """Find the revision of a reference, and where one can be written."""
    candidate, mention, place = judged.candidate, judged.candidate.mention, judged.candidate.place
    if judged.within is not None:
        return _inside(judged, judged.within, syntax)
    if mention.revision is not None:
        return _written(source, judged)
    if place.key is not None and place.index is None and mention.form in _WHOLE:
        beside = revisions.settle(candidate, source, syntax, place.key)
        if beside.revision is not None or mention.form in (Form.WHOLE, Form.WORD):
            return beside
    if place.index is not None and place.frame.items is not None:
        of_list = arguments.revision(place.frame.items, place.index, mention)
        if of_list is not None and place.frame.depth <= DEEPEST:
            index, scalar, at = of_list
            item = (*place.frame.path, index)
            if at == 0:
                slot = value_slot(source, item, scalar, syntax)
                return Settled(revision=scalar.value, span=scalar.inner, slot=slot)
            part = Span(scalar.inner.start + at, scalar.inner.end)
            return Settled(revision=scalar.value[at:], span=part, slot=part_slot(source, item, scalar, part))
    return Settled(slot=_no_room(mention, place))


def _inside(judged: Judged, source: SourceText, syntax: Syntax) -> Settled:
    """Settle what stands in a config in a text: its revision is seen, and none is written."""
    found = settle(source, replace(judged, within=None), syntax)
    slot = NoSlot(reason="it is part of a longer text", hint="Write its revision there, beside it, by hand.")
    return Settled(revision=found.revision, span=judged.span, slot=slot)


def _is_argument(place: Place) -> bool:
    """Whether it stands in one argument of a list of them, and not in a script that is one."""
    node = resolve(place.node)
    return place.index is not None and isinstance(node, Scalar) and not any(map(str.isspace, node.value))


def _no_room(mention: Mention, place: Place) -> NoSlot:
    """Say why the place of an id has no room for a revision, and what to write instead."""
    if mention.form in _NEXT and _is_argument(place):
        return NoSlot(
            reason="its revision would be another argument in the list",
            hint=f"Add it to the list by hand, where the program takes it: {_NEXT[mention.form]}",
        )
    if mention.form in (Form.WHOLE, Form.WORD):
        return NoSlot(reason="the item of a list cannot carry a revision", hint=BY_FOLDER)
    if mention.form is Form.CODE:
        by_pin = _BY_PIN.format(id=mention.repo_id)
        return NoSlot(reason="auto_map has no room for a revision", hint=by_pin)
    reason = "it is part of a longer text" if mention.form is not Form.KEY else "it is a key"
    how = _HOW.get(mention.form)
    hint = BY_FOLDER if how is None else _IN_PART.format(how=how.format(id=mention.repo_id))
    return NoSlot(reason=reason, hint=hint)


_WHOLE = (Form.WHOLE, Form.WORD, Form.URI, Form.PAGE_URL)
"""Forms that may be all of a value, which a key beside it may speak of."""
_NEXT = {
    Form.FLAG: "--revision=COMMIT",
    Form.COMMAND: "--revision=COMMIT",
    Form.ARGUMENT: "revision=COMMIT",
}
_HOW = {
    Form.URI: "hf://{id}@COMMIT",
    Form.FILE_URL: "/resolve/COMMIT/ in place of the branch",
    Form.PAGE_URL: "/tree/COMMIT after the id",
    Form.FLAG: "--revision COMMIT after the id, where the command takes it",
    Form.COMMAND: "--revision COMMIT after the id",
    Form.ARGUMENT: "revision=COMMIT after the id, where the program takes it",
    Form.CALL: 'revision="COMMIT" as an argument',
}


def _written(source: SourceText, judged: Judged) -> Settled:
    """Settle a revision that stands in the same text."""
    mention, place = judged.candidate.mention, judged.candidate.place
    scalar, span = resolve(place.node), judged.revision_span
    nowhere = NoSlot(reason="its revision is part of a longer text", hint=_IN_PLACE)
    if span is None or not isinstance(scalar, Scalar):
        return Settled(revision=mention.revision, span=judged.span, slot=nowhere)
    revision = mention.revision
    if not judged.lone or not judged.exact or place.is_key or place.frame.depth > DEEPEST:
        return Settled(revision=revision, span=span, slot=nowhere)
    block = place.frame.block
    if place.key is not None and block is not None and len(block.mapping.own(place.key.value)) > 1:
        twice = NoSlot(
            reason=f"{place.key.value!r} stands twice in one mapping", hint="Remove one of the two."
        )
        return Settled(revision=revision, span=span, slot=twice)
    step = place.index if place.index is not None else place.key.value if place.key is not None else None
    path = place.frame.path if step is None else (*place.frame.path, step)
    return Settled(revision=revision, span=span, slot=part_slot(source, path, scalar, span))

"""The standard library's dataclasses, at a fraction of what they cost when a program starts.

`dataclasses` imports `inspect`, then writes and compiles the methods of each class as source: 10 ms, and
0.7 ms a class, which was half the time of a hook that reads one small file (`python -m benchmarks.check`).
Here the methods are closures over the names of the fields, and `__init__` is compiled when a class is used so
often that it pays.
What a class does is the same, as far as this package uses it, and `dataclasses.fields`, `replace`, `asdict`
and `is_dataclass` take it for one of theirs. Type checkers see the standard library's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace  # noqa: TID251  # what they are to a type checker

__all__ = ["dataclass", "field", "replace"]

_NONE = object()
_FEW = 8
"""Instances of a class that are made before its `__init__` is compiled, which takes as long as dozens."""
_NAMES = "__hfpin_fields__"


class _Field:
    """What is said of a field beside its type."""

    __slots__ = ("compare", "default", "factory", "shown")

    def __init__(
        self,
        default: object = _NONE,
        factory: Callable[[], object] | None = None,
        *,
        compare: bool = True,
        shown: bool = True,
    ) -> None:
        self.default = default
        self.factory = factory
        self.compare = compare
        self.shown = shown


def _field(
    *,
    default: object = _NONE,
    default_factory: Callable[[], object] | None = None,
    compare: bool = True,
    repr: bool = True,  # noqa: A002  # as the standard library has it
) -> Any:
    return _Field(default, default_factory, compare=compare, shown=repr)


def _replace(instance: Any, /, **changes: object) -> Any:
    names: tuple[str, ...] = getattr(instance, _NAMES)
    return type(instance)(**{**{name: getattr(instance, name) for name in names}, **changes})


def _dataclass(
    *, frozen: bool = False, slots: bool = False, kw_only: bool = False, order: bool = False
) -> Callable[[type], type]:
    def decorate(cls: type) -> type:
        given = (cls.__dict__.get(name, _NONE) for name in cls.__annotations__)
        fields = {
            name: one if isinstance(one, _Field) else _Field(one)
            for name, one in zip(cls.__annotations__, given, strict=True)
        }
        if any(hasattr(base, _NAMES) for base in cls.__bases__):
            raise TypeError(f"{cls.__qualname__} inherits fields, which is not provided for")
        namespace = {
            name: value
            for name, value in cls.__dict__.items()
            if name not in fields and name not in ("__dict__", "__weakref__")
        }
        if slots:
            namespace["__slots__"] = tuple(fields)
        else:  # a default is an attribute of the class, too
            namespace |= {name: one.default for name, one in fields.items() if one.default is not _NONE}
        namespace[_NAMES] = tuple(fields)
        namespace["__dataclass_fields__"] = _StandardFields(fields, kw_only=kw_only)
        namespace["__match_args__"] = () if kw_only else tuple(fields)
        methods = {
            "__init__": _initializer(lambda: made, fields, kw_only=kw_only),
            "__repr__": _representation(fields),
            **_comparisons(fields, frozen=frozen, order=order),
            **(_FROZEN if frozen else {}),
            **(_PICKLED if frozen and slots else {}),
        }
        namespace["__qualname__"] = cls.__qualname__
        made = type(cls)(cls.__name__, cls.__bases__, {**methods, **namespace})
        return made

    return decorate


def _initializer(
    its_class: Callable[[], Any], fields: Mapping[str, _Field], *, kw_only: bool
) -> Callable[..., None]:
    """Make an `__init__` that is compiled when so many instances were made that it pays."""
    made_so_far = 0

    def __init__(self: object, /, *given: object, **named: object) -> None:  # noqa: N807  # it becomes that
        nonlocal made_so_far
        made_so_far += 1
        made = its_class()
        places = () if kw_only else tuple(fields)
        values = _arguments(fields, places, given, named) if made_so_far <= _FEW else None
        if values is None:
            made.__init__ = _compiled(made, fields, kw_only=kw_only)
            made.__init__(self, *given, **named)
            return
        for name, value in values.items():
            object.__setattr__(self, name, value)
        if hasattr(made, "__post_init__"):
            self.__post_init__()  # type: ignore[attr-defined]  # it has one

    return __init__


def _arguments(
    fields: Mapping[str, _Field],
    places: tuple[str, ...],
    given: tuple[object, ...],
    named: Mapping[str, object],
) -> dict[str, object] | None:
    """Give the value of each field; None where there is an error, which the compiled `__init__` words."""
    placed = dict(zip(places, given, strict=False))
    if len(placed) < len(given) or not placed.keys().isdisjoint(named) or not named.keys() <= fields.keys():
        return None
    values = {**placed, **named}
    for name, one in fields.items():
        if name not in values:
            if one.factory is not None:
                values[name] = one.factory()
            elif one.default is not _NONE:
                values[name] = one.default
            else:
                return None
    return values


def _compiled(made: Any, fields: Mapping[str, _Field], *, kw_only: bool) -> Callable[..., None]:
    """Compile `__init__`. It sets slots by their descriptors, which a frozen class does not stop."""
    known: dict[str, Any] = {"none": _NONE}
    parameters, lines = ["self", *(["*"] if kw_only and fields else [])], []
    for name, one in fields.items():
        value = name
        if one.factory is not None:
            known[f"make_{name}"] = one.factory
            parameters.append(f"{name}=none")
            value = f"make_{name}() if {name} is none else {name}"
        elif one.default is not _NONE:
            known[f"default_{name}"] = one.default
            parameters.append(f"{name}=default_{name}")
        else:
            parameters.append(name)
        slot = made.__dict__.get(name)
        if hasattr(slot, "__set__"):
            known[f"set_{name}"] = slot.__set__
            lines.append(f"set_{name}(self, {value})")
        else:
            lines.append(f"self.__dict__[{name!r}] = {value}")
    if hasattr(made, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "\n ".join(lines or ["pass"])
    exec(f"def __init__({', '.join(parameters)}):\n {body}", known)  # noqa: S102  # the names are a class's own
    initializer: Callable[..., None] = known["__init__"]
    initializer.__qualname__ = f"{made.__qualname__}.__init__"
    return initializer


def _values(names: tuple[str, ...]) -> Callable[[Any], tuple[object, ...]]:
    """What gives the values of fields as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _: ()
    get = attrgetter(names[0])
    return lambda self: (get(self),)


def _comparisons(fields: Mapping[str, _Field], *, frozen: bool, order: bool) -> dict[str, Any]:
    values = _values(tuple(name for name, one in fields.items() if one.compare))

    def compares(operation: str) -> Callable[[Any, object], Any]:
        def compare(self: Any, other: object) -> Any:
            if other.__class__ is not self.__class__:
                return NotImplemented
            return getattr(values(self), operation)(values(other))

        return compare

    names = ("__eq__", "__lt__", "__le__", "__gt__", "__ge__") if order else ("__eq__",)
    found: dict[str, Any] = {name: compares(name) for name in names}
    found["__hash__"] = (lambda self: hash(values(self))) if frozen else None
    return found


def _representation(fields: Mapping[str, _Field]) -> Callable[[Any], str]:
    names = tuple(name for name, one in fields.items() if one.shown)

    def __repr__(self: Any) -> str:  # noqa: N807  # it becomes that
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({shown})"

    return __repr__


def _refuse(self: Any, name: str, *_: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot change {name!r} of a {type(self).__qualname__}")


def _state(self: Any) -> list[object]:
    return [getattr(self, name) for name in getattr(self, _NAMES)]


def _set_state(self: Any, state: list[object]) -> None:
    for name, value in zip(getattr(self, _NAMES), state, strict=True):
        object.__setattr__(self, name, value)


_FROZEN = {"__setattr__": _refuse, "__delattr__": _refuse}
_PICKLED = {"__getstate__": _state, "__setstate__": _set_state}


class _StandardFields:
    """`__dataclass_fields__`, made when somebody asks: by that name `dataclasses` knows its own."""

    def __init__(self, fields: Mapping[str, _Field], *, kw_only: bool) -> None:
        self._fields = fields
        self._kw_only = kw_only

    def __get__(self, instance: object, owner: type) -> dict[str, Any]:
        import dataclasses

        namespace: dict[str, Any] = {"__annotations__": dict(owner.__annotations__)}
        for name, one in self._fields.items():
            options: dict[str, Any] = {"compare": one.compare, "repr": one.shown}
            if one.factory is not None:
                options["default_factory"] = one.factory
            elif one.default is not _NONE:
                options["default"] = one.default
            namespace[name] = dataclasses.field(**options)
        standard: Any = dataclasses.dataclass(kw_only=self._kw_only)  # noqa: TID251  # for its fields
        made = standard(type(owner.__name__, (), namespace))
        found: dict[str, Any] = made.__dataclass_fields__
        return found


if not TYPE_CHECKING:
    dataclass, field, replace = _dataclass, _field, _replace

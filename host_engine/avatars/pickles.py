"""The plain values in a pickle, read without running anything that is in it: lists, tuples, numbers, numpy arrays."""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from host_engine.avatars.pickled_arrays import Dtype, Raw, array_of, dtype_of, fill, scalar_of

LARGEST = 64_000_000  # bytes
DEEPEST = 50  # lists in lists: far more than coordinates need
MOST = 4_000_000  # values: nine hours of footage
MARK = object()


class PickleError(ValueError):
    """Why a pickle is not read, in a sentence."""


class Name(NamedTuple):
    """Something of Python's that a pickle names; it is only ever compared, never looked up."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


_NUMPY = ("numpy", "numpy.core.multiarray", "numpy._core.multiarray", "numpy.core.numeric", "numpy._core.numeric")
_MAKERS: dict[str, Callable[..., Any]] = {
    "_reconstruct": lambda kind, shape, code: Raw(),
    "dtype": dtype_of,
    "scalar": scalar_of,
    "_frombuffer": array_of,
}
_ENCODE, _NO_BYTES = Name("_codecs", "encode"), Name("__builtin__", "bytes")  # as old pickles spell bytes


def read_pickle(path: Path) -> Any:
    """What a pickle file holds. Raises PickleError where it holds anything else than lists, tuples and numbers."""
    try:
        if (size := path.stat().st_size) > LARGEST:
            raise PickleError(f"{path}: the file has {size / 1e6:.0f} MB; coordinates never have over 64 MB")
        source = path.read_bytes()
    except OSError as error:
        raise PickleError(f"{path}: the file cannot be read: {error.strerror or error}") from None
    try:
        return values(source)
    except PickleError as error:
        raise PickleError(f"{path}: {error}") from None


def values(source: bytes) -> Any:
    """What a pickle holds, as lists, tuples, str, int, float, bool, None and numpy arrays. Raises PickleError.

    The opcodes are told apart by the standard library's `pickletools`, which runs none of them; those that make plain
    values are followed here, all others are refused. Work and memory are bounded by the length of the source.
    """
    machine = _Machine()
    try:
        for opcode, argument, _ in pickletools.genops(source):
            if opcode.name == "STOP":
                return machine.result()
            machine.follow(opcode.name, argument)
    except PickleError:
        raise
    except Exception as error:  # whatever a damaged file makes of the stack: an index, a type, a length
        raise PickleError(f"the pickle is damaged ({error or type(error).__name__})") from None
    raise PickleError("the pickle is damaged: it has no end")


class _Machine:
    """A pickle's stack and memory. It builds plain values and calls nothing but its own four makers of arrays."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def follow(self, name: str, argument: Any) -> None:
        """Does what one opcode says. Raises PickleError for those that plain values do not need."""
        if name in _PUSHED:
            self._stack.append(_PUSHED[name](argument))
        elif name in _IGNORED:
            return
        elif name in ("GLOBAL", "STACK_GLOBAL"):
            self._stack.append(self._name(argument))
        elif name in _STEPS:
            _STEPS[name](self, argument)
        else:
            raise PickleError(f"it holds a {name} instruction, which lists of numbers do not need; it was not followed")

    def result(self) -> Any:
        (value,) = self._stack
        return _Plainly().of(value)

    def put(self, key: int | None) -> None:
        self._memo[len(self._memo) if key is None else key] = self._stack[-1]

    def get(self, key: int) -> None:
        self._stack.append(self._memo[key])

    def take(self, count: int) -> list[Any]:
        """The last `count` values, taken off the stack."""
        if count > len(self._stack):
            raise IndexError("something is missing")
        taken = self._stack[len(self._stack) - count :]
        del self._stack[len(self._stack) - count :]
        if any(value is MARK for value in taken):
            raise ValueError("something is missing")
        return taken

    def take_marked(self) -> list[Any]:
        """The values since the last mark, taken off the stack with it."""
        at = next(k for k in range(len(self._stack) - 1, -1, -1) if self._stack[k] is MARK)
        taken = self._stack[at + 1 :]
        del self._stack[at:]
        return taken

    def tuple_of(self, entries: list[Any]) -> None:
        self._stack.append(tuple(entries))

    def list_of(self, entries: list[Any]) -> None:
        self._stack.append(list(entries))

    def append(self, entries: list[Any]) -> None:
        if type(self._stack[-1]) is not list:
            raise ValueError("something is added to what is no list")
        self._stack[-1].extend(entries)

    def drop(self, entries: list[Any]) -> None:
        """They are of no use any more."""

    def reduce(self, _: Any) -> None:
        maker, given = self.take(2)
        if not isinstance(given, tuple):
            raise ValueError("a call without arguments")
        if maker == _ENCODE:
            text, coding = given
            if coding not in ("latin1", "latin-1") or not isinstance(text, str):
                raise PickleError(f"it holds text in the coding '{str(coding)[:20]}', which numpy does not use")
            self._stack.append(text.encode("latin-1"))
        elif maker == _NO_BYTES and given == ():
            self._stack.append(b"")
        elif isinstance(maker, Name) and maker.name in _MAKERS:
            self._stack.append(_MAKERS[maker.name](*given))
        else:
            raise PickleError("it calls something that is no array of numpy; it was not run")

    def build(self, _: Any) -> None:
        (state,) = self.take(1)
        what = self._stack[-1]
        if not isinstance(what, Raw | Dtype) or not isinstance(state, tuple):
            raise PickleError("it sets the inside of something that is no array of numpy; that was not done")
        fill(what, state)

    def _name(self, argument: str | None) -> Name:
        module, name = argument.split(" ", 1) if argument is not None else self.take(2)
        named = Name(str(module), str(name))
        known = named.module in _NUMPY and (named.name in _MAKERS or named.name == "ndarray")
        if not known and named not in (_ENCODE, _NO_BYTES):
            raise PickleError(f"it names '{str(named)[:80]}', which lists of numbers do not need; it was not run")
        return named


_IGNORED = {"PROTO", "FRAME"}
_PUSHED: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        ("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
        lambda argument: argument,
    ),
    **dict.fromkeys(
        ("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"),
        lambda argument: argument,
    ),
    **dict.fromkeys(("SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8"), bytes),
    "NONE": lambda _: None,
    "NEWTRUE": lambda _: True,
    "NEWFALSE": lambda _: False,
    "EMPTY_LIST": lambda _: [],
    "EMPTY_TUPLE": lambda _: (),
    "MARK": lambda _: MARK,
}
_STEPS: dict[str, Callable[[_Machine, Any], None]] = {
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"), _Machine.put),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _Machine.get),
    "TUPLE1": lambda machine, _: machine.tuple_of(machine.take(1)),
    "TUPLE2": lambda machine, _: machine.tuple_of(machine.take(2)),
    "TUPLE3": lambda machine, _: machine.tuple_of(machine.take(3)),
    "TUPLE": lambda machine, _: machine.tuple_of(machine.take_marked()),
    "LIST": lambda machine, _: machine.list_of(machine.take_marked()),
    "APPEND": lambda machine, _: machine.append(machine.take(1)),
    "APPENDS": lambda machine, _: machine.append(machine.take_marked()),
    "REDUCE": _Machine.reduce,
    "BUILD": _Machine.build,
    "POP": lambda machine, _: machine.drop(machine.take(1)),
    "POP_MARK": lambda machine, _: machine.drop(machine.take_marked()),
}


class _Plainly:
    """Makes the arrays in what was read; refuses what names the same list over and over, before it fills the memory."""

    def __init__(self) -> None:
        self._left = MOST

    def of(self, value: Any, depth: int = 0) -> Any:
        self._left -= 1
        if self._left < 0 or depth > DEEPEST:
            raise PickleError("its lists are nested without end")
        if isinstance(value, Raw):
            return value.array()
        if isinstance(value, list):
            return [self.of(entry, depth + 1) for entry in value]
        if type(value) is tuple:
            return tuple(self.of(entry, depth + 1) for entry in value)
        if value is None or isinstance(value, str | bytes | int | float | np.generic | np.ndarray):
            return value
        raise PickleError("it is no list of numbers")

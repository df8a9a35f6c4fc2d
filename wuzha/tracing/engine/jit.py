"""The compiler's door: every compiled function goes through `compiled`, and only modules that need it import this one.

Loading numba costs about half a second, so the specification, the command line and the web pages never import it;
`tracer` loads it when a ledger is large enough to pay for it. Machine code is cached on disk between runs, in a folder
named after the content of this package: numba itself notices a change of a function's own file, but not of the files
whose functions were compiled into it.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
I64 = NDArray[np.int64]
I32 = NDArray[np.int32]


def _cache_folder() -> Path:
    """Where machine code of exactly these sources is kept: beside them if writable, else in the user's cache."""
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in sorted(here.glob("*.py")):
        digest.update(path.read_bytes())
    beside, users = here / "__pycache__", Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wuzha"
    for base in (beside, users):
        try:
            base.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(base, os.W_OK):
            return base / f"compiled-{digest.hexdigest()[:16]}"
    return Path(tempfile.mkdtemp(prefix="wuzha-compiled-"))


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(_cache_folder())  # type: ignore[attr-defined]


def compiled(function: F) -> F:
    """`function` as machine code: no Python objects, no bounds checks, integers wrap."""
    return cast(F, numba.njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")(function))


@intrinsic
def _prefetch(typing_context: Any, address: Any, index: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = builder.gep(arguments[0], [arguments[1]])
        byte = ir.IntType(8).as_pointer()
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        hint = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
            builder.module, kind, "llvm.prefetch.p0"
        )
        builder.call(hint, [builder.bitcast(place, byte), word(1), word(3), word(1)])
        return context.get_dummy_value()

    return types.void(address, index), codegen


# Asks the memory for pointer[index] ahead of its use (write intent); no effect on any value.
prefetch = cast(Callable[[Any, int], None], _prefetch)


@intrinsic
def _pointer(typing_context: Any, array: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.make_array(signature.args[0])(context, builder, arguments[0]).data

    return types.CPointer(array.dtype)(array), codegen  # type: ignore[no-untyped-call]


@intrinsic
def _pointer64(typing_context: Any, address: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())

    return types.CPointer(types.int64)(address), codegen  # type: ignore[no-untyped-call]


@intrinsic
def _pointer32(typing_context: Any, address: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], ir.IntType(32).as_pointer())

    return types.CPointer(types.int32)(address), codegen  # type: ignore[no-untyped-call]


# Pointers to int64 and int32 items at an address (array.ctypes.data). One array of addresses instead of twenty
# arrays makes a call from Python take one microsecond instead of ten; who passes addresses keeps the arrays alive.
pointer64 = cast(Callable[[int], Any], _pointer64)
pointer32 = cast(Callable[[int], Any], _pointer32)


# The bare address of an array's first item, for inner loops: a pointer is indexed like the array, but the compiler
# does not count references to it at every call. There are no bounds, and the array must be an
# argument from Python: a local array is freed at its last use by name, with its pointers still in hand.
pointer = cast(Callable[[Any], Any], _pointer)


@compiled
def share(part: int, whole_part: int, whole: int) -> int:
    """floor(part * whole_part / whole) for 0 <= part, whole_part <= whole <= 2**52, without 128-bit integers.

    The float estimate is off by at most a few, and the remainder, exact modulo 2**64, says by how much.
    """
    quotient = np.int64(np.float64(part) * np.float64(whole_part) / np.float64(whole))
    rest = part * whole_part - quotient * whole
    while rest < 0:
        quotient -= 1
        rest += whole
    while rest >= whole:
        quotient += 1
        rest -= whole
    return quotient  # type: ignore[return-value]

"""Tuples of arrays as compiled code reads them: one pointer each, and no count of references at any access.

Numba counts references to every array that it takes out of a structure, ten times for a statement such as `s.job[j, UNITS] += s.job[k, UNITS]`,
and copies a tuple of arrays at each call. A view is the address of a list of addresses and lengths: what is read through it costs
what it costs in C. Whoever makes a view keeps the arrays alive as long as it is used (`described` returns what must be kept).
Indices are not checked, and are not counted from the end.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    models,
    overload,
    register_model,
)
from numba.np.numpy_support import from_dtype
from numpy.typing import NDArray

SLOTS = 4  # numbers that describe an array: its address, and up to three lengths


class TableType(types.Type):
    """An array of one to three axes at an address, in the order of C; one of two axes may always have the same `width` (0: it may not)."""

    def __init__(self, dtype: Any, ndim: int, named: str, fixed: bool, width: int = 0) -> None:
        self.dtype, self.ndim, self.named, self.fixed, self.width = dtype, ndim, named, fixed, width
        super().__init__(name=f"Table({named}, {dtype}, {ndim}, {width}{', fixed' if fixed else ''})")


class ViewType(types.Type):
    """Tables by name, at an address where they are described in this order."""

    def __init__(self, name: str, fields: tuple[tuple[str, Any], ...]) -> None:
        self.fields = fields
        self.tables = dict(fields)
        said = blake2b(repr(fields).encode(), digest_size=4).hexdigest()
        super().__init__(name=f"View({name}, {said})")


@register_model(TableType)
class _TableModel(models.StructModel):
    def __init__(self, manager: Any, of: TableType) -> None:
        lengths = [(f"n{k}", types.intp) for k in range(SLOTS - 1)]
        super().__init__(manager, of, [("data", types.CPointer(of.dtype)), *lengths])


@register_model(ViewType)
class _ViewModel(models.PrimitiveModel):
    def __init__(self, manager: Any, of: ViewType) -> None:
        pointer = manager.lookup(types.CPointer(types.intp)).get_value_type()
        super().__init__(manager, of, pointer)


def view_type(name: str, example: Any, *, fixed: bool = False, varying: Sequence[str] = ()) -> ViewType:
    """Return the type of views of a named tuple of arrays like this one; `fixed` ones are never written through any view.

    Tables of two axes have the width of the example, which the compiler knows then, but for those that are `varying`.
    """
    found = []
    for n, array in zip(example._fields, example, strict=True):
        width = array.shape[1] if array.ndim == 2 and n not in varying else 0
        found.append((n, TableType(from_dtype(array.dtype), array.ndim, f"{name}.{n}", fixed, width)))
    return ViewType(name, tuple(found))


def described(view: ViewType, arrays: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    """Return what a view is made of; the arrays must live as long as it is used."""
    found = np.zeros((len(arrays), SLOTS), dtype=np.int64)
    for k, (array, (_, table)) in enumerate(zip(arrays, view.fields, strict=True)):
        assert array.flags.c_contiguous
        assert table.width in (0, array.shape[-1])
        found[k, 0] = array.ctypes.data
        found[k, 1 : 1 + array.ndim] = array.shape
    return found


def viewer(view: ViewType) -> Any:
    """Return a compiled function from what `described` returns to the view."""

    @intrinsic
    def made(_context: Any, _described: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, args[0])
            return builder.bitcast(array.data, context.get_value_type(view))

        return view(types.Array(types.int64, 2, "C")), code

    return made


@infer_getattr
class _ViewAttributes(AttributeTemplate):
    key = ViewType

    def generic_resolve(self, view: ViewType, name: str) -> Any:
        return view.tables.get(name)


@lower_getattr_generic(ViewType)
def _table_of(context: Any, builder: Any, view: ViewType, value: Any, name: str) -> Any:
    place = [n for n, _ in view.fields].index(name)
    table = cgutils.create_struct_proxy(view.tables[name])(context, builder)
    for k in range(SLOTS):
        slot = builder.gep(value, [context.get_constant(types.intp, SLOTS * place + k)])
        number = builder.load(slot)
        number.set_metadata("invariant.load", builder.module.add_metadata([]))
        if k == 0:
            table.data = builder.inttoptr(number, table.data.type)
        else:
            setattr(table, f"n{k - 1}", number)
    return table._getvalue()


def _place(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """Return the address of an entry of a table."""
    table = cgutils.create_struct_proxy(signature.args[0])(context, builder, value=args[0])
    index, kind = args[1], signature.args[1]
    if isinstance(kind, types.BaseTuple):
        each = [
            context.cast(builder, builder.extract_value(index, k), kind.types[k], types.intp) for k in range(len(kind))
        ]
    else:
        each = [context.cast(builder, index, kind, types.intp)]
    flat, width = each[0], signature.args[0].width
    for k, one in enumerate(each[1:], 1):
        wide = context.get_constant(types.intp, width) if width else getattr(table, f"n{k}")
        flat = builder.add(builder.mul(flat, wide), one)
    return builder.gep(table.data, [flat])


def _tag(builder: Any, access: Any, table: TableType) -> Any:
    """Tell the compiler that an access is to this table, which shares no memory with any other one."""
    add, zero = builder.module.add_metadata, ir.Constant(ir.IntType(64), 0)
    kind = add([table.named, add(["tandemplan"]), zero])
    access.set_metadata("tbaa", add([kind, kind, zero]))
    if table.fixed and access.opname == "load":
        access.set_metadata("invariant.load", add([]))
    return access


@intrinsic
def _entry(_context: Any, table: Any, index: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        found = builder.load(_place(context, builder, signature, args))
        return _tag(builder, found, signature.args[0])

    return table.dtype(table, index), code


@intrinsic
def _set_entry(_context: Any, table: Any, index: Any, value: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        cast = context.cast(builder, args[2], signature.args[2], table.dtype)
        _tag(builder, builder.store(cast, _place(context, builder, signature, args)), table)
        return context.get_dummy_value()

    return types.void(table, index, value), code


@intrinsic
def _length(_context: Any, table: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return cgutils.create_struct_proxy(signature.args[0])(context, builder, value=args[0]).n0

    return types.intp(table), code


@intrinsic
def _size(_context: Any, table: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        proxy = cgutils.create_struct_proxy(signature.args[0])(context, builder, value=args[0])
        size = proxy.n0
        for k in range(1, signature.args[0].ndim):
            size = builder.mul(size, getattr(proxy, f"n{k}"))
        return size

    return types.intp(table), code


@intrinsic
def _flat(_context: Any, table: Any, place: Any, value: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        proxy = cgutils.create_struct_proxy(signature.args[0])(context, builder, value=args[0])
        cast = context.cast(builder, args[2], signature.args[2], table.dtype)
        _tag(builder, builder.store(cast, builder.gep(proxy.data, [args[1]])), table)
        return context.get_dummy_value()

    return types.void(table, types.intp, value), code


@overload(operator.getitem, strict=False)
def _getitem(table: Any, index: Any) -> Any:
    if isinstance(table, TableType):
        return lambda table, index: _entry(table, index)
    return None


@overload(operator.setitem, strict=False)
def _setitem(table: Any, index: Any, value: Any) -> Any:
    if isinstance(table, TableType):
        return lambda table, index, value: _set_entry(table, index, value)
    return None


@overload(len, strict=False)
def _len(table: Any) -> Any:
    if isinstance(table, TableType):
        return lambda table: _length(table)
    return None


def fill(table: Any, value: float) -> None:
    """Set all entries of a table (compiled code only)."""
    raise NotImplementedError


@overload(fill, strict=False)
def _fill(table: Any, value: Any) -> Any:
    def set_all(table: Any, value: Any) -> None:
        for k in range(_size(table)):
            _flat(table, k, value)

    return set_all if isinstance(table, TableType) else None

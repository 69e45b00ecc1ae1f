"""A column of a document that is made when somebody looks into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableSequence
from typing import Any, TypeVar, overload

T = TypeVar("T")


class Later(MutableSequence[T]):
    """A column that is made when somebody first looks into it: most that comes out of a page nobody asks for.

    It compares, shows and pickles as the list that it becomes. Safe in threads where *make* only reads.
    """

    __slots__ = ("_items", "_make", "_size")

    def __init__(self, size: int, make: Callable[[], list[T]]) -> None:
        self._size = size
        self._items: list[T] = []
        self._make: Callable[[], list[T]] | None = make

    def _all(self) -> list[T]:
        make = self._make
        if make is not None:
            self._items = make()
            self._make = None
        return self._items

    @property
    def is_made(self) -> bool:
        """Whether somebody has looked into it, or changed it."""
        return self._make is None

    def __len__(self) -> int:
        return len(self._items) if self._make is None else self._size

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self._all()[index]

    @overload
    def __setitem__(self, index: int, value: T) -> None: ...

    @overload
    def __setitem__(self, index: slice, value: Iterable[T]) -> None: ...

    def __setitem__(self, index: int | slice, value: Any) -> None:
        self._all()[index] = value

    def __delitem__(self, index: int | slice) -> None:
        del self._all()[index]

    def insert(self, index: int, value: T) -> None:
        self._all().insert(index, value)

    def __iter__(self) -> Iterator[T]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Later):
            return self._all() == other._all()
        return self._all() == other if isinstance(other, list) else NotImplemented

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[type[list[T]], tuple[list[T]]]:
        return list, (self._all(),)

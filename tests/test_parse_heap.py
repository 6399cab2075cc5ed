"""Freed memory goes back to the system."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any

import pytest

from quotes.parse import heap


@pytest.fixture(autouse=True)
def _asked_anew() -> Any:
    heap._trim.cache_clear()
    yield
    heap._trim.cache_clear()


def resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@pytest.mark.skipif(sys.platform != "linux" or heap._trim() is None, reason="asks glibc")
def test_what_lies_between_blocks_in_use_is_given_back() -> None:
    # Blocks below the size that glibc maps apart, every second of which is freed: the heap cannot shrink by itself.
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    blocks = [libc.malloc(100_000) for _ in range(600)]
    for block in blocks:
        ctypes.memset(block, 1, 100_000)
    for block in blocks[::2]:
        libc.free(block)
    before = resident()
    heap.give_back()
    assert before - resident() > 15_000_000
    for block in blocks[1::2]:
        libc.free(block)


@pytest.mark.parametrize("error", [OSError("no such library"), TypeError("no name")])
def test_a_system_without_the_call_is_left_alone(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def missing(_: object) -> None:
        raise error

    monkeypatch.setattr(heap.ctypes, "CDLL", missing)
    heap.give_back()
    assert heap._trim() is None

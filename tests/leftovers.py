"""What tests leave in memory, let go of between two files: else the process of the suite grows to 3 GB."""

from __future__ import annotations

import ctypes
import gc

import fastapi.dependencies.models
import pytest


class Leftovers:
    """A plugin of pytest; what was imported when tests begin is never looked through again."""

    def __init__(self) -> None:
        self._frozen = 0
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's

    def pytest_collection_finish(self) -> None:
        gc.collect()
        self._freeze()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> object:
        done = yield
        if nextitem is not None and nextitem.path != item.path:
            self._let_go()
        return done

    def _let_go(self) -> None:
        for each in vars(fastapi.dependencies.models).values():
            if hasattr(each, "cache_clear"):
                each.cache_clear()  # it keeps the routes of every application there was, and by them whole engines
        if gc.get_freeze_count() > self._frozen:  # an engine that starts freezes all there is, others' garbage too
            gc.unfreeze()
            gc.collect()
            self._freeze()
        else:
            gc.collect()
        if self._trim:
            self._trim(0)  # what was freed goes back to the machine

    def _freeze(self) -> None:
        gc.freeze()
        self._frozen = gc.get_freeze_count()

"""The work spread over processes: each parses and extracts every n-th batch on its share of the cores.

A process on one core does two thirds of what torch does on two, so two of them are the faster. Batches are dealt out
in turn and their results taken in order, so that a run depends on nothing but its documents and the number of
processes. A process that dies (for want of memory, mostly) costs the document that it died of and no other.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from multiprocessing.connection import wait
from pathlib import Path
from typing import NamedTuple

from quotes.errors import QuotesError
from quotes.model import Document
from quotes.parse import limit_threads
from quotes.sources import Failure
from quotes.work import Batch, Here, Outcome, Work

# Characters from which processes are worth their start, which costs as much as parsing 50,000 of them here.
WORTH_CHARACTERS = 200_000
# Batches that wait for each process while it works on another, so that none is ever idle.
AHEAD = 2
# Bytes of memory a process may need (it peaks below one billion), and the most that are started without being asked.
BYTES_EACH, MOST = 2_000_000_000, 8
_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
_DIED = "the process that worked on it died, perhaps for want of memory"
_REMEDY = "Extract it alone with --jobs 1, or leave it out"
_ALONE = "Use --jobs 1; a script must begin its work under if __name__ == '__main__'"


def usual_jobs() -> int:
    """How many processes a run has unless it is said: one a core, as far as memory reaches."""
    return max(1, min(_cores(), MOST, _memory() // BYTES_EACH))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> int:
    """Bytes of this machine's memory, or of the share that this process may have; 0 where it cannot be known."""
    try:
        found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0
    try:
        return min(found, int(_GROUP_LIMIT.read_text()))
    except (OSError, ValueError):
        return found


class Processes:
    """The work in several processes. ``loading``: seconds until all of them had their models."""

    def __init__(self, work: Work, jobs: int) -> None:
        """``jobs``: the number of processes; each has its own models, in some 700 MB."""
        self._work = work
        self._jobs = jobs
        self.loading = 0.0

    def results(self, batches: Iterable[Batch]) -> Generator[tuple[Batch, list[Outcome]], None, None]:
        """Each batch with what came of its documents, in order; of a short run all is done in this process.

        Raises:
            ModelError: the parser's models cannot be used.
            QuotesError: no process can be started.
        """
        batches = iter(batches)
        first: list[Batch] = []
        size = 0
        for batch in batches:
            first.append(batch)
            size += sum(len(document.text) for document in batch)
            if size >= WORTH_CHARACTERS and len(first) > 1:
                yield from self._spread(chain(first, batches))
                return
        here = Here(self._work)
        for found in here.results(first):
            self.loading = here.loading
            yield found

    def _spread(self, batches: Iterable[Batch]) -> Generator[tuple[Batch, list[Outcome]], None, None]:
        started = time.monotonic()
        threads = max(1, _cores() // self._jobs)
        lanes = [_Lane(self._work, threads) for _ in range(self._jobs)]
        try:
            try:
                # One before the others: it may have to download the models.
                lanes[0].load().result()
                for loaded in [lane.load() for lane in lanes[1:]]:
                    loaded.result()
            except BrokenProcessPool as error:
                raise QuotesError("no process can be started beside this one", remedy=_ALONE) from error
            self.loading = time.monotonic() - started
            waiting: deque[tuple[_Lane, _Sent]] = deque()
            for number, batch in enumerate(batches):
                lane = lanes[number % self._jobs]
                waiting.append((lane, lane.send(batch)))
                if len(waiting) >= self._jobs * AHEAD:
                    yield _received(*waiting.popleft())
            while waiting:
                yield _received(*waiting.popleft())
        finally:
            for lane in lanes:
                lane.close()


class _Sent(NamedTuple):
    """A batch on its way, and the process it was given to."""

    batch: Batch
    future: Future[list[Outcome]]
    executor: ProcessPoolExecutor


def _received(lane: _Lane, sent: _Sent) -> tuple[Batch, list[Outcome]]:
    try:
        return sent.batch, sent.future.result()
    except BrokenProcessPool:
        return sent.batch, lane.again(sent)


class _Lane:
    """One process and what it works on; a dead one is followed by another."""

    def __init__(self, work: Work, threads: int) -> None:
        self._begin = (work, threads)
        self._executor = self._started()

    def _started(self) -> ProcessPoolExecutor:
        # Forked from a process that has imported all there is to import, and has no threads that a fork would cut off.
        kind = "spawn" if sys.platform == "win32" else "forkserver"
        context = multiprocessing.get_context(kind)
        context.set_forkserver_preload(["quotes.parse.imported"])
        return ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=self._begin)

    def load(self) -> Future[None]:
        """Load the models; the future raises ``ModelError``."""
        return self._executor.submit(_load)

    def send(self, batch: Batch) -> _Sent:
        try:
            return _Sent(batch, self._executor.submit(_work_on, batch), self._executor)
        except BrokenProcessPool:
            self._replace(self._executor)
            return _Sent(batch, self._executor.submit(_work_on, batch), self._executor)

    def again(self, sent: _Sent) -> list[Outcome]:
        """What comes of the documents of a batch whose process died: one by one, so that the cause loses itself."""
        self._replace(sent.executor)
        return [self._alone(document) for document in sent.batch]

    def _alone(self, document: Document) -> Outcome:
        sent = self.send([document])
        try:
            return sent.future.result()[0]
        except BrokenProcessPool:
            self._replace(sent.executor)
            return Failure(document.source, _DIED, _REMEDY)

    def _replace(self, dead: ProcessPoolExecutor) -> None:
        if self._executor is dead:
            dead.shutdown(wait=False, cancel_futures=True)
            self._executor = self._started()

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)


# In the process of a lane: its work, and nothing else.
_here: list[Work] = []


def _begin(work: Work, threads: int) -> None:
    # An interruption from the keyboard reaches all processes; the one that was called knows what to keep of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    limit_threads(threads)
    _here[:] = [work]


def _end_with_parent() -> None:
    """End when the process that wants the results has ended, however it did."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _load() -> None:
    _here[0].parser.load()


def _work_on(batch: Batch) -> list[Outcome]:
    return _here[0](batch)

"""The work spread over processes: the same rows in the same order, and a process that dies costs one document."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from fake_parser import FakeParser, fake_extract

from quotes import pipeline, workers
from quotes.errors import DocumentError, ModelError, QuotesError
from quotes.model import Document, ParsedDocument
from quotes.parse import StanzaParser, choose_model
from quotes.pipeline import Summary, run
from quotes.sources import Failure
from quotes.store import StoreWriter, open_store
from quotes.text import make_document
from quotes.work import Batch, Extracted, Work
from quotes.workers import Processes, usual_jobs


class Mortal(FakeParser):
    """Its process ends at once on a document that is deadly, and its models are missing if it is named so."""

    def load(self) -> None:
        if self.name == "missing":
            raise ModelError("no models", source="encoder", remedy="Install again")

    def parse(self, documents: Sequence[Document]) -> list[ParsedDocument]:
        if any("deadly" in document.text for document in documents):
            os._exit(9)
        return super().parse(documents)


def document(number: int, more: str = "") -> Document:
    return make_document(f"„Satz {number}“, sagte Anna. {more}", source=f"{number}.txt")


def spread(batches: Sequence[Batch], parser: FakeParser | None = None) -> list[tuple[str, object]]:
    processes = Processes(Work(parser or Mortal(), fake_extract, "1", "l"), 2)
    found: list[tuple[str, object]] = []
    for batch, outcomes in processes.results(batches):
        for one, outcome in zip(batch, outcomes, strict=True):
            texts = [r.text for r in outcome.rows] if isinstance(outcome, Extracted) else outcome
            found.append((one.source, texts))
    return found


@pytest.fixture(autouse=True)
def _always_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "WORTH_CHARACTERS", 1)


def test_results_come_in_the_order_of_the_documents() -> None:
    found = spread([[document(n), document(n + 1)] for n in range(0, 14, 2)])
    assert found == [(f"{n}.txt", [f"Satz {n}"]) for n in range(14)]


def test_a_process_that_dies_costs_one_document() -> None:
    found = spread([[document(1)], [document(2), document(3, "deadly"), document(4)], [document(5)], [document(6)]])
    lost = found.pop(2)
    assert found == [(f"{n}.txt", [f"Satz {n}"]) for n in (1, 2, 4, 5, 6)]
    assert lost[0] == "3.txt"
    assert isinstance(lost[1], Failure)
    assert "died" in lost[1].message
    assert "--jobs 1" in lost[1].remedy


def test_a_document_that_cannot_be_parsed_costs_no_other() -> None:
    found = spread([[document(1), document(2, "poison"), document(3, "unerhört")], [document(4)]])
    assert [source for source, what in found if isinstance(what, Failure)] == ["2.txt", "3.txt"]
    assert found[3] == ("4.txt", ["Satz 4"])


def test_missing_models_end_the_run_with_their_own_error() -> None:
    with pytest.raises(ModelError) as caught:
        spread([[document(1)], [document(2)]], Mortal(name="missing"))
    assert (caught.value.source, caught.value.remedy) == ("encoder", "Install again")


def test_a_short_run_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "WORTH_CHARACTERS", 10_000)
    parser = Mortal()
    assert spread([[document(1)], [document(2)]], parser) == [("1.txt", ["Satz 1"]), ("2.txt", ["Satz 2"])]
    assert parser.batches == [1, 1]


def test_a_run_in_processes_stores_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "SPREAD_CHARACTERS", 100)
    items = [document(n, "poison" if n == 4 else "") for n in range(9)]

    def stored(jobs: int) -> tuple[Summary, list[dict[str, object]]]:
        path = tmp_path / str(jobs)
        with StoreWriter(path) as store:
            summary = run(
                items,
                parser=Mortal(),
                extract=fake_extract,
                store=store,
                extractor_version="1",
                lexicon_hash="l",
                jobs=jobs,
            )
        return summary, open_store(path).quotations().drop("extracted_at", strict=False).collect().to_dicts()

    (alone, rows), (together, others) = stored(1), stored(2)
    assert rows == others
    assert len(rows) == 8
    assert (alone.new, alone.tokens, alone.failures) == (together.new, together.tokens, together.failures)


SCRIPT = """
import sys
sys.path[:0] = {path!r}
from fake_parser import FakeParser, fake_extract
from quotes import workers
from quotes.text import make_document
from quotes.work import Work
workers.WORTH_CHARACTERS = 1

class Slow(FakeParser):
    def parse(self, documents):
        import time
        time.sleep(600)

if __name__ == "__main__":
    batches = [[make_document("„Ein Satz“, sagte Anna.", source=str(n))] for n in range(3)]
    processes = workers.Processes(Work(Slow(), fake_extract, "1", "l"), 2)
    print("begun", flush=True)
    list(processes.results(batches))
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
def test_processes_end_with_the_one_that_wanted_them(tmp_path: Path) -> None:
    script = tmp_path / "slow.py"
    script.write_text(SCRIPT.format(path=[str(Path(__file__).parent)]), encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        assert _until(lambda: len(_session(process.pid)) >= 4), "the two processes have begun, and what they come from"
        process.send_signal(signal.SIGKILL)
    assert _until(lambda: not _session(process.pid))


def _session(leader: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue  # it has just ended
        if int(session) == leader and state != "Z":
            found.append(int(path.parent.name))
    return found


def _until(holds: object, seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while not (found := bool(holds())) and time.monotonic() < end:  # type: ignore[operator]
        time.sleep(0.1)
    return found


@pytest.mark.parametrize("kind", [QuotesError, ModelError, DocumentError])
def test_errors_keep_all_they_say_in_another_process(kind: type[QuotesError]) -> None:
    error = pickle.loads(pickle.dumps(kind("is empty", source="a.txt", remedy="Leave it out")))
    assert type(error) is kind
    assert str(error) == "a.txt: is empty. Leave it out"
    assert (error.message, error.source, error.remedy) == ("is empty", "a.txt", "Leave it out")


def test_a_parser_is_sent_without_its_models() -> None:
    parser = StanzaParser(choose_model("embedded"), exact=True, whole=True)
    sent = pickle.dumps(parser)
    assert len(sent) < 2_000
    assert pickle.loads(sent).name == parser.name


@pytest.mark.parametrize(
    ("cores", "memory", "jobs"), [(1, 64, 1), (4, 64, 4), (64, 640, 8), (8, 7, 3), (8, 1, 1), (2, 0, 1)]
)
def test_as_many_processes_as_cores_and_memory_allow(
    monkeypatch: pytest.MonkeyPatch, cores: int, memory: int, jobs: int
) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: cores)
    monkeypatch.setattr(workers, "_memory", lambda: memory * 1_000_000_000)
    assert usual_jobs() == jobs

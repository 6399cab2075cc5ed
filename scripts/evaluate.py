"""How good the extraction is, against the annotation.

    python scripts/evaluate.py                      # our gold and the case tables, from stored parses
    python scripts/evaluate.py fixtures/gold --errors
    python scripts/evaluate.py GOLD.jsonl --parses GOLD.conllu

A file in the format of the Wikinews quotation corpus is measured with the corpus's own metric; it is parsed with the
embedded models, or once, if ``--parses`` names a file to keep the parse in. Of our gold every third article is kept
unseen, and a part of the rest only calibrates: their figures are printed, their errors never.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import corpus_metric
import floors
from gold import FIXTURES, PARTS
from scoring import SURE, complaints, errors, summarise

from quotes.extract import extract
from quotes.model import ParsedDocument
from quotes.parse.conllu import read_conllu, write_conllu

KNOWN_FAILURES = FIXTURES / "cases" / "known_failures.txt"
# Documents given to the parser at once: enough to fill its batches, few enough to show progress.
AT_ONCE = 40
# Errors are listed for what rules may be fitted to.
LISTED = ("development", "cases")
# The tables give the cue with its auxiliaries, and neither resolution nor addressee.
CASE_IGNORES = ("cue", "resolution", "addressee")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit code is 2 where the target is none of the three."""
    options = _options().parse_args(arguments)
    if options.raise_floors or options.lower_floors:
        return _write_floors(lower=options.lower_floors)
    if options.write_known_failures:
        return _write_known_failures()
    target: Path | None = options.target
    if target is not None and target.suffix == ".jsonl":
        return _corpus(target, options)
    names = {None: floors.SETS, "gold": PARTS, "cases": ("cases",)}.get(target.name if target else None)
    if names is None or (target is not None and target.resolve().parent != FIXTURES):
        print(f"{target}: give a .jsonl file, fixtures/gold or fixtures/cases", file=sys.stderr)
        return 2
    pairs = {name: floors.run(floors.articles(name)) for name in names}
    summaries = {name: summarise(found) for name, found in pairs.items()}
    if options.json:
        print(json.dumps(summaries, indent=1))
    else:
        for name, summary in summaries.items():
            _print_summary(name, summary)
    if options.errors:
        for name in names:
            if name in LISTED:
                _print_errors(errors(pairs[name]))
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("target", nargs="?", type=Path, help="GOLD.jsonl, fixtures/gold or fixtures/cases")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--errors", action="store_true", help="list misses and false alarms by kind and rule")
    parser.add_argument("--parses", type=Path, metavar="FILE", help="where the corpus's parse is kept")
    parser.add_argument("--raise-floors", action="store_true", help="raise the floors to what is reached now")
    parser.add_argument("--lower-floors", action="store_true", help="set the floors to what is reached now")
    parser.add_argument("--write-known-failures", action="store_true", help="list the cases that fail now")
    return parser


def _corpus(path: Path, options: argparse.Namespace) -> int:
    records = list(corpus_metric.read_corpus(path))
    parsed = parses(records, options.parses)
    pairs: list[tuple[corpus_metric.Message | None, corpus_metric.Message | None]] = []
    listed: list[tuple[str, str, str]] = []
    for record, article in zip(records, parsed, strict=True):
        found = corpus_metric.pair_up(record.gold, corpus_metric.messages(record, extract(article)))
        pairs += found
        listed += corpus_metric.errors(record, found)
    figures = corpus_metric.figures(pairs)
    if options.json:
        print(json.dumps(figures, indent=1))
    else:
        _print_corpus(figures)
    if options.errors:
        _print_errors(listed)
    return 0


def parses(records: Sequence[corpus_metric.Record], stored: Path | None) -> list[ParsedDocument]:
    """The parses of the records, in their order.

    Raises:
        LookupError: the stored file lacks an article.
    """
    if stored is not None and stored.exists():
        text = stored.read_text(encoding="utf-8")
        wanted = {key: r.document for r in records for key in (r.document.doc_id, r.name)}
        found = {p.document.doc_id: p for p in read_conllu(text, wanted, source=str(stored))}
        missing = [r.name for r in records if r.document.doc_id not in found]
        if missing:
            raise LookupError(f"{stored} lacks {len(missing)} articles, first {missing[0]}; remove it to parse anew")
        return [found[r.document.doc_id] for r in records]
    from quotes.parse import StanzaParser, choose_model

    parser = StanzaParser(choose_model("embedded"), exact=True, whole=True)
    parsed: list[ParsedDocument] = []
    for start in range(0, len(records), AT_ONCE):
        parsed += parser.parse([r.document for r in records[start : start + AT_ONCE]])
        print(f"parsed {len(parsed)} of {len(records)}", file=sys.stderr)
    if stored is not None:
        stored.write_text("".join(write_conllu(parsed)), encoding="utf-8")
    return parsed


def _write_floors(*, lower: bool) -> int:
    measured, kept = floors.measure(), floors.read_floors()
    result = measured if lower else floors.raised(kept, measured)
    floors.write_floors(result)
    for line in floors.drops(result, measured):
        print(line, file=sys.stderr)
    return 0


def _write_known_failures() -> int:
    failing = sorted(
        place
        for article in floors.articles("cases")
        for place, faults in complaints(article, extract(article.parsed), CASE_IGNORES).items()
        if faults
    )
    head = "# Cases that do not pass yet; a case listed here that passes fails the test.\n"
    KNOWN_FAILURES.write_text(head + "".join(f"{place}\n" for place in failing), encoding="utf-8")
    print(f"{len(failing)} known failures", file=sys.stderr)
    return 0


def _print_summary(name: str, summary: dict[str, Any]) -> None:
    print(f"\n{name}: {summary['gold']} quotations, {summary['rows']} rows, {summary['matched']} matched")
    print(_line("", "precision", "recall", "f1"))
    print(_line("all", summary["precision"], summary["recall"], summary["f1"]))
    for kind, values in summary["kinds"].items():
        print(_line(f"{kind} ({values['gold']})", values["precision"], values["recall"], values["f1"]))
    print("of the matched: " + ", ".join(f"{field} {share:.3f}" for field, share in summary["right"].items()))
    who = summary["speaker_named"], summary["null"], summary["wrong_name"]
    print("speaker, where one is annotated: right {:.3f}, null {:.3f}; wrong name, of all: {:.3f}".format(*who))
    sure = summary["sure_speakers"], summary["sure_rows"]
    print("speakers given a confidence of {} or more: right {:.3f} of {}".format(SURE, *sure))
    print(f"denied or questioned, but given as affirmed: {summary['affirmed_wrongly']:.3f}")
    ece = summary["confidence_error"], summary["speaker_confidence_error"]
    print(f"calibration error: rows {ece[0]:.3f}, speakers {ece[1]:.3f}")
    print(_line("rule (rows)", "precision", "spans", "speaker"))
    for rule, values in summary["rules"].items():
        print(_line(f"{rule} ({values['rows']})", values["precision"], values["spans"], values["speaker"]))
    print(_line("annotated way (rows)", "right"))
    for resolution, values in summary["resolutions"].items():
        print(_line(f"{resolution} ({values['rows']})", values["right"]))


def _print_corpus(figures: dict[str, Any]) -> None:
    print(f"{figures['gold']} gold quotations, {figures['system']} of ours")
    print(_line("", "precision", "recall", "f1"))
    parts = {name: figures[name] for name in ("messages", "roles", "joint")}
    for name, values in {**parts, **figures["each_role"], **figures["types"]}.items():
        label = f"{name} ({values['gold']})" if "gold" in values else name
        print(_line(label, values["precision"], values["recall"], values["f1"]))
    print(_line("speaker, matched only", *(figures["matched_speaker"][key] for key in ("precision", "recall", "f1"))))
    print(f"type f1 {figures['type_f1']:.3f}, medium f1 {figures['medium_f1']:.3f}")


def _line(label: str, *cells: float | str) -> str:
    return f"{label:28}" + "".join(f"{c:>11.3f}" if isinstance(c, float) else f"{c:>11}" for c in cells)


def _print_errors(found: Iterable[tuple[str, str, str]]) -> None:
    groups: dict[str, list[str]] = {}
    for group, place, text in found:
        groups.setdefault(group, []).append(f"  {place}: {text}")
    for group, lines in sorted(groups.items(), key=lambda item: -len(item[1])):
        print(f"\n{group} ({len(lines)})", *lines, sep="\n")


if __name__ == "__main__":
    sys.exit(main())

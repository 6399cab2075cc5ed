"""Building the Stanza pipeline: from a folder of models, or from Stanza's official ones."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from quotes.errors import ModelError
from quotes.parse.bert import is_bert, load_bert
from quotes.parse.encoder import SharedEncoder
from quotes.parse.models import EMBEDDED, ENCODER_FILES, ENCODER_NAME, MODEL_FILES, REINSTALL, ModelChoice
from quotes.parse.products import EXACT, Precision

# Sizes of Stanza's batches, in paragraphs, sentences, words and words: small enough to need little padding.
BATCH_SIZES = {"tokenize_batch_size": 64, "pos_batch_size": 250, "lemma_batch_size": 200, "depparse_batch_size": 1500}
# Seconds to wait for an answer from Stanza's server before the network counts as absent.
ANSWER_SECONDS = 10


def build_pipeline(choice: ModelChoice, precision: Precision = EXACT) -> tuple[Any, SharedEncoder | None]:
    """The pipeline, and the encoder that its tagger and parser share if the models have one.

    ``precision``: that of the encoder.

    Raises:
        ModelError: the models are missing, damaged, of another build, or cannot be downloaded.
    """
    with _quiet():
        if choice.folder is None:
            with _quiet_transformers():
                return _build_official(choice.package), None
        try:
            return _build_from(choice.folder, precision)
        except Exception as error:  # torch and Stanza raise of every kind on a damaged file
            reason = " ".join(str(error).split())[:120]
            raise ModelError(
                f"the parser models cannot be loaded ({type(error).__name__}{': ' + reason if reason else ''})",
                source=str(_damaged(choice.folder) or choice.folder),
                remedy=REINSTALL,
            ) from error


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Stanza and transformers from writing to the terminal; what goes wrong is raised."""
    import stanza  # noqa: F401  (its import sets the logger up)

    loggers = [logging.getLogger(name) for name in ("stanza", "transformers", "huggingface_hub")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@contextlib.contextmanager
def _quiet_transformers() -> Iterator[None]:
    """The same for the bars of transformers, whose import takes longer than our models do and which few need."""
    from transformers.utils import logging as transformers_logging

    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        if bars:
            transformers_logging.enable_progress_bar()


def _build_from(folder: Path, precision: Precision) -> tuple[Any, SharedEncoder | None]:
    import stanza
    from stanza.models.common.foundation_cache import BertRecord, FoundationCache

    cache = FoundationCache(local_files_only=True)
    encoder = None
    if (folder / ENCODER_NAME).is_dir():
        # The saved models name their encoder by this word; it is put into the cache under that name.
        if is_bert(folder / ENCODER_NAME):
            cache.bert[ENCODER_NAME] = BertRecord(*load_bert(folder / ENCODER_NAME, precision), {})
            encoder = SharedEncoder()
        else:
            with _quiet_transformers():
                cache.load_bert(str(folder / ENCODER_NAME))
            cache.bert[ENCODER_NAME] = cache.bert.pop(str(folder / ENCODER_NAME))
            encoder = SharedEncoder(half=precision.half)
    with _without_optimizers():
        pipeline = stanza.Pipeline(
            lang="de",
            dir=str(folder),
            package=None,
            processors={},
            allow_unknown_language=True,
            download_method=None,
            foundation_cache=cache,
            # An empty list of Stanza's official models: none of them is wanted.
            resources_filepath=str(EMBEDDED / "resources.json"),
            use_gpu=False,
            **{f"{step}_model_path": str(folder / name) for step, name in MODEL_FILES.items()},
            **BATCH_SIZES,
        )
    return pipeline, encoder


@contextlib.contextmanager
def _without_optimizers() -> Iterator[None]:
    """Stanza makes an optimizer for models that are only read, and torch's takes two seconds to import."""
    from stanza.models.common import utils

    kept = utils.dispatch_optimizer
    utils.dispatch_optimizer = lambda *_, **__: SimpleNamespace(param_groups=[])
    try:
        yield
    finally:
        utils.dispatch_optimizer = kept


def _damaged(folder: Path) -> Path | None:
    """The first file of a folder that cannot be read for itself."""
    import json

    import torch
    from safetensors import safe_open

    for name in MODEL_FILES.values():
        try:
            if "config" not in torch.load(folder / name, map_location="cpu", weights_only=True):
                return folder / name
        except Exception:
            return folder / name
    for path in [folder / ENCODER_NAME / name for name in ENCODER_FILES if (folder / ENCODER_NAME).is_dir()]:
        try:
            if path.suffix == ".json":
                json.loads(path.read_bytes())
            else:
                safe_open(path, "pt")
        except Exception:
            return path
    return None


def _build_official(package: str) -> Any:
    import stanza
    from stanza.pipeline.core import DownloadMethod

    options: dict[str, Any] = {
        "lang": "de",
        "package": package,
        "processors": "tokenize,mwt,pos,lemma,depparse",
        "use_gpu": False,
        **BATCH_SIZES,
    }
    try:
        return stanza.Pipeline(download_method=None, **options)
    except Exception:  # not all of it is on this machine, or not whole
        try:
            _ask_server()
            return stanza.Pipeline(download_method=DownloadMethod.DOWNLOAD_RESOURCES, **options)
        except Exception as error:  # requests, urllib3, the hub and Stanza each have their own
            raise ModelError(
                f"Stanza's German models '{package}' are not on this machine and could not be downloaded"
                f" ({type(error).__name__})",
                remedy="Connect to the network for the first run and check the package's name, or use --model embedded",
            ) from error


def _ask_server() -> None:
    """Fail soon where there is no network: Stanza itself would wait for minutes."""
    import requests
    from stanza.resources.common import DEFAULT_RESOURCES_URL

    requests.head(DEFAULT_RESOURCES_URL, timeout=ANSWER_SECONDS)

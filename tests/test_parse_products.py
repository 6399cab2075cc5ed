"""Products with a matrix: in eight bits nearly as in single precision, row by row."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from quotes.parse.products import EXACT, Dense, Precision, WholeDense, dense, fastest

pytestmark = pytest.mark.model


@pytest.fixture
def drawn() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Vectors, [rows, inputs], of very unlike length; a weight whose outputs are of unlike size; a bias."""
    torch.manual_seed(1)
    vectors = torch.randn(50, 96) * torch.logspace(-3, 3, 50)[:, None]
    return vectors, torch.randn(64, 96) * torch.logspace(-2, 1, 64)[:, None], torch.randn(64)


def off(found: torch.Tensor, exact: torch.Tensor) -> float:
    """The greatest error of a row, as a share of the row's length."""
    return float(((found - exact).norm(dim=1) / exact.norm(dim=1)).max())


def test_every_row_has_its_own_scale(drawn: tuple[torch.Tensor, torch.Tensor, torch.Tensor]) -> None:
    vectors, weight, bias = drawn
    exact = dense(weight, bias, EXACT)(vectors)
    found = dense(weight, bias, Precision("int8", half=False))(vectors)
    assert found.dtype == torch.float32
    assert 0 < off(found, exact) < 0.02
    # So a row is the same whatever stands beside it.
    alone = dense(weight, bias, Precision("int8", half=False))(vectors[:8])
    assert torch.equal(found[:8], alone)


def test_rows_and_columns_of_zeros(drawn: tuple[torch.Tensor, torch.Tensor, torch.Tensor]) -> None:
    vectors, weight, bias = drawn
    vectors[3], weight[5] = 0, 0
    found = WholeDense(weight, bias)(vectors)
    assert torch.allclose(found[3], bias)
    assert torch.allclose(found[:, 5], bias[5])


@pytest.mark.parametrize(
    ("whole", "half", "expected"),
    [
        (True, True, Precision("int8", half=True)),
        (True, False, Precision("int8", half=False)),
        (False, True, Precision("half", half=True)),
        (False, False, EXACT),
    ],
)
def test_the_quickest_way_is_one_the_machine_has_instructions_for(
    monkeypatch: pytest.MonkeyPatch, whole: bool, half: bool, expected: Precision
) -> None:
    def answers(answer: bool) -> Callable[[], bool]:
        return lambda: answer

    monkeypatch.setattr(torch.cpu, "_is_vnni_supported", answers(whole))
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", answers(half))
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", answers(False))
    assert fastest() == expected


def test_without_the_product_of_whole_numbers_there_is_half_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "_is_vnni_supported", lambda: True)
    monkeypatch.delattr(torch, "_int_mm")
    assert fastest().dense != "int8"
    assert isinstance(dense(torch.ones(2, 2), torch.zeros(2), fastest()), Dense)

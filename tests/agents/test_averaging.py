"""The running average of weights."""

from __future__ import annotations

import torch
from torch import nn

from agents.deep.averaging import AverageWeights


def test_the_average_moves_by_its_share_and_the_raw_weights_stay() -> None:
    module = nn.Linear(1, 1, bias=False)
    nn.init.constant_(module.weight, 1.0)
    average = AverageWeights(module, decay=0.75)
    nn.init.constant_(module.weight, 5.0)
    average.update()
    with average.in_place():
        assert module.weight.item() == 2.0  # 0.75 x 1 + 0.25 x 5
    assert module.weight.item() == 5.0


def test_no_decay_follows_the_raw_weights() -> None:
    module = nn.Linear(2, 2)
    average = AverageWeights(module, decay=0.0)
    nn.init.normal_(module.weight)
    average.update()
    with average.in_place():
        averaged = module.weight.detach().clone()
    assert torch.equal(averaged, module.weight)

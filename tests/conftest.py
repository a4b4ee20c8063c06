from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def fresh_start():
    """Fixed weights and inputs."""
    torch.manual_seed(0)

from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).parent.parent
# of the library alone, without OpenMMLab
collect_ignore = [] if find_spec('mmengine') else ['test_openmmlab']


@pytest.fixture(autouse=True)
def fresh_start():
    """Fixed weights and inputs."""
    torch.manual_seed(0)

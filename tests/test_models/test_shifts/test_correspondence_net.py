import pytest
import torch

from tmad_mmedit.models.shifts.correspondence_net import CorrespondenceNet


@pytest.mark.parametrize('attention, seen', [((), False), ((0, ), True)])
def test_attention_sees_beyond_the_reach_of_convolutions(attention, seen):
    torch.manual_seed(0)
    net = CorrespondenceNet((4, 4, 8), (1, ), attention, embed_channels=4)
    for layer in net.res[1:]:
        torch.nn.init.normal_(layer.out.weight)
    img, mask = torch.rand(1, 3, 128, 128), torch.zeros(1, 1, 128, 128)
    mask[..., 90:110, 90:110] = 1
    changed = img.clone()
    changed[..., :30, :30] = 1
    one, other = (net(x, mask).theta[..., 22:27, 22:27]
                  for x in (img, changed))
    assert (one - other).abs().max().item() > 1e-4 if seen else torch.equal(
        one, other)

import math

import pytest
import torch

from tmad_mmedit.models.ops.attention import SelfAttention


def test_begins_as_the_identity():
    torch.manual_seed(0)
    x = torch.randn(2, 8, 5, 7)
    assert torch.equal(SelfAttention(8)(x), x)


def test_each_place_adds_what_the_places_like_it_say():
    attention = SelfAttention(2, heads=1)
    with torch.no_grad():
        # a place asks for what it is and shows what it is, and says it
        attention.qkv.weight.copy_(torch.eye(2).repeat(3, 1)[..., None, None])
        attention.qkv.bias.zero_()
        attention.out.weight.copy_(torch.eye(2)[..., None, None])
    x = torch.tensor([[[[1., -1.]], [[-1., 1.]]]])  # two places, (1, -1)
    # both have mean 0 and variance 1, so that the norm changes nothing; they
    # are 2 / sqrt(2) like themselves and -2 / sqrt(2) like each other
    own, other = math.exp(math.sqrt(2)), math.exp(-math.sqrt(2))
    said = (own - other) / (own + other)
    torch.testing.assert_close(attention(x), (1 + said) * x, atol=1e-4, rtol=0)


def test_heads_attend_each_on_its_own():
    torch.manual_seed(0)
    two = SelfAttention(4, heads=2)
    torch.nn.init.normal_(two.out.weight)
    x = torch.randn(1, 4, 3, 3)
    q, k, v = two.qkv(two.norm(x)).flatten(2).chunk(3, 1)
    expected = []
    for head in (slice(0, 2), slice(2, 4)):
        alike = (q[0, head].T @ k[0, head] / math.sqrt(2)).softmax(1)
        expected.append(v[0, head] @ alike.T)
    said = two.out(torch.cat(expected).view(1, 4, 3, 3))
    torch.testing.assert_close(two(x), x + said)


@pytest.mark.parametrize('heads', [0, 3])
def test_heads_that_cannot_share_the_channels_are_refused(heads):
    with pytest.raises(ValueError, match=f'8 channels came with {heads}'):
        SelfAttention(8, heads)

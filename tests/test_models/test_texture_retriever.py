import pytest
import torch

from tmad_mmedit.models import TextureMemoryRetriever

SIZES = dict(patch_size=8, stride=4, memory_size=10, embed_channels=4)


def retrieve(retriever, image=None):
    masked_img = torch.rand(2, 3, 24, 24) * 2 - 1 if image is None else image
    mask = torch.zeros(2, 1, 24, 24)
    mask[..., 8:16, 8:16] = 1
    query = masked_img[:, :, 8:16, 8:16].contiguous()
    return retriever(query, torch.arange(2), masked_img * (1 - mask), mask,
                     torch.Generator().manual_seed(0))


def test_the_k_best_by_eq_3_in_their_order():
    retriever = TextureMemoryRetriever(top_k=3, **SIZES)
    found = retrieve(retriever)
    assert found.textures.shape == (2, 3, 3, 8, 8)
    assert torch.allclose(found.weights.sum(1), torch.ones(2))
    best = found.weights.sort(1, descending=True).values[:, :3]
    assert torch.equal(found.weights.gather(1, found.rank), best)
    for n in range(2):
        assert torch.equal(found.textures[n],
                           found.memory.patches[n, found.rank[n]])


def test_eq_3_does_not_see_the_scale_of_its_embeddings():
    retriever = TextureMemoryRetriever(**SIZES)
    query, patches = torch.randn(2, 3, 8, 8), torch.randn(2, 10, 3, 8, 8)
    before = retriever.correspondence(query, patches, torch.arange(2))
    with torch.no_grad():
        for embedding in (retriever.theta, retriever.phi):
            last = embedding[-1].conv
            last.weight *= 3
            last.bias *= 3
    after = retriever.correspondence(query, patches, torch.arange(2))
    assert torch.allclose(before, after, atol=1e-6)


def test_correspondence_is_the_softmax_of_cosines():
    retriever = TextureMemoryRetriever(temperature=0.5, **SIZES)
    query, patches = torch.randn(1, 3, 8, 8), torch.randn(1, 10, 3, 8, 8)
    a = retriever.correspondence(query, patches, torch.zeros(1).long())
    theta = retriever.theta(query).flatten(1)
    phi = retriever.phi(patches[0]).flatten(1)
    cosine = torch.nn.functional.cosine_similarity(theta, phi)
    assert torch.allclose(a[0], (cosine / 0.5).softmax(0), atol=1e-6)


@pytest.mark.parametrize('mode, textures', [('top_k', 4), ('weighted_sum', 1)])
def test_both_modes_train_both_embeddings(mode, textures):
    retriever = TextureMemoryRetriever(mode=mode, **SIZES)
    found = retrieve(retriever)
    assert found.textures.shape[1] == retriever.num_textures == textures
    (found.textures * torch.randn_like(found.textures)).sum().backward()
    for name, parameter in retriever.named_parameters():
        assert parameter.grad.abs().sum() > 0, name


def test_a_queries_gradient_reaches_the_coarse_patch():
    retriever = TextureMemoryRetriever(**SIZES)
    image = (torch.rand(2, 3, 24, 24) * 2 - 1).requires_grad_()
    found = retrieve(retriever, image)
    (found.textures * torch.randn_like(found.textures)).sum().backward()
    assert image.grad[..., 8:16, 8:16].abs().sum() > 0


@pytest.mark.parametrize('wrong, says', [
    (dict(mode='mean'), "'mean' is unknown: use 'top_k'"),
    (dict(top_k=11), 'memory_size=10: choose'),
    (dict(top_k=0), 'choose 1 <= top_k'),
    (dict(patch_size=10), 'patch_size=10'),
])
def test_bad_settings_are_named(wrong, says):
    with pytest.raises(ValueError, match=says):
        TextureMemoryRetriever(**{**SIZES, **wrong})

import pytest
import torch

from tmad_mmedit.models import TextureMemoryRetriever
from tmad_mmedit.models.ops.cells import Cells

SIZES = dict(patch_size=8, stride=4, memory_size=10, embed_channels=4)


def retrieve(retriever, image=None):
    masked_img = torch.rand(2, 3, 24, 24) * 2 - 1 if image is None else image
    mask = torch.zeros(2, 1, 24, 24)
    mask[..., 8:16, 8:16] = 1
    query = masked_img[:, :, 8:16, 8:16].contiguous()
    memory = retriever.remember(
        masked_img * (1 - mask),
        mask,
        generator=torch.Generator().manual_seed(0))
    return memory, retriever(query, memory, cells_of(range(2)))


def cells_of(images):
    image = torch.tensor(list(images))
    return Cells(image, torch.full_like(image, 8), torch.full_like(image, 8))


def remembered(retriever, count=1):
    """Random images' memory."""
    return retriever.remember(
        torch.randn(count, 3, 24, 24), torch.zeros(count, 1, 24, 24))


def test_the_k_best_by_eq_3_in_their_order():
    retriever = TextureMemoryRetriever(top_k=3, **SIZES)
    memory, found = retrieve(retriever)
    assert found.textures.shape == (2, 3, 3, 8, 8)
    assert torch.allclose(found.weights.sum(1), torch.ones(2))
    best = found.weights.sort(1, descending=True).values[:, :3]
    assert torch.equal(found.weights.gather(1, found.rank), best)
    for n in range(2):
        assert torch.equal(found.textures[n],
                           memory.patches[n, found.rank[n]])


def test_eq_3_does_not_see_the_scale_of_its_embeddings():
    retriever = TextureMemoryRetriever(**SIZES)
    query, pixels = torch.randn(2, 3, 8, 8), torch.randn(2, 3, 24, 24)

    def weights():
        memory = retriever.remember(
            pixels, pixels[:, :1] * 0, generator=torch.Generator())
        return retriever(query, memory, cells_of(range(2))).weights

    before = weights()
    with torch.no_grad():
        for embedding in (retriever.theta, retriever.phi):
            last = embedding[-1].conv
            last.weight *= 3
            last.bias *= 3
    assert torch.allclose(before, weights(), atol=1e-6)


def test_correspondence_is_the_softmax_of_cosines():
    retriever = TextureMemoryRetriever(temperature=0.5, **SIZES)
    query, memory = torch.randn(1, 3, 8, 8), remembered(retriever)
    a = retriever(query, memory, cells_of([0])).weights
    theta = retriever.theta(query).flatten(1)
    phi = retriever.phi(memory.patches[0]).flatten(1)
    cosine = torch.nn.functional.cosine_similarity(theta, phi)
    assert torch.allclose(a[0], (cosine / 0.5).softmax(0), atol=1e-6)


@pytest.mark.parametrize('mode, textures', [('top_k', 4), ('weighted_sum', 1)])
def test_both_modes_train_both_embeddings(mode, textures):
    retriever = TextureMemoryRetriever(mode=mode, **SIZES)
    _, found = retrieve(retriever)
    assert found.textures.shape[1] == retriever.num_textures == textures
    # a soft sum stands nowhere in the memory
    assert found.rank.shape[1] == (textures if mode == 'top_k' else 0)
    (found.textures * torch.randn_like(found.textures)).sum().backward()
    for name, parameter in retriever.named_parameters():
        assert parameter.grad.abs().sum() > 0, name


def test_a_queries_gradient_reaches_the_coarse_patch():
    retriever = TextureMemoryRetriever(**SIZES)
    image = (torch.rand(2, 3, 24, 24) * 2 - 1).requires_grad_()
    _, found = retrieve(retriever, image)
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


@torch.no_grad()
def test_a_memory_is_embedded_once_and_serves_any_number_of_queries():
    retriever = TextureMemoryRetriever(**SIZES)
    embedded = []
    retriever.phi.register_forward_hook(
        lambda module, inputs, out: embedded.append(len(out)))
    memory = remembered(retriever, count=2)
    assert embedded == [2 * 10]
    query, images = torch.randn(6, 3, 8, 8), [0, 1, 1, 0, 1, 0]
    together = retriever(query, memory, cells_of(images))
    for p, image in enumerate(images):
        alone = retriever(query[p:p + 1], memory, cells_of([image]))
        assert torch.equal(alone.textures[0], together.textures[p])
    assert embedded == [2 * 10]


@pytest.mark.parametrize('training', [True, False])
def test_what_is_drawn_is_asked_for_and_no_matter_of_the_mode(training):
    retriever = TextureMemoryRetriever(**SIZES).train(training)
    same = torch.randn(1, 3, 48, 48).expand(2, 3, 48, 48)

    def draw(shared):
        return retriever.remember(
            same,
            same[:, :1] * 0,
            generator=torch.Generator().manual_seed(0),
            shared_draw=shared).patches

    first, second = draw(True)
    assert torch.equal(first, second)
    first, second = draw(False)
    assert not torch.equal(first, second)


def test_alike_embeddings_find_a_patch_of_the_memory_itself():
    torch.manual_seed(0)
    retriever = TextureMemoryRetriever(
        patch_size=8, memory_size=20, stride=4, top_k=1, begin_alike=True)
    memory = remembered(retriever)
    query = memory.patches[0, [3, 11]]
    found = retriever(query, memory, cells_of([0, 0]))
    assert found.rank.flatten().tolist() == [3, 11]

import itertools
import warnings

import pytest
import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import TorchDispatchMode

from tmad_mmedit.models.ops import carafe as dispatch
from tmad_mmedit.models.ops import carafe_tiles as module
from tmad_mmedit.models.ops.carafe import CARAFEPack, carafe


def inputs(N=2, C=4, H=3, W=16, k=3, G=1, s=2, dtype=torch.float):
    """Two tiles a row, masks that sum to one."""
    features = torch.randn(N, C, H, W, dtype=dtype)
    masks = torch.randn(N, G, k * k, s * H, s * W, dtype=dtype).softmax(2)
    return features.requires_grad_(), masks.flatten(1, 2).requires_grad_()


def by_loops(features, masks, k, G, s):
    """The definition, one number at a time."""
    N, C, H, W = features.shape
    out = torch.zeros(N, C, s * H, s * W, dtype=features.dtype)
    x, w = features.tolist(), masks.tolist()
    for n, c, v, u in itertools.product(*map(range, out.shape)):
        total = 0.
        for i, j in itertools.product(range(k), repeat=2):
            row, column = v // s + i - k // 2, u // s + j - k // 2
            if 0 <= row < H and 0 <= column < W:
                tap = c // (C // G) * k * k + i * k + j
                total += w[n][tap][v][u] * x[n][c][row][column]
        out[n, c, v, u] = total
    return out


def by_unfold(features, masks, k, G, s):
    """The definition, differentiable and k^2 times the memory."""
    N, C, H, W = features.shape
    windows = F.unfold(features, k, padding=k // 2).view(N, C * k * k, H, W)
    windows = F.interpolate(windows, scale_factor=s, mode='nearest')
    products = windows.view(N, G, C // G, k * k, s * H, s * W) * masks.view(
        N, G, 1, k * k, s * H, s * W)
    return products.sum(3).flatten(1, 2)


def gradients(out, tensors):
    # the same numbers for every dtype
    upstream = torch.linspace(-1, 1, out.numel()).bfloat16().to(out.dtype)
    return torch.autograd.grad(out, tensors, upstream.view_as(out))


def assert_all_close(ours, theirs, atol):
    for a, b in zip(ours, theirs):
        assert a.shape == b.shape
        assert torch.allclose(a.double(), b.double(), rtol=0, atol=atol)


@pytest.mark.parametrize('W', [1, 5, 16, 19])
@pytest.mark.parametrize('s', [1, 2, 3])
@pytest.mark.parametrize('G', [1, 2])
@pytest.mark.parametrize('k', [1, 3, 5])
def test_the_definition(k, G, s, W):
    features, masks = inputs(k=k, G=G, s=s, W=W, dtype=torch.double)
    ours = carafe(features, masks, k, G, s)
    assert_all_close([ours], [by_loops(features, masks, k, G, s)], 1e-12)


def test_zeros_around_the_map():
    """Ones for masks sum the 3 x 3 pixels around: a corner has four, where a
    reflecting border would have summed 33 and a repeating one 21."""
    features = torch.arange(1., 10).view(1, 1, 3, 3)
    sums = carafe(features, torch.ones(1, 9, 6, 6), 3, 1, 2)[0, 0, ::2, ::2]
    assert sums.tolist() == [[12, 21, 16], [27, 45, 33], [24, 39, 28]]


def test_a_single_tap_shifts():
    features, _ = inputs(N=1, C=1)
    for i, j in itertools.product(range(3), repeat=2):
        masks = torch.zeros(1, 9, 6, 32)
        masks[:, 3 * i + j] = 1
        shifted = F.pad(features, (1, 1, 1, 1))[..., i:i + 3, j:j + 16]
        expected = F.interpolate(shifted, scale_factor=2, mode='nearest')
        assert torch.equal(carafe(features, masks, 3, 1, 2), expected)


def test_the_rows_and_columns_of_a_group_do_not_mix_with_its_neighbours():
    features, masks = inputs(C=6, G=3)
    whole = carafe(features, masks, 3, 3, 2)
    parts = [
        carafe(x, w, 3, 1, 2)
        for x, w in zip(features.chunk(3, 1), masks.chunk(3, 1))
    ]
    assert torch.allclose(whole, torch.cat(parts, 1), atol=1e-6)


@pytest.mark.parametrize('k, G, s', [(3, 1, 2), (3, 2, 1), (1, 1, 3)])
def test_gradcheck(k, G, s):
    features, masks = inputs(
        N=1, C=2, H=2, W=3, k=k, G=G, s=s, dtype=torch.double)
    assert torch.autograd.gradcheck(
        lambda x, w: carafe(x, w, k, G, s), (features, masks))


@pytest.mark.parametrize('T', [1, 3, 8, 16])
@pytest.mark.parametrize('M', [1, 3, 4, 6])
@pytest.mark.parametrize('k', [3, 5])
def test_tiles_and_chunks_change_no_value(monkeypatch, k, M, T):
    monkeypatch.setattr(module, 'tile_width', lambda width: T)
    monkeypatch.setattr(module, 'maps_at_once', lambda *sizes: M)
    tensors = inputs(N=3, C=4, G=2, k=k, dtype=torch.double)
    ours, theirs = (f(*tensors, k, 2, 2) for f in (carafe, by_unfold))
    assert_all_close([ours, *gradients(ours, tensors)],
                     [theirs, *gradients(theirs, tensors)], 1e-12)


def test_tiles_fit_the_width_and_chunks_the_cache():
    widths = {8: 8, 128: 8, 96: 8, 20: 10, 17: 17, 34: 17, 74: 8, 1: 8, 127: 8}
    assert {w: module.tile_width(w) for w in widths} == widths
    for maps, pixels, at_once in ((8, 128 * 128, 1), (8, 32 * 32, 4),
                                  (2, 32 * 32, 2), (0, 32 * 32, 1)):
        assert module.maps_at_once(maps, pixels,
                                   module.CPU_PIXELS) == at_once


class Operations(TorchDispatchMode):
    """Counts them, and notes which floating dtypes they made."""

    def __init__(self):
        super().__init__()
        self.count, self.dtypes = 0, set()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        self.count += 1
        if isinstance(out, torch.Tensor):
            self.dtypes.add(out.dtype)
        return out


def test_a_gpu_without_a_kernel_gets_few_operations(monkeypatch):
    """And half precision stays half: its products add in single by
    themselves."""
    monkeypatch.setattr(dispatch, 'cuda_kernel', None)
    features, masks = (x.detach().bfloat16()
                       for x in inputs(N=100, C=32, H=32, W=32, k=5))
    counts = []
    for x in (features, features.as_subclass(OnCUDA)):
        with Operations() as operations:
            out = carafe(x, masks, 5, 1, 2)
        counts.append(operations.count)
        assert out.dtype == torch.bfloat16
    assert operations.dtypes == {torch.bfloat16}
    assert counts[1] < 60 < counts[0] / 4


@pytest.mark.parametrize('dtype', [torch.half, torch.bfloat16])
def test_half_precision_rounds_once(dtype):
    halves = [x.detach().to(dtype).requires_grad_() for x in inputs(k=5)]
    singles = [x.detach().float().requires_grad_() for x in halves]
    ours, theirs = ([out, *gradients(out, x)] for x in (halves, singles)
                    for out in [carafe(*x, 5, 1, 2)])
    for half, single in zip(ours, theirs):
        assert half.dtype == dtype
        assert torch.equal(half, single.to(dtype))


def test_the_wider_dtype_wins():
    features, masks = inputs()
    out = carafe(features.bfloat16(), masks, 3, 1, 2)
    assert out.dtype == torch.float
    assert carafe(features, masks.double(), 3, 1, 2).dtype == torch.double


def test_empty_batch():
    features, masks = inputs(N=0)
    out = carafe(features, masks, 3, 1, 2)
    assert out.shape == (0, 4, 6, 32)
    out.sum().backward()
    assert features.grad.shape == features.shape
    assert masks.grad.shape == masks.shape


@pytest.mark.parametrize('layout', [
    lambda x: x.contiguous(memory_format=torch.channels_last),
    lambda x: x.transpose(2, 3).contiguous().transpose(2, 3),
    lambda x: x.repeat_interleave(2, 3)[..., ::2],
    lambda x: x[:1].expand_as(x),
])
def test_any_memory_layout(layout):
    strided = [layout(x.detach()).requires_grad_() for x in inputs()]
    plain = [x.detach().contiguous().requires_grad_() for x in strided]
    ours, theirs = (carafe(*x, 3, 1, 2) for x in (strided, plain))
    assert ours.is_contiguous(memory_format=torch.channels_last)
    assert_all_close([ours, *gradients(ours, strided)],
                     [theirs, *gradients(theirs, plain)], 1e-6)


def test_a_gradient_of_any_layout():
    features, masks = inputs()
    ours, theirs = (f(features, masks, 3, 1, 2) for f in (carafe, by_unfold))
    for upstream in (torch.ones(()).expand(ours.shape),
                     torch.randn(2, 4, 32, 6).transpose(2, 3)):
        assert_all_close(
            *(torch.autograd.grad(
                out, (features, masks), upstream, retain_graph=True)
              for out in (ours, theirs)), 1e-5)


def test_only_the_gradients_that_are_asked_for():
    for wanted in range(2):
        tensors = [x.detach() for x in inputs()]
        tensors[wanted].requires_grad_()
        carafe(*tensors, 3, 1, 2).sum().backward()
        assert tensors[wanted].grad is not None
        assert tensors[1 - wanted].grad is None
    with torch.no_grad():
        assert not carafe(*inputs(), 3, 1, 2).requires_grad


def test_what_follows_may_work_in_place():
    features, masks = inputs()
    ours, theirs = (
        f(features, masks, 3, 1, 2).relu_() for f in (carafe, by_unfold))
    assert_all_close(
        gradients(ours, (features, masks)),
        gradients(theirs, (features, masks)), 1e-5)


@pytest.mark.parametrize('features, masks, sizes, sentence', [
    ((4, 3, 3), (1, 9, 6, 6), (3, 1, 2), r'\(4, 3, 3\): expected \(N, C'),
    ((1, 4, 3, 3), (1, 16, 6, 6), (4, 1, 2), 'size is 4: expected an odd'),
    ((1, 4, 3, 3), (1, 9, 6, 6), (3, 1, 0), 'factor is 0: expected a whole'),
    ((1, 4, 3, 3), (1, 9, 6, 6), (3, 1, 2.), 'factor is 2.0: expected a wh'),
    ((1, 4, 3, 3), (1, 27, 6, 6), (3, 3, 2), '4 channels come in 3 groups'),
    ((1, 4, 3, 3), (1, 9, 6, 6), (3, 2, 2), r'expected \(1, 18, 6, 6\)'),
    ((1, 4, 3, 3), (1, 9, 3, 3), (3, 1, 2), r'shape \(1, 9, 3, 3\)'),
    ((1, 4, 3, 3), (2, 9, 6, 6), (3, 1, 2), r'expected \(1, 9, 6, 6\)'),
])
def test_sizes_that_do_not_fit(features, masks, sizes, sentence):
    with pytest.raises(ValueError, match=sentence):
        carafe(torch.zeros(features), torch.zeros(masks), *sizes)


@pytest.mark.parametrize('arguments', [
    dict(channels=8, scale_factor=2),
    dict(channels=8, scale_factor=3, up_kernel=3, up_group=2,
         encoder_kernel=5, encoder_dilation=2, compressed_channels=6)
])
def test_pack_is_the_operator_with_the_masks_it_predicts(arguments):
    """As the paper has it: compress, encode, shuffle, softmax over taps."""
    pack = CARAFEPack(**arguments)
    k, G, s = pack.up_kernel, pack.up_group, pack.scale_factor
    assert {name.split('.')[0] for name in pack.state_dict()
            } == {'channel_compressor', 'content_encoder'}
    # masks other than the initial box filter
    pack.content_encoder.weight.data *= 300

    def theirs(x):
        masks = F.pixel_shuffle(
            pack.content_encoder(pack.channel_compressor(x)), s)
        n, _, height, width = masks.shape
        masks = masks.view(n, G, k * k, height, width).softmax(2)
        return by_unfold(x, masks.flatten(1, 2), k, G, s)

    x = torch.randn(2, 8, 4, 16, requires_grad=True)
    assert_all_close(
        *([out, *gradients(out, [x, *pack.parameters()])]
          for upsample in (pack, theirs) for out in [upsample(x)]), 1e-4)


def test_pack_under_autocast():
    pack, x = CARAFEPack(8, 2), torch.randn(2, 8, 4, 16, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        with torch.autocast('cpu', dtype=torch.bfloat16):
            out = pack(x)
        out.float().sum().backward()
    assert torch.allclose(out.float(), pack(x), atol=3e-2)
    assert x.grad.isfinite().all() and x.grad.abs().sum() > 0


def test_autocast_does_not_reach_the_products():
    tensors = inputs(k=5)
    out = carafe(*tensors, 5, 1, 2)
    expected = out, *gradients(out, tensors)
    with torch.autocast('cpu', dtype=torch.bfloat16):
        out = carafe(*tensors, 5, 1, 2)
        same = out, *gradients(out, tensors)
    assert all(torch.equal(a, b) for a, b in zip(same, expected))


class OnCUDA(torch.Tensor):
    """Says that it is there; what is made of it is a plain tensor."""
    is_cuda = True
    __torch_function__ = torch._C._disabled_torch_function_impl


@pytest.mark.parametrize('there, N, dtype, runs', [
    (True, 2, torch.float, True),
    (True, 2, torch.half, True),
    (True, 0, torch.float, False),
    (True, 2, torch.bfloat16, False),
    (False, 2, torch.float, False),
])
def test_a_kernel_runs_where_there_is_one(monkeypatch, there, N, dtype, runs):
    calls = []
    monkeypatch.setattr(
        dispatch, 'cuda_kernel',
        (lambda *args: calls.append(args)) if there else None)
    features, masks = (x.detach().to(dtype) for x in inputs(N=N))
    out = carafe(features.as_subclass(OnCUDA), masks, 3, 1, 2)
    assert len(calls) == runs
    assert (out is None) == runs
    calls.clear()
    carafe(features, masks, 3, 1, 2)
    assert not calls


def test_nothing_is_read_before_it_is_written(monkeypatch):
    """Also not by products of few values, for which torch has a kernel that
    multiplies what it replaces by zero."""
    x, w = torch.randn(1, 1, 6, 8), torch.randn(1, 25, 12, 16)
    expected = carafe(x, w, 5, 1, 2)
    empty = torch.empty
    monkeypatch.setattr(
        torch, 'empty', lambda *shape, **options: empty(
            *shape, **options).fill_(float('nan')))
    assert torch.equal(carafe(x, w, 5, 1, 2), expected)

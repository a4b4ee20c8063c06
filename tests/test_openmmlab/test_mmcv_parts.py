"""What the library has of its own begins, and computes, as mmcv's does."""
import mmcv.cnn
import mmcv.ops
import pytest
import torch

from tests.test_models.test_ops.test_carafe import (
    OnCUDA,
    assert_all_close,
    by_unfold,
    gradients,
    inputs,
)
from tmad_mmedit.models.ops import carafe as dispatch
from tmad_mmedit.models.ops.blocks import Conv
from tmad_mmedit.models.ops.carafe import CARAFEPack, carafe
from tmad_mmedit.openmmlab.models import use_mmcvs_kernel

HAS_MMCV_OP = (
    torch.cuda.is_available()
    and mmcv.ops.get_compiling_cuda_version() != 'not available')


class UnfoldPack(mmcv.ops.CARAFEPack):

    def feature_reassemble(self, x, mask):
        return by_unfold(x, mask, self.up_kernel, self.up_group,
                         self.scale_factor)


def built(*kinds, **arguments):
    """Modules of one start of the random numbers."""
    for kind in kinds:
        torch.manual_seed(0)
        yield kind(**arguments)


@pytest.mark.parametrize('arguments', [
    dict(channels=8, scale_factor=2),
    dict(channels=8, scale_factor=3, up_kernel=3, up_group=2,
         encoder_kernel=5, encoder_dilation=2, compressed_channels=6)
])
def test_pack_is_mmcv_s_but_for_the_operator(arguments):
    ours, theirs = built(CARAFEPack, UnfoldPack, **arguments)
    shapes = [{name: p.shape
               for name, p in pack.state_dict().items()}
              for pack in (ours, theirs)]
    assert shapes[0] == shapes[1]
    assert all(
        torch.equal(*(pack.state_dict()[key] for pack in (ours, theirs)))
        for key in shapes[0] if key != 'content_encoder.weight')
    # which mmcv draws twice
    spread = [pack.content_encoder.weight.std().item()
              for pack in (ours, theirs)]
    assert spread == pytest.approx([1e-3, 1e-3], rel=0.05)

    ours.load_state_dict(theirs.state_dict())
    for pack in (ours, theirs):  # masks other than the initial box filter
        pack.content_encoder.weight.data *= 300
    x = torch.randn(2, 8, 4, 16, requires_grad=True)
    assert_all_close(
        *([out, *gradients(out, [x, *pack.parameters()])]
          for pack in (ours, theirs) for out in [pack(x)]), 1e-4)


@pytest.mark.parametrize('arguments, theirs', [
    (dict(), dict(padding=1)),
    (dict(stride=2), dict(padding=1, stride=2)),
    (dict(dilation=3), dict(padding=3, dilation=3)),
    (dict(act=False), dict(padding=1, act_cfg=None)),
])
def test_a_conv_is_mmcv_s_module(arguments, theirs):
    act = dict(type='LeakyReLU', negative_slope=0.2)
    ours, = built(Conv, in_channels=4, out_channels=6, **arguments)
    theirs, = built(
        mmcv.cnn.ConvModule,
        **{**dict(in_channels=4, out_channels=6, kernel_size=3, act_cfg=act),
           **theirs})
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for key, value in ours.state_dict().items():
        assert torch.equal(value, theirs.state_dict()[key])
    x = torch.randn(2, 4, 9, 8)
    assert torch.equal(ours(x), theirs(x))


@pytest.mark.parametrize('version, N, dtype, mmcv_s', [
    ('11.7', 2, torch.float, True),
    ('11.7', 2, torch.half, True),
    ('11.7', 0, torch.float, False),
    ('11.7', 2, torch.bfloat16, False),
    ('not available', 2, torch.float, False),
])
def test_mmcv_s_operator_runs_where_there_is_one(monkeypatch, version, N,
                                                 dtype, mmcv_s):
    calls = []
    monkeypatch.setattr(mmcv.ops, 'carafe', lambda *args: calls.append(args))
    monkeypatch.setattr(mmcv.ops, 'get_compiling_cuda_version',
                        lambda: version)
    monkeypatch.setattr(dispatch, 'cuda_kernel', None)
    use_mmcvs_kernel()
    features, masks = (x.detach().to(dtype) for x in inputs(N=N))
    out = carafe(features.as_subclass(OnCUDA), masks, 3, 1, 2)
    assert len(calls) == mmcv_s
    assert (out is None) == mmcv_s
    calls.clear()
    carafe(features, masks, 3, 1, 2)
    assert not calls


def test_the_plug_has_looked_for_it():
    assert (dispatch.cuda_kernel is mmcv.ops.carafe) == (
        mmcv.ops.get_compiling_cuda_version() != 'not available')


@pytest.mark.cuda
@pytest.mark.skipif(not HAS_MMCV_OP, reason='mmcv has no CUDA operators here')
@pytest.mark.parametrize('k, G, s', [(5, 1, 2), (3, 2, 3)])
def test_mmcv_s_operator_is_the_same_function(k, G, s):
    tensors = inputs(k=k, G=G, s=s)
    there = [x.detach().cuda().requires_grad_() for x in tensors]
    ours, theirs = carafe(*tensors, k, G, s), carafe(*there, k, G, s)
    upstream = torch.randn_like(ours)
    assert_all_close(
        [ours, *torch.autograd.grad(ours, tensors, upstream)],
        [x.cpu() for x in (theirs, *torch.autograd.grad(
            theirs, there, upstream.cuda()))], 1e-4)

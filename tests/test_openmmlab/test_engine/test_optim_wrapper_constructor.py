import pytest
from torch import nn

from tmad_mmedit.openmmlab.engine import GroupedOptimWrapperConstructor

ADAM = dict(type='Adam', lr=0.1)


def model():
    return nn.ModuleDict(
        dict(a=nn.Linear(1, 2), b=nn.Linear(2, 3), c=nn.Linear(3, 4)))


def held(wrapper):
    return {id(p) for group in wrapper.param_groups for p in group['params']}


def test_one_optimizer_over_several_children():
    net = model()
    wrappers = GroupedOptimWrapperConstructor(
        dict(
            first=dict(children=['a', 'b'], optimizer=ADAM),
            second=dict(children=['c'], optimizer=dict(ADAM, lr=0.2))))(net)
    assert held(wrappers['first']) == {
        id(p) for name in 'ab' for p in net[name].parameters()}
    assert held(wrappers['second']) == {id(p) for p in net['c'].parameters()}
    assert wrappers['second'].param_groups[0]['lr'] == 0.2


def test_frozen_children_are_left_out():
    net = model()
    net['a'].requires_grad_(False)
    wrappers = GroupedOptimWrapperConstructor(
        dict(first=dict(children=['a', 'b'], optimizer=ADAM)))(net)
    assert held(wrappers['first']) == {id(p) for p in net['b'].parameters()}


def test_children_have_learning_rates_of_their_own():
    wrappers = GroupedOptimWrapperConstructor(
        dict(
            first=dict(
                children=['a', 'b'],
                optimizer=ADAM,
                paramwise_cfg=dict(custom_keys=dict(a=dict(lr_mult=0.5))))))(
                    model())
    rates = {group['lr'] for group in wrappers['first'].param_groups}
    assert rates == {0.05, 0.1}


def test_a_wrong_name_and_a_misplaced_setting_are_named():
    with pytest.raises(ValueError, match='names d, but the model has a, b, c'):
        GroupedOptimWrapperConstructor(
            dict(first=dict(children=['d'], optimizer=ADAM)))(model())
    with pytest.raises(ValueError, match='groups of optim_wrapper .first'):
        GroupedOptimWrapperConstructor(dict(first=ADAM), dict(bias_lr_mult=2))

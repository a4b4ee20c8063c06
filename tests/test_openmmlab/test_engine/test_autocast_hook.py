import torch
from mmengine.registry import HOOKS


def test_the_step_between_runs_in_bfloat16():
    hook = HOOKS.build(dict(type='AutocastHook'))
    x = torch.rand(2, 2)

    def dtype():
        return (x @ x).dtype

    hook.before_train_iter(None, 0)
    inside = dtype()
    hook.after_train_iter(None, 0)
    assert (inside, dtype()) == (torch.bfloat16, torch.float32)

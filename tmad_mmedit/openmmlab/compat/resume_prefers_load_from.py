from pathlib import Path

from mmengine.hooks import Hook
from mmengine.registry import HOOKS
from mmengine.runner import Runner, find_latest_checkpoint


@HOOKS.register_module()
class ResumePrefersLoadFrom(Hook):
    """mmengine 0.10.7: ``--resume`` with a config that has ``load_from`` goes
    on from ``load_from``, as if it were the run's own checkpoint, and what
    the run has learnt is lost; of weights alone it stops with KeyError.

    A run goes on from the last checkpoint of its work dir. Without one it
    starts, as it did at first, from the weights of ``load_from``. A
    ``load_from`` in the work dir itself is meant and stays. The log says which
    it is.
    """

    def before_run(self, runner: Runner) -> None:
        start = runner._load_from
        if not runner._resume or start is None:
            return
        work_dir = Path(runner.work_dir)
        if Path(start).resolve().parent == work_dir.resolve():
            last = start
        else:
            last = find_latest_checkpoint(runner.work_dir)
        if last is None:
            runner._resume = False
            runner.logger.info(f'{work_dir} holds no checkpoint to resume: '
                               f'starts from the weights of {start}.')
        else:
            runner._load_from = last
            runner.logger.info(f'Resumes from the checkpoint {last}.')

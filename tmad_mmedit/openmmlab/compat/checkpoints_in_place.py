import re
from pathlib import Path
from typing import Optional, Union

from mmengine.fileio import LocalBackend, register_backend
from mmengine.hooks import CheckpointHook, Hook
from mmengine.registry import HOOKS
from mmengine.runner import Runner, find_latest_checkpoint


@HOOKS.register_module()
class CheckpointsAreWrittenInPlace(Hook):
    """mmengine 0.10.7 empties the file of a checkpoint, and the file
    ``last_checkpoint``, which names it, before it writes them. Of a run that
    is killed meanwhile a part stays there, at which ``--resume`` stops.

    Checkpoints are written whole or not at all; where ``last_checkpoint``
    names none, a run goes on from the last that there is.
    """
    priority = 'ABOVE_NORMAL'  # before ResumePrefersLoadFrom

    def before_run(self, runner: Runner) -> None:
        for hook in runner.hooks:
            if isinstance(hook, CheckpointHook) and (
                    hook.backend_args is hook.file_client_args is None and
                    '://' not in str(hook.out_dir)):
                hook.backend_args = dict(backend=WholeFiles.__name__)
        if not runner._resume:
            return
        named = find_latest_checkpoint(runner.work_dir)
        last = last_of(runner.work_dir)
        if None not in (named, last) and not Path(named).is_file():
            runner._load_from = last
            runner.logger.info(f'{runner.work_dir}/last_checkpoint names no '
                               f'file: resumes from {last}.')


class WholeFiles(LocalBackend):
    """mmengine's files, of which a reader finds the old one or the new."""

    def put(self, obj: bytes, filepath: Union[str, Path]) -> None:
        from ...files.atomic import replacing  # after the repairs
        Path(filepath).parent.mkdir(parents=True, exist_ok=True)
        with replacing(filepath) as part:
            part.write_bytes(obj)


register_backend(WholeFiles.__name__, WholeFiles, force=True)


def last_of(work_dir: str) -> Optional[str]:
    """The checkpoint of the most iterations."""
    made = {int(match[1]): path for path in Path(work_dir).iterdir()
            if (match := re.fullmatch(r'iter_(\d+)\.pth', path.name))}
    return str(made[max(made)]) if made else None

from importlib import import_module

from ..host import HOST
from ..trained import TrainedInpaintor


def init_model_wants_the_device_of_the_checkpoint() -> None:
    """mmedit 1.0.0rc7, mmagic 1.2.0: ``init_model`` loads a checkpoint to
    where it was saved from, so that one of ours from a GPU does not load
    without one."""
    inference_functions = import_module(
        f'{HOST}.apis.inferencers.inference_functions')
    upstream = inference_functions.load_checkpoint

    def load_checkpoint(model, *args, **kwargs):
        if isinstance(model, TrainedInpaintor):
            kwargs.setdefault('map_location', 'cpu')
        return upstream(model, *args, **kwargs)

    inference_functions.load_checkpoint = load_checkpoint

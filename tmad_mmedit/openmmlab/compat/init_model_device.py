from functools import partial

from mmedit.apis.inferencers import inference_functions


def init_model_wants_the_device_of_the_checkpoint() -> None:
    """mmedit 1.0.0rc7: ``init_model`` loads a checkpoint to where it was saved
    from, so that one from a GPU does not load without one."""
    inference_functions.load_checkpoint = partial(
        inference_functions.load_checkpoint, map_location='cpu')

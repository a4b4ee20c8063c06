"""A model is one file: the settings of its parts stand as JSON in the metadata
of the safetensors that hold its weights."""
import inspect
import json
from dataclasses import asdict, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional, Union

from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from .checkpoints import read_weights
from .models.blend.gradient_blend import BlendSettings
from .models.coarse.coarse_net import TMADCoarseNet
from .models.coarse.stage import CoarseStage
from .models.coherent import Coherent
from .models.crops import CropSettings
from .models.paper import TMAD
from .models.refine.thin import RefineThin
from .models.shifts.correspondence_net import CorrespondenceNet
from .models.shifts.settings import ShiftSettings
from .models.specks.settings import SpeckSettings
from .models.synthesis.psnet import PSNet
from .models.windows.texture_retriever import TextureMemoryRetriever

WEIGHTS = Path(__file__).parent / 'weights'
DEFAULT = 'tmad-coherent_natural'
VERSION = 1  # of the settings in a file
FIELD = 'tmad'  # of the metadata
ADDED = 'thin'  # a part that few models have
OPTIONAL = 'crops', ADDED  # parts that a model may be without
# Where the coarse network stood before files had settings
BEFORE, NOW = 'coarse.inpaintor.generator.', 'coarse.net.'


class Method(NamedTuple):
    """A class and what its arguments are made of; those that are not named
    stand in the file as they are."""
    build: Callable[..., nn.Module]
    parts: dict[str, Callable[..., Any]]


METHODS = dict(
    coherent=Method(Coherent, dict(
        coarse=TMADCoarseNet,
        correspondence=CorrespondenceNet,
        shifts=ShiftSettings,
        blend=BlendSettings,
        crops=CropSettings,
        specks=SpeckSettings,
        thin=RefineThin)),
    paper=Method(TMAD, dict(
        coarse=TMADCoarseNet,
        retriever=TextureMemoryRetriever,
        psnet=PSNet,
        crops=CropSettings)))


def shipped_models() -> dict[str, Path]:
    """Return the model files that the package carries, by name."""
    return {path.stem: path for path in sorted(WEIGHTS.glob('*.safetensors'))}


def full_settings(given: dict[str, Any]) -> dict[str, Any]:
    """Write out all settings of a model.

    >>> full_settings(dict(method='coherent'))['blend']['tolerance']
    1.2

    Args:
        given (dict): ``method``, a name of ``METHODS``; for each argument of
            its class a value, or, of a part, a dict of its own arguments.
            What is missing is as the code has it.

    Returns:
        dict: The same, with all there are; it is plain JSON.

    Raises:
        ValueError: For a method or a setting that there is not.
    """
    name = given.get('method')
    if name not in METHODS:
        raise ValueError(f'method {name!r} is unknown: expected '
                         f'{" or ".join(METHODS)}.')
    method = METHODS[name]
    full = _arguments(method.build, given, f'method {name}', ('method', ))
    for part, build in method.parts.items():
        value: Any = full.get(part)
        if is_dataclass(value) and not isinstance(value, type):
            value = asdict(value)
        if value is None and part not in OPTIONAL:
            value = {}
        if value is not None:
            full[part] = _arguments(build, value, part)
    if full.get(ADDED) is None:  # files of before do not speak of it
        full.pop(ADDED, None)
    return json.loads(json.dumps(dict(method=name, **full)))


def _arguments(build: Callable[..., Any], given: dict[str, Any], where: str,
               besides: tuple[str, ...] = ()) -> dict[str, Any]:
    """Fill in the defaults of a callable's arguments."""
    known = {name: None if x.default is x.empty else x.default
             for name, x in inspect.signature(build).parameters.items()}
    for key in given:
        if key not in known and key not in besides:
            nearest, = get_close_matches(str(key), known, 1, 0)
            raise ValueError(
                f'{where} has {key}, which is none of its settings: use '
                f'{nearest}, which is the nearest, or another of '
                f'{", ".join(known)}.')
    return {**known, **{k: x for k, x in given.items() if k not in besides}}


def build_model(settings: dict[str, Any]) -> nn.Module:
    """Build a model, with weights that are not trained.

    >>> build_model(dict(method='paper', retriever=dict(memory_size=50))).seed
    0

    Args:
        settings (dict): See :func:`full_settings`.

    Raises:
        ValueError: For settings that are none.
    """
    settings = full_settings(settings)
    method = METHODS[settings.pop('method')]
    made = {}
    for name, value in settings.items():
        build = method.parts.get(name)
        made[name] = build(**value) if build and value is not None else value
    made['coarse'] = CoarseStage(made['coarse'])
    return method.build(**made)


def load_model(path: Union[str, Path], trust: bool = False) -> nn.Module:
    """Build the model of a file and load its weights.

    >>> load_model('tmad-coherent_natural').shifts.block_size
    8

    Args:
        path (str or Path): What ships with the package, or ``tmad export``
            wrote; or the name of a shipped one.
        trust (bool): Whether code that is pickled in it may run.

    Raises:
        ValueError: If it has no settings, those of another version, or some
            that do not fit its weights.
        FileNotFoundError: If it is not there.
    """
    path = shipped_models().get(str(path), Path(path))
    weights = renamed(read_weights(path, trust))
    settings = read_settings(path)
    if settings is None:
        # of the file that shipped before files had settings
        model = build_model(dict(method='coherent', coarse_pixels=64 * 64))
        if {key: x.shape for key, x in model.state_dict().items()} != {
                key: x.shape for key, x in weights.items()}:
            raise ValueError(
                f'model file {path} has no settings: write one with `tmad '
                f'export {path} --config CONFIG -o MODEL.safetensors`, or '
                'give its config, too (--config).')
    else:
        try:
            model = build_model(settings)
        except ValueError as error:
            raise ValueError(f'model file {path}: {error}') from None
        except (AttributeError, RuntimeError, TypeError) as error:
            reason = str(error).splitlines()[0]
            raise ValueError(
                f'the settings of model file {path} build no model ({reason}):'
                ' give the file as it was written.') from None
    load_weights(model, weights, str(path))
    return model


def read_settings(path: Path) -> Optional[dict[str, Any]]:
    """Return the settings in a file, None if it has none.

    Raises:
        ValueError: If they are not to be read.
    """
    if path.suffix != '.safetensors':
        return None
    try:
        with safe_open(path, 'pt') as file:
            text = (file.metadata() or {}).get(FIELD)
        settings = None if text is None else dict(json.loads(text))
    except (SafetensorError, ValueError, TypeError) as error:
        raise ValueError(f'the settings of model file {path} cannot be read '
                         f'({error}): give a whole file.') from None
    if settings is None:
        return None
    version = settings.pop('version', None)
    if version != VERSION:
        raise ValueError(
            f'model file {path} is of version {version}, this tmad_mmedit '
            f'reads version {VERSION}: take the one that the file came with.')
    return settings


def settings_text(settings: dict[str, Any]) -> str:
    """Return settings as a file has them."""
    return json.dumps(dict(version=VERSION, **full_settings(settings)))


def renamed(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Give weights by the names of before their own."""
    return {NOW + key[len(BEFORE):] if key.startswith(BEFORE) else key: x
            for key, x in weights.items()}


def load_weights(model: nn.Module, weights: dict[str, Tensor],
                 name: str) -> None:
    """Load all that a model needs.

    Args:
        model (nn.Module): Takes them, on its device and in its precision.
        weights (dict): By name; others are left aside.
        name (str): How to speak of the file.

    Raises:
        ValueError: If one is missing, or has another shape.
    """
    own = model.state_dict()
    missing = [key for key in own if key not in weights]
    if missing:
        raise ValueError(
            f'{name} lacks {len(missing)} of the {len(own)} weights that its '
            f'settings ask for, among them {missing[0]}: give a whole file.')
    for key, x in own.items():
        if weights[key].shape != x.shape:
            raise ValueError(
                f'{name} has {key} as {tuple(weights[key].shape)}, its '
                f'settings build {tuple(x.shape)}: give the settings that it '
                'was trained with.')
    model.load_state_dict({key: weights[key] for key in own})

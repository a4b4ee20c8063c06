from pathlib import Path

import mmedit
import yaml
from mmedit.edit import MMEdit

INPAINTORS = ['deepfillv1', 'deepfillv2', 'partial_conv', 'tmad']


def mmedit_does_not_find_its_models() -> None:
    """mmedit 1.0.0rc7: ``MMEdit`` looks for its configs beside the package,
    where a checkout has them, and not where a wheel has them (mmagic issue
    1814); it does not know DeepFill and PConv; it stops with a KeyError at
    models without published weights.
    """
    MMEdit.inference_supported_models.extend(INPAINTORS)
    MMEdit.init_inference_supported_models_cfg = staticmethod(find_models)
    upstream = MMEdit._get_inferencer_kwargs

    def _get_inferencer_kwargs(self, model_name, model_setting, model_config,
                               model_ckpt, extra_parameters):
        if model_name is None:
            return upstream(self, model_name, model_setting, model_config,
                            model_ckpt, extra_parameters)
        settings = self.get_model_config(model_name)['settings']
        if model_setting is None:  # the first with weights
            model_setting = next(
                (i for i, x in enumerate(settings) if x['Weights']), 0)
        kwargs = upstream(self, model_name, model_setting, model_config,
                          model_ckpt, extra_parameters)
        setting = settings[model_setting]
        if model_config is None:
            kwargs['config'] = str(
                _configs(model_name).parent / setting['Config'])
        if kwargs['ckpt'] is None:
            raise ValueError(
                f'no weights of {setting["Name"]} are published yet: give '
                'model_ckpt, the checkpoint of your training.')
        return kwargs

    MMEdit._get_inferencer_kwargs = _get_inferencer_kwargs


def find_models() -> None:
    """Read what ``MMEdit`` knows of its models from their metafiles."""
    if MMEdit.inference_supported_models_cfg_inited:
        return
    for name in MMEdit.inference_supported_models:
        folder = _configs(name)
        if name != 'tmad':
            folder /= name
        text = (folder / 'metafile.yml').read_text(encoding='utf-8')
        settings = yaml.safe_load(text)['Models']
        for setting in settings:
            setting.setdefault('Weights')
            if name == 'tmad' and setting['Weights']:  # shipped with us
                setting['Weights'] = str(
                    Path(__file__).parents[3] / setting['Weights'])
        MMEdit.inference_supported_models_cfg[name] = dict(
            task=settings[0]['Results'][0]['Task'], settings=settings)
    MMEdit.inference_supported_models_cfg_inited = True


def _configs(model_name: str) -> Path:
    """The folder ``configs`` of a wheel, else that of a checkout."""
    package = Path(__file__).parents[2] if model_name == 'tmad' else Path(
        mmedit.__file__).parent
    carried = package / '.mim' / 'configs'
    return carried if carried.is_dir() else package.parent / 'configs'

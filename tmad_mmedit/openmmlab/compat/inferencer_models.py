from typing import Optional

from mmagic.apis import MMagicInferencer

from .. import published


def mmagic_infers_with_its_own_models_only() -> None:
    """mmagic 1.2.0: ``MMagicInferencer`` takes the names of a list, each of
    which has a folder of configs in mmagic's package, and no others.

    ``MMagicInferencer('tmad')`` goes past that; every other name is left to
    it.
    """
    upstream = MMagicInferencer._get_inferencer_kwargs

    def _get_inferencer_kwargs(self, model_name: Optional[str],
                               model_setting: Optional[int],
                               config_name: Optional[str],
                               model_config: Optional[str],
                               model_ckpt: Optional[str],
                               extra_parameters: Optional[dict]) -> dict:
        if model_name != published.NAME:
            return upstream(self, model_name, model_setting, config_name,
                            model_config, model_ckpt, extra_parameters)
        return dict(
            published.inferencer_settings(config_name or model_setting,
                                          model_config, model_ckpt),
            extra_parameters=extra_parameters)

    MMagicInferencer._get_inferencer_kwargs = _get_inferencer_kwargs

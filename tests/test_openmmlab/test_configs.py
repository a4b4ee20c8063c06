from pathlib import Path

import pytest
from mmengine.config import Config
from mmengine.fileio import load
from mmengine.registry import DATASETS, METRICS, MODELS, TRANSFORMS

from tests.conftest import ROOT
from tmad_mmedit.openmmlab.configs import shipped_configs

CONFIGS = sorted(path for path in (ROOT / 'configs').rglob('*.py')
                 if '_base_' not in path.parts)


@pytest.mark.parametrize('path', CONFIGS, ids=lambda path: path.stem)
def test_every_config_builds(path):
    config = Config.fromfile(path)
    model = MODELS.build(config.model)
    children = dict(model.named_children())
    for metric in config.test_evaluator:
        METRICS.build(metric)
    groups = dict(config.optim_wrapper)
    assert groups.pop('constructor') == 'GroupedOptimWrapperConstructor'
    assert 'generator' in groups
    assert ('disc' in groups) == any('disc' in name for name in children)
    for group in groups.values():
        assert set(group.children) <= set(children)
    for loader in ('train_dataloader', 'val_dataloader', 'test_dataloader'):
        dataset = config[loader].dataset
        assert DATASETS.get(dataset.type) is not None
        for transform in dataset.pipeline:
            TRANSFORMS.build(transform)
    assert config.train_cfg.max_iters >= config.model.train_cfg.get(
        'pretrain_iters', 0)
    schedulers = config.param_scheduler
    scheduler = schedulers[-1] if isinstance(schedulers, list) else schedulers
    assert (scheduler.end if 'end' in scheduler else sum(
        scheduler.periods)) == config.train_cfg.max_iters


@pytest.mark.parametrize('path', CONFIGS, ids=lambda path: path.stem)
def test_leaf_configs_are_thin_and_validation_is_fixed(path):
    assert len(path.read_text().splitlines()) <= 40
    config = Config.fromfile(path)
    kinds = [t.type for t in config.val_dataloader.dataset.pipeline]
    assert 'Seeded' in kinds and 'LoadMask' not in kinds


def test_no_two_configs_share_a_name_and_all_are_shipped():
    assert len({path.stem for path in CONFIGS}) == len(CONFIGS)
    assert {path.stem for path in CONFIGS} == set(shipped_configs())
    assert next(iter(shipped_configs())) == 'aot-gan_psnet_places'


def test_the_metafile_says_of_each_config_what_mim_asks_for():
    entries = {x['Config']: x for x in load(
        ROOT / 'configs/metafile.yml')['Models']}
    for path, entry in entries.items():
        assert (ROOT / path).is_file() and entry['Name'] == Path(path).stem
        for result in entry['Results']:
            assert result.keys() == {'Dataset', 'Metrics', 'Task'}, path
            assert result['Task'] == 'Inpainting'

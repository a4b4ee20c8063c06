import json

from PIL import Image

from tmad_mmedit.cli import main
from tmad_mmedit.openmmlab.evaluation.curves import read_curves


def write_log(work_dir, run, *lines):
    folder = work_dir / run / 'vis_data'
    folder.mkdir(parents=True)
    (folder / 'scalars.json').write_text(
        ''.join(json.dumps(line) + '\n' for line in lines))


def step(iteration, loss):
    return dict(loss=loss, time=1., iter=iteration, step=iteration)


def test_a_resumed_run_is_one_curve(tmp_path):
    write_log(tmp_path, '20260101', step(1, 4.), step(2, 3.),
              {'PSNR': 20., 'coarse/PSNR': 19., 'step': 0}, step(3, 9.))
    write_log(tmp_path, '20260102', step(3, 2.), step(4, 1.))
    assert read_curves(tmp_path) == {
        'loss': [(1, 4), (2, 3), (3, 2), (4, 1)], 'PSNR': [(2, 20)],
        'coarse/PSNR': [(2, 19)]}
    assert main(['curves', str(tmp_path), '-o', f'{tmp_path}/a.png']) == 0
    assert Image.open(tmp_path / 'a.png').width > 400


def test_no_log_and_a_broken_one_are_one_sentence(tmp_path, capsys):
    assert main(['curves', str(tmp_path), '-o', f'{tmp_path}/a.png']) == 1
    assert 'give the work dir of a training' in capsys.readouterr().err
    write_log(tmp_path, '1', step(1, 4.))
    with open(tmp_path / '1/vis_data/scalars.json', 'a') as file:
        file.write('{"loss": ')
    assert main(['curves', str(tmp_path), '-o', f'{tmp_path}/a.png']) == 1
    assert 'line 2 of' in capsys.readouterr().err
    assert not (tmp_path / 'a.png').exists()

"""Many pictures by several processes, and a part of them."""
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT
from tests.slim import SLIM_COHERENT, write_model
from tmad_mmedit.cli import main, memory, workers
from tmad_mmedit.cli.model_options import devices_joined


@pytest.fixture
def folder(tmp_path):
    """Seven pictures, one of them broken."""
    (tmp_path / 'photos').mkdir()
    photo = Image.open(ROOT / 'demo/photos/coffee.jpg').crop((0, 0, 80, 60))
    mask = np.zeros((60, 80), np.uint8)
    mask[20:35, 20:45] = 255
    Image.fromarray(mask).save(tmp_path / 'mask.png')
    for i in range(7):
        photo.rotate(3 * i).save(tmp_path / f'photos/{i}.png')
    (tmp_path / 'photos/3.png').write_text('no picture')
    write_model(tmp_path / 'slim.safetensors', SLIM_COHERENT)
    return tmp_path


def command(folder, out, *options):
    return ['inpaint', f'{folder}/photos', f'{folder}/mask.png', '-o',
            f'{folder}/{out}', '--checkpoint', f'{folder}/slim.safetensors',
            *options]


def results(folder, out):
    return {x.name: x.read_bytes() for x in (folder / out).iterdir()}


def test_two_workers_give_what_one_gives(folder, capsys, monkeypatch):
    monkeypatch.setenv('OMP_NUM_THREADS', '1')
    assert main(command(folder, 'one', '--workers', '1')) == 1
    assert main(command(folder, 'two', '--workers', '2', '--batch-size',
                        '2')) == 1
    out, err = capsys.readouterr()
    assert out.count('6 inpainted') == 2 and out.count('1 failed') == 2
    assert err.count('3.png: ') == 2
    assert len(results(folder, 'one')) == 6
    assert results(folder, 'two') == results(folder, 'one')
    assert main(command(folder, 'two', '--workers', '2')) == 1  # resumes
    assert '0 inpainted' in (out := capsys.readouterr().out)
    assert '6 were there' in out


def test_shards_are_all_and_apart(folder, capsys):
    for number in (1, 2, 3):
        main(command(folder, 'out', '--shard', f'{number}/3'))
        lines = capsys.readouterr().out
        assert ' 0 were there' in lines
    assert len(results(folder, 'out')) == 6


DYING = '''
import os, signal, sys
from tmad_mmedit.cli import main
from tmad_mmedit.cli import painting
before = painting.paint

def paint(inpainter, jobs, args, said):
    if any(job.image.name == '2.png' for job in jobs):
        os.kill(os.getpid(), signal.SIGKILL)
    return before(inpainter, jobs, args, said)

painting.paint = paint
if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
'''


def test_a_worker_that_dies_is_named_and_the_others_go_on(folder):
    (folder / 'dying.py').write_text(DYING)
    done = subprocess.run(
        [sys.executable, folder / 'dying.py',
         *command(folder, 'out', '--workers', '2')], text=True,
        capture_output=True, cwd=ROOT, check=False,
        env={**os.environ, 'PYTHONPATH': str(ROOT)})
    assert done.returncode == 1, done.stderr
    assert '5 inpainted' in done.stdout and '2 failed' in done.stdout
    assert '2.png: its worker was killed (signal 9' in done.stderr
    assert 'Traceback' not in done.stderr
    assert main(command(folder, 'out')) == 1  # the same command tries again
    assert len(results(folder, 'out')) == 6


UNABLE = DYING.split('if __name__')[0] + '''
from tmad_mmedit.cli import model_options
loaded = model_options.load

def load(args, place=0):
    if os.path.exists(args.out) and os.listdir(args.out):
        os.kill(os.getpid(), signal.SIGKILL)
    return loaded(args, place)

model_options.load = load
if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
'''


def test_workers_that_never_start_again_end_the_command(folder):
    """Else it would start one after the other for ever."""
    (folder / 'dying.py').write_text(UNABLE)
    done = subprocess.run(
        [sys.executable, folder / 'dying.py',
         *command(folder, 'out', '--workers', '1')], text=True,
        capture_output=True, cwd=ROOT, check=False, timeout=120,
        env={**os.environ, 'PYTHONPATH': str(ROOT)})
    assert done.returncode == 1, done.stderr
    assert '2 inpainted' in done.stdout and '5 failed' in done.stdout
    assert '2.png: its worker was killed (signal 9' in done.stderr
    assert '6.png: no worker was left to paint it: the last was killed' in (
        done.stderr)
    assert 'Traceback' not in done.stderr


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT])
def test_stopped_it_leaves_whole_files_and_no_process(folder, number):
    with subprocess.Popen(
            [sys.executable, '-m', 'tmad_mmedit',
             *command(folder, 'out', '--workers', '2')], text=True,
            stderr=subprocess.PIPE, cwd=ROOT, start_new_session=True) as run:
        for _ in range(600):
            if (folder / 'out').is_dir() and any((folder / 'out').iterdir()):
                break
            time.sleep(.1)
        os.killpg(run.pid, number) if number == signal.SIGINT else (
            run.send_signal(number))
        err = run.communicate(timeout=60)[1]
        assert run.returncode in (128 + number, 130, 1), err
        assert 'Traceback' not in err
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.killpg(run.pid, 0)
            time.sleep(.1)
    main(command(folder, 'out'))
    assert main(command(folder, 'unbroken')) == 1
    assert results(folder, 'out') == results(folder, 'unbroken')


@pytest.mark.parametrize('given, said', [
    (['--workers', '0'], '--workers 0: expected 1 or more'),
    (['--shard', '4/3'], '4/3 is no part of a whole'),
    (['--shard', '0/3'], '0/3 is no part of a whole'),
    (['--shard', 'half'], 'half is no part of a whole'),
    (['--device', 'cuda:93', 'cuda:94'], "device 'cuda:9")])
def test_what_cannot_be_is_a_sentence(folder, capsys, given, said):
    try:
        assert main(command(folder, 'out', *given)) != 0
    except SystemExit as stop:
        assert stop.code != 0
    err = capsys.readouterr().err
    assert said in err and 'Traceback' not in err


def test_more_workers_than_the_memory_holds_are_refused(
        folder, capsys, monkeypatch):
    monkeypatch.setattr(workers, 'available', lambda: 3 * 600 << 20)
    assert main(command(folder, 'out', '--workers', '9')) != 0
    assert '--workers 3 fit' in capsys.readouterr().err
    assert not (folder / 'out').exists()
    assert workers.available() and workers.largest(
        []) == 0  # and on a system that tells


def test_a_container_or_a_job_may_have_less_than_the_machine(tmp_path):
    own, place = tmp_path / 'own', tmp_path / 'slurm/job'
    place.mkdir(parents=True)
    own.write_text('3:cpu:/\n0::/slurm/job\n')
    assert memory.of_group(tmp_path, own) is None
    for folder, limit in ((place, 'max'), (place.parent, 900)):
        (folder / 'memory.max').write_text(f'{limit}\n')
        (folder / 'memory.current').write_text('700\n')
        (folder / 'memory.stat').write_text('anon 600\ninactive_file 50\n')
    assert memory.of_group(tmp_path, own) == 250
    (place / 'memory.max').write_text('720')
    assert memory.of_group(tmp_path, own) == 70
    assert memory.of_group(tmp_path, tmp_path / 'none') is None


def test_a_picture_is_no_device():
    given = ['inpaint', '--device', 'cpu', 'cuda.jpg', 'm.png']
    assert devices_joined(given) == given

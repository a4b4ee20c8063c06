import importlib.util

from PIL import Image

from tests.conftest import ROOT

SCRIPT = ROOT / 'tools' / 'paper_tables.py'
spec = importlib.util.spec_from_file_location('paper_tables', SCRIPT)
paper_tables = importlib.util.module_from_spec(spec)
spec.loader.exec_module(paper_tables)


def test_our_rows_stand_beside_the_papers_in_their_tables(tmp_path):
    photos = ROOT / 'demo/photos'
    (tmp_path / 'k1').mkdir()
    for path in photos.iterdir():
        Image.open(path).resize((32, 32)).save(
            tmp_path / f'k1/{path.stem}.png')
    assert paper_tables.main([
        str(photos), '-o', f'{tmp_path}/out', '--size', '32', '--sides', '16',
        '--methods', 'telea', f'k1={tmp_path}/k1']) == 0
    text = (tmp_path / 'out/tables.md').read_text()
    tables = {part.split('\n')[0].split(':')[0]: part
              for part in text.split('## ')[1:]}
    assert '| T-MAD | the paper: Places | 10.334 |' in ' '.join(
        tables['Table III'].split())
    for name, rows in (('Table III', ['telea']), ('Table V', ['k1']),
                       ('Table VI', []), ('Figure 10', ['telea', 'k1'])):
        ours = [line.split('|')[1].strip()
                for line in tables[name].splitlines()
                if f'| {photos}' in line]
        assert ours == rows


def test_what_the_user_can_mend_is_one_sentence(tmp_path, capsys):
    assert paper_tables.main([f'{tmp_path}/none', '-o', f'{tmp_path}/out',
                              '--methods', 'telea']) == 1
    assert capsys.readouterr().err.startswith('paper_tables: photos ')
    assert not (tmp_path / 'out').exists()

import subprocess
import sys

WITHOUT_OPS = '''
import sys
sys.modules['mmcv.ops'] = None  # what an mmcv built without operators is
import tmad_mmedit
'''


def test_an_mmcv_without_operators_is_one_sentence():
    done = subprocess.run([sys.executable, '-c', WITHOUT_OPS], text=True,
                          stderr=subprocess.PIPE)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode and last.startswith('ImportError: tmad_mmedit need')
    assert 'compiled operators' in last and 'make env' in last

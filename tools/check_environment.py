"""Says whether the packages in this Python fit together: a line per
component, then one sentence on the first thing that does not fit.

    python tools/check_environment.py            # imports everything
    python tools/check_environment.py --quick    # versions and files only

Exit status 1 goes with the sentence.
"""
import argparse
import runpy
import sys
from pathlib import Path

# by its path: importing the package imports what may be missing
environment = runpy.run_path(
    str(Path(__file__).parents[1] / 'tmad_mmedit/openmmlab/environment.py'))


def main(argv=None):
    parser = argparse.ArgumentParser(
        description='Do the packages in this Python fit together?')
    parser.add_argument(
        '--quick',
        action='store_true',
        help='versions and files only; silent when all is well')
    quick = parser.parse_args(argv).quick

    versions = environment['installed']()
    if not quick:
        versions.update(environment['imported']())
        for component, found in versions.items():
            print(f'{component:20} {found or "missing"}')
    sentence = environment['verdict'](versions)
    if sentence:
        print(sentence, file=sys.stderr)
    return 1 if sentence else 0


if __name__ == '__main__':
    sys.exit(main())

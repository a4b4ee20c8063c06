"""Pictures of the brush page, before and after a removal, in a light and in a
dark room, on a screen and on a telephone; and docs/web.jpg.

It is run as a module, in a checkout: `python -m tools.web_pictures`.
"""
import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.test_web.chromium import CHROMIUM, FLAGS, Page, Server

SIZES = (1280, 844), (1400, 900), (1920, 1080), (390, 844)
SCHEMES = 'light', 'dark'
SHOWN = 'rocket'  # of the examples, in docs/web.jpg


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('-o', '--out', default='docs', help='a folder')
    parser.add_argument('--all', action='store_true',
                        help='every size and scheme, not docs/web.jpg alone')
    args = parser.parse_args()
    out = Path(args.out)
    out.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as started:
        server = Server(Path(folder))
        browser = started.chromium.launch(executable_path=CHROMIUM,
                                          args=FLAGS)
        try:
            for width, height in SIZES if args.all else SIZES[:1]:
                for scheme in SCHEMES if args.all else SCHEMES[:1]:
                    page = Page(browser, server.url, width, height,
                                color_scheme=scheme)
                    name = f'{width}_{scheme}'
                    if args.all:
                        taken(page, out / f'{name}_before.png')
                    removed(page)
                    taken(page, out / f'{name}_after.png')
                    page.close()
        finally:
            server.process.terminate()
    after = out / f'{SIZES[0][0]}_{SCHEMES[0]}_after.png'
    with Image.open(after) as image:
        image.convert('RGB').save(out / 'web.jpg', quality=85, optimize=True)
    if not args.all:
        after.unlink()


def removed(page: Page) -> None:
    """The shown example is opened, what is brushed on it taken out, and more
    is brushed."""
    page.page.click(f'#examples button[value={SHOWN}]')
    page.wait_for_rounds(1)
    page.stroke((276, 245), (269, 140), (267, 80))
    page.wait_for_growth()


def taken(page: Page, file: Path) -> None:
    page.page.screenshot(path=file)


if __name__ == '__main__':
    main()

import logging
from typing import Any, Optional

from mmengine.logging import print_log
from mmengine.registry import DATASETS

from ..host import BasicImageDataset
from .unreadable import fault_of


@DATASETS.register_module()
class PhotoDataset(BasicImageDataset):
    """MMEditing's image folder, sorted, never empty, and with file names in
    its errors.

    The order of a folder's files differs between machines, and fixed masks go
    by the position of an image; an empty folder would have the sampler wait
    forever.

    Args:
        pass_over_broken (bool): Of a file that cannot be read, training takes
            another one in its place, and the log counts them. Validation and
            tests do not: their numbers are of all files. Defaults to False.
        kwargs: Of MMEditing's ``BasicImageDataset``.

    Raises:
        FileNotFoundError: If there is no folder, no list or no image.
    """

    def __init__(self, *args: Any, pass_over_broken: bool = False,
                 **kwargs: Any) -> None:
        self.pass_over_broken = pass_over_broken
        self.broken: set[str] = set()
        super().__init__(*args, **kwargs)

    def load_data_list(self) -> list[dict]:
        """Entries with ``gt_path``, sorted by path."""
        try:
            data_list = super().load_data_list()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise FileNotFoundError(
                f'{error.filename} is not there: set data_root (and '
                'data_prefix, ann_file) of the data loaders to where your '
                'photographs are.') from None
        if not data_list:
            kinds = sorted({suffix.lower() for suffix in self.img_suffix})
            raise FileNotFoundError(
                f'no image ({", ".join(kinds)}) in '
                f'{self.ann_file or self.data_prefix[self.search_key]}: set '
                'data_root to your photographs, and recursive=True if they '
                'are in subfolders.')
        return sorted(data_list, key=lambda data: data['gt_path'])

    def prepare_data(self, idx: int) -> Optional[dict]:
        """What the pipeline makes of an image; None, if it is passed over.

        Raises:
            RuntimeError: With the name of the file that the pipeline could
                not take.
        """
        try:
            return super().prepare_data(idx)
        except Exception as error:  # of any transform
            path = self.get_data_info(idx)['gt_path']
            fault = fault_of(path)
            if fault is None:
                raise RuntimeError(f'{path}: {type(error).__name__}: {error}'
                                   ) from error
            if self.test_mode or not self.pass_over_broken:
                raise RuntimeError(
                    f'{path} cannot be read ({fault}): mend or remove it '
                    '(`tmad check` finds all such files), or set '
                    'pass_over_broken=True of the training data set.'
                ) from None
        if path not in self.broken:
            self.broken.add(path)
            print_log(f'{path} is passed over ({fault}); '
                      f'{len(self.broken)} so far in this process.',
                      'current', logging.WARNING)
        return None

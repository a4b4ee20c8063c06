from typing import List

from mmedit.datasets import BasicImageDataset
from mmedit.registry import DATASETS


@DATASETS.register_module()
class PhotoDataset(BasicImageDataset):
    """MMEditing's image folder, sorted and never empty.

    The order of a folder's files differs between machines, and fixed masks go
    by the position of an image; an empty folder would have the sampler wait
    forever.

    Raises:
        FileNotFoundError: If there is no folder, no list or no image.
    """

    def load_data_list(self) -> List[dict]:
        """Entries with ``gt_path``, sorted by path."""
        try:
            data_list = super().load_data_list()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise FileNotFoundError(
                f'{error.filename} is not there: set data_root (and '
                'data_prefix, ann_file) of the data loaders to your photographs.'
            ) from None
        if not data_list:
            raise FileNotFoundError(
                f'no image ({", ".join(sorted(set(map(str.lower, self.img_suffix))))}) '
                f'in {self.ann_file or self.data_prefix[self.search_key]}: set '
                'data_root to your photographs, recursive=True for subfolders.')
        return sorted(data_list, key=lambda data: data['gt_path'])

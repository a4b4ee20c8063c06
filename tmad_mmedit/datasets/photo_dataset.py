
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

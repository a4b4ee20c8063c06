"""For engines that spread work over machines: a callable that keeps its model,
such as Ray Data's ``map_batches`` takes."""
from io import BytesIO
from pathlib import Path
from typing import Any, Optional, Union

import numpy as np

from .files.error_text import reason
from .inpainter import Inpainter


class Fill:
    """Fills the holes of batches of rows. A row that cannot be filled says so,
    and does not stop the others.

    >>> fill = Fill()
    >>> photo = np.full((64, 64, 3), 200, np.uint8)
    >>> hole = np.zeros((64, 64), bool)
    >>> hole[20:30, 20:30] = True
    >>> rows = fill(dict(image=[photo, photo], mask=[hole, ~hole[:9]]))
    >>> rows['error'][0], rows['error'][1][:39]
    ('', 'the mask has 64 x 9 pixels, the image 6')

    Args:
        checkpoint (str or Path, optional): See :class:`Inpainter`.
        device (str): As torch names it. Defaults to 'cpu'.
        format (str): Of results whose image came as the bytes of a file.
            Defaults to 'png'.
        options: Of the call, such as ``feather`` or ``way``.
    """

    def __init__(self, checkpoint: Optional[Union[str, Path]] = None,
                 device: str = 'cpu', format: str = 'png',
                 **options: Any) -> None:
        self.inpainter = Inpainter(checkpoint=checkpoint, device=device)
        self.format = format
        self.options = options

    def __call__(self, rows: dict[str, Any]) -> dict[str, Any]:
        """Fill a batch.

        Args:
            rows (dict): Columns ``image`` and ``mask``, each of arrays or of
                the bytes of files; if there, ``hint``, ``not_from`` and
                ``only_from``, of which a row may be None. Others pass through.

        Returns:
            dict: The columns, without these, and ``result``, an array for an
            array and the bytes of a file for such, None where it failed; and
            ``error``, '' or a sentence.

        Raises:
            ValueError: If a column is missing.
        """
        for name in ('image', 'mask'):
            if name not in rows:
                raise ValueError(f'there is no column {name!r}: expected '
                                 'image and mask, arrays or bytes of files; '
                                 f'there are {", ".join(rows) or "none"}.')
        said = [name for name in ('hint', 'not_from', 'only_from')
                if name in rows]
        made = [self._filled(image, mask, **{
            name: rows[name][i] for name in said})
            for i, (image, mask) in enumerate(zip(
                rows['image'], rows['mask']))]
        left = {name: column for name, column in rows.items()
                if name not in ('image', 'mask', *said)}
        return dict(left, result=objects([x for x, _ in made]),
                    error=[text for _, text in made])

    def _filled(self, image: Any, mask: Any, **said: Any) -> tuple[Any, str]:
        try:
            result = self.inpainter(image, mask, **self.options, **said)
            if isinstance(image, bytes):
                file = BytesIO()
                result.save(file, self.format)
                return file.getvalue(), ''
            return result, ''
        except Exception as error:  # one row does not stop the others
            return None, reason(error)


def objects(values: list) -> np.ndarray:
    """A column of anything: NumPy's own choice joins arrays of one size."""
    column = np.empty(len(values), object)
    column[:] = values
    return column

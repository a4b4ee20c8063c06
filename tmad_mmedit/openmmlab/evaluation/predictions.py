from ...files.progress import tracked
from .method import Method, Paint, digest_of
from .samples import Samples, complain, pictures_of, read_rgb


class Predictions(Method):
    """A folder of pictures that another program made."""

    def __init__(self, name: str, folder: str) -> None:
        super().__init__([name])
        self.found = pictures_of(folder, 'predictions')
        self.folder = folder
        self.settings = dict(predictions=digest_of(*self.found.values()))

    def check(self, samples: Samples) -> None:
        """See that there is one of the right size for each sample; remark
        upon pictures that belong to none and on known pixels that changed."""
        names = samples.names
        if self.found.keys().isdisjoint(names):
            raise ValueError(
                f'none of the {len(self.found)} pictures in {self.folder} has '
                f'the name of a sample, such as {names[0]}: name them after '
                'the pictures in the folder inputs.')
        complain([name for name in names if name not in self.found],
                 len(names), f'predictions are missing in {self.folder}',
                 'add them')
        wrong, changed = [], 0
        for name, image, hole in tracked(samples, self.rows[0]):
            picture = read_rgb(self.found[name])
            if picture.shape != image.shape:
                wrong.append('{0} ({2} x {1}, not {4} x {3})'.format(
                    name, *picture.shape[:2], *image.shape[:2]))
            else:
                changed += (picture != image)[~hole].any()
        complain(wrong, len(names),
                 f'predictions in {self.folder} have another size',
                 'make them from the pictures in the folder inputs')
        extra = sorted(self.found.keys() - set(names))
        remarks = [f'pictures from {self.folder}']
        if extra:
            remarks.append(f'{len(extra)} more there belong to no sample, '
                           f'among them {extra[0]}')
        if changed:
            remarks.append(f'{changed} of {len(names)} change pixels outside '
                           'the hole')
        self.remark = '; '.join(remarks)

    def load(self) -> Paint:
        return lambda sample: [read_rgb(self.found[sample.name])]

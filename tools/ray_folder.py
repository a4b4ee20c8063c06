"""Fill a folder, or a bucket, by Ray:

    python tools/ray_folder.py PHOTOS MASKS OUT
"""
import posixpath
import sys

import fsspec
import ray

from tmad_mmedit.batch import Fill


class FillFiles(Fill):
    """Rows of paths, or addresses such as s3://bucket/a.jpg."""

    def __call__(self, rows):
        read = {name: [fsspec.open(path).open().read() for path in rows[name]]
                for name in ('image', 'mask')}
        done = super().__call__(read)
        for path, result in zip(rows['out'], done['result']):
            if result is not None:
                with fsspec.open(path, 'wb', auto_mkdir=True) as file:
                    file.write(result)
        return dict(image=rows['image'], error=done['error'])


def named(folder):
    """The files of a folder, by their names without ending."""
    return {posixpath.splitext(posixpath.basename(x.path))[0]: x.full_name
            for x in fsspec.open_files(f'{folder}/*')}


def main(photos, masks, out):
    ray.init()
    gpus = int(ray.cluster_resources().get('GPU', 0))
    photos, masks = (named(folder) for folder in (photos, masks))
    rows = [dict(image=photos[name], mask=masks[name],
                 out=f'{out}/{name}.png')
            for name in sorted(photos.keys() & masks.keys())]
    data = ray.data.from_items(rows).repartition(-(-len(rows) // 4))
    done = data.map_batches(
        FillFiles, batch_size=4, num_cpus=1, num_gpus=int(gpus > 0),
        compute=ray.data.ActorPoolStrategy(
            size=gpus or int(ray.cluster_resources()['CPU'])),
        fn_constructor_kwargs={'device': 'cuda' if gpus else 'cpu'})
    failed = [x for x in done.iter_rows() if x['error']]
    for row in failed:
        print(f'{row["image"]}: {row["error"]}', file=sys.stderr)
    return bool(failed)


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:4]))

#!/usr/bin/env bash
# The main job in small, on the sample photographs: train, test, inpaint. `make demo` calls it with
# the environment's programs first in PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

config=configs/tmad_demo.py
work_dir=work_dirs/demo
picture=demo/out/coffee.png

echo "== training: two to four minutes on two cores"
mim train mmedit $config --launcher none --gpus 0 --work-dir $work_dir

checkpoint=$(cat $work_dir/last_checkpoint)  # mmengine writes its path there

echo "== test: the metrics stand behind Iter(test)"
mim test mmedit $config --checkpoint "$checkpoint" --launcher none --gpus 0 --work-dir $work_dir/test

echo "== inpainting: the spoon"
mkdir -p "$(dirname $picture)"
tmad inpaint demo/photos/coffee.jpg demo/masks/coffee.png -o $picture --config $config --checkpoint "$checkpoint" --trust-checkpoint
echo "The inpainted photograph is in $PWD/$picture"

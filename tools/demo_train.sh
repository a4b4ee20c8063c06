#!/usr/bin/env bash
# The plug in small, on the sample photographs: train, test, inpaint with what was trained. `make
# demo-train` calls it with the environment's programs first in PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

photo=demo/photos/coffee.jpg
mask=demo/masks/coffee.png
out=demo/out
host=$(python -c "from tmad_mmedit.openmmlab.host import HOST; print(HOST)" | tail -1)
config=configs/tmad_demo.py
work_dir=work_dirs/demo

echo "== training: two to four minutes on two cores"
mim train "$host" $config --launcher none --gpus 0 --work-dir $work_dir

checkpoint=$(cat $work_dir/last_checkpoint)  # mmengine writes its path there

echo "== test: the metrics stand behind Iter(test)"
mim test "$host" $config --checkpoint "$checkpoint" --launcher none --gpus 0 --work-dir $work_dir/test

echo "== inpainting with what was trained: too little to paint well"
mkdir -p $out
tmad export "$checkpoint" -o $work_dir/model.safetensors --config $config
tmad inpaint $photo $mask -o $out/coffee_trained_here.png --checkpoint $work_dir/model.safetensors
echo "The inpainted photograph is in $PWD/$out/coffee_trained_here.png; what ships paints better: make demo"

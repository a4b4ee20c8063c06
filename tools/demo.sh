#!/usr/bin/env bash
# The main jobs in small, on the sample photographs: inpaint with the shipped weights; train, test,
# inpaint with what was trained. `make demo` calls it with the environment's programs first in PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

photo=demo/photos/coffee.jpg
mask=demo/masks/coffee.png
out=demo/out
config=configs/tmad_demo.py
work_dir=work_dirs/demo

echo "== inpainting: the spoon, with the shipped weights"
mkdir -p $out
tmad inpaint $photo $mask -o $out/coffee.png
echo "The inpainted photograph is in $PWD/$out/coffee.png"

echo "== training: two to four minutes on two cores"
mim train mmedit $config --launcher none --gpus 0 --work-dir $work_dir

checkpoint=$(cat $work_dir/last_checkpoint)  # mmengine writes its path there

echo "== test: the metrics stand behind Iter(test)"
mim test mmedit $config --checkpoint "$checkpoint" --launcher none --gpus 0 --work-dir $work_dir/test

echo "== inpainting with what was trained: too little to paint well"
tmad inpaint $photo $mask -o $out/coffee_trained_here.png --config $config --checkpoint "$checkpoint" --trust-checkpoint
echo "The inpainted photograph is in $PWD/$out/coffee_trained_here.png"

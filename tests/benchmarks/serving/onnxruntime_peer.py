"""The same network in onnxruntime, in process: milliseconds of one photo, and how far its answers lie from hpo's.

    onnxruntime_peer.py MODEL PHOTOS OUT     a model's folder, a folder of photos, their .out files
"""
import io
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from onnx_model import manifest_size, onnx_bytes


def main(model, photos, out):
    size = manifest_size(json.loads((Path(model) / "manifest.json").read_text()))
    files = sorted(path for path in Path(photos).rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))[:100]
    contents = [file.read_bytes() for file in files]

    def pixels(content):
        image = Image.open(io.BytesIO(content)).convert("RGB").resize((size, size), Image.Resampling.BILINEAR)
        return (np.asarray(image, np.float32) / 255).transpose(2, 0, 1)[None]

    for threads in (1, 2):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(onnx_bytes(model), options, providers=["CPUExecutionProvider"])
        whole, network, cpu, farthest = [], [], 0, 0
        for file, content in list(zip(files, contents)) * 3:
            started = time.perf_counter()
            x = pixels(content)
            decoded, decoded_cpu = time.perf_counter(), time.process_time()
            answer, = session.run(None, {"x": x})
            ended = time.perf_counter()
            cpu += time.process_time() - decoded_cpu
            whole.append(1000 * (ended - started))
            network.append(1000 * (ended - decoded))
            ours = json.loads((Path(out) / f"{file.relative_to(photos)}.out").read_text())["probabilities"][0]
            farthest = max(farthest, float(np.abs(answer[0] - ours).max()))
        print(f"onnxruntime {onnxruntime.__version__} in process, {threads} thread{'s' * (threads > 1)}: p50 "
              f"{statistics.median(whole):.1f} ms with Pillow's decoding, {statistics.median(network):.1f} ms the network "
              f"alone ({1000 * cpu / len(network):.2f} ms of CPU); probabilities within {farthest:.0e} of hpo's")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A bird model's folder as ONNX, for onnxruntime: the network of trainers/mobilenet_v2.cpp with BatchNorm folded in."""
import json
import struct
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

STAGES = [(1, 1, 1), (6, 2, 2), (6, 3, 2), (6, 4, 2), (6, 3, 1), (6, 3, 2), (6, 1, 1)]  # expansion, repeats, stride
EPSILON = 1e-5


def read_safetensors(path):
    data = Path(path).read_bytes()
    size, = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[8 + size + begin:8 + size + end], np.float32).reshape(entry["shape"])
    return tensors


class Graph:
    def __init__(self, tensors):
        self.tensors, self.nodes, self.weights = tensors, [], []
        self.limits = (self.constant("low", np.float32(0)), self.constant("high", np.float32(6)))

    def constant(self, name, value):
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, op, *inputs, **attributes):
        out = f"{op}{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [out], **attributes))
        return out

    def convolution(self, x, conv, norm, stride=1, relu6=True):
        t = self.tensors
        w = t[conv + ".weight"]
        scale = t[norm + ".weight"] / np.sqrt(t[norm + ".running_var"] + EPSILON)
        bias = t[norm + ".bias"] - t[norm + ".running_mean"] * scale
        kernel = w.shape[2]
        y = self.add("Conv", x, self.constant(conv, w * scale[:, None, None, None]), self.constant(norm, bias),
                     kernel_shape=[kernel, kernel], strides=[stride, stride], pads=[kernel // 2] * 4,
                     group=1 if w.shape[1] > 1 or kernel == 1 else w.shape[0])
        return self.add("Clip", y, *self.limits) if relu6 else y

    def block(self, x, index, expansion, stride):
        name, at, y = f"features.{index}.conv", 0, x
        if expansion != 1:
            y, at = self.convolution(y, f"{name}.0.0", f"{name}.0.1"), 1
        y = self.convolution(y, f"{name}.{at}.0", f"{name}.{at}.1", stride)
        y = self.convolution(y, f"{name}.{at + 1}", f"{name}.{at + 2}", relu6=False)
        first = self.tensors[f"{name}.{0 if expansion != 1 else at}.0.weight"]
        channels = first.shape[1] if expansion != 1 else first.shape[0]
        residual = stride == 1 and channels == self.tensors[f"{name}.{at + 1}.weight"].shape[0]
        return self.add("Add", x, y) if residual else y


def onnx_bytes(folder):
    """Input `x`: N x 3 x S x S, RGB in [0, 1]; output `probabilities`."""
    manifest = json.loads((Path(folder) / "manifest.json").read_text())
    g = Graph(read_safetensors(Path(folder) / "weights.safetensors"))
    mean = g.constant("mean", np.float32([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1))
    deviation = g.constant("deviation", np.float32([0.229, 0.224, 0.225]).reshape(1, 3, 1, 1))
    x = g.add("Div", g.add("Sub", "x", mean), deviation)
    x = g.convolution(x, "features.0.0", "features.0.1", 2)
    index = 1
    for expansion, repeats, stride in STAGES:
        for i in range(repeats):
            x = g.block(x, index, expansion, stride if i == 0 else 1)
            index += 1
    x = g.convolution(x, f"features.{index}.0", f"features.{index}.1")
    x = g.add("Flatten", g.add("GlobalAveragePool", x))
    layers = sorted({name.rsplit(".", 1)[0] for name in g.tensors if name.startswith("classifier.")},
                    key=lambda name: int(name.split(".")[1]))
    for layer in layers:
        x = g.add("Gemm", x, g.constant(layer + "w", g.tensors[layer + ".weight"]),
                  g.constant(layer + "b", g.tensors[layer + ".bias"]), transB=1)
        if layer != layers[-1]:
            x = g.add("Relu", x)
    g.nodes.append(helper.make_node("Softmax", [x], ["probabilities"], axis=1))
    shape = ["n", 3, manifest_size(manifest), manifest_size(manifest)]
    graph = helper.make_graph(g.nodes, "birds", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
                              [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", None])], g.weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    return model.SerializeToString()


def manifest_size(manifest):
    return manifest.get("image_size") or manifest["preprocessing"]["image_size"]

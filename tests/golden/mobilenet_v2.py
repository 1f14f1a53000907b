"""Reference numbers of torchvision's MobileNetV2 for tests/trainers/network_test.cpp.

    pip install torch torchvision
    python tests/golden/mobilenet_v2.py > tests/golden/mobilenet_v2.json

Every tensor is filled by a formula of its name and its elements' indices, which the test repeats, so no weights
are stored. Input: 2 x 3 x 64 x 64, x[i] = sin(0.01 i), not normalised. Written with torch 2.11.0, torchvision 0.26.0.
"""

import json
import math

import torch
import torchvision


def filled(name, tensor):
    phase = sum(name.encode()) % 97
    wave = torch.sin(0.7 * torch.arange(tensor.numel(), dtype=torch.float64) + phase)
    if name.endswith("running_var"):
        values = 1 + 0.2 * wave
    elif tensor.dim() == 4:
        values = wave * math.sqrt(4 / (tensor.shape[1] * tensor.shape[2] * tensor.shape[3]))
    elif name.endswith(".weight"):
        values = 1 + 0.1 * wave
    else:
        values = 0.1 * wave
    return values.reshape(tensor.shape).float()


def describe(x):
    flat = x.double().flatten()
    return {"shape": list(x.shape), "first": flat[:6].tolist(), "mean": flat.mean().item(),
            "mean_square": (flat * flat).mean().item()}


def reference(alpha):
    features = torchvision.models.mobilenet_v2(weights=None, width_mult=alpha).features.eval()
    state = {f"features.{k}": v for k, v in features.state_dict().items() if "num_batches" not in k}
    features.load_state_dict({k[len("features."):]: filled(k, v) for k, v in state.items()}, strict=False)
    x = torch.sin(0.01 * torch.arange(2 * 3 * 64 * 64, dtype=torch.float64)).float().reshape(2, 3, 64, 64)
    out = {"alpha": alpha, "shapes": {k: list(v.shape) for k, v in sorted(state.items())}, "after": {}}
    with torch.no_grad():
        for i, block in enumerate(features):
            x = block(x)
            if i in (0, 1, 4, 13, 18):
                out["after"][str(i)] = describe(x)
        out["pooled"] = describe(x.mean((2, 3)))
    return out


print(json.dumps([reference(1.0), reference(0.35), reference(1.4)]))

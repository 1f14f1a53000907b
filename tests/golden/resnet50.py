"""Reference numbers of torchvision's ResNet-50 for tests/trainers/network_test.cpp.

    pip install torch torchvision
    python tests/golden/resnet50.py > tests/golden/resnet50.json

Tensors and input as in mobilenet_v2.py. Written with torch 2.11.0, torchvision 0.26.0.
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


network = torchvision.models.resnet50(weights=None).eval()
state = {k: v for k, v in network.state_dict().items() if "num_batches" not in k and not k.startswith("fc.")}
network.load_state_dict({k: filled(k, v) for k, v in state.items()}, strict=False)
x = torch.sin(0.01 * torch.arange(2 * 3 * 64 * 64, dtype=torch.float64)).float().reshape(2, 3, 64, 64)
out = {"shapes": {k: list(v.shape) for k, v in sorted(state.items())}, "after": {}}
with torch.no_grad():
    x = network.maxpool(network.relu(network.bn1(network.conv1(x))))
    out["after"]["0"] = describe(x)
    number = 0
    for stage in (network.layer1, network.layer2, network.layer3, network.layer4):
        for block in stage:
            x = block(x)
            number += 1
        out["after"][str(number)] = describe(x)
    out["pooled"] = describe(x.mean((2, 3)))
print(json.dumps(out))

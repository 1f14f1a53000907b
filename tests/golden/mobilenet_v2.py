"""Reference numbers of torchvision's MobileNetV2 for tests/trainers/network_test.cpp.

    pip install torch torchvision
    python tests/golden/mobilenet_v2.py > tests/golden/mobilenet_v2.json

Tensors and input: torchvision_tensors.py. Written with torch 2.11.0, torchvision 0.26.0.
"""

import json

import torch
import torchvision

from torchvision_tensors import describe, filled, photos


def reference(alpha):
    features = torchvision.models.mobilenet_v2(weights=None, width_mult=alpha).features.eval()
    state = {f"features.{k}": v for k, v in features.state_dict().items() if "num_batches" not in k}
    features.load_state_dict({k[len("features."):]: filled(k, v) for k, v in state.items()}, strict=False)
    x = photos()
    out = {"alpha": alpha, "shapes": {k: list(v.shape) for k, v in sorted(state.items())}, "after": {}}
    with torch.no_grad():
        for i, block in enumerate(features):
            x = block(x)
            if i in (0, 1, 4, 13, 18):
                out["after"][str(i)] = describe(x)
        out["pooled"] = describe(x.mean((2, 3)))
    return out


print(json.dumps([reference(1.0), reference(0.35), reference(1.4)]))

"""Reference numbers of torchvision's ResNet-50 for tests/trainers/network_test.cpp.

    pip install torch torchvision
    python tests/golden/resnet50.py > tests/golden/resnet50.json

Tensors and input: torchvision_tensors.py. Written with torch 2.11.0, torchvision 0.26.0.
"""

import json

import torch
import torchvision

from torchvision_tensors import describe, filled, photos


network = torchvision.models.resnet50(weights=None).eval()
state = {k: v for k, v in network.state_dict().items() if "num_batches" not in k and not k.startswith("fc.")}
network.load_state_dict({k: filled(k, v) for k, v in state.items()}, strict=False)
x = photos()
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

"""Tunes a function of this program with `hpo ask-tell`: one JSON object per line each way, from any language."""
import json
import math
import subprocess
import sys

hpo = subprocess.Popen(["hpo", "ask-tell", "tuning.yaml", *sys.argv[1:]], text=True, bufsize=1,
                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def say(op, **fields):
    hpo.stdin.write(json.dumps({"op": op, **fields}) + "\n")
    answer = json.loads(hpo.stdout.readline())
    return answer if "error" not in answer else sys.exit(answer["error"])


def loss(learning_rate, layers, optimizer, momentum=0.0):
    speed = learning_rate / (1 - momentum) * (3 if optimizer == "adam" else 1)
    return math.log10(speed / 0.02) ** 2 + 0.1 * (layers - 3) ** 2


waiting = say("pending")["pending"]  # of a run that was interrupted
for _ in range(20):
    trial = waiting.pop() if waiting else say("ask")
    say("tell", number=trial["number"], value=loss(**trial["parameters"]))
print(say("best"))

"""`hpo ask-tell FILE --memory` as an optimizer: one process a run, JSON lines on its stdin and stdout."""
import json
import subprocess
import tempfile
from pathlib import Path


def tuning_file(space, strategy):
    """The text of a tuning.yaml (JSON is YAML) of the space."""
    parameters = {}
    for p in space:
        fields = {key: value for key, value in p.items() if key not in ("name", "log")}
        parameters[p["name"]] = {**fields, **({"scale": "log"} if p.get("log") else {})}
    return json.dumps({"study": "bench", "objective": {"metric": "value", "goal": "minimize"},
                       "parameters": parameters, "strategy": strategy}, indent=1)


class HpoProgram:
    def __init__(self, problem, seed, strategy, options):
        self.folder = tempfile.TemporaryDirectory(prefix="hpo-bench-")
        file = Path(self.folder.name) / "tuning.yaml"
        file.write_text(tuning_file(problem.space, {"name": strategy, "seed": seed, **options.get("strategy", {})}))
        self.errors = open(Path(self.folder.name) / "stderr", "w+")
        self.program = subprocess.Popen([options["hpo"], "ask-tell", str(file), "--memory"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.errors, bufsize=0)
        self.lines = open(self.program.stdout.fileno(), closefd=False)

    def ask(self):
        answer = self._answer({"op": "ask"})
        return None if answer.get("exhausted") else (answer["number"], answer["parameters"])

    def tell(self, key, value):
        self._answer({"op": "tell", "number": key, "value": value})

    def close(self):
        self.program.stdin.close()
        self.program.wait()
        self.lines.close()
        self.program.stdout.close()
        self.errors.close()
        self.folder.cleanup()

    def _answer(self, request):
        self.program.stdin.write((json.dumps(request) + "\n").encode())
        line = self.lines.readline()
        answer = json.loads(line) if line else {"error": "it ended"}
        if "error" in answer:
            self.errors.seek(0)
            raise RuntimeError(f"hpo ask-tell, {request}: {answer['error']}\n{self.errors.read()[-2000:]}")
        return answer

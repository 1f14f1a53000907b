"""Training jobs: really run, each in a folder laid out as /opt/ml.

Where a job's words and variables name /opt/ml they get that folder's name instead, and SAGEMAKER_BASE_DIR says it too,
so that many jobs run beside each other without being root.
"""

import io
import json
import os
import signal
import subprocess
import tarfile
import threading
import time
from pathlib import Path

from . import logs, s3

_GRACE_S = 5
_IMAGE_COMMANDS = "images"  # folder of the stand-in: <image name>/train is what an image runs by itself


class Job:
    def __init__(self, world, request):
        self.world = world
        self.request = request
        self.name = request["TrainingJobName"]
        self.arn = f"arn:aws:sagemaker:us-east-1:123456789012:training-job/{self.name.lower()}"
        self.tags = list(request.get("Tags", []))
        self.status = "InProgress"
        self.secondary = "Starting"
        self.reason = ""
        self.created_s = time.time()
        self.started_s = None
        self.ended_s = None
        self.metrics = {}
        self.transitions = []
        self.process = None
        self.is_stopping = False
        self.root = world.folder / "jobs" / self.name / "opt-ml"
        self.artifact = f"{request['OutputDataConfig']['S3OutputPath'].rstrip('/')}/{self.name}/output/model.tar.gz"

    # What it is.

    @property
    def is_live(self):
        return self.status in ("InProgress", "Stopping")

    def enter(self, secondary, status=None):
        now = time.time()
        if self.transitions:
            self.transitions[-1]["EndTime"] = now
        self.transitions.append({"Status": secondary, "StartTime": now, "StatusMessage": secondary})
        self.secondary = secondary
        self.status = status or self.status

    def describe(self):
        request = self.request
        answer = {
            "TrainingJobName": self.name,
            "TrainingJobArn": self.arn,
            "ModelArtifacts": {"S3ModelArtifacts": self.artifact},
            "TrainingJobStatus": self.status,
            "SecondaryStatus": self.secondary,
            "SecondaryStatusTransitions": self.transitions,
            "HyperParameters": request.get("HyperParameters", {}),
            "CreationTime": self.created_s,
            "LastModifiedTime": time.time(),
            "FinalMetricDataList": [
                {"MetricName": name, "Value": value, "Timestamp": time.time()} for name, value in self.metrics.items()
            ],
        }
        for key in ("AlgorithmSpecification", "RoleArn", "InputDataConfig", "OutputDataConfig", "ResourceConfig",
                    "StoppingCondition", "Environment", "CheckpointConfig", "EnableManagedSpotTraining"):
            if key in request:
                answer[key] = request[key]
        if self.reason:
            answer["FailureReason"] = self.reason[:1024]
        if self.started_s:
            answer["TrainingStartTime"] = self.started_s
        if self.ended_s and self.started_s:
            seconds = max(1, round(self.ended_s - self.started_s))
            answer |= {"TrainingEndTime": self.ended_s, "TrainingTimeInSeconds": seconds, "BillableTimeInSeconds": seconds}
        return answer

    # What happens to it.

    def stop(self):
        with self.world.lock:
            if not self.is_live:
                return
            self.is_stopping = True
            self.enter("Stopping", "Stopping")
            process = self.process
        if process:
            self._signal(process, signal.SIGTERM)
            timer = threading.Timer(_GRACE_S, self._signal, (process, signal.SIGKILL))
            timer.daemon = True
            timer.start()

    def run(self):
        try:
            self._run()
        except Exception as error:  # what the platform itself does wrong
            self._finish("Failed", "Failed", f"InternalServerError: {error!r}")

    def _run(self):
        if self.request["ResourceConfig"]["InstanceType"] in self.world.faults.capacity:
            return self._finish("Failed", "Failed", "CapacityError: Unable to provision requested ML compute capacity. "
                                "Please retry using a different ML instance type.")
        self.enter("Downloading")
        self._lay_out()
        code = self._train()
        while code is None:  # a spot machine was taken away
            self.enter("Interrupted")
            self.enter("Starting")
            code = self._train()
        self.enter("Uploading")
        self._upload()
        if self.secondary == "MaxRuntimeExceeded" or self.timed_out:
            return self._finish("Stopped", "MaxRuntimeExceeded")
        if self.is_stopping:
            return self._finish("Stopped", "Stopped")
        if code == 0:
            return self._finish("Completed", "Completed")
        failure = self.root / "output/failure"
        said = failure.read_text(errors="replace")[:1024] if failure.exists() else ""
        return self._finish("Failed", "Failed", f"AlgorithmError: {said or 'ExecuteUserScriptError'}, exit code: {code}")

    def _finish(self, status, secondary, reason=""):
        with self.world.lock:
            self.ended_s = time.time()
            self.reason = reason
            self.enter(secondary, status)

    # Its folder.

    def _lay_out(self):
        config = self.root / "input/config"
        for folder in ("input/config", "input/data", "model", "checkpoints", "output/data"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        channels = {channel["ChannelName"]: channel for channel in self.request.get("InputDataConfig", [])}
        host = "algo-1"
        files = {
            "hyperparameters": self.request.get("HyperParameters", {}),
            "inputdataconfig": {name: {"TrainingInputMode": "File", "S3DistributionType": "FullyReplicated",
                                       "RecordWrapperType": "None"} for name in channels},
            "resourceconfig": {"current_host": host, "hosts": [host], "network_interface_name": "eth0",
                               "current_instance_type": self.request["ResourceConfig"]["InstanceType"],
                               "current_group_name": "homogeneousCluster"},
        }
        for name, value in files.items():
            (config / f"{name}.json").write_text(json.dumps(value))
        for name, channel in channels.items():
            self._fetch(channel["DataSource"]["S3DataSource"]["S3Uri"], self.root / "input/data" / name)
        if "CheckpointConfig" in self.request:
            self._fetch(self.request["CheckpointConfig"]["S3Uri"], self.root / "checkpoints", is_required=False)

    def _fetch(self, uri, folder, is_required=True):
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        keys = s3.keys_of(self.world, bucket, prefix)
        if is_required and not keys:
            raise FileNotFoundError(f"no objects at {uri}")
        for key in keys:
            target = folder / (key[len(prefix):].lstrip("/") or Path(key).name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(s3.read(self.world, bucket, key))

    def _upload(self):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
            for path in sorted((self.root / "model").iterdir()):
                tar.add(path, path.name)
        bucket, _, key = self.artifact.removeprefix("s3://").partition("/")
        s3.store(self.world, bucket, key, buffer.getvalue())
        self._save_checkpoints()

    def _save_checkpoints(self):
        if "CheckpointConfig" not in self.request:
            return
        bucket, _, prefix = self.request["CheckpointConfig"]["S3Uri"].removeprefix("s3://").partition("/")
        for path in (self.root / "checkpoints").rglob("*"):
            if path.is_file():
                key = f"{prefix.rstrip('/')}/{path.relative_to(self.root / 'checkpoints')}"
                s3.store(self.world, bucket, key, path.read_bytes())

    # Its program.

    def _here(self, word):
        return word.replace("/opt/ml", str(self.root))

    def _words(self):
        algorithm = self.request["AlgorithmSpecification"]
        entrypoint = algorithm.get("ContainerEntrypoint")
        if not entrypoint:
            image = algorithm["TrainingImage"].rpartition("/")[2].partition(":")[0]
            return [str(self.world.folder / _IMAGE_COMMANDS / image / "train"), "train"]
        return [self._here(word) for word in entrypoint + algorithm.get("ContainerArguments", [])]

    def _environment(self):
        own = {name: self._here(value) for name, value in self.request.get("Environment", {}).items()}
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        return kept | {"TRAINING_JOB_NAME": self.name, "TRAINING_JOB_ARN": self.arn,
                       "SAGEMAKER_BASE_DIR": str(self.root)} | own

    def _train(self):
        """The exit code; None where the machine was taken away."""
        with self.world.lock:
            if self.is_stopping:
                return 0
            self.enter("Training")
            self.started_s = self.started_s or time.time()
            try:
                process = subprocess.Popen(
                    self._words(), cwd=self.root, env=self._environment(), stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
            except OSError as error:
                logs.put(self.world, self, [f"exec: {error}"])
                return 127
            self.process = process
            is_interrupted = bool(self.request.get("EnableManagedSpotTraining")) and self.world.faults.interrupt > 0
            if is_interrupted:
                self.world.faults.interrupt -= 1
        limit = threading.Timer(self.request["StoppingCondition"].get("MaxRuntimeInSeconds", 86400), self._time_out)
        limit.daemon = True
        limit.start()
        stream = logs.begin(self.world, self)
        for line in process.stdout:
            text = line.decode(errors="replace").rstrip("\n")
            logs.add(self.world, stream, text)
            self._measure(text)
            if is_interrupted:
                self._save_checkpoints()
                self._signal(process, signal.SIGKILL)
        code = process.wait()
        limit.cancel()
        self._signal(process, signal.SIGKILL)  # what it left behind
        return None if is_interrupted and not self.is_stopping else code

    timed_out = False

    def _time_out(self):
        self.timed_out = True
        self._signal(self.process, signal.SIGTERM)

    @staticmethod
    def _signal(process, number):
        try:
            os.killpg(process.pid, number)
        except OSError:
            pass

    def _measure(self, line):
        import re
        import struct

        for definition in self.request["AlgorithmSpecification"].get("MetricDefinitions", []):
            match = re.search(definition["Regex"], line)
            try:
                value = float(match[1]) if match else None
            except ValueError:
                continue
            if value is not None:
                self.metrics[definition["Name"]] = struct.unpack("f", struct.pack("f", value))[0]

    def kill(self):
        if self.process:
            self._signal(self.process, signal.SIGKILL)

"""What the stand-in knows: keys, objects, jobs, faults, and every call it was sent."""

import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Key:
    secret: str
    token: str = ""
    expires_s: float = None


@dataclass
class Faults:
    """Shares of all requests that meet a fault, and faults that wait for one operation each."""

    throttle: float = 0
    error: float = 0
    reset: float = 0
    clock_s: float = 0  # how far the service's clock is ahead
    denied: list = field(default_factory=list)  # operations that the caller may not do
    once: list = field(default_factory=list)  # [operation, fault]: lost|reset|throttle|error, or a Refusal's code
    capacity: list = field(default_factory=list)  # instance types without free machines
    interrupt: int = 0  # so many spot jobs are still to be interrupted
    late_logs_s: float = 0  # a log stream appears so long after its job began
    offline: bool = False  # every connection is reset


class World:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.lock = threading.RLock()
        self.keys = {"AKIDEXAMPLE": Key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")}
        self.faults = Faults()
        self.random = random.Random(7)
        self.calls = []  # [time, operation, status]
        self.connections = {}  # operation -> ports that its calls came from
        self.page = 1000  # objects of a listing's page, at most
        self.buckets = {}  # name -> region
        self.objects = {}  # (bucket, key) -> dict
        self.uploads = {}
        self.tokens = {}
        self.jobs = {}
        self.quotas = {}
        self.log_streams = {}
        self.models = {}
        self.configs = {}
        self.endpoints = {}
        self.transforms = {}
        self.metadata_role = ""
        self.at_end = []
        self._counter = 0

    def now_s(self):
        return time.time() + self.faults.clock_s

    def next_id(self):
        with self.lock:
            self._counter += 1
            return f"{self._counter:08d}-{self.random.getrandbits(64):016x}"

    def new_key(self, lifetime_s):
        """Id and key of a temporary key."""
        name = "ASIA" + self.next_id().replace("-", "").upper()[:16]
        key = Key(self.next_id(), "token+/" + self.next_id() + "==", self.now_s() + lifetime_s)
        with self.lock:
            self.keys[name] = key
        return name, key

    def end(self):
        for action in self.at_end:
            action()

"""What tests say to the stand-in itself, under /_control/: faults, keys, buckets, and what was called."""

import dataclasses
import json

from . import server


def answer(world, request):
    name = request.path.removeprefix("/_control/")
    given = json.loads(request.body) if request.body else {}
    with world.lock:
        return server.json_reply(_ACTIONS[name](world, given))


def _faults(world, given):
    for name, value in given.items():
        if name not in {field.name for field in dataclasses.fields(world.faults)}:
            raise KeyError(name)
        if name == "once" and isinstance(value, dict):
            value = [list(item) for item in value.items()]
        setattr(world.faults, name, value)
    return {}


def _bucket(world, given):
    world.buckets[given["name"]] = given.get("region", "us-east-1")
    return {}


def _key(world, given):
    from .state import Key

    world.keys[given["id"]] = Key(given["secret"], given.get("token", ""), given.get("expires_s"))
    return {}


def _expire(world, _given):
    """Every temporary key is over from now on."""
    for key in world.keys.values():
        if key.token:
            key.expires_s = 0
    return {}


def _calls(world, _given):
    return [[operation, status] for _, operation, status in world.calls]


def _jobs(world, _given):
    return [
        {"name": job.name, "status": job.status, "secondary": job.secondary, "request": job.request}
        for job in world.jobs.values()
    ]


def _quota(world, given):
    world.quotas.update(given)
    return {}


def _metadata(world, given):
    world.metadata_role = given["role"]
    return {}


def _connections(world, _given):
    """Operation -> how many connections its calls came over."""
    return {operation: len(connections) for operation, connections in world.connections.items()}


def _page(world, given):
    world.page = given["size"]
    return {}


def _objects(world, _given):
    return sorted(f"{bucket}/{key}" for bucket, key in world.objects)


_ACTIONS = {
    "faults": _faults,
    "bucket": _bucket,
    "key": _key,
    "expire": _expire,
    "calls": _calls,
    "jobs": _jobs,
    "quota": _quota,
    "metadata": _metadata,
    "connections": _connections,
    "page": _page,
    "objects": _objects,
}

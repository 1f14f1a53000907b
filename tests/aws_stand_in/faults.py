"""Trouble, before a request is looked at or after it was carried out."""

from .errors import Refusal


def _throttled(service):
    if service == "s3":
        return Refusal("SlowDown", "Please reduce your request rate.", 503)
    if service == "sts":
        return Refusal("Throttling", "Rate exceeded", 400)
    return Refusal("ThrottlingException", "Rate exceeded", 400)


def _failed(service):
    if service == "s3":
        return Refusal("InternalError", "We encountered an internal error. Please try again.", 500)
    return Refusal("InternalFailure", "Internal failure", 500)


def _take(world, operation, is_late):
    """The next fault that waits for this operation: before it is carried out, or after."""
    with world.lock:
        for entry in world.faults.once:
            if entry[0] == operation and (entry[1] == "lost") == is_late:
                world.faults.once.remove(entry)
                return entry[1]
    return None


def before(world, operation, service):
    fault = _take(world, operation, False)
    if fault is None:
        share = world.random.random()
        for kind in ("throttle", "error", "reset"):
            share -= getattr(world.faults, kind)
            if share < 0:
                fault = kind
                break
    if fault is None:
        return
    if fault == "throttle":
        raise _throttled(service)
    if fault == "error":
        raise _failed(service)
    if fault == "reset":
        raise ConnectionResetError
    raise Refusal(fault, f"{fault} on demand", 400)


def after(world, operation):
    """What was done, but whose answer never arrives."""
    if _take(world, operation, True):
        raise ConnectionResetError

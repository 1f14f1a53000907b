"""CloudWatch Logs: the streams of training jobs, which appear when their programs begin, or later."""

import time

from .errors import Refusal

GROUP = "/aws/sagemaker/TrainingJobs"
_MOST_EVENTS = 10000


class Stream:
    def __init__(self, name, shown_from_s):
        self.name = name
        self.shown_from_s = shown_from_s
        self.events = []


def begin(world, job):
    stream = Stream(f"{job.name}/algo-1-{int(time.time() * 1000)}", time.time() + world.faults.late_logs_s)
    with world.lock:
        world.log_streams[GROUP, stream.name] = stream
    return stream


def add(world, stream, message):
    with world.lock:
        stream.events.append({"timestamp": int(time.time() * 1000), "message": message,
                              "ingestionTime": int(time.time() * 1000)})


def put(world, job, messages):
    stream = begin(world, job)
    for message in messages:
        add(world, stream, message)


def _shown(world):
    return {key: stream for key, stream in world.log_streams.items() if stream.shown_from_s <= time.time()}


def _missing():
    return Refusal("ResourceNotFoundException", "The specified log stream does not exist.")


def describe_streams(world, given):
    if given.get("orderBy") == "LastEventTime" and "logStreamNamePrefix" in given:
        raise Refusal("InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix.")
    shown = [stream for (group, _), stream in sorted(_shown(world).items()) if group == given["logGroupName"]]
    if not shown:
        raise Refusal("ResourceNotFoundException", "The specified log group does not exist.")
    found = [stream for stream in shown if stream.name.startswith(given.get("logStreamNamePrefix", ""))]
    begin_at = int(given.get("nextToken", "0"))
    most = given.get("limit", 50)
    answer = {"logStreams": [{"logStreamName": stream.name} for stream in found[begin_at : begin_at + most]]}
    if begin_at + most < len(found):
        answer["nextToken"] = str(begin_at + most)
    return answer


def get_events(world, given):
    stream = _shown(world).get((given.get("logGroupName"), given["logStreamName"]))
    if stream is None:
        raise _missing()
    token = given.get("nextToken")
    if token is not None and not given.get("startFromHead"):
        raise Refusal("InvalidParameterException", "startFromHead must be true with a forward token")
    if token is None and not given.get("startFromHead"):
        raise Refusal("InvalidParameterException", "this stand-in reads from the head only")
    at = int(token.removeprefix("f/")) if token else 0
    most = given.get("limit", _MOST_EVENTS)
    # As the service does: a page may hold less than there is.
    if world.random.random() < 0.2:
        most = min(most, 1)
    with world.lock:
        events = stream.events[at : at + most]
    return {"events": events, "nextForwardToken": f"f/{at + len(events)}", "nextBackwardToken": f"b/{at}"}

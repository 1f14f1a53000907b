"""The metadata services of instances (version 2) and containers, unsigned."""

import datetime
import json

_TOKEN = "metadata-token"
_BASE = "/latest/meta-data/iam/security-credentials/"


def is_for(request):
    return request.path.startswith(("/latest/", "/container-keys"))


def answer(world, request):
    from .server import Reply

    if request.path == "/container-keys":
        if request.headers.get("authorization") != "container-token":
            return Reply(b"", 401)
        return Reply(_keys(world))
    if not world.metadata_role:
        return Reply(b"", 404)
    if request.path == "/latest/api/token":
        lifetime = request.headers.get("x-aws-ec2-metadata-token-ttl-seconds")
        is_asked_well = request.method == "PUT" and lifetime == "21600"
        return Reply(_TOKEN.encode() if is_asked_well else b"", 200 if is_asked_well else 400, "text/plain")
    if request.headers.get("x-aws-ec2-metadata-token") != _TOKEN:
        return Reply(b"", 401)
    if request.path == _BASE:
        return Reply(world.metadata_role.encode(), content_type="text/plain")
    if request.path == _BASE + world.metadata_role:
        return Reply(_keys(world))
    return Reply(b"", 404)


def iso(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _keys(world):
    name, key = world.new_key(3600)
    return json.dumps(
        {
            "Code": "Success",
            "Type": "AWS-HMAC",
            "AccessKeyId": name,
            "SecretAccessKey": key.secret,
            "Token": key.token,
            "Expiration": iso(key.expires_s),
        }
    ).encode()

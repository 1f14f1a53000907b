"""Which service and operation a request is for, and who carries it out."""

import json

from . import logs, s3, sagemaker, shapes, signature, sts
from .errors import Refusal

UNSIGNED = {"AssumeRoleWithWebIdentity"}
ACTIONS = {"sagemaker": "sagemaker", "logs": "logs", "s3": "s3", "sts": "sts"}
_TARGETS = {"sagemaker": "SageMaker.", "logs": "Logs_20140328."}
_JSON = "application/x-amz-json-1.1"


def route(request):
    scope = signature.scope_of(request.headers)
    if scope is None:
        if request.method == "POST" and b"Action=AssumeRoleWithWebIdentity" in request.body:
            return "sts", "AssumeRoleWithWebIdentity"
        raise Refusal("MissingAuthenticationToken", "Missing Authentication Token", 403)
    service = scope[1]
    if service == "s3":
        return service, s3.operation_of(request)
    if service == "sts":
        return service, sts.parameters(request).get("Action", "?")
    if service == "sagemaker" and request.path.endswith("/invocations"):
        return service, "InvokeEndpoint"
    if service not in _TARGETS:
        raise Refusal("InvalidSignatureException", f"Credential should be scoped to a correct service, not {service}")
    target = request.headers.get("x-amz-target", "")
    if not target.startswith(_TARGETS[service]) or request.path != "/" or request.method != "POST":
        raise Refusal("UnknownOperationException", f"{request.method} {request.path} {target}")
    if request.headers.get("content-type") != _JSON:
        raise Refusal("SerializationException", "content type")
    return service, target.removeprefix(_TARGETS[service])


def perform(world, service, operation, request):
    if service == "s3":
        return s3.perform(world, operation, request)
    if service == "sts":
        return sts.perform(world, operation, request)
    from .server import json_reply

    given = json.loads(request.body)
    shapes.check(operation, given)
    return json_reply(_JSON_OPERATIONS[operation](world, given))


_JSON_OPERATIONS = sagemaker.OPERATIONS | {
    "DescribeLogStreams": logs.describe_streams,
    "GetLogEvents": logs.get_events,
}

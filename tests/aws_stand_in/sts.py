"""AssumeRole, AssumeRoleWithWebIdentity, GetCallerIdentity."""

from urllib.parse import parse_qs

from .errors import Refusal
from .metadata import iso

_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


def parameters(request):
    return {name: values[0] for name, values in parse_qs(request.body.decode(), strict_parsing=True).items()}


def perform(world, operation, request):
    from .server import Reply

    given = parameters(request)
    if given.get("Version") != "2011-06-15":
        raise Refusal("InvalidAction", "no such version")
    if operation == "GetCallerIdentity":
        inner = "<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/u</Arn><UserId>u</UserId>"
    else:
        inner = _lend(world, operation, given)
    body = (
        f'<{operation}Response xmlns="{_NAMESPACE}"><{operation}Result>{inner}</{operation}Result>'
        f"<ResponseMetadata><RequestId>{world.next_id()}</RequestId></ResponseMetadata></{operation}Response>"
    )
    return Reply(body.encode(), content_type="text/xml")


def _lend(world, operation, given):
    if not given.get("RoleArn", "").startswith("arn:aws:iam::") or not given.get("RoleSessionName"):
        raise Refusal("ValidationError", "RoleArn and RoleSessionName are required")
    if operation == "AssumeRoleWithWebIdentity" and given.get("WebIdentityToken") != "web-token":
        raise Refusal("InvalidIdentityToken", "the token is not ours")
    if given["RoleArn"].endswith("/forbidden"):
        raise Refusal("AccessDenied", "not authorized to perform: sts:AssumeRole", 403)
    name, key = world.new_key(int(given.get("DurationSeconds", 3600)))
    return (
        f"<Credentials><AccessKeyId>{name}</AccessKeyId><SecretAccessKey>{key.secret}</SecretAccessKey>"
        f"<SessionToken>{key.token}</SessionToken><Expiration>{iso(key.expires_s)}</Expiration></Credentials>"
    )

"""Checks Signature Version 4 from the bytes that arrived, by the words of AWS's documentation."""

import calendar
import hashlib
import hmac
import re
import time
from urllib.parse import quote, unquote

from .errors import Refusal

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, "
    r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$"
)
_MOST_SKEW_S = 300


def scope_of(headers):
    """Region and service of a signed request; None where it is not signed."""
    match = _AUTHORIZATION.match(headers.get("authorization", ""))
    return (match[3], match[4]) if match else None


def _canonical_query(text):
    pairs = []
    for part in filter(None, text.split("&")):
        name, _, value = part.partition("=")
        pairs.append((quote(unquote(name), safe="-_.~"), quote(unquote(value), safe="-_.~")))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _canonical_path(path, service):
    if service == "s3":
        return path
    segments = []
    for segment in path.split("/"):
        if segment == "..":
            segments = segments[:-1]
        elif segment not in ("", "."):
            segments.append(segment)
    normal = "/" + "/".join(segments) + ("/" if path.endswith("/") and segments else "")
    return quote(normal, safe="/-_.~")


def _hmac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def verify(request, keys, now_s):
    """Raises a Refusal unless `request` is signed with one of `keys` (id -> secret, token, expiry)."""
    headers = request.headers
    match = _AUTHORIZATION.match(headers.get("authorization", ""))
    if not match:
        raise Refusal("MissingAuthenticationToken", "Missing Authentication Token", 403)
    key_id, date, region, service, names, signature = match.groups()
    key = keys.get(key_id)
    is_s3 = service == "s3"
    if key is None:
        code = {"s3": "InvalidAccessKeyId", "sts": "InvalidClientTokenId"}.get(service, "UnrecognizedClientException")
        raise Refusal(code, "The security token included in the request is invalid.", 403)
    if headers.get("x-amz-security-token", "") != key.token:
        code = "InvalidToken" if is_s3 else "UnrecognizedClientException"
        raise Refusal(code, "The security token included in the request is invalid.", 403)
    if key.expires_s is not None and now_s >= key.expires_s:
        code = "ExpiredToken" if is_s3 or service == "sts" else "ExpiredTokenException"
        raise Refusal(code, "The security token included in the request is expired", 400 if is_s3 else 403)
    _check_time(headers, date, is_s3, now_s)
    _check_signed(headers, names, is_s3)
    digest = hashlib.sha256(request.body).hexdigest()
    if is_s3 and headers.get("x-amz-content-sha256") not in (digest, "UNSIGNED-PAYLOAD"):
        raise Refusal("XAmzContentSHA256Mismatch", "The provided x-amz-content-sha256 header does not match", 400)
    lines = "".join(f"{name}:{' '.join(headers.get(name, '').split())}\n" for name in names.split(";"))
    canonical = "\n".join(
        [
            request.method,
            _canonical_path(request.raw_path, service),
            _canonical_query(request.raw_query),
            lines,
            names,
            headers["x-amz-content-sha256"] if is_s3 else digest,
        ]
    )
    text = "\n".join(
        [
            "AWS4-HMAC-SHA256",
            headers["x-amz-date"],
            f"{date}/{region}/{service}/aws4_request",
            hashlib.sha256(canonical.encode()).hexdigest(),
        ]
    )
    signing_key = ("AWS4" + key.secret).encode()
    for part in (date, region, service, "aws4_request"):
        signing_key = _hmac(signing_key, part)
    if not hmac.compare_digest(_hmac(signing_key, text).hex(), signature):
        code = "SignatureDoesNotMatch" if service in ("s3", "sts") else "InvalidSignatureException"
        raise Refusal(code, "The request signature we calculated does not match the signature you provided.", 403)
    return region, service


def _check_time(headers, date, is_s3, now_s):
    stamp = headers.get("x-amz-date", "")
    if not re.fullmatch(r"\d{8}T\d{6}Z", stamp) or stamp[:8] != date:
        raise Refusal("IncompleteSignatureException", "x-amz-date does not fit the credential scope", 400)
    there = calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))
    if abs(there - now_s) > _MOST_SKEW_S:
        if is_s3:
            raise Refusal("RequestTimeTooSkewed", "The difference between the request time and the current "
                          "time is too large.", 403)
        raise Refusal("InvalidSignatureException", f"Signature expired: {stamp} is now earlier than allowed", 403)


def _check_signed(headers, names, is_s3):
    must = {"host"} | {name for name in headers if name.startswith("x-amz-")}
    if is_s3 and "x-amz-content-sha256" not in headers:
        raise Refusal("InvalidRequest", "Missing required header for this request: x-amz-content-sha256", 400)
    missing = must - set(names.split(";"))
    if missing or sorted(names.split(";")) != names.split(";"):
        raise Refusal("AccessDenied", f"There were headers present in the request which were not signed: "
                      f"{sorted(missing)}", 403)

"""S3 by path: objects in files, multipart uploads, listings, redirects to a bucket's region."""

import base64
import hashlib
import re
import xml.etree.ElementTree as ElementTree
from urllib.parse import quote
from xml.sax.saxutils import escape

from .errors import Refusal

_LEAST_PART = 5 << 20
_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def split(request):
    bucket, _, key = request.path.lstrip("/").partition("/")
    return bucket, key


def operation_of(request):
    bucket, key = split(request)
    if not bucket:
        return "ListBuckets"
    if not key:
        return {"GET": "ListObjectsV2", "HEAD": "HeadBucket", "PUT": "CreateBucket"}.get(request.method, "?")
    if "uploads" in request.query:
        return "CreateMultipartUpload"
    if "uploadId" in request.query:
        return {"PUT": "UploadPart", "POST": "CompleteMultipartUpload", "DELETE": "AbortMultipartUpload"}[request.method]
    return {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject", "DELETE": "DeleteObject"}.get(request.method, "?")


def perform(world, operation, request):
    bucket, key = split(request)
    region = world.buckets.get(bucket)
    if region is None:
        raise Refusal("NoSuchBucket", "The specified bucket does not exist", 404)
    if region != request.region:
        raise Refusal("PermanentRedirect", "The bucket you are attempting to access must be addressed using the "
                      "specified endpoint.", 301, {"x-amz-bucket-region": region})
    return _OPERATIONS[operation](world, request, bucket, key)


def _xml(name, inner):
    from .server import Reply

    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{_NAMESPACE}">{inner}</{name}>'
    return Reply(text.encode(), content_type="application/xml")


def store(world, bucket, key, body, content_type="binary/octet-stream", etag=None, checksum=""):
    """Puts an object; its bytes lie in a file."""
    path = world.folder / "objects" / bucket / quote(key, safe="")[-200:]
    if len(quote(key, safe="")) > 200:
        path = path.with_name(hashlib.sha256(key.encode()).hexdigest())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    etag = etag or f'"{hashlib.md5(body).hexdigest()}"'
    world.objects[bucket, key] = {"path": path, "size": len(body), "etag": etag, "type": content_type, "sum": checksum}
    return etag


def read(world, bucket, key):
    return world.objects[bucket, key]["path"].read_bytes()


def keys_of(world, bucket, prefix):
    return sorted(key for where, key in world.objects if where == bucket and key.startswith(prefix))


def _checked_sum(request):
    given = request.headers.get("x-amz-checksum-sha256")
    if given and given != base64.b64encode(hashlib.sha256(request.body).digest()).decode():
        raise Refusal("BadDigest", "The SHA256 you specified did not match the calculated checksum.")
    return given or ""


def _put(world, request, bucket, key):
    from .server import Reply

    with world.lock:
        if request.headers.get("if-none-match") == "*" and (bucket, key) in world.objects:
            raise Refusal("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412)
        content_type = request.headers.get("content-type", "binary/octet-stream")
        etag = store(world, bucket, key, request.body, content_type, checksum=_checked_sum(request))
    return Reply(headers={"ETag": etag}, content_type="")


def _found(world, request, bucket, key):
    found = world.objects.get((bucket, key))
    if found is None:
        raise Refusal("NoSuchKey", "The specified key does not exist.", 404)
    if request.headers.get("if-match", found["etag"]) != found["etag"]:
        raise Refusal("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412)
    headers = {"ETag": found["etag"], "Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT", "Accept-Ranges": "bytes"}
    if found["sum"] and request.headers.get("x-amz-checksum-mode") == "ENABLED":
        headers["x-amz-checksum-sha256"] = found["sum"]
    return found, headers


def _get(world, request, bucket, key):
    from .server import Reply

    found, headers = _found(world, request, bucket, key)
    if request.headers.get("if-none-match") == found["etag"]:
        return Reply(status=304, headers=headers, content_type="")
    body = found["path"].read_bytes()
    match = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
    if not match:
        return Reply(body, headers=headers, content_type=found["type"])
    begin, last = int(match[1]), min(int(match[2] or found["size"] - 1), found["size"] - 1)
    if begin >= found["size"]:
        raise Refusal("InvalidRange", "The requested range is not satisfiable", 416)
    headers.pop("x-amz-checksum-sha256", None)
    headers["Content-Range"] = f"bytes {begin}-{last}/{found['size']}"
    return Reply(body[begin : last + 1], 206, found["type"], headers)


def _head(world, request, bucket, key):
    from .server import Reply

    found, headers = _found(world, request, bucket, key)
    return Reply(headers=headers | {"Content-Length": str(found["size"])}, content_type=found["type"])


def _delete(world, _request, bucket, key):
    from .server import Reply

    world.objects.pop((bucket, key), None)
    return Reply(status=204, content_type="")


def _head_bucket(_world, _request, _bucket, _key):
    from .server import Reply

    return Reply(content_type="")


def _list(world, request, bucket, _key):
    query = request.query
    if query.get("list-type") != "2":
        raise Refusal("InvalidArgument", "list-type")
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    most = min(int(query.get("max-keys", world.page)), world.page)
    encode = quote if query.get("encoding-type") == "url" else escape
    entries = {}
    for key in keys_of(world, bucket, prefix):
        end = key.find(delimiter, len(prefix)) if delimiter else -1
        name = key if end < 0 else key[: end + len(delimiter)]
        entries[name] = None if end >= 0 else world.objects[bucket, key]
    after = world.tokens.get(query.get("continuation-token"), "")
    names = [name for name in entries if name > after]
    inner = f"<Name>{bucket}</Name><Prefix>{encode(prefix)}</Prefix><IsTruncated>{str(len(names) > most).lower()}</IsTruncated>"
    if len(names) > most:
        token = "token/+=" + world.next_id()
        world.tokens[token] = names[most - 1]
        inner += f"<NextContinuationToken>{token}</NextContinuationToken>"
    for name in names[:most]:
        found = entries[name]
        if found is None:
            inner += f"<CommonPrefixes><Prefix>{encode(name)}</Prefix></CommonPrefixes>"
        else:
            inner += (f"<Contents><Key>{encode(name)}</Key><LastModified>2025-01-01T00:00:00.000Z</LastModified>"
                      f"<ETag>{escape(found['etag'])}</ETag><Size>{found['size']}</Size></Contents>")
    return _xml("ListBucketResult", inner)


def _create_upload(world, request, bucket, key):
    name = world.next_id()
    world.uploads[name] = {"where": (bucket, key), "parts": {}, "type": request.headers.get("content-type", "")}
    return _xml("InitiateMultipartUploadResult", f"<Bucket>{bucket}</Bucket><Key>{escape(key)}</Key><UploadId>{name}</UploadId>")


def _upload_of(world, request, bucket, key):
    upload = world.uploads.get(request.query["uploadId"])
    if upload is None or upload["where"] != (bucket, key):
        raise Refusal("NoSuchUpload", "The specified upload does not exist.", 404)
    return upload


def _upload_part(world, request, bucket, key):
    from .server import Reply

    upload = _upload_of(world, request, bucket, key)
    number = int(request.query["partNumber"])
    if not 1 <= number <= 10000:
        raise Refusal("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive")
    checksum = _checked_sum(request)
    etag = store(world, bucket, f".upload/{request.query['uploadId']}/{number}", request.body)
    part = world.objects.pop((bucket, f".upload/{request.query['uploadId']}/{number}"))
    upload["parts"][number] = part | {"sum": checksum}
    return Reply(headers={"ETag": etag}, content_type="")


def _complete(world, request, bucket, key):
    upload = _upload_of(world, request, bucket, key)
    root = ElementTree.fromstring(request.body)
    tag = "{" + _NAMESPACE + "}"
    listed = [(int(part.find(tag + "PartNumber").text), part.find(tag + "ETag").text,
               part.findtext(tag + "ChecksumSHA256", "")) for part in root.findall(tag + "Part")]
    if [number for number, *_ in listed] != sorted(upload["parts"]) or not listed:
        raise Refusal("InvalidPart", "One or more of the specified parts could not be found.")
    digests, body = b"", b""
    for index, (number, etag, checksum) in enumerate(listed):
        part = upload["parts"][number]
        if part["etag"] != etag or (part["sum"] and checksum != part["sum"]):
            raise Refusal("InvalidPart", "The part's entity tag might not have matched.")
        if part["size"] < _LEAST_PART and index + 1 < len(listed):
            raise Refusal("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
        digests += bytes.fromhex(etag.strip('"'))
        body += part["path"].read_bytes()
    etag = f'"{hashlib.md5(digests).hexdigest()}-{len(listed)}"'
    with world.lock:
        store(world, bucket, key, body, upload["type"], etag)
        del world.uploads[request.query["uploadId"]]
    return _xml("CompleteMultipartUploadResult", f"<Key>{escape(key)}</Key><ETag>{escape(etag)}</ETag>")


def _abort(world, request, bucket, key):
    from .server import Reply

    _upload_of(world, request, bucket, key)
    del world.uploads[request.query["uploadId"]]
    return Reply(status=204, content_type="")


_OPERATIONS = {
    "PutObject": _put,
    "GetObject": _get,
    "HeadObject": _head,
    "DeleteObject": _delete,
    "HeadBucket": _head_bucket,
    "ListObjectsV2": _list,
    "CreateMultipartUpload": _create_upload,
    "UploadPart": _upload_part,
    "CompleteMultipartUpload": _complete,
    "AbortMultipartUpload": _abort,
}

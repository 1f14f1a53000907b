"""Refusals, in the form that each service's protocol has for them."""

import json
from xml.sax.saxutils import escape


class Refusal(Exception):
    """An error answer. `status` is HTTP's."""

    def __init__(self, code, message, status=400, headers=None):
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status
        self.headers = headers or {}


def validation(message):
    return Refusal("ValidationException", message)


def body_of(refusal, service, request_id):
    """Content type and body."""
    if service == "s3":
        return "application/xml", (
            f"<?xml version=\"1.0\"?><Error><Code>{escape(refusal.code)}</Code><Message>"
            f"{escape(refusal.message)}</Message><RequestId>{request_id}</RequestId></Error>"
        ).encode()
    if service == "sts":
        return "text/xml", (
            '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
            f"<Code>{escape(refusal.code)}</Code><Message>{escape(refusal.message)}</Message></Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        ).encode()
    body = {"__type": refusal.code, "message": refusal.message}
    return "application/x-amz-json-1.1", json.dumps(body).encode()

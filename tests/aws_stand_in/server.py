"""The one server behind all addresses: reads a request, meets it with a fault or a service."""

import json
import socket
import struct
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote

from . import control, errors, faults, metadata, services, signature


class Request:
    """What arrived, and what the services need of it."""

    def __init__(self, handler, body):
        self.method = handler.command
        self.raw_path, _, self.raw_query = handler.path.partition("?")
        self.path = unquote(self.raw_path)
        self.query = dict(parse_qsl(self.raw_query, keep_blank_values=True))
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = body
        self.region = ""
        self.port = handler.server.server_address[1]


class Reply:
    def __init__(self, body=b"", status=200, content_type="application/x-amz-json-1.1", headers=None):
        self.body = body
        self.status = status
        self.content_type = content_type
        self.headers = headers or {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle_any(self):
        world = self.server.world
        length = int(self.headers.get("Content-Length", 0))
        request = Request(self, self.rfile.read(length))
        if request.path.startswith("/_control/"):
            return self.reply(request, control.answer(world, request), "")
        if metadata.is_for(request):
            return self.reply(request, metadata.answer(world, request), "")
        request_id = world.next_id()
        service, operation = "s3", "?"
        try:
            service, operation = services.route(request)
            world.connections.setdefault(operation, set()).add(self.client_address[1])
            if world.faults.offline:
                raise ConnectionError
            faults.before(world, operation, service)
            if operation not in services.UNSIGNED:
                request.region, _ = signature.verify(request, world.keys, world.now_s())
            if operation in world.faults.denied:
                raise errors.Refusal("AccessDenied" if service == "s3" else "AccessDeniedException",
                                     f"User: arn:aws:iam::123456789012:user/u is not authorized to perform: "
                                     f"{services.ACTIONS.get(service, service)}:{operation} on resource: *", 403)
            answer = services.perform(world, service, operation, request)
            faults.after(world, operation)
        except errors.Refusal as refusal:
            content_type, body = errors.body_of(refusal, service, request_id)
            answer = Reply(body, refusal.status, content_type, refusal.headers)
        except ConnectionError:
            world.calls.append([time.time(), operation, 0])
            return self.reset()
        world.calls.append([time.time(), operation, answer.status])
        answer.headers.setdefault("x-amz-request-id" if service == "s3" else "x-amzn-RequestId", request_id)
        return self.reply(request, answer, operation)

    def reply(self, request, answer, _operation):
        self.send_response_only(answer.status)
        self.send_header("Date", formatdate(self.server.world.now_s(), usegmt=True))
        if answer.content_type:
            self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if "Content-Length" not in answer.headers:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if request.method != "HEAD":
            self.wfile.write(answer.body)

    def reset(self):
        """Ends the connection as a crashed machine does: with RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_):
        pass

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any

    def handle(self):
        try:
            super().handle()
        except (ConnectionError, ValueError, OSError):
            pass

    def finish(self):
        try:
            super().finish()
        except (ConnectionError, ValueError, OSError):
            pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_):
        if threading.main_thread().is_alive():
            super().handle_error(*_)


def make(world, port):
    serving = Server(("127.0.0.1", port), Handler)
    serving.world = world
    return serving


def json_reply(value):
    return Reply(b"" if value is None else json.dumps(value).encode())

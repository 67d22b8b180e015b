from grants import Unproven
from ground import SERVICES


class Smuggled:
    """Requests of which two readers would not agree where they end."""

    NAME = "smuggling"

    @staticmethod
    def run(ground):
        for service in SERVICES:
            host = f"Host: 127.0.0.1:{ground.port(service)}\r\n"
            second = f"GET /healthz HTTP/1.1\r\n{host}Connection: close\r\n\r\n"
            if ground.raw(service, f"GET /healthz HTTP/1.1\r\n{host}\r\n{second}".encode()).count(b"HTTP/1.1 200 ") != 2:
                raise Unproven(f"{service} does not answer two good requests of one connection")
            for words, lines in [
                ("two lengths", "Content-Length: 4\r\nContent-Length: 5\r\n"),
                ("a length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
                ("a coding that nobody knows", "Transfer-Encoding: xchunked\r\n"),
                ("chunks, twice", "Transfer-Encoding: chunked, chunked\r\n"),
                ("a length with a sign", "Content-Length: +4\r\n"),
                ("a length that is no number", "Content-Length: 4x\r\n"),
                ("a length below nought", "Content-Length: -1\r\n"),
                ("a length of many lengths", "Content-Length: 4, 4\r\n"),
                ("a space before the colon", "Content-Length : 4\r\n"),
                ("a folded line", "X-One: 1\r\n Content-Length: 4\r\n"),
                ("a bare line feed", "X-One: 1\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n"),
                ("a bare return", "X-One: 1\rTransfer-Encoding: chunked\r\nContent-Length: 4\r\n"),
                ("two hosts", "Host: evil.example\r\n"),
                ("two hundred fields", "".join(f"X-{number}: 1\r\n" for number in range(200))),
                ("a field of 64 KiB", f"X-One: {'x' * 65_536}\r\n"),
            ]:
                yield f"{service}: {words}", Smuggled.told(
                    ground.raw(service, f"POST /healthz HTTP/1.1\r\n{host}{lines}\r\n0\r\n\r\n{second}".encode()))
            for target in ("/%2e%2e/healthz", "/health%2fz", "/healthz%00", "/healthz%5c..", "http://evil.example/healthz", "//healthz"):
                came = ground.raw(service, f"GET {target} HTTP/1.1\r\n{host}Connection: close\r\n\r\n".encode())
                yield f"{service}: the target {target}", None if status(came) >= 400 else f"answered {status(came)}"
            for words, line in [("no host", "GET /healthz HTTP/1.1"), ("no version", "GET /healthz"), ("a version of old", "GET /healthz HTTP/0.9"),
                                ("no method", " /healthz HTTP/1.1"), ("a method that nobody knows", f"BREAK /healthz HTTP/1.1\r\n{host.strip()}"),
                                ("another method in a field", f"POST /healthz HTTP/1.1\r\n{host}X-HTTP-Method-Override: GET")]:
                came = ground.raw(service, f"{line}\r\nConnection: close\r\n\r\n".encode())
                yield f"{service}: {words}", None if status(came) >= 400 else f"answered {status(came)}"
            for words, lines in [("chunks without an end", "5\r\nabc"), ("a chunk that is no number", "zz\r\nabc\r\n0\r\n\r\n"),
                                 ("a chunk beyond every number", "fffffffffffffffff\r\nabc\r\n0\r\n\r\n"),
                                 ("a chunk below nought", "-1\r\nabc\r\n0\r\n\r\n")]:
                came = ground.raw(service, f"POST /nowhere HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\n{lines}{second}".encode())
                yield f"{service}: {words}", Smuggled.told(came)

    @staticmethod
    def told(came):
        """The first has to be refused, and what lies behind it must not be taken for a second one."""
        if len(list(answers(came))) > 1:
            return f"a second request was answered: {came[-200:]}"
        return None if status(came) >= 400 or not came else f"answered {status(came)}"


def answers(came):
    """The answers one after another, each as long as it says it is."""
    while came.startswith(b"HTTP/"):
        head, _, rest = came.partition(b"\r\n\r\n")
        length = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        yield head
        came = rest[sum(length):]


def status(came):
    words = came.split(b" ", 2)
    return int(words[1]) if len(words) > 2 and words[0].startswith(b"HTTP/") else 999

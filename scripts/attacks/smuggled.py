from ground import SERVICES


class Smuggled:
    """Requests of which two readers would not agree where they end."""

    NAME = "smuggling"

    @staticmethod
    def run(ground):
        for service in SERVICES:
            host = f"Host: 127.0.0.1:{ground.port(service)}\r\n"
            second = f"GET /healthz HTTP/1.1\r\n{host}X-Second: yes\r\n\r\n"
            for words, lines in [
                ("two lengths", "Content-Length: 4\r\nContent-Length: 5\r\n"),
                ("a length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
                ("a coding that nobody knows", "Transfer-Encoding: xchunked\r\n"),
                ("chunks, twice", "Transfer-Encoding: chunked, chunked\r\n"),
                ("a length with a sign", "Content-Length: +4\r\n"),
                ("a length that is no number", "Content-Length: 4x\r\n"),
                ("a length below nought", "Content-Length: -1\r\n"),
                ("two hosts", "Host: evil.example\r\n"),
            ]:
                yield f"{service}: {words}", Smuggled.told(
                    ground.raw(service, f"POST /healthz HTTP/1.1\r\n{host}{lines}\r\n0\r\n\r\n{second}".encode()))
            for target in ("/%2e%2e/healthz", "/health%2fz", "/healthz%00", "/healthz%5c..", "http://evil.example/healthz", "//healthz"):
                came = ground.raw(service, f"GET {target} HTTP/1.1\r\n{host}Connection: close\r\n\r\n".encode())
                yield f"{service}: the target {target}", None if status(came) >= 400 else f"answered {status(came)}"
            came = ground.raw(service, b"GET /healthz HTTP/1.1\r\n\r\n")
            yield f"{service}: no host", None if status(came) >= 400 else f"answered {status(came)}"

    @staticmethod
    def told(came):
        """The first has to be refused, and what lies behind it must not be taken for a second one."""
        if came.count(b"HTTP/1.1 ") > 1:
            return "a second request was answered"
        return None if status(came) >= 400 or not came else f"answered {status(came)}"


def status(came):
    words = came.split(b" ", 2)
    return int(words[1]) if len(words) > 2 and words[0].startswith(b"HTTP/") else 999

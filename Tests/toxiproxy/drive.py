"""Drives the proxy with the client library that its users have: drive.py BASE KEY PORT-OF-AN-ECHO-SERVER."""
import socket
import sys
import time

from toxiproxy import Toxiproxy
from toxiproxy.api import APIConsumer
from toxiproxy.exceptions import InvalidToxic, NotFound, ProxyExists

base, key, echo = sys.argv[1:]
host, port = base.removeprefix("http://").rsplit(":", 1)
server = Toxiproxy()
# The library knows no keys; an address does.
server.update_api_consumer(f"key:{key}@{host}", port)


def seconds(place):
    begin = time.monotonic()
    with socket.create_connection(place, 5) as connection:
        connection.sendall(b"x")
        assert connection.recv(1) == b"x"
    return time.monotonic() - begin


def raises(kind, body):
    try:
        body()
    except kind:
        return
    raise AssertionError(f"expected {kind.__name__}")


assert b"version" in APIConsumer.get("/version").content
proxy = server.create(name="echo", upstream=f"127.0.0.1:{echo}")
place = tuple(proxy.listen.split(":"))
assert server.get_proxy("echo").enabled and server.get_proxy("nobody") is None
assert seconds(place) < 0.15
raises(ProxyExists, lambda: server.create(name="echo", upstream="127.0.0.1:1"))

proxy.add_toxic(type="latency", attributes={"latency": 200, "jitter": 10})
assert list(proxy.toxics()) == ["latency_downstream"]
assert proxy.get_toxic("latency_downstream").attributes == {"latency": 200, "jitter": 10}
assert seconds(place) > 0.18
proxy.destroy_toxic("latency_downstream")
assert seconds(place) < 0.15
raises(NotFound, lambda: proxy.destroy_toxic("latency_downstream"))
raises(InvalidToxic, lambda: proxy.add_toxic(type="noise"))

with proxy.down():
    raises(ConnectionRefusedError, lambda: seconds(place))
assert seconds(place) < 0.15

proxy.add_toxic(type="bandwidth", stream="upstream", attributes={"rate": 1})
assert server.reset()
assert proxy.toxics() == {}
made = server.populate([{"name": "other", "upstream": f"127.0.0.1:{echo}", "listen": "127.0.0.1:0"}])
assert [one.name for one in made] == ["other"]
server.destroy_all()
assert server.proxies() == {}
print("all as a client of toxiproxy expects")

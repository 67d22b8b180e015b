"""The ends of the proxy's benchmark: an echo, a sink, and who measures between them. See scripts/benchmarks/proxy."""
import argparse
import asyncio
import json
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request


def serve(port, answer):
    """One thread for all connections: what is measured is not this end."""
    chooser = selectors.DefaultSelector()
    listener = socket.create_server(("127.0.0.1", port), backlog=1024)
    chooser.register(listener, selectors.EVENT_READ)
    buffer = bytearray(1 << 20)
    while True:
        for key, _ in chooser.select():
            if key.fileobj is listener:
                client, _ = listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                chooser.register(client, selectors.EVENT_READ)
                continue
            try:
                count = key.fileobj.recv_into(buffer)
            except ConnectionError:
                count = 0
            if count and answer:
                key.fileobj.sendall(memoryview(buffer)[:count])
            if not count:
                if not answer:
                    key.fileobj.sendall(b"!")
                chooser.unregister(key.fileobj)
                key.fileobj.close()


def connect(port, limit=10):
    end = time.monotonic() + limit
    while True:
        try:
            one = socket.create_connection(("127.0.0.1", port), 5)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            one.settimeout(30)
            return one
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def percentile(numbers, share):
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def round_trips(one, count):
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        one.sendall(b"x")
        one.recv(1)
        times.append((time.perf_counter() - begin) * 1000)
    return times


def stream(port, megabytes):
    chunk = b"x" * (1 << 20)
    with connect(port) as one:
        begin = time.perf_counter()
        for _ in range(megabytes):
            one.sendall(chunk)
        one.shutdown(socket.SHUT_WR)
        one.recv(1)
        return megabytes / (time.perf_counter() - begin)


def requests(port, seconds):
    output = subprocess.run(["wrk", "-t1", "-c32", f"-d{seconds}s", f"http://127.0.0.1:{port}/"], capture_output=True, text=True)
    return float(re.search(r"Requests/sec:\s*([\d.]+)", output.stdout).group(1))


async def crowd(port, clients, turns):
    """How much later than 100 ms each answer comes, with all clients out of step."""
    late = []

    async def one(index):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0.1 * index / clients)
        for _ in range(turns):
            begin = time.perf_counter()
            writer.write(b"x")
            await reader.read(1)
            late.append((time.perf_counter() - begin) * 1000 - 100)
        writer.close()

    await asyncio.gather(*(one(index) for index in range(clients)))
    return late


def kills(port, guard, times):
    """The longest time in which nobody was served while the worker is killed again and again, and how often one was refused."""
    served, refused, is_over = [time.perf_counter()], [0], threading.Event()

    def call():
        while not is_over.is_set():
            try:
                with socket.create_connection(("127.0.0.1", port), 5) as one:
                    one.sendall(b"x")
                    if one.recv(1):
                        served.append(time.perf_counter())
            except ConnectionRefusedError:
                refused[0] += 1
            except OSError:
                pass  # it was connected when the worker died

    caller = threading.Thread(target=call)
    caller.start()
    for _ in range(times):
        with open(f"/proc/{guard}/task/{guard}/children", encoding="ascii") as children:
            os.kill(int(children.read().split()[0]), signal.SIGKILL)
        time.sleep(1.2)
    is_over.set()
    caller.join()
    return 1000 * max(later - sooner for sooner, later in zip(served, served[1:])), refused[0]


def measure(options):
    def ask(method, path, body=None):
        request = urllib.request.Request(
            options.api + path, method=method, data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": f"Bearer {options.key}", "Content-Type": "application/json"})
        return urllib.request.urlopen(request, timeout=5).read()

    base = options.base
    connect(int(options.api.rsplit(":", 1)[1])).close()
    ports = {"direct": (base + 1, base + 2, base + 3), "haproxy": (base + 10, base + 11, base + 12)}
    ours = []
    for name, port in zip(("echo", "sink", "web"), ports["direct"]):
        made = json.loads(ask("POST", "/proxies", {"name": name, "upstream": f"127.0.0.1:{port}"}))
        ours.append(int(made["listen"].rsplit(":", 1)[1]))
    ports["ours"] = tuple(ours)

    def row(what, target, measured, verdict=""):
        print(f"{what}|{target}|{measured}|{verdict}", flush=True)

    def met(value, limit):
        return "met" if value <= limit else "MISSED"

    # Interleaved, so that what else the machine does meets all of them.
    trips = {name: [] for name in ports}
    open_ones = {name: connect(places[0]) for name, places in ports.items()}
    for _ in range(20):
        for name, one in open_ones.items():
            trips[name] += round_trips(one, options.rounds // 20)
    middle = {name: percentile(times, 0.5) for name, times in trips.items()}
    tail = {name: percentile(times, 0.99) for name, times in trips.items()}
    added = middle["ours"] - middle["direct"]
    row(f"added by the proxy to a round trip, p50 of {options.rounds}", "0.04 ms", f"{added:.3f} ms", met(added, 0.04))
    row("the same by HAProxy", "", f"{middle['haproxy'] - middle['direct']:.3f} ms")
    row("added, p99", "", f"{tail['ours'] - tail['direct']:.3f} ms (HAProxy {tail['haproxy'] - tail['direct']:.3f} ms)")

    rates = {name: requests(places[2], options.seconds) for name, places in ports.items()}
    row("requests/s kept, 32 connections", "", f"{100 * rates['ours'] / rates['direct']:.0f} % of {rates['direct']:.0f} "
        f"(HAProxy {100 * rates['haproxy'] / rates['direct']:.0f} %)")
    speeds = {name: stream(places[1], options.megabytes) for name, places in ports.items()}
    row("one stream", "", f"{speeds['ours']:.0f} MB/s (direct {speeds['direct']:.0f}, HAProxy {speeds['haproxy']:.0f})")

    longest, refused = kills(ports["ours"][0], options.guard, 20)
    row("killed 20 times: nobody served for, at most", "200 ms", f"{longest:.0f} ms ({refused} refused)", met(longest, 200))

    ask("POST", "/proxies/echo/toxics", {"type": "latency", "attributes": {"latency": 100}, "ttl_s": 300})
    for clients, turns, limit in ((1, options.rounds // 10, 1), (256, 20, 10)):
        if clients == 1:
            late = [time - 100 for time in round_trips(connect(ports["ours"][0]), turns)]
        else:
            late = asyncio.run(crowd(ports["ours"][0], clients, turns))
        p99 = percentile(late, 0.99)
        row(f"100 ms asked, {clients} client{'s' if clients > 1 else ''}: later by, p99 of {len(late)}", f"{limit} ms",
            f"{p99:.2f} ms (p50 {percentile(late, 0.5):.2f} ms, never earlier than {min(late):.2f} ms)", met(p99, limit))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["echo", "sink", "measure"])
    parser.add_argument("place", nargs="?")
    for name in ("base", "rounds", "seconds", "megabytes", "guard"):
        parser.add_argument(f"--{name}", type=int)
    parser.add_argument("--api")
    parser.add_argument("--key")
    options = parser.parse_args()
    if options.what == "measure":
        measure(options)
    else:
        serve(int(options.place), options.what == "echo")


sys.exit(main())

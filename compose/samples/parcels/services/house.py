"""What the services of the parcel office share: settings, log lines, measures, an HTTP server, a pool, probes."""

import hashlib
import json
import os
import socket
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME = os.environ.get("HOSTNAME") or socket.gethostname()
_lock = threading.Lock()


def say(level, message, **more):
    """One JSON object a line, as `logs` in topology.yaml says."""
    line = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "level": level, "service": NAME, "message": message}
    print(json.dumps(line | more), flush=True)


def settings(path):
    """A file of KEY=value lines, read once at the start; which one it was is a measure."""
    with open(path) as file:
        text = file.read()
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    measures.gauge(lambda: [("info", {"config_hash": digest}, 1)])
    pairs = (line.strip().split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {key: value.strip("\"'") for key, value in pairs}


class Measures:
    """Counters and gauges in Prometheus' text form, under the name of the system."""

    def __init__(self):
        self.values, self.gauges = {}, []

    def add(self, name, value=1, **labels):
        key = (name, tuple(labels.items()))
        with _lock:
            self.values[key] = self.values.get(key, 0) + value

    def gauge(self, look):
        """`look` gives (name, labels, value) for each scrape."""
        self.gauges.append(look)

    def text(self):
        with _lock:
            rows = [(name, dict(labels), value) for (name, labels), value in self.values.items()]
        for look in self.gauges:
            rows += look()
        return "".join(
            "parcels_%s{%s} %s\n" % (name, ",".join(f'{key}="{word}"' for key, word in labels.items()), value)
            for name, labels, value in rows
        )


measures = Measures()


class Refusal(Exception):
    """An answer that is not the wanted one."""

    def __init__(self, status, code):
        super().__init__(code)
        self.status, self.code = status, code


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def serve(port, handle, is_ready=lambda: True):
    """Answers /ready, /healthz and /metrics, and everything else by `handle(method, path, body)`: (status, document)."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 15

        def answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length else b""
            path = self.path.split("?")[0]
            instance = NAME
            try:
                if path == "/metrics":
                    return self.reply(200, measures.text().encode(), "text/plain")
                if path in ("/ready", "/healthz"):
                    status = 200 if path == "/healthz" or is_ready() else 503
                    return self.reply(status, b"{}")
                status, document, *of = handle(self.command, path, body)
                instance = of[0] if of else NAME
            except Refusal as refusal:
                status, document = refusal.status, {"error": refusal.code}
            except Exception as error:
                say("error", "request failed", error=str(error), path=path)
                status, document = 500, {"error": "internal"}
            data = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.reply(status, data, instance=instance)

        def reply(self, status, data, kind="application/json", instance=NAME):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("X-Instance", instance)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = answer

        def log_message(self, *_):
            pass

    say("info", "started", port=port)
    Server(("", port), Handler).serve_forever()


def repeat(seconds, work):
    """Does something again and again beside everything else."""

    def loop():
        while True:
            work()
            time.sleep(seconds)

    threading.Thread(target=loop, daemon=True).start()


class Neighbour:
    """Another service. Its address is looked up beside the requests, because asking for a name that is away takes seconds."""

    def __init__(self, url, me, name):
        self.host, port = url.removeprefix("http://").split(":")
        self.port, self.me, self.name = int(port), me, name
        self.address = self.host
        repeat(0.5, self.look_up)

    def look_up(self):
        try:
            self.address = socket.gethostbyname(self.host)
        except OSError:
            pass  # the last one is as good as none

    def ask(self, method, path, body=None, timeout=1.0):
        """Status, headers and body; a failure is a word of the closed list that Observer knows."""
        begin, code = time.monotonic(), "failed"
        measures.add("call_attempts_total", **{"from": self.me, "to": self.name})
        connection = HTTPConnection(self.address, self.port, timeout=timeout)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            data, code = answer.read(), str(answer.status)
            return answer.status, answer.headers, data
        except ConnectionRefusedError:
            code = "refused"
            raise
        except TimeoutError:
            code = "timeout"
            raise
        except ConnectionError:
            code = "reset"
            raise
        except OSError:
            code = "unreachable"
            raise
        finally:
            connection.close()
            link = {"from": self.me, "to": self.name}
            measures.add("calls_total", code=code, **link)
            measures.add("call_duration_seconds_sum", time.monotonic() - begin, **link)
            measures.add("call_duration_seconds_count", **link)


class Probe:
    """Looks after a dependency twice a second, from here; `look` returns or raises."""

    words = ("ok", "refused", "timeout", "reset", "unauthorised", "bad-answer")

    def __init__(self, target, look, word):
        self.target, self.look, self.word = target, look, word
        self.result, self.seconds, self.at = None, 0, 0
        measures.gauge(self.rows)
        repeat(0.5, self.check)

    def check(self):
        begin = time.monotonic()
        try:
            self.look()
            result = "ok"
        except Exception as error:
            result = self.word(error)
        self.result, self.seconds, self.at = result, time.monotonic() - begin, time.time()

    def rows(self):
        if self.result is None:
            return []
        labels = {"target": self.target}
        rows = [("probe_result", labels | {"result": word}, int(word == self.result)) for word in self.words]
        return rows + [("probe_latency_seconds", labels, self.seconds), ("probe_checked_timestamp_seconds", labels, self.at)]


def probe_word(error):
    """The word of the closed list for a failure of a neighbour."""
    if isinstance(error, TimeoutError):
        return "timeout"
    return "refused" if isinstance(error, OSError) else "bad-answer"

import base64
import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading

from foreign import CHANGES, READS
from grants import Unproven
from ground import SERVICES

PAGE = """<!doctype html><title>another origin</title><pre id="said"></pre><script>
const tries = TRIES;
const told = [];
async function attempt([name, address, options]) {
  try {
    const answer = await fetch(address, options);
    told.push([name, answer.type, answer.status, (await answer.text()).slice(0, 80)]);
  } catch (error) { told.push([name, "failed", 0, String(error)]); }
}
function form([name, address, options]) {
  const form = document.createElement("form"), frame = document.createElement("iframe"), field = document.createElement("input");
  frame.name = name; form.target = name; form.action = address; form.method = "POST"; field.name = "reason"; field.value = "enough";
  form.append(field); document.body.append(frame, form); form.submit();
}
Promise.all(tries.map(attempt)).then(() => {
  tries.filter(([name]) => name.endsWith("as a form")).forEach(form);
  setTimeout(() => { document.getElementById("said").textContent = "TOLD" + btoa(unescape(encodeURIComponent(JSON.stringify(told)))) + "END"; }, 500);
});
</script>"""


class Browsers:
    """A page of another origin in a real browser, with the key and without; and a name that was made to point here."""

    NAME = "real-browser"

    @classmethod
    def run(cls, ground):
        browser = shutil.which("chromium") or shutil.which("google-chrome")
        if not browser:
            raise Unproven("there is no Chromium on this machine")
        folder = tempfile.mkdtemp()
        handler = functools.partial(Handler, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                yield from cls.page(ground, browser, folder, server.server_port)
                yield from cls.rebound(ground, browser, folder, server.server_port)
            finally:
                server.shutdown()
                shutil.rmtree(folder, ignore_errors=True)

    @classmethod
    def page(cls, ground, browser, folder, port):
        tries = [("control", f"http://localhost:{port}/open", {})]
        for service in SERVICES:
            place, (path, body) = f"http://127.0.0.1:{ground.port(service)}", CHANGES[service]
            key = {"Authorization": f"Bearer {ground.key('operator')}"}
            for words, target, options in [
                ("read", READS[service], {"headers": key}), ("read what is open", "/openapi.json", {}), ("read its health", "/healthz", {}),
                ("sent as text", path, {"method": "POST", "mode": "no-cors", "body": json.dumps(body)}),
                ("sent with a key", path, {"method": "POST", "body": json.dumps(body), "headers": key | {"Content-Type": "application/json"}}),
                ("as a form", path, {"method": "POST", "mode": "no-cors", "body": "reason=enough",
                                     "headers": {"Content-Type": "application/x-www-form-urlencoded"}}),
            ]:
                tries.append((f"{service}: {words}", place + target, options))
        with open(f"{folder}/page.html", "w") as file:
            file.write(PAGE.replace("TRIES", json.dumps(tries)))
        dom = cls.shown(browser, folder, f"http://127.0.0.1:{port}/page.html")
        found = re.search(r"TOLD([A-Za-z0-9+/=]+)END", dom)
        told = {row[0]: row[1:] for row in json.loads(base64.b64decode(found[1]))} if found else {}
        if told.get("control", [""])[0] != "cors" or len(told) != len(tries):
            raise Unproven(f"the page does not get through its tries: {told or dom[-300:]}")
        for name, _, _ in tries[1:]:
            kind, status, text = told[name]
            yield name, f"the page reads {status} {text}" if kind not in ("failed", "opaque") else None

    @classmethod
    def rebound(cls, ground, browser, folder, port):
        """The browser takes evil.example for this machine; then a service's own port is of that origin."""
        rules = "--host-resolver-rules=MAP evil.example 127.0.0.1"
        if "open to all" not in cls.shown(browser, folder, f"http://evil.example:{port}/open", rules):
            raise Unproven("the browser does not take evil.example for this machine")
        for service in SERVICES:
            for path in ("/healthz", "/openapi.json", READS[service]):
                dom = cls.shown(browser, folder, f"http://evil.example:{ground.port(service)}{path}", rules)
                yield f"{service} {path} as evil.example", None if "misdirected_request" in dom else dom[:200]

    @staticmethod
    def shown(browser, folder, address, *words):
        """What stands in the page after its scripts have run."""
        return subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/browser", "--timeout=15000",
                               "--virtual-time-budget=10000", *words, "--dump-dom", address], capture_output=True, text=True, timeout=60,
                              env=os.environ | {"HOME": folder}).stdout


class Handler(http.server.SimpleHTTPRequestHandler):
    """The attacker's server, with one document that every page may read."""

    def do_GET(self):
        if self.path != "/open":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"open to all")

    def log_message(self, *words):
        pass

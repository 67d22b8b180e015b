import Glibc
import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

/// A real proxy process with a key, lent to a test.
struct ProxyBench: Sendable {
    let base: String
    let key: String
    let process: ChildProcess
    private let folder: TemporaryDirectory

    static func with(_ options: [String] = [], _ body: (ProxyBench) async throws -> Void) async throws {
        let bench = try await ProxyBench(options)
        do { try await body(bench) } catch {
            await bench.process.stop()
            throw error
        }
        await bench.process.stop()
    }

    private init(_ options: [String]) async throws {
        let key = APIKey.generate()
        self.key = key.secretText
        self.folder = try TemporaryDirectory()
        let entry: JSONValue = [
            "prefix": .string(key.prefix), "sha256": .string(key.hash.hex), "principal": "tester", "scopes": ["chaos"],
            "root": "tester",
        ]
        try FileSystem.writeAtomically(OpsJSON.encode([entry]), to: self.folder.file("keys.json"))
        let port = FreePort.take()
        self.base = "http://127.0.0.1:\(port)"
        self.process = try Spawn(
            path: ChaosLab.program,
            arguments: [
                "proxy", "--listen", "127.0.0.1:\(port)", "--keys", self.folder.file("keys.json"), "--log-level",
                "warning",
            ] + options,
            directory: "/"
        ).start()
        let ready = HTTPClientRequest(url: "\(self.base)/ready", timeout: .seconds(1), retries: 0)
        try await eventually("the proxy listens") { (try? await HTTPClient().send(ready))?.isSuccess == true }
    }

    /// The child that does the work; nil while there is none.
    var worker: Int32? {
        let text = try? FileSystem.text("/proc/\(self.process.pid)/task/\(self.process.pid)/children")  // none: ended
        return text?.split(separator: " ").first.flatMap { Int32($0) }
    }

    /// Asks it something, and gives the status and the document.
    @discardableResult
    func ask(
        _ method: HTTPMethod,
        _ path: String,
        _ body: JSONValue? = nil
    ) async throws -> (status: Int, body: JSONValue) {
        let bytes = try body.map { try OpsJSON.encode($0) }
        return try await self.send(method, path, bytes ?? [], headers: ["Authorization": "Bearer \(self.key)"])
    }

    func send(
        _ method: HTTPMethod,
        _ path: String,
        _ body: [UInt8],
        headers: HTTPHeaders
    ) async throws -> (status: Int, body: JSONValue) {
        var all = headers
        if !body.isEmpty, all["Content-Type"] == nil { all["Content-Type"] = "application/json" }
        let request = HTTPClientRequest(
            method: method,
            url: self.base + path,
            headers: all,
            body: body,
            timeout: .seconds(5),
            retries: 0
        )
        let answer = try await HTTPClient().send(request)
        let text = answer.body.isEmpty ? JSONValue.null : try OpsJSON.decode(JSONValue.self, from: answer.body)
        return (answer.status, text)
    }

    /// A proxy before a server of this machine; the port at which it listens.
    func proxy(_ name: String, to port: Int) async throws -> Int {
        let answer = try await self.ask(
            .post,
            "/proxies",
            ["name": .string(name), "upstream": .string("127.0.0.1:\(port)")]
        )
        try #require(answer.status == 201, "\(answer.body)")
        return try #require(answer.body["listen"]?.stringValue?.split(separator: ":").last.flatMap { Int($0) })
    }

    func toxic(
        _ type: String,
        _ attributes: JSONValue,
        on proxy: String,
        stream: String = "downstream",
        ttlS: Double = 30
    ) async throws {
        let answer = try await self.ask(
            .post,
            "/proxies/\(proxy)/toxics",
            ["type": .string(type), "stream": .string(stream), "attributes": attributes, "ttl_s": .double(ttlS)]
        )
        try #require(answer.status == 200, "\(answer.body)")
    }
}

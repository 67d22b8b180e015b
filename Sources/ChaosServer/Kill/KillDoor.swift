import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import OpsTrust

/// `POST /kill` and `GET /kill` on a listener with a thread of its own: on a port with a local key, or on a socket that only
/// its owner may open.
struct KillDoor: Sendable {
    let state: String
    /// The file with the key; nil where the socket's mode is the key.
    let key: String?

    /// The body; all of it is optional, so that a bare POST presses too.
    private struct Body: Decodable {
        var reason: String?
        var actor: String?
        var waitS: Double?

        enum CodingKeys: String, CodingKey {
            case reason, actor
            case waitS = "wait_s"
        }
    }

    func listener(on place: HTTPServerConfiguration.Listen) -> SynchronousHTTPListener {
        SynchronousHTTPListener(
            configuration: HTTPServerConfiguration(listen: place, name: "kill"),
            logger: Logger(label: "chaos-kill")
        ) { method, path, query, headers, body in
            self.answer(method, path, query, headers, body)
        }
    }

    func answer(
        _ method: HTTPMethod,
        _ path: String,
        _ query: [String: String],
        _ headers: HTTPHeaders,
        _ body: [UInt8]
    ) -> (status: Int, body: [UInt8]) {
        guard path == "/kill" else {
            return Self.error(404, "not_found", "only /kill is here")
        }
        guard self.isAllowed(headers) else {
            return Self.error(401, "unauthorized", "the key of the kill switch is missing or wrong")
        }
        let switchboard = KillSwitch(state: self.state)
        guard method == .post else { return Self.success(switchboard.report()) }
        let request = body.isEmpty ? Body() : try? OpsJSON.decode(Body.self, from: body)
        guard let request else { return Self.error(400, "bad_body", "the body is not {reason, actor, wait_s}") }
        do throws(ChaosError) {
            let wait = try Self.wait(request.waitS, query["wait"])
            return Self.success(
                try switchboard.press(
                    reason: request.reason ?? "no reason given",
                    actor: request.actor ?? "operator",
                    wait: wait.duration
                )
            )
        } catch {
            return Self.error(ErrorMapping.status(of: error.code), error.code.rawValue, error.description)
        }
    }

    /// The body's word counts before the one of `?wait=3s`.
    private static func wait(_ seconds: Double?, _ text: String?) throws(ChaosError) -> KillWait {
        if let seconds { return try KillWait(checking: seconds) }
        return if let text { try KillWait(text) } else { .standard }
    }

    private func isAllowed(_ headers: HTTPHeaders) -> Bool {
        guard let key else { return true }
        // No key file, no entry.
        guard let wanted = try? SecretFile.read(key) else { return false }
        let given = headers["X-API-Key"] ?? headers["Authorization"].map { String($0.dropFirst("Bearer ".count)) } ?? ""
        let expected = wanted.prefix { $0 != UInt8(ascii: "\n") }
        return Digest.sha256(given) == Digest.sha256(Array(expected)) && !expected.isEmpty
    }

    private static func success(_ report: KillReport) -> (status: Int, body: [UInt8]) {
        // Always has a JSON text
        let body: JSONValue = ["data": (try? JSONValue(encoding: report)) ?? nil, "message": "latched"]
        return (200, (try? OpsJSON.encode(body)) ?? [])
    }

    private static func error(_ status: Int, _ code: String, _ message: String) -> (status: Int, body: [UInt8]) {
        let body: JSONValue = ["error": .string(message), "code": .string(code), "details": [:]]
        return (status, (try? OpsJSON.encode(body)) ?? [])  // always has a JSON text
    }
}

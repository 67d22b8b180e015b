import OpsHTTP
import OpsService
import OpsSystem
import OpsTrust
import Synchronization

@testable import ActionPlane

/// Two providers on one socket that go by one list of keys, as far as a caller's account is concerned.
final class AccountFixture: Sendable {
    static let oldKey = "old-key"
    let list: String
    private let server: HTTPServer
    private let moods = Moods()

    /// The status that an alternative answers with, whatever is on the list.
    private final class Moods: Sendable {
        let statuses = Mutex<[String: Int]>([:])
    }

    init(in directory: String) async throws {
        let list = "\(directory)/provider.keys"
        self.list = list
        try FileSystem.writeAtomically(AcceptedKeys(of: ["another-merchant", Self.oldKey]).text, to: list)
        let moods = moods
        var router = Router()
        router.get("/{name}/account", summary: "Whether a key is taken.", access: .open) { request in
            let name = try request.parameter("name")
            if let status = moods.statuses.withLock({ $0[name] }) {
                throw HTTPError(status: status, code: "mood", message: "As the test wants it.")
            }
            let sent = (request.headers["Authorization"] ?? "").dropFirst(7)
            guard AcceptedKeys(text: try FileSystem.text(list)).accepts(String(sent)) else {
                throw HTTPError.unauthorized("unknown")
            }
            return .json(["merchant": "known"])
        }
        server = HTTPServer(
            configuration: HTTPServerConfiguration(
                listen: .tcp(host: "127.0.0.1", port: 0),
                threads: 1,
                name: "accounts"
            ),
            router: router,
            logger: .silent,
            metrics: MetricsRegistry()
        )
        try await server.start()
    }

    /// The world's target with these two behind its provider.
    func target(_ world: TargetBench) -> Target {
        var target = world.target
        let url = "http://127.0.0.1:\(server.port)"
        target.providers[0].key = Target.SharedKey(
            setting: "PAYMENTS_KEY",
            configuration: "shop.env",
            list: list,
            accounts: ["primary": "\(url)/primary/account", "fallback": "\(url)/fallback/account"]
        )
        return target
    }

    func keys() throws -> AcceptedKeys { AcceptedKeys(text: try FileSystem.text(list)) }

    func answer(_ name: String, with status: Int?) { moods.statuses.withLock { $0[name] = status } }

    func stop() async { await server.drain(within: .milliseconds(100)) }
}

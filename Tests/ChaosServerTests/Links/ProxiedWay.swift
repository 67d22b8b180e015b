import ChaosClient
import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit

@testable import ChaosServer

/// A way from `api-1` to the provider, with a real proxy in it and a server behind it that sends back what it gets.
struct ProxiedWay: Sendable {
    /// Where the ways out of the instance are closed.
    let socket: String
    /// Where the instance reaches the provider.
    let port: Int
    /// Where the provider is.
    let upstream: Int

    /// Lends one, with an injector that knows of it.
    static func with(_ body: (ChaosLab, ProxiedWay) async throws -> Void) async throws {
        let (server, folder) = (EchoServer(), try TemporaryDirectory())
        defer { server.stop() }
        let way = ProxiedWay(socket: folder.file("net.sock"), port: FreePort.take(), upstream: server.port)
        let list: JSONValue = [
            [
                "name": "api-1:payments", "listen": .string("127.0.0.1:\(way.port)"),
                "upstream": .string("127.0.0.1:\(way.upstream)"), "link": .string(way.socket),
            ]
        ]
        try FileSystem.writeAtomically(OpsJSON.encode(list), to: folder.file("proxies.json"))
        try await ProxyBench.with(["--proxies", folder.file("proxies.json")]) { _ in
            try await ChaosLab.with(way: way) { lab in try await body(lab, way) }
        }
    }

    /// The components of a lab with this way between two of them.
    func bound(_ components: [String: JSONValue]) -> JSONValue {
        var components = components
        components["api"] = [
            "kind": "http",
            "instances": [
                [
                    "name": "api-1", "program": "api-1",
                    "link": ["program": "proxy", "socket": .string(self.socket), "proxy": true],
                ], ["name": "api-2", "program": "api-2"],
            ],
        ]
        components["payments"] = [
            "kind": "provider",
            "providers": ["primary": ["url": .string("http://127.0.0.1:\(self.upstream)"), "program": "payments-a"]],
        ]
        return .object(components)
    }

    /// Milliseconds that one byte takes there and back on one connection, in ascending order.
    func roundTrips(_ count: Int) -> [Double] {
        guard let socket = TestSocket(port: self.port) else { return [] }
        return (0..<count).compactMap { _ in socket.roundTrip() }.sorted()
    }
}

extension ChaosLab {
    /// The code and the hint with which the injector refuses; nil when it does not.
    func refusal(
        of fault: String,
        target: String = "api",
        _ with: [String: JSONValue]
    ) async -> (code: String, hint: String)? {
        do {
            _ = try await self.client.inject(fault, FaultRequest(target: target, with: with, leaseS: 30))
            return nil
        } catch {
            let remote = error as? RemoteError
            return (remote?.code ?? "\(error)", remote?.hint ?? "")
        }
    }
}

import OpsService
import Synchronization

/// Keeps what metrics say of the proxies up to a second old, so that whoever asks for metrics waits for nobody.
final class ProxyWatch: Service {
    typealias Traffic = [(name: String, up: Int, down: Int, open: Int)]

    let metrics = MetricsRegistry()
    private let proxies: ProxySet
    private let last = Mutex<Traffic>([])

    init(_ proxies: ProxySet, starts: Int) {
        self.proxies = proxies
        self.metrics.counter(
            "chaos_proxy_received_bytes_total",
            "Bytes that came in, from clients (upstream) and from servers (downstream).",
            labels: ["proxy", "direction"]
        ) { [weak self] in
            (self?.last.withLock { $0 } ?? []).flatMap {
                [([$0.name, "upstream"], Double($0.up)), ([$0.name, "downstream"], Double($0.down))]
            }
        }
        self.metrics.gauge("chaos_proxy_starts", "How often the guard of the sockets has started a worker.") {
            [([], Double(starts))]
        }
        self.metrics.gauge("chaos_proxy_connections", "Connections that are open.", labels: ["proxy"]) { [weak self] in
            (self?.last.withLock { $0 } ?? []).map { ([$0.name], Double($0.open)) }
        }
    }

    func run() async throws {
        while !Task.isCancelled {
            let traffic = await self.proxies.traffic()
            self.last.withLock { $0 = traffic }
            try? await Task.sleep(for: .seconds(1))  // cancellation is seen above
        }
    }
}

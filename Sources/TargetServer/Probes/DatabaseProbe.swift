import OpsPostgres
import Synchronization

/// Asks the database for a 1 over a connection of its own, so that a full pool does not look like a dead database.
final class DatabaseProbe: Sendable {
    private let configuration: PostgresConfiguration
    private let connection = Mutex<PostgresConnection?>(nil)

    init(_ configuration: PostgresConfiguration) {
        var configuration = configuration
        configuration.connectTimeout = .seconds(1)
        self.configuration = configuration
    }

    func check() async -> ProbeResult {
        do {
            let connection = try await open()
            try await connection.query("SELECT 1", within: .seconds(1))
            return .ok
        } catch {
            connection.withLock { $0 = nil }
            return ProbeResult(error)
        }
    }

    private func open() async throws -> PostgresConnection {
        if let known = connection.withLock({ $0 }), !known.isClosed { return known }
        let new = try await PostgresConnection.connect(configuration)
        connection.withLock { $0 = new }
        return new
    }
}

import OpsPostgres
import OpsService
import OpsSystem

/// Learns which cluster is the target's while it can still say so: one that is down when it has to be started cannot.
struct ClusterWitness: Service {
    let database: PostgresConfiguration
    let clusters: ClusterMemory
    /// Between two questions that were not answered.
    var pause: Duration = .seconds(1)

    func run() async throws {
        while !Task.isCancelled, await !hasLearnt() { try? await Task.sleep(for: pause) }  // cancellation is seen above
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }  // a service ends when it is told to
    }

    /// A database that does not answer is asked again.
    private func hasLearnt() async -> Bool {
        let rows = try? await DatabaseDesk(configuration: database).query(ClusterMemory.question)
        guard let identifier = rows?.first?["identifier"] else { return false }
        clusters.remember(identifier)
        return true
    }
}

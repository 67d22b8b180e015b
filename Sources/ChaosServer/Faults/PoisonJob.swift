import OpsModel
import OpsPostgres
import OpsRuntime

/// A job that its worker cannot carry out ends it each time that it is taken, as one that a newer version left in the queue.
final class PoisonJob: Fault {
    private static let kind = "gift-wrap"

    static let description = FaultDescription(
        kind: .poisonJob,
        path: "/break/worker/job",
        title: "A job that no worker knows ends each one that takes it.",
        persistence: .event,
        targets: ["worker"],
        parameters: [],
        yieldsTo: ["the job's removal from the queue"],
        unit: "jobs",
        mechanism: "a job of a kind that the worker does not know is put into its queue",
        signs: ["queue.attempts", "process.restarts", "queue.depth"],
        baselineWithinS: 40,
        needs: [.queue]
    )

    private let setting: FaultSetting
    private var change: JobChange?

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        guard let queue = self.setting.access.queue else {
            throw ChaosError(
                .badTarget,
                "\(self.setting.access.component) takes its work from no queue that is declared",
                hint: "state: {jobs: {in: …, table: …, quarantine: …}} and the component's queue"
            )
        }
        let change = JobChange(
            queue: queue,
            id: try self.id(in: queue),
            kind: Self.kind,
            payload: Identifier.random(prefix: "ord", length: 14),
            clientName: self.setting.clientName("psql")
        )
        self.change = change
        let resource = SharedResource.job(change.id, of: self.setting.access.component)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .job(change))],
            requested: 1
        )
    }

    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        let administrator = try change.queue.database.administrator(as: change.clientName)
        defer { administrator.close() }
        try change.apply(administrator)
        return 1
    }

    /// A gap in the queue's numbers is all that is left of a plan that comes to nothing.
    private func id(in queue: QueueAccess) throws(ChaosError) -> Int {
        let administrator = try queue.database.administrator(as: queue.database.admin)
        defer { administrator.close() }
        let names = queue.tables.names
        let (missing, id) = try asking { () throws(PostgresError) in
            let rows = try administrator.query(queue.tables.missingColumns, names.map { .text($0) })
            guard rows.isEmpty else { return (rows.compactMap { $0["missing"] }, nil as Int?) }
            return ([], try administrator.query(queue.tables.nextID, [.text(names[0])]).first?.optionalInt("id"))
        }
        guard let id else {
            throw ChaosError(
                .unsupported,
                missing.isEmpty ? "the queue makes no ids" : "the queue has no \(missing.joined(separator: ", "))",
                hint: "a queue whose jobs can be put aside one by one has those columns"
            )
        }
        return id
    }
}

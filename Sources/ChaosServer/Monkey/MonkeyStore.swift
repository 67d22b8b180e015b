import OpsModel
import OpsSystem

/// The directory of plans: for each one file that never changes, and one that says how far it was carried out.
struct MonkeyStore: Sendable {
    /// So many plans are kept, the newest ones.
    static let kept = 32

    let directory: String

    init(state: String) { self.directory = "\(state)/monkey" }

    func prepare() throws(SystemError) { try FileSystem.makeDirectory(self.directory, mode: 0o700) }

    /// The names of the plans, the newest first; what cannot be read is left out, and left as it is.
    func plans() -> [String] {
        let names = (try? FileSystem.list(self.directory)) ?? []  // none that anybody could read
        return names.filter { $0.hasSuffix(Self.planSuffix) }
            .compactMap { self.plan(String($0.dropLast(Self.planSuffix.count))) }
            .sorted { ($0.drawnAt, $0.id) > ($1.drawnAt, $1.id) }.map(\.id)
    }

    func plan(_ id: String) -> MonkeyPlan? { self.read(id, Self.planSuffix) }
    func run(_ id: String) -> MonkeyRun? { self.read(id, Self.runSuffix) }

    /// Returns when it is on disk; old plans go.
    func write(_ plan: MonkeyPlan) throws(ChaosError) {
        try self.write(plan, "\(plan.id)\(Self.planSuffix)")
        for id in self.plans().dropFirst(Self.kept) {
            for suffix in [Self.runSuffix, Self.planSuffix] {
                try? FileSystem.remove("\(self.directory)/\(id)\(suffix)")  // another time, then
            }
        }
    }

    /// Returns when it is on disk.
    func write(_ run: MonkeyRun) throws(ChaosError) { try self.write(run, "\(run.plan)\(Self.runSuffix)") }

    private static let planSuffix = ".plan.json"
    private static let runSuffix = ".run.json"

    private func read<Value: Decodable>(_ id: String, _ suffix: String) -> Value? {
        guard FaultStore.isID(id), let bytes = try? FileSystem.read("\(self.directory)/\(id)\(suffix)", limit: 1 << 22)
        else { return nil }
        return try? OpsJSON.decode(Value.self, from: bytes)
    }

    private func write(_ value: some Encodable, _ name: String) throws(ChaosError) {
        do {
            try FileSystem.writeAtomically(try OpsJSON.encode(value), to: "\(self.directory)/\(name)", mode: 0o600)
        } catch {
            throw ChaosError(
                .journalFailed,
                "the plan could not be recorded: \(error)",
                hint: "see the disk of the state directory"
            )
        }
    }
}

import OpsModel
import OpsRuntime
import OpsSystem

/// A program that a fault puts under a strain, and keeps under it.
final class StrainedProgram {
    /// Asked for again long before its time is over.
    private static let pause: UInt64 = 800_000_000
    private static let patience: UInt64 = 5_000_000_000

    private let setting: FaultSetting
    private let kind: StrainChange.Kind
    private let amount: Int
    /// How fast it grows to that; nil for at once.
    private let perSecond: Double?
    private var change: StrainChange?
    private var client: StrainClient?
    private var nextAsking: UInt64 = 0

    init(_ setting: FaultSetting, _ kind: StrainChange.Kind, amount: Int, perSecond: Double? = nil) {
        self.setting = setting
        self.kind = kind
        self.amount = amount
        self.perSecond = perSecond
    }

    func plan() throws(ChaosError) -> Blueprint {
        let program = try self.setting.runningProgram()
        guard let socket = self.setting.access.strains[program.name] else {
            throw ChaosError(
                .unsupported,
                "\(program.name) cannot be put under a strain",
                hint: "only programs that were built for it can; see docs/faults.md"
            )
        }
        let change = StrainChange(
            place: StrainPlace(supervisor: program.supervisor, program: program.name, socket: socket),
            process: program.process,
            token: self.setting.token,
            kind: self.kind,
            amount: self.amount
        )
        let state = try StrainClient(socket: socket).look()
        guard state.held.isEmpty, state.reached.isEmpty else {
            throw ChaosError(.conflict, "\(program.name) is under a strain already", hint: "end it, and ask again")
        }
        self.change = change
        let resource = SharedResource.process(program.name)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: change.token, change: .strain(change))],
            requested: Double(self.amount)
        )
    }

    /// As much as comes about: a process may have less of a thing than it was asked to hold.
    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        let client = StrainClient(socket: change.place.socket)
        self.client = client
        let start = BootClock.now()
        var (reached, since) = (0, start)
        let limit = start + Self.patience + self.growing
        while BootClock.now() < limit {
            let state = try client.set(self.part(of: change, after: BootClock.now() - start))
            guard let entry = state.held.first(where: { $0.token == change.token }) else { break }
            if entry.reached != reached { (reached, since) = (entry.reached, BootClock.now()) }
            if reached >= change.amount || (reached > 0 && BootClock.now() - since > self.standstill) {
                return Double(reached)
            }
            _ = Descriptors.ready([], milliseconds: 20)
        }
        throw ChaosError(.notApplied, "\(change.place.program) did not come under the strain")
    }

    /// How long it takes to grow at its own pace.
    private var growing: UInt64 { self.perSecond.map { UInt64(Double(self.amount) / $0 * 1e9) } ?? 0 }

    /// After so long without any more of it no more will come.
    private var standstill: UInt64 { self.perSecond == nil ? 400_000_000 : 1_000_000_000 }

    /// What is asked for while it grows.
    private func part(of change: StrainChange, after elapsed: UInt64) -> StrainChange {
        guard let perSecond else { return change }
        var part = change
        part.amount = min(change.amount, 1 + Int(Double(elapsed) / 1e9 * perSecond))
        return part
    }

    /// What its supervisor's machine, or its engine, says that the process holds in memory.
    func residentMiB() throws(ChaosError) -> Double {
        guard let change else { throw ChaosError(.protocolBroken, "a look before plan") }
        let bytes = try TargetSupervisor(change.place.supervisor).residentBytes(of: change.place.program)
        return Double(bytes) / 1_048_576
    }

    /// How many descriptors the process has open, as its supervisor's machine says; nil where that cannot be seen.
    func openDescriptors() throws(ChaosError) -> Int? {
        guard let change else { throw ChaosError(.protocolBroken, "a look before plan") }
        return try TargetSupervisor(change.place.supervisor).openDescriptors(of: change.place.program)
    }

    /// Asks for it again; `absent` when the process that was under it is no more.
    func look(absent: Presence) throws(ChaosError) -> Presence {
        guard let change, BootClock.now() >= self.nextAsking else { return .present }
        if let client, client.isConnected, (try? client.set(change)) != nil {  // else it is looked what became of it
            self.nextAsking = BootClock.now() + Self.pause
            return .present
        }
        let state = try TargetSupervisor(change.place.supervisor).state(of: change.place.program)
        guard state.identity == change.process else { return absent }
        // The same process, which did not answer in time or hung up: nobody repaired anything.
        try self.reassert()
        return .present
    }

    func reassert() throws(ChaosError) {
        guard let change else { return }
        let client = StrainClient(socket: change.place.socket)
        self.client = client
        _ = try client.set(change)
        self.nextAsking = BootClock.now() + Self.pause
    }

    func release() { self.client?.close() }
}

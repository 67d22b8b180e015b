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
    private var change: StrainChange?
    private var client: StrainClient?
    private var nextAsking: UInt64 = 0

    init(_ setting: FaultSetting, _ kind: StrainChange.Kind, amount: Int) {
        self.setting = setting
        self.kind = kind
        self.amount = amount
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
        var (reached, since) = (0, BootClock.now())
        let limit = since + Self.patience
        while BootClock.now() < limit {
            let state = try client.set(change)
            guard let entry = state.held.first(where: { $0.token == change.token }) else { break }
            if entry.reached != reached { (reached, since) = (entry.reached, BootClock.now()) }
            if reached >= change.amount || (reached > 0 && BootClock.now() - since > 400_000_000) {
                return Double(reached)
            }
            _ = Descriptors.ready([], milliseconds: 20)
        }
        throw ChaosError(.notApplied, "\(change.place.program) did not come under the strain")
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

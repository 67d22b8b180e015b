import OpsModel
import OpsRuntime
import OpsSystem

/// The ways out of some instances that a fault closes, or makes bad in some other way, and keeps so.
final class ClosedWays {
    /// Asked for again before half of its time is over.
    private static let pause: UInt64 = 1_000_000_000

    private let setting: FaultSetting
    private let impairment: Impairment
    private var changes: [LinkChange] = []
    private var nextClosing: UInt64 = 0

    init(_ setting: FaultSetting, _ impairment: Impairment = .closed) {
        self.setting = setting
        self.impairment = impairment
    }

    /// The parameter that all these faults have.
    static let to = Parameter(
        name: "to",
        kind: .name,
        fallback: "",
        help: "whom it does not reach any more, or not well: a component that it needs"
    )

    func plan() throws(ChaosError) -> Blueprint {
        let other = try self.other()
        guard let ways = self.setting.access.ways[other] else {
            throw ChaosError(
                .badParameter,
                "to: no way leads from \(self.setting.access.component) to \(other)",
                hint: "choose from \(self.setting.access.ways.keys.sorted().joined(separator: ", "))"
            )
        }
        let places = try self.places()
        for place in places { try LinkClient(place: place).followInstance(within: .seconds(4)) }
        self.changes = places.map {
            LinkChange(place: $0, ways: ways.map(\.description), token: self.setting.token, impairment: self.impairment)
        }
        let resource = SharedResource.link(from: self.setting.access.component, to: other)
        return Blueprint(
            resource: resource,
            effects: self.changes.map { Effect(resource: resource, token: self.setting.token, change: .link($0)) },
            requested: Double(self.changes.count)
        )
    }

    /// All or nothing: a way that one of several instances still has would hide that it is closed.
    func apply() throws(ChaosError) -> Double? {
        let count = try self.close()
        guard count == self.changes.count else {
            throw ChaosError(.notApplied, "only \(count) of \(self.changes.count) instances could be cut off")
        }
        return Double(count)
    }

    /// What is still closed gets a new time to live meanwhile.
    func look() throws(ChaosError) -> Presence {
        guard BootClock.now() >= self.nextClosing else { return .present }
        guard try self.firstOpen() == nil else { return .gone }
        return try self.close() == self.changes.count ? .present : .gone
    }

    /// One instance after the other: whoever watches this process must not wait long for it.
    func reassert() throws(ChaosError) {
        guard let change = try self.firstOpen() else { return }
        try LinkClient(place: change.place).followInstance(within: .milliseconds(600))
        _ = try LinkClient(place: change.place).close(change.closing)
    }

    /// The first instance for which it does not hold.
    private func firstOpen() throws(ChaosError) -> LinkChange? {
        for change in self.changes {
            let state = try LinkClient(place: change.place).state()
            if state.map({ change.isHeld(in: $0) }) != true { return change }
        }
        return nil
    }

    /// How many instances it holds for.
    private func close() throws(ChaosError) -> Int {
        var count = 0
        for change in self.changes {
            let state = try LinkClient(place: change.place).close(change.closing)
            if let state, change.isHeld(in: state) { count += 1 }
        }
        self.nextClosing = BootClock.now() + Self.pause
        return count
    }

    private func other() throws(ChaosError) -> String {
        let name = self.setting.parameters.text("to")
        guard !name.isEmpty else {
            throw ChaosError(.badParameter, "to: whom it shall not reach is missing", hint: "name a component it needs")
        }
        return self.setting.request.roles[name] ?? name
    }

    private func places() throws(ChaosError) -> [LinkPlace] {
        let named = self.setting.request.instance
        let places = self.setting.access.links.filter { named == nil || $0.key == named }
        guard !places.isEmpty || self.impairment.needsProxy else {
            throw ChaosError(
                .unsupported,
                "the ways out of \(self.setting.access.component) cannot be closed here",
                hint:
                    "a lab of processes has to be started by root for that, or made with `opslab up --proxied`; or use `--runtime compose`"
            )
        }
        guard !places.isEmpty, self.setting.access.isProxied || !self.impairment.needsProxy else {
            throw ChaosError(
                .unsupported,
                "no proxy stands in the ways out of \(self.setting.access.component), and nobody else can do this to them",
                hint: Impairment.proxyHint
            )
        }
        return places.sorted { $0.key < $1.key }.map(\.value)
    }
}

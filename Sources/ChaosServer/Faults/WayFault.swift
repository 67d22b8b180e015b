/// A fault of the ways from a component to one that it needs: what differs is how they are bad.
protocol WayFault: Fault {
    var ways: ClosedWays { get }
}

extension WayFault {
    func plan() throws(ChaosError) -> Blueprint { try self.ways.plan() }
    func apply() throws(ChaosError) -> Double? { try self.ways.apply() }
    func look() throws(ChaosError) -> Presence { try self.ways.look() }
    func reassert() throws(ChaosError) { try self.ways.reassert() }
}

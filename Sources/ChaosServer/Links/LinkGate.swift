/// Whoever can close the ways out of one instance: the kernel of its network namespace, or a proxy in each way.
protocol LinkGate: Sendable {
    /// Whether what leaves the instance still comes by here.
    var isConnected: Bool { get }

    /// Closes ways, or gives those that this token has closed a new time to live.
    ///
    /// - Throws: `unsupported` for what cannot be done to them here.
    func close(_ closing: LinkClosing) throws(ChaosError)

    /// What is closed now.
    func closed() throws(ChaosError) -> [ClosedWay]

    /// Opens ways again.
    ///
    /// - Throws: `not_applied` when the time of one of them was over in between.
    func open(_ closed: [ClosedWay]) throws(ChaosError)
}

/// What looks suspicious and is harmless, as the language calls it.
public enum DecoyKind: String, CaseIterable, Sendable {
    /// Nothing, so that a draw can also give no decoy.
    case none
    /// A comment goes out with the configuration.
    case benignDeploy = "benign-deploy"
    /// Three tenths more customers.
    case trafficSpike = "traffic-spike"
    /// A fifth of the cards is declined.
    case cardDeclines = "card-declines"
    /// Somebody else's process works hard on the same machine.
    case cpuNoise = "cpu-noise"
    /// A library warns about something that hurts nobody.
    case logNoise = "log-noise"
    /// The batch job has more to do than usual.
    case slowBatch = "slow-batch"
    /// The readiness probe of the customers' door does not answer now and then.
    case flappingProbe = "flapping-probe"

    /// Whether it is a fact about one component that could be taken for the cause, and not only more of what is always there.
    public var isMisleading: Bool {
        switch self {
        case .none, .trafficSpike, .cardDeclines, .cpuNoise, .logNoise: false
        case .benignDeploy, .slowBatch, .flappingProbe: true
        }
    }
}

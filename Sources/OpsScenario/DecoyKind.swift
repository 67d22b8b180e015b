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

    /// What the language has a word for and no run can set up yet.
    public static let planned = ["cpu-noise", "log-noise", "slow-batch", "flapping-probe"]
}

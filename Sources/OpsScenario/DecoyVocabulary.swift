/// The words for what looks suspicious and is harmless.
public enum DecoyVocabulary {
    /// What a run can set up.
    public static let names = ["none", "benign-deploy", "traffic-spike", "card-declines"]
    /// What the language has a word for and no run can set up yet.
    public static let planned = ["cpu-noise", "log-noise", "slow-batch", "flapping-probe"]
}

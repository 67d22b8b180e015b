import OpsScenario

/// What the labs that somebody plays in can do to their target, as far as not every lab can.
struct LabAbilities: Hashable, Sendable {
    /// Whether they may change its network, or a volume.
    var mayChangeNetwork = true
    /// Whether a proxy stands in its ways.
    var hasProxy = true

    func allow(_ scenario: Scenario) -> Bool {
        scenario.needsProxy ? self.hasProxy : self.mayChangeNetwork || !scenario.changesNetwork
    }

    /// Why a scenario that they do not allow is left out.
    static func lacks(_ scenario: Scenario) -> String {
        scenario.needsProxy ? "only in a lab of `opslab up --proxied`" : "only root's labs, and containers, may"
    }
}

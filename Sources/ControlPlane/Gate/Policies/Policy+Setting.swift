import OpsModel

/// What a person may set of it.
extension Policy {
    /// Refuses what is outside its limits; the gate's own setting may be, and can be given back as it was read.
    static func check(_ wanted: AutonomySetting, usual: Double) throws(GateRefusal) {
        if let hold = wanted.holdS, !AutonomySetting.holdLimits.contains(hold) {
            let most = Int(AutonomySetting.holdLimits.upperBound)
            throw GateRefusal(.settingInvalid, "hold_s: a yes can be held back for 0 to \(most) seconds")
        }
        let limits = AutonomySetting.approvalTimeoutLimits
        guard let timeout = wanted.approvalTimeoutS, timeout != usual, !limits.contains(timeout) else { return }
        throw GateRefusal(
            .settingInvalid,
            "approval_timeout_s: a person has \(Int(limits.lowerBound)) to \(Int(limits.upperBound)) seconds"
        )
    }

    /// Takes over what was asked for; what was left out stays.
    mutating func apply(_ wanted: AutonomySetting) {
        autonomy = wanted.level
        windowS = wanted.windowS ?? windowS
        automatic = wanted.automatic.map { Set($0) } ?? automatic
        holdS = wanted.holdS ?? holdS
        approvalTimeoutS = wanted.approvalTimeoutS ?? approvalTimeoutS
    }
}

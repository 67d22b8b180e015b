import OpsModel
import OpsRuntime

/// A program that a fault has brought down, and what is planned of it.
final class ProgramDown {
    private let setting: FaultSetting
    private(set) var change: ProcessChange?

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan(_ manner: ProcessChange.Manner) throws(ChaosError) -> Blueprint {
        let change = try self.setting.processChange(manner)
        self.change = change
        let resource = SharedResource.process(change.program)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .process(change))],
            requested: 1
        )
    }

    func planned() throws(ChaosError) -> ProcessChange {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        return change
    }
}

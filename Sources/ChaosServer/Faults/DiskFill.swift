import OpsModel
import OpsRuntime
import OpsSystem

/// A half-written file of a program that crashed takes all that was free on a working volume.
///
/// Only a volume of its own is ever filled, one that is no larger than its quota: the machine's disk is nobody's to break.
final class DiskFill: Fault {
    static let description = FaultDescription(
        kind: .diskFill,
        path: "/break/disk/fill",
        title: "A left-over file takes all that was free on a working volume.",
        persistence: .event,
        targets: ["directory"],
        parameters: [],
        yieldsTo: ["the file's removal"],
        unit: "bytes",
        mechanism: "a disposable file is written until nothing is free on the directory's own small volume",
        signs: ["disk.used_ratio", "log.code"],
        baselineWithinS: 20,
        needs: [.volume]
    )

    private let setting: FaultSetting
    private var change: VolumeFill?

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        let component = self.setting.access.component
        guard let volume = self.setting.access.volume else {
            throw ChaosError(
                .badTarget,
                "\(component) has no quota, or no files that may be deleted",
                hint: "the topology declares both: quota: 64MiB, disposable: [\"*.part\"]"
            )
        }
        if let reason = VolumeFill.refusal(of: volume) {
            let hint = "in containers, or in a lab of processes that root starts, it has one"
            throw ChaosError(.unsupported, reason, hint: hint)
        }
        guard let directory = FileSystem.inode(volume.path) else {
            throw ChaosError(.targetUnavailable, "\(volume.path) is not there")
        }
        let order = Identifier.random(prefix: "ord", length: 14)
        let change = VolumeFill(
            volume: volume,
            path: "\(volume.path)/\(order)\(volume.suffix)",
            directory: directory,
            line: "order \(order)\npacked by job \(Int.random(in: 100...999)), attempt 1\n"
        )
        self.change = change
        let resource = SharedResource.directory(component)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .volume(change))],
            requested: nil
        )
    }

    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        return Double(try change.apply())
    }
}

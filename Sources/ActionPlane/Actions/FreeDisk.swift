import OpsModel
import OpsRuntime

/// Removes the files of a working directory that the topology calls disposable and that nobody works with.
///
/// Which files these are settles the plan, each by device and number, and the diff names every one. Each is removed by a step of
/// its own; one that somebody works with again, or has replaced, stays.
struct FreeDisk: RemediationAction {
    let volumes: [Target.Volume]

    var description: ActionDescription {
        ActionDescription(
            name: "free-disk",
            version: 1,
            title: "Remove left-over files that are declared as disposable",
            parameters: schema.json,
            kinds: ["directory"],
            risk: "medium",
            downtimeS: 0,
            undo: "there is none: what is removed is declared as disposable, and nobody worked with it",
            isReversible: false
        )
    }

    var schema: ParameterSchema {
        ParameterSchema(properties: [
            .init(name: "component", kind: .word(volumes.map(\.component)), summary: "the directory")
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let volume = try volume(parameters["component"]?.stringValue)
        let entries = try volume.files.removable()
        let bytes = entries.map(\.bytes).reduce(0, +)
        return PreparedAction(
            of: description,
            facts: ["component": .string(volume.component), "files": .array(entries.map(\.fact))],
            diff: entries.map { "- \(volume.component): \($0.name), \(Self.size($0.bytes))" },
            blastRadius:
                "\(entries.count) files with \(Self.size(bytes)); nothing else in \(volume.component) is touched",
            claims: [.directory(volume.component): nil],
            steps: entries.map { ActionStep("remove", volume.component, before: $0.fact, isResumable: true) },
            refusals: entries.isEmpty
                ? ["no file of \(volume.component) is declared as disposable and left alone by everybody"] : []
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        try volume(step.subject).files.remove(try entry(step))
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        try volume(step.subject).files.isThere(try entry(step)) ? .before : .after
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        let bytes = intent.steps.compactMap { DisposableFiles.Entry($0.before)?.bytes }
        return ["removed": .int(bytes.count), "bytes": .int(bytes.reduce(0, +))]
    }

    private func entry(_ step: ActionStep) throws(ActionError) -> DisposableFiles.Entry {
        guard let entry = DisposableFiles.Entry(step.before) else {
            throw ActionError(.factsDrifted, "the plan names no file")
        }
        return entry
    }

    private func volume(_ component: String?) throws(ActionError) -> Target.Volume {
        let meant = volumes.filter { component == nil || $0.component == component }
        guard let volume = meant.first, meant.count == 1 else {
            throw ActionError(.invalidParameters, "component: say which directory", hint: "GET /catalog lists them")
        }
        return volume
    }

    private static func size(_ bytes: Int) -> String {
        bytes < 1 << 20 ? "\((bytes + 1_023) >> 10) KiB" : "\((bytes + (1 << 19)) >> 20) MiB"
    }
}

extension Target.Volume {
    fileprivate var files: DisposableFiles { DisposableFiles(path: path, patterns: disposable) }
}

extension DisposableFiles.Entry {
    /// What is compared again right before the effect.
    fileprivate var fact: JSONValue {
        [
            "name": .string(name), "device": .string("\(device)"), "inode": .string("\(inode)"), "bytes": .int(bytes),
        ]
    }

    fileprivate init?(_ fact: JSONValue) {
        guard let name = fact["name"]?.stringValue, let bytes = fact["bytes"]?.intValue,
            let device = fact["device"]?.stringValue.flatMap({ UInt64($0) }),
            let inode = fact["inode"]?.stringValue.flatMap({ UInt64($0) })
        else { return nil }
        self.init(name: name, device: device, inode: inode, bytes: bytes)
    }
}

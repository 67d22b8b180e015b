import ChaosClient
import OpsCommand
import OpsModel
import OpsRuntime
import OpsSpec
import OpsSystem

/// `opslab break`.
struct BreakCommand: Command {
    static let name = "break"
    static let summary = "Break something for a limited time"
    static let discussion = "The catalogue is `opslab faults --catalog`. It ends by itself when the time is up."
    static let arguments = [Argument("fault", help: "a name from the catalogue")]
    static let options: [Option] = [
        LabLookup.option, .value("for", "DURATION", default: "30s", help: "how long at most, such as 30s"),
        .value("target", "COMPONENT", help: "what to break; the first component in scope that fits when absent"),
        .value("unit", "NAME", help: "one instance or provider of it"),
        .value("with", "KEY=VALUE", repeats: true, help: "a parameter of the fault; may be repeated"),
        .value("role", "ROLE=COMPONENT", repeats: true, help: "binds a role of the fault, such as culprit=report"),
        .flag("dry-run", help: "only say what would be done, or why it would be refused"), .json,
    ]

    private let access: ChaosAccess
    private let fault: String
    private let lease: Duration
    private let target: String?
    private let unit: String?
    private let parameters: [String: JSONValue]
    private let roles: [String: String]
    private let isDryRun: Bool
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.access = try ChaosAccess(LabLookup(parsed))
        self.fault = parsed.argument("fault") ?? ""
        self.lease = try parsed.duration("for") ?? .seconds(30)
        self.target = parsed.string("target")
        self.unit = parsed.string("unit")
        self.parameters = try FaultPairs.parse(parsed.strings("with"), option: "with").mapValues(FaultPairs.value)
        self.roles = try FaultPairs.parse(parsed.strings("role"), option: "role")
        self.isDryRun = parsed.flag("dry-run")
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        ProcessArguments.hide()
        let offers = try await self.access.asking { try await $0.catalog() }
        guard let offer = offers.first(where: { $0.fault == self.fault }) else {
            throw CommandError.usage(
                "there is no fault '\(Terminal.clean(self.fault))'",
                hint: "choose from \(offers.map(\.fault).joined(separator: ", "))"
            )
        }
        let request = FaultRequest(
            target: try self.target ?? self.firstFit(offer),
            instance: self.unit,
            roles: self.roles,
            with: self.parameters,
            leaseS: self.lease.inSeconds
        )
        if self.isDryRun {
            let preview = try await self.access.asking { try await $0.preview(self.fault, request) }
            Terminal.out(self.isJSON ? try OpsJSON.string(preview) : Self.describe(preview))
            return ExitCode.ok
        }
        let record = try await self.access.asking { try await $0.inject(self.fault, request) }
        Terminal.out(self.isJSON ? try OpsJSON.string(record) : Self.describe(record))
        return ExitCode.ok
    }

    private func firstFit(_ offer: FaultOffer) throws -> String {
        let topology = try Topology.load(self.access.lab.layout.topology)
        let fits = topology.components.filter {
            offer.targets.contains($0.kind.rawValue) && topology.chaos.scope.contains($0.name)
        }
        // Of several, the one with instances to spare is the kindest.
        guard let first = fits.max(by: { $0.instances < $1.instances }) else {
            throw CommandError(
                "nothing in the topology's chaos scope can be broken this way",
                exitCode: ExitCode.refused
            )
        }
        return first.name
    }

    private static func describe(_ record: FaultRecord) -> String {
        let place = record.instance.map { "\(record.target) (\($0))" } ?? record.target
        return "\(record.fault) on \(place) for \(Int(record.leaseS)) s, fault \(record.id)\n"
            + "end it early: opslab faults --end \(record.id)   stop everything: opslab kill --reason …"
    }

    private static func describe(_ preview: FaultPreview) -> String {
        let place = preview.instance.map { "\(preview.target) (\($0))" } ?? preview.target
        let changes = preview.changes.map {
            "  \($0.mark.kind.rawValue) \(Terminal.clean($0.mark.subject)): \($0.undo)"
        }
        let more = preview.effects > changes.count ? ["  and \(preview.effects - changes.count) more"] : []
        let ends = preview.yieldsTo.isEmpty ? "" : ", ended by right by \(preview.yieldsTo.joined(separator: " or "))"
        return
            (["would break \(place) by \(preview.fault) for \(Int(preview.leaseS)) s at most\(ends)"] + changes + more
            + ["nothing was done"]).joined(separator: "\n")
    }
}

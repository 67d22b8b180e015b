import ChaosClient
import OpsCommand
import OpsModel

/// `opslab faults`.
struct FaultsCommand: Command {
    static let name = "faults"
    static let summary = "List faults, or end one"
    static let options: [Option] = [
        LabLookup.option, .flag("catalog", help: "what can be broken, and how"),
        .flag("open", help: "only those that are not over"),
        .value("end", "FAULT", help: "take this one back"), .json,
    ]

    private let access: ChaosAccess
    private let isCatalog: Bool
    private let isOpen: Bool
    private let ending: String?
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.access = try ChaosAccess(LabLookup(parsed))
        self.isCatalog = parsed.flag("catalog")
        self.isOpen = parsed.flag("open")
        self.ending = parsed.string("end")
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        if self.isCatalog { return try self.showCatalog(try await self.access.asking { try await $0.catalog() }) }
        if let ending { return try self.show([try await self.access.asking { try await $0.revert(ending) }]) }
        return try self.show(try await self.access.asking { try await $0.faults(open: self.isOpen) })
    }

    private func show(_ records: [FaultRecord]) throws -> Int32 {
        let isUnfinished = self.ending != nil && records.contains { $0.endedAt == nil }
        if self.isJSON {
            Terminal.out(try OpsJSON.string(records))
        } else if records.isEmpty {
            Terminal.out("no faults")
        } else {
            var table = TextTable(["FAULT", "KIND", "TARGET", "STATE", "LEFT", "ENDED BY", "NOTE"], numbers: ["LEFT"])
            for record in records {
                table.add([
                    record.id, record.fault, record.instance ?? record.target, record.state.rawValue,
                    record.leaseLeftS.map { "\(Int($0)) s" } ?? "-", record.endCause ?? "-", record.reason ?? "",
                ])
            }
            Terminal.out(table.render())
        }
        return isUnfinished ? ExitCode.failed : ExitCode.ok
    }

    private func showCatalog(_ offers: [FaultOffer]) throws -> Int32 {
        if self.isJSON {
            Terminal.out(try OpsJSON.string(offers))
            return ExitCode.ok
        }
        var table = TextTable(["FAULT", "CLASS", "BREAKS", "PARAMETERS", "WHAT HAPPENS"])
        for offer in offers {
            let parameters = offer.parameters["properties"]?.objectValue?.keys.sorted().joined(separator: ", ") ?? ""
            table.add([
                offer.fault, offer.persistence.rawValue, offer.targets.joined(separator: ", "), parameters, offer.title,
            ])
        }
        Terminal.out(table.render())
        return ExitCode.ok
    }
}

import GateClient
import OpsCommand
import OpsModel

/// `opslab approvals`.
struct ApprovalsCommand: Command {
    static let name = "approvals"
    static let summary = "List what waits for a decision, with its options"
    static let options: [Option] = [LabLookup.option, .flag("all", help: "decided ones too"), .json]

    private let lookup: LabLookup
    private let isAll: Bool
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        isAll = parsed.flag("all")
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let access = try GateAccess(lookup)
        let approvals = try await access.asking { try await $0.approvals(isAll ? nil : .pending) }
        if isJSON {
            Terminal.out(try OpsJSON.string(approvals))
            return ExitCode.ok
        }
        guard !approvals.isEmpty else {
            Terminal.out(isAll ? "nothing has been asked yet" : "nothing waits for a decision")
            return ExitCode.ok
        }
        for approval in approvals {
            let detail = try await access.asking { try await $0.approval(approval.id) }
            show(detail)
        }
        return ExitCode.ok
    }

    private func show(_ detail: ApprovalDetail) {
        let approval = detail.approval
        let left = approval.state == .pending ? ", expires in \(seconds(max(0, approval.expiresAt - .now())))" : ""
        let asked = "for \(approval.incident), asked by \(approval.requester)"
        Terminal.out(Terminal.clean("\(approval.id)  \(approval.state.rawValue)\(left)  \(asked)"))
        if let told = approval.escalatedTo, approval.state == .pending {
            let waited = seconds(max(0, .now() - approval.requestedAt))
            Terminal.out("  nobody has decided for \(waited): told to \(Terminal.clean(told.joined(separator: ", ")))")
        }
        for line in RunNarrator().lines(.asked(detail), atS: 0) { Terminal.out("  " + line.dropFirst(9)) }
    }
}

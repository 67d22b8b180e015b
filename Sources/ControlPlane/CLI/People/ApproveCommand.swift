import GateClient
import OpsCommand
import OpsModel
import OpsRuntime
import OpsService

/// `opslab approve`.
struct ApproveCommand: Command {
    static let name = "approve"
    static let summary = "Approve one option of a request, signed with your own key"
    static let discussion =
        "What you sign is exactly what is shown: action, parameters, and the facts that must still hold. It is good once, for a minute; where several people are wanted, only together with theirs, until the question is over."
    static let arguments = [Argument("ID", help: "an id of `opslab approvals`")]
    static let options: [Option] = [
        LabLookup.option,
        .value("option", "N", default: "1", help: "which option"),
        .value("reason", "TEXT", help: "kept with the decision"),
        .value("as", "NAME", help: "whose key signs (default: your login name)"),
        .json,
    ]

    private let lookup: LabLookup
    private let id: String
    private let option: Int
    private let reason: String?
    private let person: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        id = parsed.argument("ID") ?? ""
        option = try parsed.int("option", in: 1...100) ?? 1
        reason = parsed.string("reason")
        person = parsed.string("as") ?? LabPeople.first(ProcessEnvironment.current)
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let access = try GateAccess(lookup)
        let detail = try await access.asking { try await $0.approval(id) }
        guard let chosen = detail.options.first(where: { $0.number == option }) else {
            throw CommandError.usage("\(id) has no option \(option)", hint: "options are 1 to \(detail.options.count)")
        }
        if !isJSON { for line in RunNarrator().lines(.asked(detail), atS: 0) { Terminal.out(line) } }
        let grants = try signed(chosen, of: detail.approval, access)
        let decision = ApprovalDecision(option: option, reason: reason, grants: grants)
        let after = try await access.asking { try await $0.approve(id, decision) }
        let isWaiting = after.state == .pending
        let others = isWaiting ? ": \(after.yeses(to: option)) of \(chosen.quorum); it waits for the others" : ""
        let verb = isWaiting ? "said yes to" : "approved"
        Terminal.out(isJSON ? try OpsJSON.string(after) : "\(verb) option \(option) of \(id) as \(person)\(others)")
        return ExitCode.ok
    }

    private func signed(_ chosen: ApprovalOption, of asked: Approval, _ access: GateAccess) throws -> [String] {
        do {
            let approver = try Approver(person, in: access.lab.layout.people)
            return try approver.grants(for: chosen, at: .now(), openUntil: asked.expiresAt)
        } catch let refusal as GateRefusal {
            throw CommandError(refusal.message, hint: refusal.hint, exitCode: ExitCode.refused)
        }
    }
}

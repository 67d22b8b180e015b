import ActionClient
import OpsCommand
import OpsModel
import OpsRuntime
import OpsService
import OpsTrust

/// `opslab action run`.
struct ActionRunCommand: Command {
    static let name = "action run"
    static let summary = "Carry out one action yourself, signed with your own key"
    static let discussion =
        "Without --dry-run it plans first, shows the plan, signs exactly that, and runs it; if the target changed in between, nothing happens."
    static let arguments = [Argument("action", help: "a name of `opslab actions`")]
    static let options: [Option] = [
        LabLookup.option,
        .value("param", "NAME=VALUE", short: "p", repeats: true, help: "a parameter; may be repeated"),
        .flag("dry-run", help: "show what it would do, and change nothing"),
        .value("as", "NAME", help: "whose key signs (default: your login name)"),
        .json,
    ]

    private let access: ActionAccess
    private let action: String
    private let parameters: [String: JSONValue]
    private let isDryRun: Bool
    private let person: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        access = try ActionAccess(LabLookup(parsed))
        action = parsed.argument("action") ?? ""
        parameters = try Self.parameters(parsed.strings("param"))
        isDryRun = parsed.flag("dry-run")
        person = parsed.string("as") ?? LabPeople.first(ProcessEnvironment.current)
        isJSON = parsed.flag("json")
        guard !action.isEmpty, action.utf8.allSatisfy({ (97...122).contains($0) || $0 == 45 }) else {
            throw CommandError.usage("'\(Terminal.clean(action))' is no name of an action", hint: "see opslab actions")
        }
    }

    func run() async throws -> Int32 {
        let planned = try await access.asking { try await $0.plan(action, parameters: parameters) }
        if !isJSON { show(planned) }
        guard !isDryRun, planned.state == .planned else {
            if isJSON { Terminal.out(try OpsJSON.string(planned)) }
            return planned.state == .planned ? ExitCode.ok : ExitCode.refused
        }
        let grant = try await sign(planned)
        let key = Identifier.random(prefix: "cli", length: 24)
        let result = try await access.asking { try await $0.run(action, grant: grant, idempotencyKey: key) }
        Terminal.out(
            isJSON ? try OpsJSON.string(result) : "\(result.state.rawValue): \(Terminal.clean(result.message))"
        )
        return result.state == .done ? ExitCode.ok : ExitCode.failed
    }

    private func show(_ planned: ActionResult) {
        guard let plan = planned.plan else { return }
        for line in plan.lines { Terminal.out("  \(line)") }
    }

    private func sign(_ planned: ActionResult) async throws -> String {
        guard let record = access.lab.record else { throw ChaosAccess.absent(access.lab.name) }
        guard let epoch = planned.detail["epoch"]?.intValue else {
            throw CommandError(
                "the AgentOps database does not answer, so nothing can be allowed",
                hint: "opslab status",
                exitCode: ExitCode.unavailable
            )
        }
        let known = try await access.asking { try await $0.catalogue() }.first { $0.name == action }
        let offers = PersonalGrant(
            person: person,
            instanceID: record.instanceID,
            epoch: epoch,
            version: known?.version ?? 1
        )
        do throws(TrustError) {
            return try offers.sign(planned, keyPath: "\(access.lab.layout.people)/\(person)/approver.key")
        } catch {
            throw CommandError(
                "\(person) cannot sign: \(error.message)",
                hint: "`opslab keys list` shows who can; --as NAME signs as somebody else of yours",
                exitCode: ExitCode.refused
            )
        }
    }

    private static func parameters(_ texts: [String]) throws -> [String: JSONValue] {
        var parameters: [String: JSONValue] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw CommandError.usage("--param wants NAME=VALUE, not '\(Terminal.clean(text))'")
            }
            parameters[String(parts[0])] = Int(parts[1]).map(JSONValue.int) ?? .string(String(parts[1]))
        }
        return parameters
    }
}

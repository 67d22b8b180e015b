import GateClient
import OpsCommand
import OpsModel

/// `opslab policies evaluate`.
struct PoliciesEvaluateCommand: Command {
    static let name = "policies evaluate"
    static let summary = "Say what would become of an action, and do nothing"
    static let discussion = """
        Under all policies that count, or under one, which may be a draft. Exits 0 when the action would be allowed, 3 otherwise.
        """
    static let arguments = [Argument("POLICY", help: "an id or a name (default: all)", isRequired: false)]
    static let options: [Option] = [
        LabLookup.option, .value("action", "NAME", help: "the action, as `opslab actions` calls it"),
        .value("param", "NAME=VALUE", short: "p", repeats: true, help: "a parameter of the action"),
        .value("fact", "FIELD=VALUE", repeats: true, help: "another field, such as agent.name=builtin"), .json,
    ]

    private let lookup: LabLookup
    private let policy: String?
    private let facts: JSONValue
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        policy = parsed.argument("POLICY")
        isJSON = parsed.flag("json")
        guard let action = parsed.string("action") else {
            throw CommandError.usage("--action is missing", hint: "opslab actions lists them")
        }
        let parameters = try FaultPairs.parse(parsed.strings("param"), option: "param")
        let others = try FaultPairs.parse(parsed.strings("fact"), option: "fact")
        var groups: [String: [String: JSONValue]] = ["action": parameters.mapValues(FaultPairs.value)]
        for (field, text) in others {
            let parts = field.split(separator: ".", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw CommandError.usage(
                    "--fact wants FIELD=VALUE such as agent.name=builtin, not '\(Terminal.clean(field))'"
                )
            }
            groups[parts[0], default: [:]][parts[1]] = FaultPairs.value(text)
        }
        groups["action"]?["type"] = .string(action)
        facts = .object(groups.mapValues { .object($0) })
    }

    func run() async throws -> Int32 {
        let access = try GateAccess(lookup)
        var one: PolicyRecord?
        if let policy { one = try await PolicyLookup.find(policy, access) }
        let id = one?.id
        let answer = try await access.asking { try await $0.evaluate(facts, under: id) }
        if isJSON { Terminal.out(try OpsJSON.string(answer)) } else { show(answer) }
        return answer.decision == .allow ? ExitCode.ok : ExitCode.refused
    }

    private func show(_ answer: PolicyAnswer) {
        Terminal.out("\(answer.decision.rawValue): \(Terminal.clean(answer.reason))")
        for wanted in answer.approvalRequiredFrom {
            Terminal.out(
                Terminal.clean("  to be approved by \(wanted.from.joined(separator: " or ")): \(wanted.policy)")
            )
        }
        if let quorum = answer.quorum, quorum > 1 { Terminal.out("  by \(quorum) different people") }
        if answer.fourEyes == true { Terminal.out("  not by whoever started the lab") }
        if let minutes = answer.timeoutMinutes { Terminal.out("  within \(minutes) min") }
        for trial in answer.considered {
            let does = trial.applies ? "applies" : "does not apply"
            Terminal.out(Terminal.clean("  \(trial.name) (\(trial.policy) v\(trial.version)) \(does)"))
            for comparison in trial.conditions {
                let fact = comparison.fact.flatMap { try? OpsJSON.string($0) } ?? "not known"
                Terminal.out(
                    "    \(comparison.verdict.rawValue): \(comparison.condition.words) · \(Terminal.clean(fact))"
                )
            }
        }
    }
}

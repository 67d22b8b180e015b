import GateClient
import OpsCommand
import OpsModel

/// `opslab audit list`.
struct AuditListCommand: Command {
    static let name = "audit list"
    static let summary = "Show who did what to which thing, the newest first"
    static let discussion = """
        Rows of the lab's own chain as the gate tells them, and whether the chain is whole; exits 1 when it is not. `opslab audit \\
        verify` checks all chains by itself, without asking the gate.
        """
    static let options: [Option] = [
        LabLookup.option,
        .value("actor", "NAME", help: "who: ann, person:ann, agent:agent/builtin, service:gate"),
        .value("action", "WORDS", help: "what: approval.granted, or all of approval"),
        .value("target", "ID", help: "to which thing: inc-1, incident:inc-1"),
        .value("from", "TIME", help: "not before this moment, as in 2026-11-20T12:00:00Z"),
        .value("to", "TIME", help: "before this moment"),
        .value("after", "N", help: "only rows behind this number, the oldest first"),
        .value("before", "N", help: "only rows before this number, to go on where a list ended"),
        .value("limit", "N", default: "50", help: "how many rows, 1 to 500"),
        .json,
    ]

    private let lookup: LabLookup
    private let filter: AuditFilter
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        filter = AuditFilter(
            actor: parsed.string("actor"),
            action: parsed.string("action"),
            target: parsed.string("target"),
            from: try Self.moment("from", parsed),
            to: try Self.moment("to", parsed),
            after: try parsed.int("after", in: 0...Int.max),
            before: try parsed.int("before", in: 0...Int.max),
            limit: try parsed.int("limit", in: AuditFilter.limits) ?? 50
        )
        guard filter.after == nil || filter.before == nil else {
            throw CommandError.usage("--after and --before go into different directions")
        }
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let page = try await GateAccess(lookup).asking { try await $0.audit(filter) }
        if isJSON { Terminal.out(try OpsJSON.string(page)) } else { show(page) }
        return page.chain.isWhole ? ExitCode.ok : ExitCode.failed
    }

    private func show(_ page: AuditPage) {
        var table = TextTable(["row", "at", "actor", "action", "target", "changes"], numbers: ["row"])
        for row in page.rows {
            table.add([
                "\(row.seq)", row.at.description, "\(row.actorType) \(row.actor)", row.action,
                "\(row.targetType) \(row.target)", Self.shortened(row.changes),
            ])
        }
        Terminal.out(table.isEmpty ? "no row matches" : table.render())
        if let next = page.next {
            Terminal.out("more: opslab audit list --\(filter.after == nil ? "before" : "after") \(next)")
        }
        let chain = page.chain
        let word = chain.isWhole ? Terminal.styled("whole", .green) : Terminal.styled("BROKEN", .red)
        Terminal.out("the chain is \(word), \(chain.rows) rows, vouched for up to row \(chain.covered)")
        for problem in chain.problems { Terminal.out("  row \(problem.seq): \(Terminal.clean(problem.message))") }
    }

    private static func shortened(_ changes: JSONValue) -> String {
        let text = changes == .null ? "erased" : changes["message"]?.stringValue ?? changes["reason"]?.stringValue
        let words = text ?? (try? OpsJSON.string(changes)) ?? ""  // what came as JSON can be written as JSON
        return words.count > 80 ? "\(words.prefix(80))…" : words
    }

    private static func moment(_ name: String, _ parsed: ParsedArguments) throws -> Timestamp? {
        guard let text = parsed.string(name) else { return nil }
        guard let moment = Timestamp(text) else {
            throw CommandError.usage("--\(name) has to be a time such as 2026-11-20T12:00:00Z")
        }
        return moment
    }
}

import GateClient
import OpsCommand
import OpsModel

/// `opslab incident show`.
struct IncidentShowCommand: Command {
    static let name = "incident show"
    static let summary = "Replay one incident: what burnt, what was found, asked, allowed and done"
    static let arguments = [Argument("ID", help: "an id of `opslab incidents`")]
    static let options: [Option] = [
        LabLookup.option, .flag("evidence", help: "every answer the agent was given, too"), .json,
    ]

    private let lookup: LabLookup
    private let id: String
    private let hasEvidence: Bool
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        id = parsed.argument("ID") ?? ""
        hasEvidence = parsed.flag("evidence")
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let detail = try await GateAccess(lookup).asking { try await $0.incident(id) }
        if isJSON {
            Terminal.out(try OpsJSON.string(detail))
            return ExitCode.ok
        }
        show(detail)
        return ExitCode.ok
    }

    private func show(_ detail: IncidentDetail) {
        let incident = detail.incident
        Terminal.out("\(incident.id)  \(incident.state.rawValue)  \(Terminal.clean(incident.title))\n")
        for event in detail.events { show(event, since: incident.openedAt) }
        for diagnosis in detail.diagnoses { show(diagnosis) }
        guard hasEvidence else { return }
        Terminal.out("\nevidence")
        for answer in detail.evidence {
            Terminal.out("  \(answer.evidence ?? "")  " + Terminal.clean(RunNarrator.words(answer)))
        }
    }

    private func show(_ event: IncidentEvent, since start: Timestamp) {
        let elapsed = seconds(event.at - start)
        let time = String(repeating: " ", count: max(0, 8 - elapsed.count)) + elapsed
        let type = event.type + String(repeating: " ", count: max(0, 22 - event.type.count))
        Terminal.out("\(time)  \(type)\(Terminal.clean(event.message))")
    }

    private func show(_ diagnosis: Diagnosis) {
        let place = diagnosis.instance ?? diagnosis.component
        Terminal.out("\ncause  \(place): \(diagnosis.mechanism), confidence \(diagnosis.confidence.rawValue)")
        for citation in diagnosis.citations {
            Terminal.out("  see  \(citation.path):\(citation.firstLine)-\(citation.lastLine)")
        }
        for other in diagnosis.ruledOut {
            Terminal.out("  not  \(other.component): \(other.mechanism) — \(Terminal.clean(other.because))")
        }
    }
}

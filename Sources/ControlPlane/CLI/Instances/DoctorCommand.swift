import OpsCommand
import OpsModel
import OpsRuntime

/// `opslab doctor`.
struct DoctorCommand: Command {
    static let name = "doctor"
    static let summary = "Check whether this machine can run a lab, and what it lacks"
    static let discussion =
        "Exits 0 when a lab can run, 69 when something needed is missing. Warnings name what will be `unsupported`."
    static let options: [Option] = [
        LabLookup.option,
        .value(
            "runtime",
            "WHICH",
            choices: LabRuntime.allCases.map(\.rawValue),
            help:
                "processes (local), or containers (compose) with their engine, images and Compose (default: the lab's)"
        ), .json,
    ]

    private let lookup: LabLookup
    private let runtime: LabRuntime?
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.lookup = try LabLookup(parsed)
        self.runtime = parsed.string("runtime").flatMap(LabRuntime.init)
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let findings = await Doctor(lab: self.lookup.labIgnoringRecord(), runtime: self.runtime).examine()
        if self.isJSON { Terminal.out(try OpsJSON.string(findings)) } else { self.show(findings) }
        return findings.contains { $0.verdict == .missing } ? ExitCode.unavailable : ExitCode.ok
    }

    private func show(_ findings: [Doctor.Finding]) {
        for finding in findings {
            let style: Terminal.Style =
                switch finding.verdict {
                case .ok: .green
                case .warning: .yellow
                case .missing: .red
                }
            let word = finding.verdict.rawValue + String(repeating: " ", count: 8 - finding.verdict.rawValue.count)
            Terminal.out("\(Terminal.styled(word, style)) \(finding.subject): \(finding.detail)")
            if let hint = finding.hint { Terminal.out("         hint: \(hint)") }
        }
    }
}

import OpsModel
import OpsPostgres
import OpsSystem

/// The program that the topology declares for a database's schema: asked where it stands, told to go on.
///
/// It is the target's own, and lies beside this one, in containers as well: so it runs with the rights of this service, as the
/// database's administrator over the socket, and never through a shell. It prints one JSON object.
struct SchemaMigrations: Sendable {
    /// Where a schema stands, as the program says.
    struct Report: Decodable, Hashable, Sendable {
        struct Step: Decodable, Hashable, Sendable {
            var number: Int
            var name: String
            /// `applied`, `pending`, `drifted` or `unknown`.
            var state: String
        }

        var steps: [Step]
        /// Objects that the steps promise and that are not there; looked for when no step is pending.
        var missing: [String]
        /// Those of them that a repair makes again without a loss.
        var repairable: [String]

        var pending: [Step] { steps.filter { $0.state == "pending" } }
        /// Steps that this program does not know, or knows otherwise.
        var foreign: [Step] { steps.filter { $0.state == "drifted" || $0.state == "unknown" } }
        var version: Int { steps.filter { $0.state == "applied" }.map(\.number).max() ?? 0 }
    }

    let path: String
    private let arguments: [String]
    /// A step may have a large table to rewrite.
    var patience: Duration = .seconds(60)

    /// Nothing comes of an empty argument list.
    init?(declared: [String], in administration: PostgresConfiguration, beside: String = executablePath()) {
        guard let name = declared.first else { return nil }
        path = name.hasPrefix("/") ? name : "\(FileSystem.parent(of: beside))/\(name)"
        place = [
            "--host", administration.host, "--port", "\(administration.port)", "--user", administration.user,
            "--database", administration.database,
        ]
        arguments = Array(declared.dropFirst())
    }

    private let place: [String]

    /// Why it cannot be used here; nil when it can.
    var obstacle: String? {
        FileSystem.exists(path) ? nil : "unsupported here: \(path) is not installed beside this service"
    }

    func inspect() async throws(ActionError) -> Report { try await ask("verify", []) }

    /// Applies what is pending, and makes good what is missing where that is asked for.
    func advance(repairing: Bool) async throws(ActionError) -> Report {
        try await ask("up", ["--repair", repairing ? "true" : "false"])
    }

    /// It ends with 1 as well when it could say where the schema stands and that is not where it should be.
    private func ask(_ verb: String, _ more: [String]) async throws(ActionError) -> Report {
        let output: CommandOutput
        do {
            output = try await run(path, arguments + [verb] + place + more, within: patience)
        } catch {
            throw ActionError(.effectFailed, "\(path) could not be run to its end: \(error.message)")
        }
        do {
            return try OpsJSON.decode(Report.self, from: output.text.utf8)
        } catch {
            let reason = output.errorText.split(separator: "\n").last.map(String.init) ?? "it said nothing"
            throw ActionError(.targetUnreadable, "the migrations gave no usable answer: \(reason.prefix(300))")
        }
    }
}

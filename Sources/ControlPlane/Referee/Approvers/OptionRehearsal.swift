import OpsCommand
import OpsModel

/// What the options of a request would do now: dry runs, made when a person wants to see them.
///
/// An approval is good only for the facts that were shown; a rehearsal says whether they still hold.
struct OptionRehearsal: Sendable {
    /// Asks ActionPlane for a dry run.
    var plan: @Sendable (_ action: String, _ parameters: [String: JSONValue]) async throws -> ActionResult

    /// The steps of an option, each with its dry run.
    func lines(_ option: ApprovalOption) async -> [String] {
        var told = ["\(option.number)  \(Terminal.clean(option.title))"]
        for step in option.steps {
            told.append("   \(Terminal.clean(step.action)), dry run")
            told += await lines(step).map { "     \($0)" }
        }
        return told
    }

    private func lines(_ step: ApprovalStep) async -> [String] {
        do {
            let now = try await plan(step.action, step.parameters)
            guard let plan = now.plan else { return [Terminal.clean(now.message)] }
            let isAsShown = plan.fingerprint == step.plan.fingerprint
            return plan.lines + [isAsShown ? "the facts are those that were shown" : Self.changed]
        } catch {
            return ["there is no dry run: \(Terminal.clean("\(error)"))"]
        }
    }

    private static let changed = "the facts have changed since it was asked: an approval of it would do nothing"
}

import Glibc
import OpsModel
import OpsService
import OpsSystem

/// `ActionPlane run`: one action from a shell, while no service is running.
///
/// The rules are the same.
enum RunProgram {
    /// What was typed.
    private struct Request: Sendable {
        var action: String
        var parameters: [String: JSONValue] = [:]
        var grant: String?
        var isDryRun = false
        var settings: [String] = []
    }

    static func main(_ arguments: [String]) -> Never {
        Signals.blockAll()
        becomeUndumpable()
        guard let request = parse(arguments) else {
            say("usage: ActionPlane run ACTION --config FILE [--param NAME=VALUE ...] (--dry-run | --grant TEXT)")
            exit(2)
        }
        let settings = Settings.loadOrExit(program: "ActionPlane run", arguments: request.settings)
        let logger = Logger(label: "action", level: settings.logLevel)
        MainThread.run {
            do {
                let result = try await run(request, settings, logger)
                print(try OpsJSON.string(result, pretty: true))
                return [.planned, .done].contains(result.state) ? 0 : 1
            } catch {
                say("\(error)")
                return error is ActionError ? 3 : 1
            }
        }
    }

    private static func run(_ request: Request, _ settings: Settings, _ logger: Logger) async throws -> ActionResult {
        let parts = try Parts(settings, logger)
        if request.isDryRun { return try await parts.executor.plan(request.action, request.parameters) }
        await parts.executor.recover()
        return try await parts.executor.run(
            request.action,
            ActionRequest(grant: request.grant, parameters: request.parameters),
            principal: "shell",
            key: Identifier.random()
        )
    }

    private static func parse(_ arguments: [String]) -> Request? {
        guard let action = arguments.first, !action.hasPrefix("-") else { return nil }
        var request = Request(action: action)
        var rest = arguments.dropFirst()
        while let word = rest.popFirst() {
            switch word {
            case "--dry-run": request.isDryRun = true
            case "--grant":
                guard let grant = rest.popFirst() else { return nil }
                request.grant = grant
            case "--param":
                guard let (name, value) = rest.popFirst().flatMap(parameter) else { return nil }
                request.parameters[name] = value
            default: request.settings.append(word)
            }
        }
        return request.isDryRun || request.grant != nil ? request : nil
    }

    private static func parameter(_ text: String) -> (String, JSONValue)? {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let value = String(text[text.index(after: equals)...])
        return (String(text[..<equals]), Int(value).map(JSONValue.int) ?? .string(value))
    }

    private static func say(_ text: String) { Logger.standardError(Array("\(text)\n".utf8)) }
}

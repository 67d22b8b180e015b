import OpsCommand
import OpsModel
import OpsSystem

/// A policy as somebody wrote it down: a whole one, or a rule alone.
enum PolicyFile {
    /// Reads a file, or the template of that name, and checks it before the gate is asked.
    ///
    /// A policy without a name is called like its file unless one is given.
    static func whole(_ typed: String, name: String? = nil) throws -> [String: JSONValue] {
        let path = try path(of: typed)
        var members = try members(path)
        if members["name"] == nil {
            let file = path.split(separator: "/").last.map(String.init) ?? path
            members["name"] = .string(file.hasSuffix(".json") ? String(file.dropLast(5)) : file)
        }
        if let name { members["name"] = .string(name) }
        try check(.object(members), in: typed)
        return members
    }

    /// Reads what is to be changed: of a rule alone nothing but the rule.
    static func part(_ typed: String) throws -> [String: JSONValue] {
        let members = try members(path(of: typed))
        let named = members.merging(["name": members["name"] ?? "unnamed"]) { $1 }
        try check(.object(named), in: typed)
        return members
    }

    private static func members(_ path: String) throws -> [String: JSONValue] {
        let members = try object(in: path)
        return members["conditions"] == nil ? members : ["rule_definition": .object(members)]
    }

    /// Tells all that is wrong with a whole policy at once.
    private static func check(_ document: JSONValue, in file: String) throws {
        do throws(PolicyProblems) {
            _ = try PolicyDraft.read(document)
        } catch {
            let lines = error.all.map { "\(Terminal.clean(file)): \(Terminal.clean($0.description))" }
            throw CommandError(lines.joined(separator: "\n"), exitCode: ExitCode.configuration)
        }
    }

    private static func object(in path: String) throws -> [String: JSONValue] {
        let bytes = try FileSystem.read(path, limit: PolicySchema.largest)
        guard let members = (try? OpsJSON.decode(JSONValue.self, from: bytes))?.objectValue else {  // said below
            throw CommandError("\(Terminal.clean(path)) holds no JSON object", exitCode: ExitCode.configuration)
        }
        return members
    }

    private static func path(of typed: String) throws -> String {
        let isWord = !typed.isEmpty && typed.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 }
        guard isWord, !FileSystem.exists(typed) else { return typed }
        let template = try DocumentLookup.path(nil, or: "policies/templates/\(typed).json")
        return FileSystem.exists(template) ? template : typed
    }
}

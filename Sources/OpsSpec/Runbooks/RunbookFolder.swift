internal import FoundationEssentials
public import OpsYAML

/// Reads every runbook of a folder; one that is wrong does not hide the others.
public struct RunbookFolder: Sendable {
    /// The runbooks that could be read, by file name.
    public var runbooks: [Runbook]
    /// What is wrong with the others.
    public var problems: [Problem]

    /// Reads `*.md` of a folder that have front matter; `README.md` is for people.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - prefix: What its files are called in citations, such as `runbooks`.
    /// - Returns: The runbooks in the order of their names.
    /// - Throws: ``SpecProblems`` with all that is wrong with any of them.
    public static func load(_ path: String, shownAs prefix: String? = nil) throws(SpecProblems) -> RunbookFolder {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw SpecProblems(.unreadable, [Problem(file: path, message: "is no folder that can be read")])
        }
        var folder = RunbookFolder(runbooks: [], problems: [])
        for name in names.sorted() where name.hasSuffix(".md") && name != "README.md" {
            do {
                let text = try readDocument("\(path)/\(name)")
                folder.runbooks.append(try Runbook.parse(text, file: "\(prefix ?? path)/\(name)"))
            } catch {
                folder.problems += error.problems
            }
        }
        return folder
    }
}

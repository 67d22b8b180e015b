internal import OpsModel
internal import OpsSpec

/// Scenarios that open with the same page, so that the page alone tells nobody what to do.
public struct ScenarioFamily: Sendable {
    /// Its name in the files.
    public var name: String
    /// Its members.
    public var members: [Scenario]

    /// A family with given members.
    public init(name: String, members: [Scenario]) {
        self.name = name
        self.members = members
    }

    /// The families of a set, in alphabetical order.
    public static func families(of scenarios: [Scenario]) -> [ScenarioFamily] {
        Dictionary(grouping: scenarios, by: \.family).sorted { $0.key < $1.key }
            .map { ScenarioFamily(name: $0.key, members: $0.value) }
    }

    /// Why knowing the page would be enough, one sentence each; empty for a family that does its work.
    public var problems: [String] {
        [pageProblem, mechanismProblem, repairProblem, controlProblem].compactMap(\.self)
            .map { "the family \(name) \($0)" }
    }

    private var pageProblem: String? {
        let pages = Set(members.compactMap(\.expect.page)).sorted()
        guard pages.count != 1 else { return nil }
        return pages.isEmpty
            ? "has no member that pages" : "opens with different pages: \(pages.joined(separator: ", "))"
    }

    private var mechanismProblem: String? {
        let found = Set(members.compactMap(\.expect.cause?.mechanism)).sorted()
        return few(found, of: "mechanism", atLeast: 3)
    }

    private var repairProblem: String? {
        let repairs = members.flatMap(\.expect.repairs).map { steps in
            steps.map { ActionVocabulary.canonical($0.action) }.sorted().joined(separator: " and ")
        }
        return few(Set(repairs).sorted(), of: "repair", atLeast: 2)
    }

    private var controlProblem: String? {
        guard members.allSatisfy({ $0.expect.end == .repaired }) else { return nil }
        return "has no member in which nothing may be done: one with the end 'untouched' or 'escalated'"
    }

    private func few(_ found: [String], of what: String, atLeast needed: Int) -> String? {
        guard found.count < needed else { return nil }
        let list = found.isEmpty ? "" : " (\(found.joined(separator: ", ")))"
        return "has \(found.count) different \(what)\(found.count == 1 ? "" : "s")\(list), and needs \(needed)"
    }
}

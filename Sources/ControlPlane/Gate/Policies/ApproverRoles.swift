import OpsModel
import OpsSystem
import OpsTrust

/// Who has which role where a policy names one; read from a file, since only people who run the gate say so.
struct ApproverRoles: Equatable, Sendable {
    /// The role of everybody whose key the gate accepts.
    static let everybody = "operator"
    /// Nobody at all.
    static let none = ApproverRoles()

    private(set) var people: Set<String> = []
    /// How many different people these are.
    private(set) var roots = 0
    private(set) var roles: [String: Set<String>] = [:]

    init(people: Set<String> = [], roles: [String: Set<String>] = [:]) {
        self.people = people
        roots = people.count
        self.roles = roles
    }

    /// Takes the people from the accepted keys, and their roles from a file `{"sales_lead": ["ann"]}`, if there is one.
    init(_ ring: KeyRing, file: String, at now: Timestamp) throws {
        let accepted = ring.keys.filter { $0.role == .approver && $0.notAfter.map { now < $0 } ?? true }
        people = Set(accepted.map(\.name))
        roots = Set(people.map(ring.root)).count
        guard !file.isEmpty, FileSystem.exists(file) else { return }
        do {
            roles = try OpsJSON.decode([String: Set<String>].self, from: FileSystem.read(file, limit: 1 << 20))
        } catch is DecodingError {
            throw GateRefusal(
                .settingInvalid,
                "\(file) cannot be read as roles",
                hint: "write {\"role\": [\"person\", …], …} into it"
            )
        }
    }

    /// Whether a person is one of those that a policy wants.
    func allows(_ person: String, _ wanted: ApproverRequirement) -> Bool {
        wanted.from.contains { named in
            switch ApproverName(named) {
            case .person(let name): name == person
            case .role(let role): members(of: role)?.contains(person) ?? false
            case nil: false
            }
        }
    }

    /// Names a rule's people and roles that the gate does not know.
    func problems(of rule: PolicyRule) -> PolicyProblems {
        var problems = PolicyProblems()
        for (index, named) in rule.approvalRequiredFrom.enumerated() {
            let place = "rule_definition.approval_required_from.\(index)"
            switch ApproverName(named) {
            case .role(let role) where members(of: role) == nil:
                let known = ([Self.everybody] + roles.keys.sorted()).joined(separator: ", ")
                problems.add(place, "names no role; there are \(known)")
            case .person(let name) where !people.contains(name):
                problems.add(place, "names nobody whose key is accepted")
            default: break
            }
        }
        if let quorum = rule.quorum, quorum > roots {
            problems.add("rule_definition.quorum", "wants \(quorum) people, and keys of \(roots) are accepted")
        }
        return problems
    }

    private func members(of role: String) -> Set<String>? {
        roles[role] ?? (role == Self.everybody ? people : nil)
    }
}

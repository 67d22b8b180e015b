import OpsModel

/// How much agents may say about one incident, whose record is locked, read and written as a whole.
///
/// What is said is measured in its agent's own words, so that nothing can be told from it about how long other names are.
enum RecordBounds {
    /// Bytes of one text.
    static let text = 4_096
    /// Bytes of all that is said at once.
    static let message = 65_536
    /// Diagnoses of one incident.
    static let diagnoses = 50
    /// Proposals of one incident.
    static let proposals = 50
    /// Options of one proposal.
    static let options = 8
    /// Steps of one option.
    static let steps = 8
    /// Pages of one incident.
    static let pages = 100
    /// Characters of an agent's name, and of its version.
    static let name = 200

    static func check(_ claim: AgentClaim) throws(GateRefusal) {
        guard max(claim.agent.unicodeScalars.count, claim.version.unicodeScalars.count) <= name else {
            throw GateRefusal(
                .limitExceeded,
                "an agent's name and its version have at most \(name) characters each",
                hint: "claim under a shorter one"
            )
        }
        guard canBeAddressed(claim.agent) else {
            throw GateRefusal(
                .nameInvalid,
                "an agent's name is a text without slashes and control characters",
                hint: "people have to be able to name it to pause it"
            )
        }
    }

    /// Whether the name fits into a path, as the routes that pause an agent take it.
    private static func canBeAddressed(_ name: String) -> Bool {
        let isPlain = name.utf8.allSatisfy { byte in
            byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "\\")
        }
        return isPlain && !["", ".", ".."].contains(name)
    }

    static func check(_ proposal: Proposal) throws {
        guard proposal.options.count <= options, proposal.options.allSatisfy({ $0.steps.count <= steps }) else {
            throw GateRefusal(
                .limitExceeded,
                "a proposal has at most \(options) options of \(steps) steps each",
                hint: "propose the best of them"
            )
        }
        try measure(proposal)
    }

    static func check(_ diagnosis: Diagnosis) throws { try measure(diagnosis) }

    static func check(_ escalation: Escalation) throws { try measure(escalation) }

    private static func measure(_ said: some Encodable) throws {
        let document = try JSONValue(encoding: said)
        let members = (document.objectValue ?? [:]).sorted { $0.key < $1.key }
        if let member = members.first(where: { longestText(in: $0.value) > text }) {
            throw GateRefusal(
                .limitExceeded,
                "\(member.key) holds a text of more than \(text) bytes",
                hint: "say it in fewer words, and cite the evidence"
            )
        }
        guard try OpsJSON.encode(document).count <= message else {
            throw GateRefusal(
                .limitExceeded,
                "more than \(message) bytes were said at once",
                hint: "say it in fewer words, and cite the evidence"
            )
        }
    }

    /// Bytes of the longest text or name of a member, at any depth.
    private static func longestText(in document: JSONValue) -> Int {
        switch document {
        case .string(let text): text.utf8.count
        case .array(let items): items.map { longestText(in: $0) }.max() ?? 0
        case .object(let members):
            members.map { max($0.key.utf8.count, longestText(in: $0.value)) }.max() ?? 0
        default: 0
        }
    }
}

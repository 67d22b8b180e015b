import OpsModel
import OpsRuntime
import OpsTrust

/// What an action is going to do, worked out against the world as it is now.
struct PreparedAction: Hashable, Sendable {
    /// The part that people and the gate see.
    var plan: ActionPlan
    /// The steps in order; none when the world already is as wished.
    var steps: [ActionStep]
    /// What is locked and claimed, each with the fingerprint its value will have where that is known beforehand.
    var claims: [SharedResource: String?]

    init(
        of description: ActionDescription,
        facts: [String: JSONValue],
        diff: [String],
        blastRadius: String,
        downtime: Double? = nil,
        claims: [SharedResource: String?],
        steps: [ActionStep],
        refusals: [String] = []
    ) {
        self.steps = steps
        self.claims = claims
        plan = ActionPlan(
            facts: facts,
            fingerprint: Self.fingerprint(of: facts, action: description.name, version: description.version),
            diff: diff,
            blastRadius: blastRadius,
            risk: description.risk,
            downtimeS: downtime ?? description.downtimeS,
            undo: description.undo,
            resources: claims.keys.sorted().map(\.name),
            refusals: refusals
        )
    }

    /// Identifies a state of the read set: equal facts of the same action give the same digits.
    static func fingerprint(of facts: [String: JSONValue], action: String, version: Int) -> String {
        let document: JSONValue = ["action": .string(action), "version": .int(version), "facts": .object(facts)]
        // A JSON document of finite numbers always has a text; the empty one would match no fingerprint that was ever given.
        let bytes = (try? OpsJSON.encode(document)) ?? []
        return Digest.sha256(bytes).hex
    }
}

/// One step of an action: small enough that a crash leaves it either before or after.
struct ActionStep: Hashable, Sendable, Codable {
    /// What is done, such as `stop`.
    var name: String
    /// To what, such as a supervisor's program.
    var subject: String
    /// What was true of the subject when the step was planned; compared again right before the effect.
    var before: JSONValue
    /// Whether a crash right before this step may be followed by carrying it out.
    var isResumable: Bool
    /// Whether it only waits or looks, and changes nothing.
    var isCheck: Bool

    init(
        _ name: String,
        _ subject: String,
        before: JSONValue = .null,
        isResumable: Bool = false,
        isCheck: Bool = false
    ) {
        self.name = name
        self.subject = subject
        self.before = before
        self.isResumable = isResumable || isCheck
        self.isCheck = isCheck
    }

    enum CodingKeys: String, CodingKey {
        case name, subject, before
        case isResumable = "is_resumable"
        case isCheck = "is_check"
    }
}

/// What the world says about one step.
enum StepState: Hashable, Sendable {
    /// Exactly as it was when the step was planned.
    case before
    /// As the step leaves it.
    case after
    /// Neither; the text says what was found.
    case other(String)
}

import OpsModel

/// One thing that somebody's own agent wants, as one line of JSON says it.
struct AgentCall: Hashable, Sendable {
    /// The calls, by the words of the protocol.
    enum Kind: String, CaseIterable, Sendable {
        /// The incident as it stands now.
        case incident
        /// `{"reads": [...]}`
        case read
        /// A diagnosis.
        case diagnose
        /// A proposal.
        case propose
        /// `{"proposal": "pro-…", "wait": 20}`
        case outcome
        /// A hand-over to a person.
        case escalate
        /// Nothing more will come.
        case done
    }

    var kind: Kind
    /// Given back with the answer as it came.
    var id: JSONValue?
    /// The incident that it is about, where the agent says so.
    var incident: String?
    /// What the same call over HTTP has as its body.
    var body: JSONValue

    /// Reads a message: `{"call": "read", "id": 1, "body": {...}}`; id, incident and body may be missing.
    init(_ bytes: [UInt8]) throws(AgentRefusal) {
        // Whatever is wrong with the text, the agent is told the same: which text would have been right.
        let message = try? OpsJSON.decode(JSONValue.self, from: bytes)
        guard let message, message.objectValue != nil else {
            throw AgentRefusal("bad_message", "a message is one JSON object", hint: #"{"call": "read", "body": {…}}"#)
        }
        guard let kind = message["call"]?.stringValue.flatMap(Kind.init) else {
            let calls = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw AgentRefusal("unknown_call", "the message names no call", hint: "call is one of \(calls)")
        }
        self.kind = kind
        id = message["id"]
        incident = message["incident"]?.stringValue
        body = message["body"] ?? [:]
    }

    /// Whether it says that it is about another incident than the one at hand.
    func isAbout(another current: String?) -> Bool {
        guard let incident, let current else { return false }
        return incident != current
    }
}

/// Why a call was not done.
struct AgentRefusal: Error, Hashable, Sendable {
    var code: String
    var message: String
    var hint: String?

    init(_ code: String, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

/// What an agent is told.
enum AgentNotice: Hashable, Sendable {
    /// There is work: the incident, and how much the agent may use up.
    case incident(JSONValue, AgentLimits)
    /// A call was done.
    case answer(JSONValue, to: JSONValue?)
    /// A call was not done.
    case refusal(AgentRefusal, to: JSONValue?)
    /// The incident has ended, with the reason; said to a call, or by itself.
    case over(String, to: JSONValue?)

    /// The message: `protocol` and `incident`, `answer`, `error` or `over`.
    var message: JSONValue {
        switch self {
        case .incident(let incident, let limits):
            [
                "protocol": 1, "incident": incident,
                "limits": ["calls": .int(limits.calls), "output_bytes": .int(limits.outputBytes)],
            ]
        case .answer(let answer, let id): Self.reply("answer", answer, id)
        case .refusal(let refusal, let id):
            Self.reply(
                "error",
                [
                    "code": .string(refusal.code), "message": .string(refusal.message),
                    "hint": refusal.hint.map(JSONValue.string) ?? nil,
                ],
                id
            )
        case .over(let reason, let id): Self.reply("over", .string(reason), id)
        }
    }

    private static func reply(_ word: String, _ value: JSONValue, _ id: JSONValue?) -> JSONValue {
        .object([word: value, "id": id].compactMapValues(\.self))
    }
}

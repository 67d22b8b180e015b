import OpsHTTP
import OpsModel

/// What somebody pressed, out of the form that a chat sends.
struct SlackCallback: Equatable, Sendable {
    enum Verb: String, Sendable {
        case approve
        case reject
    }

    /// What a button carries: approval, option and the beginning of the digest of what was shown, and never a grant.
    struct Value: Equatable, Sendable {
        var approval: String
        var option: Int
        var digest: String

        static let digits = 16

        var text: String { "\(approval) \(option) \(digest)" }

        init(approval: String, option: Int, shown digest: String) {
            self.approval = approval
            self.option = option
            self.digest = String(digest.prefix(Self.digits))
        }

        init?(_ text: String) {
            let parts = text.split(separator: " ", omittingEmptySubsequences: false)
            guard text.utf8.count <= 200, parts.count == 3, let option = Int(parts[1]), (0...100).contains(option),
                parts[2].utf8.count == Self.digits
            else { return nil }
            self.init(approval: String(parts[0]), option: option, shown: String(parts[2]))
        }
    }

    var user: String
    var verb: Verb
    var value: Value
    /// Where the chat says that answers go.
    var answersTo: String?

    private struct Payload: Decodable {
        struct User: Decodable { var id: String }
        struct Action: Decodable {
            var actionID: String
            var value: String?

            enum CodingKeys: String, CodingKey {
                case value
                case actionID = "action_id"
            }
        }

        var type: String
        var user: User
        var actions: [Action]
        var responseURL: String?

        enum CodingKeys: String, CodingKey {
            case type, user, actions
            case responseURL = "response_url"
        }
    }

    /// Reads a form with the one member `payload`; 400 or 422 for anything else.
    init(_ request: HTTPRequest) throws(HTTPError) {
        guard request.mediaType == Route.formType else {
            throw HTTPError(status: 415, code: "unsupported_media_type", message: "A chat sends forms.")
        }
        guard let text = try request.form(limit: 4)["payload"] else {
            throw .badRequest("payload_missing", "The form has no member called payload.")
        }
        let bytes = Array(text.utf8)
        let payload: Payload
        do {
            payload = try OpsJSON.decode(Payload.self, from: bytes)
        } catch {
            throw .badRequest("payload_malformed", "The payload is not what a chat sends when a button is pressed.")
        }
        guard payload.type == "block_actions", payload.actions.count == 1, let action = payload.actions.first,
            let verb = action.actionID.split(separator: " ").first.flatMap({ Verb(rawValue: String($0)) }),
            let value = action.value.flatMap({ Value($0) })
        else {
            throw .unprocessable("This is no button of the gate's.", code: "action_unknown")
        }
        user = payload.user.id
        self.verb = verb
        self.value = value
        answersTo = payload.responseURL
    }
}

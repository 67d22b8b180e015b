import OpsModel
import OpsSystem
import OpsTrust

/// Where requests for approval are told in a chat, and whom its users stand for; from a file that the gate cannot write.
struct ChatConfiguration: Sendable {
    private struct File: Decodable {
        var webhook: String
        var signingSecretFile: String
        var responseHost: String?
        var people: [String: String]

        enum CodingKeys: String, CodingKey, CaseIterable {
            case webhook, people
            case signingSecretFile = "signing_secret_file"
            case responseHost = "response_host"
        }
    }

    /// The address that takes messages.
    var webhook: String
    /// What callbacks are signed with.
    var secret: [UInt8]
    /// The only host that answers are sent to, `name` or `name:port`; nil sends none.
    var responseHost: String?
    /// People by the ids of the chat's users.
    var people: [String: String]

    /// Bytes that a secret has at least.
    static let shortestSecret = 16

    init(webhook: String, secret: [UInt8], responseHost: String? = nil, people: [String: String]) throws(GateRefusal) {
        guard webhook.hasPrefix("http://"), webhook.utf8.count <= 2_000 else {
            throw GateRefusal(
                .settingInvalid,
                "the chat's webhook has to be an http:// address",
                hint: "a local receiver"
            )
        }
        guard secret.count >= Self.shortestSecret else {
            throw GateRefusal(.settingInvalid, "the chat's signing secret has at least \(Self.shortestSecret) bytes")
        }
        for (user, person) in people where user.isEmpty || ApproverName("person:\(person)") == nil {
            throw GateRefusal(
                .settingInvalid,
                "the chat's people are a map of user ids to names, not \(user): \(person)"
            )
        }
        self.webhook = webhook
        self.secret = secret
        self.responseHost = responseHost?.lowercased()
        self.people = people
    }

    /// Reads the file, and the secret from the file that it names.
    init(file path: String) throws {
        let bytes = try FileSystem.read(path, limit: 1 << 20)
        let file: File
        do {
            let members = try OpsJSON.decode(JSONValue.self, from: bytes).objectValue ?? [:]
            let known = Set(File.CodingKeys.allCases.map(\.rawValue))
            if let stranger = members.keys.sorted().first(where: { !known.contains($0) }) {
                throw GateRefusal(.settingInvalid, "\(path) has no member \(stranger)")
            }
            file = try OpsJSON.decode(File.self, from: bytes)
        } catch let error as DecodingError {
            throw GateRefusal(.settingInvalid, "\(path) cannot be read as settings of a chat: \(error)")
        }
        let secret = try SecretFile.read(file.signingSecretFile).prefix { $0 != UInt8(ascii: "\n") }
        try self.init(
            webhook: file.webhook,
            secret: Array(secret),
            responseHost: file.responseHost,
            people: file.people
        )
    }

    /// Whether an answer may be sent to an address: it is on the one host that was written down, and names nobody before it.
    func mayAnswer(_ address: String) -> Bool {
        guard let responseHost, address.hasPrefix("http://"), address.utf8.count <= 2_000 else { return false }
        let host = address.dropFirst("http://".count).prefix { !"/?#\\".contains($0) }
        return host.lowercased() == responseHost
    }
}

import OpsHTTP

/// The key with which an agent speaks about its one incident, as it was presented.
///
/// That it was accepted when the request came in says little about later: each word is checked against the record again.
struct IncidentKey: Sendable, Hashable {
    var incident: String
    /// SHA-256 of its secret, in hex.
    var hash: String

    init(incident: String, hash: String) {
        self.incident = incident
        self.hash = hash
    }

    /// The key behind a request; nil for every other principal.
    init?(_ principal: Principal?) {
        guard let scopes = principal?.scopes, let incident = Self.value("incident:", in: scopes),
            let hash = Self.value("claim:", in: scopes)
        else { return nil }
        self.init(incident: incident, hash: hash)
    }

    var principal: Principal {
        Principal(name: "agent", scopes: ["incident", "incident:\(incident)", "claim:\(hash)"], root: "agent")
    }

    private static func value(_ prefix: String, in scopes: Set<String>) -> String? {
        scopes.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
}

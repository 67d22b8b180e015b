import OpsHTTP
import OpsTrust

/// Knows the keys of the lab's principals and those that open one incident each.
struct GateAuthenticator: Authenticator {
    var file: KeyFile
    var store: any GateStore

    /// Records that are away say nothing about a key, so its agent is told to come again.
    func authenticate(key: String) async throws -> Principal? {
        if let known = await file.authenticate(key: key) { return known }
        guard let presented = APIKey(key) else { return nil }
        let hash = presented.hash.hex
        guard let incident = try await answered({ try await store.incident(keyHash: hash) }) else { return nil }
        return IncidentKey(incident: incident, hash: hash).principal
    }
}

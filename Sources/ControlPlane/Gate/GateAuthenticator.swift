import OpsHTTP
import OpsTrust

/// Knows the keys of the lab's principals and those that open one incident each.
struct GateAuthenticator: Authenticator {
    var file: KeyFile
    var store: any GateStore

    func authenticate(key: String) async -> Principal? {
        if let known = await file.authenticate(key: key) { return known }
        guard let presented = APIKey(key) else { return nil }
        // A store that cannot be read accepts no key.
        guard let incident = try? await store.incident(keyHash: presented.hash.hex) else { return nil }
        return IncidentKey(incident: incident, hash: presented.hash.hex).principal
    }
}

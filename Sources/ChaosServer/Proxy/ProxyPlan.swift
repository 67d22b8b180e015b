import OpsModel
import OpsSystem

/// The proxies that a process begins with, and the sockets at which whole ways through them are closed.
///
/// A JSON list as `POST /populate` takes it; a proxy that stands in a way out of an instance also has `link`, the socket of that
/// instance.
struct ProxyPlan: Sendable {
    var proxies: [ProxyRequest] = []
    /// By socket the proxy in each way.
    var links: [String: [Way: String]] = [:]

    init() {}

    /// - Throws: `bad_parameter` for what is no such list.
    init(path: String) throws {
        let list = try OpsJSON.decode(JSONValue.self, from: FileSystem.read(path, limit: 1 << 20)).arrayValue ?? []
        for document in list {
            let request = try ProxyRequest(document)
            self.proxies.append(request)
            guard let socket = document["link"]?.stringValue else { continue }
            guard let name = request.name, let way = request.upstream else {
                throw ChaosError(.badParameter, "\(path): a proxy in a way has to have a name and an upstream")
            }
            self.links[socket, default: [:]][way] = name
        }
    }
}

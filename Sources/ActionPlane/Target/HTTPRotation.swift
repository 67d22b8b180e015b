import OpsHTTP
import OpsSystem

/// The rotation of a component that answers `GET /instances` and `POST` and `DELETE /instances/{name}/drain`.
struct HTTPRotation: Rotation {
    /// One instance as the list shows it.
    private struct Entry: Decodable {
        var name: String
        var state: String
    }

    private let url: String
    /// The file of the key; read for every change, so that a new key counts at once.
    private let keyFile: String
    private let http = HTTPClient(configuration: .init(timeout: .seconds(2), retries: 0))

    init(url: String, keyFile: String) {
        self.url = url
        self.keyFile = keyFile
    }

    func places() async throws(ActionError) -> [String: RotationPlace] {
        let entries: [Entry]
        do {
            entries = try await http.send(HTTPClientRequest(method: .get, url: "\(url)/instances")).json([Entry].self)
        } catch {
            throw ActionError(.targetUnreadable, "the instances in the rotation cannot be asked for: \(error)")
        }
        let known = entries.compactMap { entry in RotationPlace(rawValue: entry.state).map { (entry.name, $0) } }
        return Dictionary(known) { first, _ in first }
    }

    func set(_ instance: String, isDraining: Bool) async throws(ActionError) {
        let answer: HTTPClientResponse
        do {
            let key = try FileSystem.text(keyFile, limit: 4_096).split(whereSeparator: \.isWhitespace).first
            let path = "\(url)/instances/\(instance)/drain"
            let request = HTTPClientRequest(
                method: isDraining ? .post : .delete,
                url: path,
                body: isDraining ? Array("{}".utf8) : [],
                key: key.map(String.init)
            )
            answer = try await http.send(request)
        } catch {
            throw ActionError(.effectFailed, "the rotation was not changed: \(error)")
        }
        guard answer.status == 200 else {
            throw ActionError(.effectFailed, "the rotation was not changed: status \(answer.status)")
        }
    }
}

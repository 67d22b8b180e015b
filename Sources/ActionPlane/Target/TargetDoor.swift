import OpsHTTP
import OpsModel
import OpsSystem

/// A component of the target that lets itself be asked by everybody, and be changed with our key for that.
struct TargetDoor: Sendable {
    private let url: String
    /// The file of the key; read for every change, so that a new key counts at once.
    private let keyFile: String
    private let http = HTTPClient(configuration: .init(timeout: .seconds(2), retries: 0))

    init(url: String, keyFile: String) {
        self.url = url
        self.keyFile = keyFile
    }

    func ask<Answer: Decodable>(_ path: String, as type: Answer.Type) async throws -> Answer {
        try await self.http.send(HTTPClientRequest(method: .get, url: self.url + path)).json(type)
    }

    /// Sends a change; `subject` says what is changed, for the message when it was not.
    func change(_ method: HTTPMethod, _ path: String, _ body: JSONValue?, _ subject: String) async throws(ActionError) {
        let answer: HTTPClientResponse
        do {
            let key = try FileSystem.text(self.keyFile, limit: 4_096).split(whereSeparator: \.isWhitespace).first
            let request = HTTPClientRequest(
                method: method,
                url: self.url + path,
                body: try body.map { try OpsJSON.encode($0) } ?? [],
                key: key.map(String.init)
            )
            answer = try await self.http.send(request)
        } catch {
            throw ActionError(.effectFailed, "\(subject) was not changed: \(error)")
        }
        guard answer.status == 200 else {
            throw ActionError(.effectFailed, "\(subject) was not changed: status \(answer.status)")
        }
    }
}

import OpsHTTP
import OpsModel

/// Bodies that break things: a member that nobody knows is a mistake, and is refused.
enum StrictBody {
    /// - Throws: 413 when it is longer than so many bytes, 400 when it is no JSON, 422 when it is no object.
    static func read(_ request: HTTPRequest, limit: Int) throws -> JSONValue {
        guard request.body.count <= limit else {
            throw HTTPError(status: 413, code: "body_too_large", message: "The body is larger than \(limit) bytes.")
        }
        let document = try request.json(JSONValue.self)
        guard document.objectValue != nil else { throw ChaosError(.badParameter, "a JSON object is expected") }
        return document
    }

    /// Refuses an object with other members; `place` is what it is called in the answer.
    static func check(_ value: JSONValue?, _ known: Set<String>, in place: String = "the body") throws(ChaosError) {
        let unknown = (value?.objectValue ?? [:]).keys.filter { !known.contains($0) }.sorted()
        guard unknown.isEmpty else {
            let names = unknown.map { String($0.prefix(64)) }.joined(separator: ", ")
            throw ChaosError(
                .badParameter,
                "unknown members of \(place): \(names)",
                hint: "known are \(known.sorted().joined(separator: ", "))"
            )
        }
    }
}

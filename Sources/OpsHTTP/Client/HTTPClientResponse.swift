import OpsModel

/// What another service answered, whatever its status.
public struct HTTPClientResponse: Sendable {
    /// The HTTP status.
    public var status: Int
    /// The header fields.
    public var headers: HTTPHeaders
    /// The whole body.
    public var body: [UInt8]

    /// Whether the status is one of success.
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// What is inside the success envelope's `data`.
    public func json<Value: Decodable>(_ type: Value.Type) throws(HTTPClientError) -> Value {
        do {
            return try OpsJSON.decode(IncomingEnvelope<Value>.self, from: body).data
        } catch {
            throw HTTPClientError(.badAnswer, "The answer does not have the expected shape.", cause: "\(error)")
        }
    }
}

private struct IncomingEnvelope<Payload: Decodable>: Decodable {
    var data: Payload
}

import OpsModel

/// Calls one service of the house: knows its address and key, and takes the envelopes off.
///
/// A refusal is thrown as ``RemoteError``, a failure to get any answer as ``HTTPClientError``.
public struct ServiceClient: Sendable {
    private let base: String
    private let key: String
    private let unixSocket: String?
    private let http: HTTPClient

    /// Takes an address such as `http://127.0.0.1:8002` or `unix:/run/x.sock`, and the key to show.
    public init(base: String, key: String = "", http: HTTPClient = HTTPClient()) {
        let isSocket = base.hasPrefix("unix:")
        unixSocket = isSocket ? String(base.dropFirst(5)) : nil
        self.base = isSocket ? "http://localhost" : String(base.last == "/" ? base.dropLast() : base[...])
        self.key = key
        self.http = http
    }

    /// Reads something.
    public func get<Answer: Decodable & Sendable>(
        _ path: String,
        as type: Answer.Type = Answer.self,
        timeout: Duration? = nil
    ) async throws -> Answer {
        try await call(request(.get, path, timeout: timeout)).json(type)
    }

    /// Does something; with an idempotency key it may be repeated.
    public func post<Answer: Decodable & Sendable>(
        _ path: String,
        _ body: some Encodable,
        as type: Answer.Type = Answer.self,
        idempotencyKey: String? = nil,
        timeout: Duration? = nil
    ) async throws -> Answer {
        try await send(.post, path, body, idempotencyKey: idempotencyKey, timeout: timeout).json(type)
    }

    /// Replaces something; with an idempotency key it may be repeated.
    public func put<Answer: Decodable & Sendable>(
        _ path: String,
        _ body: some Encodable,
        as type: Answer.Type = Answer.self,
        idempotencyKey: String? = nil,
        timeout: Duration? = nil
    ) async throws -> Answer {
        try await send(.put, path, body, idempotencyKey: idempotencyKey, timeout: timeout).json(type)
    }

    /// Changes part of something; `tag` names the version it has to be.
    public func patch<Answer: Decodable & Sendable>(
        _ path: String,
        _ body: some Encodable,
        as type: Answer.Type = Answer.self,
        ifMatch tag: String? = nil
    ) async throws -> Answer {
        var request = request(.patch, path)
        request.body = try OpsJSON.encode(body)
        request.headers["If-Match"] = tag
        return try await call(request).json(type)
    }

    /// Takes something away; with an idempotency key it may be repeated.
    public func delete<Answer: Decodable & Sendable>(
        _ path: String,
        as type: Answer.Type = Answer.self,
        idempotencyKey: String? = nil,
        timeout: Duration? = nil
    ) async throws -> Answer {
        var request = request(.delete, path, timeout: timeout)
        request.idempotencyKey = idempotencyKey
        return try await call(request).json(type)
    }

    /// Reads events from after the one named, until the service ends them.
    public func events(
        _ path: String,
        after lastEventID: String? = nil
    ) -> AsyncThrowingStream<ServerSentEvent, any Error> {
        var request = request(.get, path, timeout: nil)
        if let lastEventID { request.headers["Last-Event-ID"] = lastEventID }
        return http.events(request)
    }

    /// Sends any request and gives the answer of a success as it came.
    public func call(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        let response = try await http.send(request)
        guard response.isSuccess else { throw RemoteError(response) }
        return response
    }

    /// A request to this service that the caller may still change.
    public func request(_ method: HTTPMethod, _ path: String, timeout: Duration? = nil) -> HTTPClientRequest {
        HTTPClientRequest(
            method: method,
            url: base + path,
            timeout: timeout,
            unixSocket: unixSocket,
            key: key.isEmpty ? nil : key
        )
    }

    private func send(
        _ method: HTTPMethod,
        _ path: String,
        _ body: some Encodable,
        idempotencyKey: String?,
        timeout: Duration?
    ) async throws -> HTTPClientResponse {
        var request = request(method, path, timeout: timeout)
        request.body = try OpsJSON.encode(body)
        request.idempotencyKey = idempotencyKey
        return try await call(request)
    }
}

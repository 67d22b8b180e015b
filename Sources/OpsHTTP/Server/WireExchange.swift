import CMicrohttpd

/// One request on its way through libmicrohttpd, up to the point where its body is complete.
///
/// The fields belong to the connection's thread: the library calls everything here on it, one call at a time. A subclass
/// decides what answers the request.
class WireExchange: @unchecked Sendable {
    final let link: Link
    final let target: String
    private let bodyLimit: Int
    private(set) final var method = ""
    private(set) final var headers = HTTPHeaders()
    private(set) final var body: [UInt8] = []
    private var received = 0
    private var isBegun = false

    init(target: String, link: Link, bodyLimit: Int) {
        self.target = target
        self.link = link
        self.bodyLimit = bodyLimit
    }

    /// Answers the complete request; called again when a suspended connection was resumed.
    func dispatch(_ connection: Connection) -> MHD_Result { opslab_mhd_no() }

    /// The answer to a request that no handler sees.
    func refusal(_ error: HTTPError) -> HTTPResponse { .error(error) }

    /// The answer is out, or will never be.
    func completed(isWhole: Bool) {}

    final func step(_ connection: Connection, method: String, part: UnsafeRawBufferPointer) -> MHD_Result {
        if !isBegun { return head(connection, method) }
        if part.count > 0 { return take(part) }
        if received > bodyLimit { return refuse(connection, WireRules.tooLarge(bodyLimit)) }
        return dispatch(connection)
    }

    private func head(_ connection: Connection, _ method: String) -> MHD_Result {
        isBegun = true
        self.method = method
        headers = connection.headers()
        do throws(HTTPError) {
            try WireRules.check(headers, bodyLimit: bodyLimit)
        } catch {
            return refuse(connection, error)
        }
        link.enter(.body)
        return opslab_mhd_yes()
    }

    /// No answer can be queued while data arrives, so a body that is too large is swallowed for a while first.
    private func take(_ part: UnsafeRawBufferPointer) -> MHD_Result {
        received += part.count
        if received > WireRules.readLimit(bodyLimit) { return opslab_mhd_no() }
        if received > bodyLimit { body = [] } else { body.append(contentsOf: part) }
        return opslab_mhd_yes()
    }

    /// Answers and ends the connection: what follows on it cannot be trusted to be a request.
    private func refuse(_ connection: Connection, _ error: HTTPError) -> MHD_Result {
        var response = refusal(error)
        response.headers["Connection"] = "close"
        link.enter(.answering)
        return connection.queue(status: response.status, headers: response.headers, bytes: response.bytes)
    }
}

import CMicrohttpd

/// A libmicrohttpd connection.
///
/// `resume` may be called from any thread; everything else only on the connection's own thread, inside a callback. That is why
/// the handle may travel.
struct Connection: @unchecked Sendable {
    let raw: OpaquePointer

    var descriptor: Int32 { opslab_mhd_descriptor(raw) }

    func suspend() { MHD_suspend_connection(raw) }
    func resume() { MHD_resume_connection(raw) }

    /// What we attached when the client connected.
    var link: Link? {
        opslab_mhd_connection_context(raw).map { Unmanaged<Link>.fromOpaque($0).takeUnretainedValue() }
    }

    func headers() -> HTTPHeaders {
        var headers = HTTPHeaders()
        withUnsafeMutablePointer(to: &headers) { _ = opslab_mhd_headers(raw, collectHeader, $0) }
        return headers
    }

    /// Hands an answer to the library, with the header fields it will write.
    func queue(status: Int, headers: HTTPHeaders, body: OpaquePointer?) -> MHD_Result {
        guard let body else { return opslab_mhd_no() }
        defer { MHD_destroy_response(body) }
        for field in headers { MHD_add_response_header(body, field.name, field.value) }
        return MHD_queue_response(raw, UInt32(status), body)
    }

    func queue(status: Int, headers: HTTPHeaders, bytes: [UInt8]) -> MHD_Result {
        let body = bytes.withUnsafeBytes { opslab_mhd_bytes($0.baseAddress, $0.count) }
        return queue(status: status, headers: headers, body: body)
    }
}

private let collectHeader: MHD_KeyValueIteratorN = { context, _, name, nameSize, value, valueSize in
    guard let context, let name else { return opslab_mhd_no() }
    let headers = context.assumingMemoryBound(to: HTTPHeaders.self)
    headers.pointee.add(text(name, nameSize), value.map { text($0, valueSize) } ?? "")
    return opslab_mhd_yes()
}

private func text(_ start: UnsafePointer<CChar>, _ count: Int) -> String {
    String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
}

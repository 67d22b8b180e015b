import CCurl
import OpsSystem
import Synchronization

/// What a transfer does with the parts of an answer; everything is called on the transfer thread.
protocol TransferSink: AnyObject, Sendable {
    /// Takes a part of the body, or says why not.
    func receive(_ bytes: UnsafeRawBufferPointer, status: Int) -> TransferVerdict
    /// Exactly one call, when everything is over.
    func end(_ result: Result<(status: Int, headers: HTTPHeaders), HTTPClientError>)
}

/// What becomes of received bytes.
enum TransferVerdict {
    case taken
    case notNow
    case tooMuch
}

/// One libcurl handle with all that must live as long as it.
///
/// Made by anybody, then touched by the transfer thread alone.
final class Transfer: @unchecked Sendable {
    let easy: UnsafeMutableRawPointer
    private let sink: any TransferSink
    private var fields: UnsafeMutablePointer<curl_slist>?
    private var places: UnsafeMutablePointer<curl_slist>?
    private var headers = HTTPHeaders()
    private var isTooLarge = false

    init?(_ request: HTTPClientRequest, timeout: Duration?, connectTimeout: Duration, sink: any TransferSink) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.sink = sink
        setCommon(request)
        setTimes(timeout: timeout, connect: connectTimeout)
        setBody(request)
        setFields(request)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(fields)
        curl_slist_free_all(places)
    }

    func finish(_ code: CURLcode) {
        if code == CURLE_OK {
            sink.end(.success((opslab_curl_status(easy), headers)))
        } else {
            sink.end(.failure(HTTPClientError(curl: code, isTooLarge: isTooLarge)))
        }
    }

    func cancel() { sink.end(.failure(HTTPClientError(.cancelled, "The request was given up by its caller."))) }

    private func setCommon(_ request: HTTPClientRequest) {
        let context = Unmanaged.passUnretained(self).toOpaque()  // the thread keeps the transfer while curl has it
        opslab_curl_set_string(easy, CURLOPT_URL, request.url)
        opslab_curl_allow_http_only(easy)
        // http_proxy in the environment must not redirect loopback calls.
        opslab_curl_set_string(easy, CURLOPT_PROXY, "")
        opslab_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // A container that was restarted may have another address, and curl would keep the old one for a minute.
        opslab_curl_set_long(easy, CURLOPT_DNS_CACHE_TIMEOUT, 1)
        opslab_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        opslab_curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        opslab_curl_set_write(easy, receiveBody, context)
        opslab_curl_set_header(easy, receiveHeader, context)
        if let path = request.unixSocket { opslab_curl_set_string(easy, CURLOPT_UNIX_SOCKET_PATH, path) }
        if let place = request.place, isHost(place) {
            // Part of what tells connections apart: none to another place is used again.
            places = curl_slist_append(nil, "::\(place):")
            opslab_curl_set_places(easy, places)
        }
        if let source = request.source { opslab_curl_set_string(easy, CURLOPT_INTERFACE, "host!\(source)") }
        // On a reused connection that dies early, curl would send the request again by itself, body and all.
        if !request.isRepeatable { opslab_curl_set_long(easy, CURLOPT_FRESH_CONNECT, 1) }
    }

    private func setTimes(timeout: Duration?, connect: Duration) {
        opslab_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(connect))
        if let timeout { opslab_curl_set_long(easy, CURLOPT_TIMEOUT_MS, milliseconds(timeout)) }
    }

    private func milliseconds(_ time: Duration) -> Int { max(1, Int((time.inSeconds * 1_000).rounded(.up))) }

    private func setBody(_ request: HTTPClientRequest) {
        switch request.method {
        case .get: opslab_curl_set_long(easy, CURLOPT_HTTPGET, 1)
        case .head: opslab_curl_set_long(easy, CURLOPT_NOBODY, 1)
        case .post, .put, .patch, .delete:
            opslab_curl_set_long(easy, CURLOPT_POST, 1)
            request.body.withUnsafeBytes { bytes in
                _ = opslab_curl_set_body(easy, bytes.baseAddress ?? emptyBody, curl_off_t(bytes.count))
            }
            opslab_curl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func setFields(_ request: HTTPClientRequest) {
        var all = request.headers
        if let key = request.key { all["Authorization"] = "Bearer \(key)" }
        if let key = request.idempotencyKey { all["Idempotency-Key"] = key }
        if let context = RequestContext.current {
            if all["X-Request-Id"] == nil { all["X-Request-Id"] = context.requestID }
            if all["traceparent"] == nil { all["traceparent"] = context.traceParent.child().description }
        }
        if all["Content-Type"] == nil, !request.body.isEmpty { all["Content-Type"] = "application/json" }
        if all["User-Agent"] == nil { all["User-Agent"] = "opslab" }
        for field in all where isSendable(field.name) && isSendable(field.value) {
            fields = curl_slist_append(fields, field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        for unwanted in ["Expect:", request.body.isEmpty ? "Content-Type:" : nil] {
            if let unwanted { fields = curl_slist_append(fields, unwanted) }
        }
        opslab_curl_set_list(easy, fields)
    }

    /// Anything else could name a port as well.
    private func isHost(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [45, 46, 95].contains(byte)
        }
    }

    /// A line break in a value would begin a header field of its own.
    private func isSendable(_ text: String) -> Bool { !text.utf8.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 } }

    fileprivate func received(_ bytes: UnsafeRawBufferPointer) -> Int {
        switch sink.receive(bytes, status: opslab_curl_status(easy)) {
        case .taken: return bytes.count
        case .notNow: return opslab_curl_pause()
        case .tooMuch:
            isTooLarge = true
            return 0
        }
    }

    fileprivate func receivedHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") { headers = [:] }
        if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].drop { $0.isWhitespace }
            headers.add(String(line[..<colon]), String(value.prefix { !$0.isNewline }))
        }
        guard headers.count <= 200 else { return 0 }
        return bytes.count
    }
}

nonisolated(unsafe) private let emptyBody = UnsafeRawPointer(
    UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)
)

private let receiveBody: opslab_curl_sink = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        .received(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private let receiveHeader: opslab_curl_sink = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        .receivedHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

extension HTTPClientError {
    init(curl code: CURLcode, isTooLarge: Bool) {
        let cause = String(cString: curl_easy_strerror(code))
        if isTooLarge {
            self.init(.answerTooLarge, "The answer is larger than the client takes.")
            return
        }
        switch code {
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST:
            self.init(.unreachable, "Nobody answers at that address; is the service running?", cause: cause)
        case CURLE_OPERATION_TIMEDOUT: self.init(.timedOut, "No complete answer came in time.", cause: cause)
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE:
            self.init(.interrupted, "The connection ended before the answer was complete.", cause: cause)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            self.init(.badURL, "The URL cannot be used; give an http URL.", cause: cause)
        default: self.init(.failed, "The request failed.", cause: cause)
        }
    }
}

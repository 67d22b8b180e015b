/// How one finds the end of an HTTP/1.1 message's body (RFC 9112, section 6).
enum HTTPFraming: Equatable {
    case none
    case length(Int)
    case chunked
    /// The connection's end is the body's.
    case untilClose

    /// nil for what readers could understand differently, or what ends HTTP on this connection.
    init?(request head: HTTPHead) {
        guard head.words[0] != "CONNECT", !head.has("upgrade"), let given = Self.given(head) else { return nil }
        // A request has no end but its own.
        self = given == .untilClose ? .none : given
    }

    /// Of an answer to a request with this method.
    init?(response head: HTTPHead, to method: String) {
        guard let given = Self.given(head), let status = Int(head.words[1]), status != 101 else { return nil }
        let isEmpty = method == "HEAD" || status == 204 || status == 304 || status < 200
        self = isEmpty ? .none : given
    }

    private static func given(_ head: HTTPHead) -> HTTPFraming? {
        let codings = head.list("transfer-encoding")
        let lengths = head.fields.filter { $0.name == "content-length" }.map(\.value)
        if head.has("transfer-encoding") {
            // Version 1.0 does not know it, and with a length beside it one of the two is a lie.
            let isPlain = codings == ["chunked"] && lengths.isEmpty && !head.words.contains("HTTP/1.0")
            return isPlain ? .chunked : nil
        }
        guard let first = lengths.first else { return .untilClose }
        guard lengths.count == 1, first.utf8.count <= 15, first.utf8.allSatisfy({ (48...57).contains($0) }),
            let length = Int(first)
        else { return nil }
        return length == 0 ? HTTPFraming.none : .length(length)
    }
}

/// Follows a body to its end, and keeps nothing of it.
struct HTTPBody: Equatable {
    enum State: Equatable {
        case goesOn
        case finished
        /// What came is no body of this kind.
        case broken
    }

    /// Where one is in a body that comes in chunks.
    private enum Step: Equatable {
        case size
        case data(Int)
        case dataEnd, trailer
    }

    private static let longestSizeLine = 1_024
    private let framing: HTTPFraming
    private var left: Int
    private var step = Step.size
    private var line: [UInt8] = []
    private var trailers = 0
    private(set) var state: State

    init(_ framing: HTTPFraming) {
        self.framing = framing
        if case .length(let length) = framing { self.left = length } else { self.left = 0 }
        self.state = framing == .none ? .finished : .goesOn
    }

    /// How many of the bytes are of this body.
    mutating func take(_ bytes: ArraySlice<UInt8>) -> Int {
        guard self.state == .goesOn else { return 0 }
        switch self.framing {
        case .none: return 0
        case .untilClose: return bytes.count
        case .length:
            let count = min(self.left, bytes.count)
            self.left -= count
            if self.left == 0 { self.state = .finished }
            return count
        case .chunked: return self.takeChunks(bytes)
        }
    }

    private mutating func takeChunks(_ bytes: ArraySlice<UInt8>) -> Int {
        var index = bytes.startIndex
        while index < bytes.endIndex, self.state == .goesOn {
            if case .data(let left) = self.step {
                let count = min(left, bytes.endIndex - index)
                index += count
                self.step = count == left ? .dataEnd : .data(left - count)
                continue
            }
            let byte = bytes[index]
            index += 1
            if byte != UInt8(ascii: "\n") {
                self.line.append(byte)
                if self.line.count > Self.longestSizeLine { self.state = .broken }
            } else if self.line.popLast() == UInt8(ascii: "\r") {
                self.finishLine()
                self.line = []
            } else {
                self.state = .broken
            }
        }
        return index - bytes.startIndex
    }

    private mutating func finishLine() {
        switch self.step {
        case .size:
            let digits = self.line.prefix { $0 != UInt8(ascii: ";") }
            let text = String(decoding: digits, as: UTF8.self)
            guard !digits.isEmpty, digits.count <= 12, text.allSatisfy(\.isHexDigit), let size = Int(text, radix: 16)
            else {
                self.state = .broken
                return
            }
            self.step = size == 0 ? .trailer : .data(size)
        case .dataEnd:
            if self.line.isEmpty { self.step = .size } else { self.state = .broken }
        case .trailer:
            self.trailers += self.line.count
            if self.line.isEmpty {
                self.state = .finished
            } else if self.trailers > HTTPHead.limit {
                self.state = .broken
            }
        case .data: self.state = .broken
        }
    }
}

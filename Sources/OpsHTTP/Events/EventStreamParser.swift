/// Takes events out of a byte stream, wherever the network cut it.
///
/// Follows the WHATWG event stream format: comments are dropped, an id stays in force until the next one, and an event without
/// data is none.
struct EventStreamParser: StreamParser {
    private var line: [UInt8] = []
    private var skipsLineFeed = false
    private var data: [String] = []
    private var event: String?
    private var id: String?
    private let limit: Int
    private var size = 0
    /// Set when one event is larger than the limit; nothing is parsed from then on.
    private(set) var isOverflown = false

    init(limit: Int = 1 << 20) { self.limit = limit }

    mutating func feed(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes where !isOverflown {
            let isSecondHalf = skipsLineFeed && byte == UInt8(ascii: "\n")
            skipsLineFeed = byte == UInt8(ascii: "\r")
            if isSecondHalf { continue }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if let event = endLine() { events.append(event) }
            } else {
                line.append(byte)
                size += 1
                isOverflown = size > limit
            }
        }
        return events
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if line.isEmpty { return endEvent() }
        let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count == 2 ? parts[1] : []
        if value.first == 0x20 { value = value.dropFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: parts[0], as: UTF8.self) {
        case "data": data.append(text)
        case "event": event = text
        case "id" where !text.utf8.contains(0): id = text
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> ServerSentEvent? {
        defer {
            data = []
            event = nil
            size = 0
        }
        return data.isEmpty ? nil : ServerSentEvent(id: id, event: event, data: data.joined(separator: "\n"))
    }
}

/// One event of a `text/event-stream`.
public struct ServerSentEvent: Sendable, Hashable {
    /// What a reader sends back as `Last-Event-ID` when it comes again.
    public var id: String?
    /// The kind of event; nil means `message`.
    public var event: String?
    /// The content; line breaks are kept.
    public var data: String

    /// Makes an event.
    public init(id: String? = nil, event: String? = nil, data: String) {
        self.id = id
        self.event = event
        self.data = data
    }

    /// The event as it stands on the wire.
    public var bytes: [UInt8] {
        var text = ""
        if let id { text += "id: \(Self.oneLine(id))\n" }
        if let event { text += "event: \(Self.oneLine(event))\n" }
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            text += "data: \(line)\n"
        }
        return Array((text + "\n").utf8)
    }

    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\n" && $0 != "\r" && $0 != "\0" }))
    }
}

extension HTTPRequest {
    /// The last event a returning reader has seen.
    public var lastEventID: String? { headers["Last-Event-ID"] }
}

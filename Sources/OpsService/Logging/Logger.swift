import Glibc
public import OpsModel

/// Writes JSON Lines: a constant message, and the data beside it.
///
/// One line is one write, so lines of several threads never mix. The messages are constants, so that they can be counted and
/// searched for; everything that varies is metadata.
public struct Logger: Sendable {
    /// Where finished lines go, the line break included.
    public typealias Sink = @Sendable ([UInt8]) -> Void

    /// Who speaks: the service, or the instance of a service.
    public let label: String
    /// Lines below this level are not written.
    public var level: LogLevel
    private let sink: Sink
    private var context: [String: JSONValue]

    /// Makes a logger; without a sink it writes to descriptor 2.
    public init(label: String, level: LogLevel = .info, sink: @escaping Sink = Logger.standardError) {
        self.label = label
        self.level = level
        self.sink = sink
        self.context = [:]
    }

    /// A logger that adds these members to each of its lines.
    public func with(_ metadata: [String: JSONValue]) -> Logger {
        var logger = self
        logger.context.merge(metadata) { _, new in new }
        return logger
    }

    /// For whoever looks for a defect.
    public func debug(_ message: StaticString, _ metadata: [String: JSONValue] = [:]) {
        self.log(.debug, message, metadata)
    }
    /// For whoever reads what happened.
    public func info(_ message: StaticString, _ metadata: [String: JSONValue] = [:]) {
        self.log(.info, message, metadata)
    }
    /// Something is wrong and was dealt with.
    public func warning(_ message: StaticString, _ metadata: [String: JSONValue] = [:]) {
        self.log(.warning, message, metadata)
    }
    /// Something failed and somebody should look.
    public func error(_ message: StaticString, _ metadata: [String: JSONValue] = [:]) {
        self.log(.error, message, metadata)
    }

    /// Writes one line at the given level.
    public func log(_ level: LogLevel, _ message: StaticString, _ metadata: [String: JSONValue] = [:]) {
        guard level >= self.level else { return }
        var fields = self.context
        if let trace = TraceContext.traceID { fields["trace_id"] = .string(trace) }
        fields.merge(metadata) { _, new in new }
        let line = LogLine(
            time: .now(),
            level: level,
            service: self.label,
            message: message.description,
            fields: fields
        )
        self.sink(line.bytes)
    }

    /// Writes a line to descriptor 2; a full or closed pipe loses it, because a log must not stop a service.
    public static let standardError: Sink = { bytes in
        _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }

    /// Drops every line.
    public static let silent = Logger(label: "", sink: { _ in })
}

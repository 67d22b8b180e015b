internal import OpsModel
internal import OpsSystem

/// One line of a component's log.
struct LogRecord: Hashable, Sendable {
    var at: Timestamp?
    var level: String
    var message: String
    /// SQLSTATE, errno and whatever else the topology calls a code: kind and value.
    var codes: [String: String]
    var traceID: String?

    /// Fields that carry a code, unless the topology says otherwise.
    static let codeFields = ["sqlstate", "errno"]

    /// Reads a line; what is no JSON object is taken as a message of its own, as crash reports and notices are.
    init(line: some Sequence<UInt8>, codeFields: [String] = LogRecord.codeFields) {
        let bytes = Array(line)
        let document = try? OpsJSON.decode(JSONValue.self, from: bytes)  // plain text is an expected kind of line
        guard let members = document?.objectValue, let message = members["message"]?.stringValue else {
            self.init(level: "error", message: String(decoding: bytes.prefix(2_000), as: UTF8.self))
            return
        }
        self.init(level: members["level"]?.stringValue?.lowercased() ?? "info", message: message)
        at = members["time"]?.stringValue.flatMap(Timestamp.init)
        traceID = members["trace_id"]?.stringValue
        for field in codeFields {
            guard let value = members[field], let code = value.stringValue ?? value.intValue.map(String.init) else {
                continue
            }
            codes[field] = Self.name(of: code, field)
        }
    }

    /// Runbooks speak of `EMFILE`, and programs log 24.
    private static func name(of code: String, _ field: String) -> String {
        guard field == "errno", let number = Int(code) else { return code }
        return ErrorNumber.name(of: number) ?? code
    }

    init(level: String, message: String, codes: [String: String] = [:]) {
        self.level = level
        self.message = message
        self.codes = codes
    }

    /// Whether somebody should look at it: warnings, errors, and whatever carries a code.
    var isNotable: Bool { ["warning", "warn", "error", "critical", "fatal"].contains(level) || !codes.isEmpty }
}

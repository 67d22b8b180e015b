import OpsCommand
import OpsModel

/// `NAME=VALUE`, as the verbs about faults take them.
enum FaultPairs {
    static func parse(_ texts: [String], option: String) throws(CommandError) -> [String: String] {
        var pairs: [String: String] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                throw CommandError.usage("--\(option) wants NAME=VALUE, not '\(Terminal.clean(text))'")
            }
            pairs[String(parts[0])] = String(parts[1])
        }
        return pairs
    }

    static func value(_ text: String) -> JSONValue {
        switch text {
        case "true": true
        case "false": false
        default: Int(text).map { .int($0) } ?? Double(text).map { .double($0) } ?? .string(text)
        }
    }
}

package import OpsModel

/// One line of a log as JSON: time, level, service and message first, then the rest in alphabetical order.
package struct LogLine {
    package var bytes: [UInt8]

    private static let reserved: Set<String> = ["time", "level", "service", "message"]

    package init(time: Timestamp, level: LogLevel, service: String, message: String, fields: [String: JSONValue]) {
        self.bytes = []
        self.bytes.reserveCapacity(192)
        self.append("{\"time\":\"\(time)\",\"level\":\"\(level.rawValue)\",\"service\":")
        self.append(quoted: service)
        self.append(",\"message\":")
        self.append(quoted: message)
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            self.append(",")
            self.append(quoted: Self.reserved.contains(key) ? "field.\(key)" : key)
            self.append(":")
            self.append(value)
        }
        self.append("}\n")
    }

    private mutating func append(_ text: String) { self.bytes.append(contentsOf: text.utf8) }

    private mutating func append(_ value: JSONValue) {
        switch value {
        case .null: self.append("null")
        case .bool(let flag): self.append(flag ? "true" : "false")
        case .int(let number): self.append(String(number))
        case .double(let number): self.append(number.isFinite ? String(number) : "\"\(number)\"")
        case .string(let text): self.append(quoted: text)
        case .array(let elements): self.append(elements)
        case .object(let members): self.append(members)
        }
    }

    private mutating func append(_ elements: [JSONValue]) {
        self.append("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { self.append(",") }
            self.append(element)
        }
        self.append("]")
    }

    private mutating func append(_ members: [String: JSONValue]) {
        self.append("{")
        for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { self.append(",") }
            self.append(quoted: member.key)
            self.append(":")
            self.append(member.value)
        }
        self.append("}")
    }

    private mutating func append(quoted text: String) {
        let digits = Array("0123456789abcdef".utf8)
        self.bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): self.bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): self.append("\\n")
            case 0..<32, 127: self.bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: self.bytes.append(byte)
            }
        }
        self.bytes.append(UInt8(ascii: "\""))
    }
}

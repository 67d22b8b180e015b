import OpsModel

/// PostgreSQL's text forms of values that are more than plain text.
enum PostgresText {
    private static let digits = Array("0123456789abcdef".utf8)

    static func hex(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func bytes(_ text: String) -> [UInt8]? {
        guard text.hasPrefix("\\x") else { return nil }
        let nibbles = text.utf8.dropFirst(2).map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard nibbles.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: nibbles.count, by: 2) {
            guard let high = nibbles[index], let low = nibbles[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }

    /// An array literal; every element is quoted, so none is taken for null.
    static func array(_ elements: [String?]) -> String {
        let quoted = elements.map { element in
            guard let element else { return "NULL" }
            return "\"" + element.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
        return "{\(quoted.joined(separator: ","))}"
    }

    /// The elements of a one-dimensional array literal, null as nil; nil for another form.
    static func elements(_ text: String) -> [String?]? {
        var rest = Array(text.utf8)[...]
        guard rest.popFirst() == UInt8(ascii: "{"), rest.popLast() == UInt8(ascii: "}") else { return nil }
        var elements: [String?] = []
        while !rest.isEmpty {
            guard let element = takeElement(&rest) else { return nil }
            elements.append(element)
            if rest.isEmpty { return elements }
            guard rest.popFirst() == UInt8(ascii: ",") else { return nil }
        }
        return elements
    }

    private static func takeElement(_ rest: inout ArraySlice<UInt8>) -> String?? {
        var element: [UInt8] = []
        guard rest.first == UInt8(ascii: "\"") else {
            while let byte = rest.first, byte != UInt8(ascii: ",") {
                element.append(byte)
                rest.removeFirst()
            }
            let word = String(decoding: element, as: UTF8.self)
            return .some(word == "NULL" ? nil : word)
        }
        rest.removeFirst()
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            guard byte == UInt8(ascii: "\\") else {
                element.append(byte)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            element.append(escaped)
        }
        return .some(String(decoding: element, as: UTF8.self))
    }

    /// One line of COPY's text format.
    static func copyLine(_ values: [PostgresValue]) -> String {
        values.map { value in
            guard let text = value.wireText else { return "\\N" }
            return text.replacing("\\", with: "\\\\").replacing("\t", with: "\\t").replacing("\n", with: "\\n")
                .replacing("\r", with: "\\r")
        }.joined(separator: "\t") + "\n"
    }

    /// Reads `2026-11-21 03:04:05.123456+00` as every session of ours writes it; `Z` and `T` are accepted too.
    static func timestamp(_ text: String) -> Timestamp? {
        let body = text.hasSuffix("+00") ? text.dropLast(3) : text.hasSuffix("Z") ? text.dropLast() : text[...]
        let fields = body.split(whereSeparator: { "-T: ".contains($0) })
        guard fields.count == 6, let year = Int64(fields[0]), let month = Int64(fields[1]), let day = Int64(fields[2]),
            let hour = Int64(fields[3]), let minute = Int64(fields[4])
        else { return nil }
        let second = fields[5].split(separator: ".")
        guard let whole = second.first.flatMap({ Int64($0) }) else { return nil }
        let digits = second.count > 1 ? second[1].prefix(6) : ""
        guard let fraction = Int64(digits + String(repeating: "0", count: 6 - digits.count)) else { return nil }
        let seconds = daysSinceEpoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + whole
        return Timestamp(microseconds: seconds * 1_000_000 + fraction)
    }

    /// Howard Hinnant's `days_from_civil`, for years after 0.
    private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

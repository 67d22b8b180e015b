/// The head of an HTTP/1.1 message: its first line and its fields.
///
/// It knows one strict form. What it does not know nobody may change: two readers who understand a message differently
/// disagree about where the next one begins.
struct HTTPHead: Equatable {
    /// What the bytes so far are.
    enum Look: Equatable {
        case unfinished
        /// This is no head of ours, whatever comes.
        case foreign
        /// So many bytes are one.
        case complete(Int)
    }

    static let limit = 32 << 10
    private static let longestMethod = 20

    /// Method and target, or version and status.
    private(set) var words: [String]
    private(set) var fields: [(name: String, value: String)] = []

    static func == (left: HTTPHead, right: HTTPHead) -> Bool {
        left.words == right.words && left.fields.elementsEqual(right.fields) { $0 == $1 }
    }

    /// Tells as early as it can: who speaks another protocol must not be kept waiting for the end of a line.
    static func look(at bytes: ArraySlice<UInt8>, isRequest: Bool, from searched: Int) -> Look {
        guard isRequest ? self.mayBeRequest(bytes) : self.mayBeResponse(bytes) else { return .foreign }
        var index = max(bytes.startIndex, bytes.startIndex + searched - 4)
        while let end = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) {
            // A line that ends in another way is read by some and not by others.
            guard end > bytes.startIndex, bytes[end - 1] == UInt8(ascii: "\r") else { return .foreign }
            if end - bytes.startIndex >= self.limit { return .foreign }
            if end >= bytes.startIndex + 3, bytes[end - 2] == UInt8(ascii: "\n") {
                return .complete(end + 1 - bytes.startIndex)
            }
            index = end + 1
        }
        return bytes.count < self.limit ? .unfinished : .foreign
    }

    /// Reads what `look` called complete; nil for what has another form.
    init?(_ bytes: ArraySlice<UInt8>, isRequest: Bool) {
        let lines = bytes.dropLast(4).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0
        }
        guard let first = lines.first, !bytes.contains(0) else { return nil }
        self.words = first.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard self.words.count >= 2, isRequest ? self.isRequest : self.isResponse else { return nil }
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                !line.contains(13), line[..<colon].allSatisfy({ $0 > 32 && $0 < 127 })
            else { return nil }
            let value = line[(colon + 1)...].drop { $0 == 32 || $0 == 9 }
            let end = value.lastIndex { $0 != 32 && $0 != 9 }.map { $0 + 1 } ?? value.startIndex
            self.fields.append(
                (
                    String(decoding: line[..<colon], as: UTF8.self).lowercased(),
                    String(decoding: value[..<end], as: UTF8.self)
                )
            )
        }
    }

    private var isRequest: Bool {
        self.words.count == 3 && ["HTTP/1.1", "HTTP/1.0"].contains(self.words[2]) && !self.words[1].isEmpty
    }

    private var isResponse: Bool {
        ["HTTP/1.1", "HTTP/1.0"].contains(self.words[0]) && self.words[1].utf8.count == 3
            && (100...599).contains(Int(self.words[1]) ?? 0)
    }

    /// Values of a field that is a list, in lower case.
    func list(_ name: String) -> [String] {
        self.fields.filter { $0.name == name }.flatMap { $0.value.split(separator: ",") }.map {
            $0.drop { $0 == " " || $0 == "\t" }.lowercased().split { $0 == " " || $0 == "\t" }.joined(separator: " ")
        }
    }

    func has(_ name: String) -> Bool { self.fields.contains { $0.name == name } }

    private static func mayBeRequest(_ bytes: ArraySlice<UInt8>) -> Bool {
        let method = bytes.prefix(self.longestMethod + 1).prefix { $0 != 32 }
        guard method.count <= self.longestMethod, method.allSatisfy({ (65...90).contains($0) || $0 == 45 }) else {
            return false
        }
        guard let target = bytes.dropFirst(method.count + 1).first else { return true }
        // A path, `*`, or an address; CONNECT names a host, and makes a tunnel of the connection.
        return !method.isEmpty && [UInt8(ascii: "/"), UInt8(ascii: "*"), UInt8(ascii: "h")].contains(target)
    }

    private static func mayBeResponse(_ bytes: ArraySlice<UInt8>) -> Bool {
        zip(bytes, "HTTP/1.".utf8).allSatisfy { $0 == $1 }
    }
}

extension Setting where Value == String {
    /// Any text.
    public static func text(_ key: String, default value: String = "", help: String, required: Bool = false) -> Setting
    {
        Setting(key, default: value, help: help, required: required, expected: "text") {
            $0.isEmpty && required ? nil : $0
        }
    }

    /// One of a closed list of words.
    public static func choice(_ key: String, _ words: [String], default value: String, help: String) -> Setting {
        Setting(key, default: value, help: help, expected: "one of \(words.joined(separator: ", "))") {
            words.contains($0) ? $0 : nil
        }
    }
}

extension Setting where Value == String? {
    /// Text that may be absent.
    public static func optionalText(_ key: String, help: String) -> Setting {
        Setting(key, default: nil, help: help, expected: "text") { $0.isEmpty ? .some(nil) : .some($0) }
    }
}

extension Setting where Value == Int {
    /// A whole number within bounds.
    public static func int(_ key: String, default value: Int, in range: ClosedRange<Int>, help: String) -> Setting {
        Setting(
            key,
            default: value,
            help: help,
            expected: "a whole number from \(range.lowerBound) to \(range.upperBound)"
        ) {
            Int($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Setting where Value == Double {
    /// A number within bounds.
    public static func double(
        _ key: String,
        default value: Double,
        in range: ClosedRange<Double>,
        help: String
    ) -> Setting {
        Setting(key, default: value, help: help, expected: "a number from \(range.lowerBound) to \(range.upperBound)") {
            Double($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Setting where Value == Bool {
    /// A truth value.
    public static func bool(_ key: String, default value: Bool, help: String) -> Setting {
        Setting(key, default: value, help: help, expected: "true or false") {
            $0 == "true" ? true : $0 == "false" ? false : nil
        }
    }
}

extension Setting where Value == [String] {
    /// A YAML list, or words between commas.
    public static func list(_ key: String, default value: [String] = [], help: String) -> Setting {
        Setting(key, default: value, help: help, expected: "a list") { text in
            text.split(whereSeparator: { $0 == "," || $0 == "\n" }).map { String($0.trimmingSpaces) }.filter {
                !$0.isEmpty
            }
        }
    }
}

extension Setting where Value == Duration {
    /// A Go-style duration such as `250ms` or `1m30s`, at least as long as `minimum`.
    public static func duration(
        _ key: String,
        default value: Duration,
        atLeast minimum: Duration = .zero,
        help: String
    ) -> Setting {
        Setting(key, default: value, help: help, expected: "a duration such as 250ms, 30s or 1m30s") {
            DurationText.parse($0).flatMap { $0 >= minimum ? $0 : nil }
        }
    }
}

extension Setting where Value == ListenAddress {
    /// Where a server listens: `HOST:PORT`, `:PORT` for loopback, or `unix:PATH`.
    public static func listen(
        _ key: String = "listen",
        default value: ListenAddress,
        help: String = "Where to listen."
    ) -> Setting {
        Setting(key, default: value, help: help, expected: "HOST:PORT or unix:PATH") { ListenAddress($0) }
    }
}

extension Setting where Value == LogLevel {
    /// How much to log.
    public static func logLevel(_ key: String = "log_level", default value: LogLevel = .info) -> Setting {
        let words = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
        return Setting(key, default: value, help: "Least level that is logged.", expected: "one of \(words)") {
            LogLevel(rawValue: $0)
        }
    }
}

extension StringProtocol {
    fileprivate var trimmingSpaces: SubSequence {
        let start = self.firstIndex { $0 != " " } ?? self.endIndex
        let rest = self[start...]
        return rest.lastIndex { $0 != " " }.map { rest[...$0] } ?? rest
    }
}

/// Files of `KEY=value` lines.
package enum EnvironmentText {
    /// Replaces the values of keys that are there; everything else stays as it is, comments included.
    package static func replacing(_ values: [String: String], in text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let equals = line.firstIndex(of: "="), let value = values[String(line[..<equals])] else {
                return String(line)
            }
            return "\(line[..<equals])=\(value)"
        }
        return lines.joined(separator: "\n")
    }
}

extension EnvironmentFile {
    /// The same file with another value for a key, and everything else kept; a new key goes to the end.
    public func setting(_ key: String, to value: String) -> EnvironmentFile {
        var found = false
        let newline = UInt8(ascii: "\n")
        var changed = bytes.split(separator: newline, omittingEmptySubsequences: false).map { bytes -> String in
            let line = String(decoding: bytes, as: UTF8.self)
            guard Self.key(of: line) == key else { return line }
            found = true
            return "\(key)=\(value)"
        }
        if !found {
            if changed.last == "" { changed.removeLast() }
            changed += ["\(key)=\(value)", ""]
        }
        return EnvironmentFile(text: changed.joined(separator: "\n"))
    }
}

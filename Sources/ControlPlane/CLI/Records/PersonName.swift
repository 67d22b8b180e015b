import OpsCommand

/// A person's name as it may become the name of a directory.
enum PersonName {
    static func parse(_ text: String?) throws(CommandError) -> String {
        let text = text ?? ""
        let isPlain = text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 }
        guard isPlain, (1...32).contains(text.utf8.count) else {
            throw CommandError.usage("a person's name has 1 to 32 small letters, digits, hyphens and underscores")
        }
        return text
    }
}

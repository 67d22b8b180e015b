/// Who may approve in a lab on this machine.
enum LabPeople {
    /// The scripted second identity, for runs without a person.
    static let second = "second"

    /// The person at the keyboard and the second identity.
    static func names(environment: [String: String]) -> [String] {
        [self.first(environment), self.second]
    }

    /// A login name that can be a directory's name, else `you`.
    static func first(_ environment: [String: String]) -> String {
        let name = environment["USER"] ?? ""
        let isPlain =
            !name.isEmpty
            && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 }
        return isPlain && name != self.second ? name : "you"
    }
}

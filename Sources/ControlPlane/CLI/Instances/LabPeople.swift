import OpsSystem

/// Who may approve in a lab on this machine.
enum LabPeople {
    /// The scripted second identity, for runs without a person.
    static let second = "second"

    /// The person at the keyboard, the second identity, and everybody who was given a key since.
    ///
    /// Whose key was revoked gets no new one by itself; `keys new` makes it.
    static func names(environment: [String: String], directory: String) -> [String] {
        let known = (try? FileSystem.list(directory)) ?? []  // no directory: nobody has a key yet
        let enrolled = known.filter { FileSystem.exists("\(directory)/\($0)/approver.key") }
        let initial = [first(environment), second].filter { enrolled.contains($0) || !known.contains($0) }
        return initial + enrolled.filter { !initial.contains($0) }.sorted()
    }

    /// Who made a key for themselves under another name, by that name.
    ///
    /// The scripted second identity is the person's at the keyboard: the same hands hold both keys.
    static func makers(environment: [String: String], directory: String) -> [String: String] {
        var makers: [String: String] = [:]
        for name in (try? FileSystem.list(directory)) ?? [] {  // no directory: nobody has a key yet
            let text = try? FileSystem.text("\(directory)/\(name)/\(makerFile)")  // most have none
            guard let maker = text?.split(whereSeparator: \.isNewline).first else { continue }
            makers[name] = String(maker)
        }
        makers[second] = first(environment)
        return makers
    }

    /// The file beside a key that names who made it for themselves.
    static let makerFile = "minted-by"

    /// A login name that can be a directory's name, else `you`.
    static func first(_ environment: [String: String]) -> String {
        let name = environment["USER"] ?? ""
        let isPlain =
            !name.isEmpty
            && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 }
        return isPlain && name != self.second ? name : "you"
    }
}

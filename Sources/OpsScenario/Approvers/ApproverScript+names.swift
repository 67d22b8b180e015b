extension ApproverScript {
    /// Says yes to the first option that can be carried out.
    public static let approve = ApproverScript(name: "approve", steps: [Step(.approve(option: nil))])

    /// What a script says that takes something back and gives no reason of its own.
    static let secondThoughts = "on second thoughts, look once more"

    /// The scripts that have a word of their own, in the order of the documentation.
    public static let named = [
        approve, ApproverScript(name: "deny", steps: [Step(.deny(reason: "not now"))]),
        ApproverScript(
            name: "deny-then-approve",
            steps: [Step(.deny(reason: "look once more, then ask again")), Step(.approve(option: nil))]
        ),
        ApproverScript(name: "slow", steps: [Step(.approve(option: nil), after: .seconds(20))]),
        ApproverScript(
            name: "drift",
            steps: [Step(.approve(option: nil), twist: .drift), Step(.approve(option: nil))]
        ),
        ApproverScript(
            name: "revoke",
            steps: [Step(.approve(option: nil), twist: .revoke(reason: secondThoughts)), Step(.approve(option: nil))]
        ),
        ApproverScript(name: "never", steps: [Step(.nothing)]),
    ]

    /// The script that a word means: one that has it as its name, or `option:N` for yes to that option; nil for no such word.
    public init?(_ word: String) {
        if let known = Self.named.first(where: { $0.name == word }) {
            self = known
        } else if word.hasPrefix("option:"), let number = Int(word.dropFirst(7)), (1...99).contains(number) {
            self.init(name: word, steps: [Step(.approve(option: number))])
        } else {
            return nil
        }
    }
}

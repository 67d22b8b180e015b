import OpsModel

extension ApprovalOption {
    /// What a person is told of how many have to say yes, who has, and who may not; nothing where one of anybody is enough.
    func wantedPeople(_ asked: Approval) -> [String] {
        var told: [String] = []
        if quorum > 1 {
            let voters = asked.votes.filter { $0.option == number }
            let names = voters.isEmpty ? "" : ": " + voters.map(Self.words).joined(separator: ", ")
            told.append("needs the yes of \(quorum) different people; \(voters.count) so far\(names)")
        }
        if !barred.isEmpty {
            told.append("not of \(barred.joined(separator: " or ")), who started this lab, under any key")
        }
        return told
    }

    private static func words(_ vote: ApprovalVote) -> String {
        "\(vote.person) (key \(vote.keyID)\(vote.isAttested ? ", attested" : ""))"
    }
}

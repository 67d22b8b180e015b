import OpsModel

/// The page with all that waits for a person, and what was decided last.
struct ApprovalList {
    /// How many of those that are over are shown.
    static let recent = 20

    var approvals: [Approval]
    var signIn: SignIn
    var now: Timestamp

    var page: HTML {
        let waiting = approvals.filter { $0.isOpen(at: now) }.sorted { $0.expiresAt < $1.expiresAt }
        let over = approvals.filter { !$0.isOpen(at: now) }.sorted { $0.requestedAt > $1.requestedAt }
        let count = waiting.count
        return PageFrame.document(
            count == 0 ? "Nothing waits" : "\(count) waiting",
            for: signIn,
            """
            <h1>Approvals</h1>
            <p><a href="/approvals">Look again</a></p>
            <h2>Waiting for a decision</h2>
            \(list(waiting))
            <h2>Decided lately</h2>
            \(list(Array(over.prefix(Self.recent))))
            """
        )
    }

    private func list(_ approvals: [Approval]) -> HTML {
        approvals.isEmpty ? "<p>Nothing.</p>" : "<ul>\(approvals.map(item))</ul>"
    }

    private func item(_ approval: Approval) -> HTML {
        """
        <li><a href="/approvals/\(approval.id)"><bdi>\(approval.title)</bdi></a><br>
        \(approval.standing(at: now)) · for \(approval.incident), asked by <bdi>\(approval.requester)</bdi></li>

        """
    }
}

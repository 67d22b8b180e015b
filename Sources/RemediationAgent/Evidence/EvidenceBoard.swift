internal import OpsModel

/// What has been asked and answered, newest answer per question.
struct EvidenceBoard: Sendable {
    private var answers: [ReadQuery: ReadAnswer] = [:]

    /// The newest answer to a question.
    subscript(question: ReadQuery) -> ReadAnswer? { answers[question] }

    /// Notes answers; they come in the order of the questions.
    mutating func record(_ questions: [ReadQuery], _ replies: [ReadAnswer]) {
        for (question, reply) in zip(questions, replies) { answers[question] = reply }
    }

    /// All answers to a read, in a stable order.
    func answers(to read: String) -> [(ReadQuery, ReadAnswer)] {
        answers.filter { $0.key.read == read }
            .sorted { Self.order($0.key) < Self.order($1.key) }
            .map { ($0.key, $0.value) }
    }

    private static func order(_ query: ReadQuery) -> String {
        "\(query.component ?? "")/\(query.instance ?? "")/\(query.selector.joined(separator: ","))"
    }
}

internal import OpsModel

/// What has been asked and answered, newest answer per question.
struct EvidenceBoard: Sendable {
    private var answers: [ReadQuery: ReadAnswer] = [:]
    /// The questions in the order in which they were asked first, which is no order of names.
    private var questions: [ReadQuery] = []

    /// The newest answer to a question.
    subscript(question: ReadQuery) -> ReadAnswer? { answers[question] }

    /// Notes answers; they come in the order of the questions.
    mutating func record(_ questions: [ReadQuery], _ replies: [ReadAnswer]) {
        for (question, reply) in zip(questions, replies) where answers.updateValue(reply, forKey: question) == nil {
            self.questions.append(question)
        }
    }

    /// All answers to a read, those first that were asked for first.
    func answers(to read: String) -> [(ReadQuery, ReadAnswer)] {
        questions.filter { $0.read == read }.compactMap { question in answers[question].map { (question, $0) } }
    }
}

/// The answers of one round trip, in the order of the questions.
public struct ReadReply: Codable, Hashable, Sendable {
    /// One answer for each question.
    public var answers: [ReadAnswer]

    /// Puts the parts together as given.
    public init(answers: [ReadAnswer]) {
        self.answers = answers
    }
}

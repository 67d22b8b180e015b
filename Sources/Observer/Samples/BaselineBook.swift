/// What is usual for some figures, learnt in calm only: a mean that follows slowly.
struct BaselineBook: Sendable {
    private var means: [String: Double] = [:]
    private var looks: [String: Int] = [:]

    /// Looks after which a mean is believed.
    static let enough = 10

    /// Takes one look in calm.
    ///
    /// The first looks count alike, later ones a fiftieth.
    mutating func learn(_ figure: String, _ value: Double) {
        let count = looks[figure, default: 0] + 1
        looks[figure] = count
        let old = means[figure] ?? value
        means[figure] = old + (value - old) / Double(min(count, 50))
    }

    /// The usual value; nil until it has been seen often enough.
    func usual(_ figure: String) -> Double? { looks[figure, default: 0] >= Self.enough ? means[figure] : nil }

    /// How many times the usual value is.
    func ratio(_ figure: String, _ value: Double?) -> Double? {
        guard let value, let usual = usual(figure), usual > 0 else { return nil }
        return value / usual
    }
}

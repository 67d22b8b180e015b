import OpsHTTP
import OpsModel

/// Gathers what is wrong with a body, so that its sender reads all of it at once.
struct Problems {
    private var texts: [String] = []

    mutating func check(_ isRight: Bool, _ expectation: String) {
        if !isRight { texts.append(expectation) }
    }

    func throwIfAny() throws(HTTPError) {
        guard !texts.isEmpty else { return }
        throw .unprocessable(
            "The body is not acceptable.",
            code: "invalid",
            hint: "Expected \(texts.joined(separator: "; ")).",
            details: ["problems": .array(texts.map { .string($0) })]
        )
    }
}

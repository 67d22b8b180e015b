/// The names of the figures whose usual value is kept.
enum BaselineFigure {
    static func journeyP99(_ journey: String) -> String { "journey.p99/\(journey)" }
    static func journeyRate(_ journey: String) -> String { "journey.rate/\(journey)" }
    static func probe(_ path: ProbePath) -> String { "probe/\(path.target)/\(path.part ?? "")/\(path.from)" }
    static func call(_ from: String, _ to: String) -> String { "call/\(from)->\(to)" }
}

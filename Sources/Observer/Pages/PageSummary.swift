/// The sentence of a page, for a person who has just been woken up.
enum PageSummary {
    static func firing(_ journey: String, _ good: Double, _ objective: Double, _ burn: Double) -> String {
        "\(journey): \(percent(good)) good, objective \(percent(objective)), burning \(Int(burn.rounded()))x"
    }

    /// A share as percent with at most one decimal.
    static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1_000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }
}

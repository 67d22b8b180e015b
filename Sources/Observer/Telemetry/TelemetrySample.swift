internal import OpsModel

/// One figure of one sample, as a row of `lab.samples`.
struct TelemetrySample: Hashable, Sendable {
    var at: Timestamp
    var component: String
    var instance = ""
    var metric: String
    var value: Double
    var unit = ""
    var vantage = "observer"
    var isStarved = false
}

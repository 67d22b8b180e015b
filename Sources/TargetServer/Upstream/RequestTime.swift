import OpsHTTP
import OpsModel

/// Refuses requests that say a time which is not ours: repeated ones are old, and forged ones mostly are.
///
/// Whoever says no time is let in by the key alone.
enum RequestTime {
    /// Seconds by which the clocks of a caller and a provider may differ.
    static let widest = 30.0

    static func admit(_ request: HTTPRequest, at now: Timestamp = .now()) throws(HTTPError) {
        guard let text = request.headers["Date"] else { return }
        guard let said = HTTPDate.parse(text), abs(said - now) <= Self.widest else {
            throw HTTPError(
                status: 401,
                code: "request_expired",
                message: "The request is not of this half minute.",
                hint: "Set the clock right that its `Date` was taken from."
            )
        }
    }
}

/// The request methods a route can have.
public enum HTTPMethod: String, Codable, CaseIterable, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"

    /// Whether the method promises to change nothing, so that a client may repeat it and a browser may send it from anywhere.
    public var isSafe: Bool { self == .get || self == .head }
}

import OpsHTTP

/// What somebody sent with a form of these pages.
struct PageForm: Sendable {
    /// Bytes of a form; the longest reason fits in.
    static let limit = 16_384

    private let members: [String: String]

    init(_ request: HTTPRequest) throws(HTTPError) {
        try Self.checkSender(request)
        guard request.mediaType == Route.formType else {
            throw HTTPError(
                status: 415,
                code: "unsupported_media_type",
                message: "These pages take forms.",
                hint: "Programs use /api/v1/approvals."
            )
        }
        guard request.body.count <= Self.limit else {
            throw HTTPError(
                status: 413,
                code: "body_too_large",
                message: "The form is too long.",
                hint: "Say it shorter."
            )
        }
        members = try request.form(limit: 8)
    }

    /// What was typed into a field; empty when there was none of that name.
    subscript(name: String) -> String { members[name] ?? "" }

    /// A browser says which page a form was on: the server refused other origins already, and here one has to be named.
    private static func checkSender(_ request: HTTPRequest) throws(HTTPError) {
        let host = request.headers["Host"]?.lowercased() ?? ""
        let site = request.headers["Sec-Fetch-Site"]
        guard request.headers.all("Origin").map({ $0.lowercased() }) == ["http://\(host)"],
            site == nil || site == "same-origin"
        else {
            throw .forbidden(
                "cross_origin",
                "This form was not sent by a page of this address.",
                hint: "Open the page again under the address that opslab status shows."
            )
        }
    }
}

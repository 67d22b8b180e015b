/// Whether a route takes the body that came with a request.
enum RequestBody {
    static func check(_ request: HTTPRequest, _ route: Route, depth: Int) throws(HTTPError) {
        guard !request.body.isEmpty, !request.method.isSafe else { return }
        let type = request.mediaType
        guard route.accepts.contains(type) else {
            throw HTTPError(
                status: 415,
                code: "unsupported_media_type",
                message: "This route does not take a body of this media type.",
                hint: "Send Content-Type: \(route.accepts.joined(separator: " or "))."
            )
        }
        if let coding = request.headers["Content-Encoding"], coding.lowercased() != "identity" {
            throw HTTPError(
                status: 415,
                code: "unsupported_content_encoding",
                message: "Compressed bodies are not taken.",
                hint: "Send the body as it is."
            )
        }
        if type == "application/json", !JSONDepth.isWithin(depth, request.body) {
            throw .badRequest(
                "body_too_deep",
                "The body nests deeper than \(depth) levels.",
                hint: "Send a flatter body."
            )
        }
    }
}

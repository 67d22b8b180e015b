/// Keeps web pages of other origins away from a service that listens on the user's own machine.
///
/// A page can post a form to any address without asking, and a name that an attacker controls can be made to point here. The
/// first is closed by `Origin` and `Sec-Fetch-Site` on routes that change something, the second by a list of names that `Host`
/// may have.
struct BrowserRules: Sendable {
    /// Host names, without a port, in lower case.
    var hosts: Set<String>
    /// Origins such as `http://127.0.0.1:8003` whose pages may change something here.
    var origins: Set<String>

    func check(_ method: HTTPMethod, _ headers: HTTPHeaders) throws(HTTPError) {
        let host = headers["Host"] ?? ""
        guard hosts.contains(Self.name(of: host)) else {
            throw HTTPError(
                status: 421,
                code: "misdirected_request",
                message: "This service does not answer under that Host.",
                hint: "Use the address the service listens on, or add the name to its allowed hosts."
            )
        }
        if !method.isSafe, !isOwnPage(headers, host: host) {
            throw .forbidden(
                "cross_origin",
                "A web page of another origin may not change anything here.",
                hint: "Call from a program, or add the origin to the allowed origins."
            )
        }
    }

    private func isOwnPage(_ headers: HTTPHeaders, host: String) -> Bool {
        if let origin = headers["Origin"] {
            return origins.contains(origin) || origin.lowercased() == "http://\(host.lowercased())"
        }
        let site = headers["Sec-Fetch-Site"]
        return site == nil || site == "same-origin" || site == "none"
    }

    static func name(of host: String) -> String {
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return host[...end].lowercased() }
        return (host.split(separator: ":", maxSplits: 1).first ?? "").lowercased()
    }
}

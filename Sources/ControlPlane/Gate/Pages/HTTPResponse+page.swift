import OpsHTTP

extension HTTPResponse {
    /// A page that runs no script, loads nothing but its own style, and is framed and kept by nobody.
    ///
    /// The referrer stays within this origin and does not end altogether: a browser told `no-referrer` sends its own forms with
    /// `Origin: null`, and then nobody could tell them from those of other pages.
    static func page(_ page: HTML, status: Int = 200) -> HTTPResponse {
        var response = HTTPResponse.html(page.markup, status: status)
        response.headers["Content-Security-Policy"] =
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    /// Sends a browser on to another page of the same place, to be read and not posted to.
    static func seeOther(_ path: String) -> HTTPResponse {
        HTTPResponse(status: 303, headers: ["Location": path, "Cache-Control": "no-store"])
    }
}

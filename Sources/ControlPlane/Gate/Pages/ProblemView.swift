import OpsHTTP

/// The page that says why something was not done.
struct ProblemView {
    var problem: HTTPError
    var signIn: SignIn?
    /// Where to look instead.
    var back = "/approvals"

    var page: HTML {
        PageFrame.document(
            title,
            for: signIn,
            """
            <h1>\(title)</h1>
            <p class="alert" role="alert">\(problem.message)</p>
            \(hint)
            <p><a href="\(back)">\(back == "/approvals" ? "All approvals" : "Look at it as it stands now")</a></p>
            """
        )
    }

    private var title: String {
        switch problem.status {
        case 401: "You are signed out"
        case 404: "There is no such approval"
        case 409: "This was not done"
        case 429: "Please wait"
        case 503: "Not now"
        default: "This cannot be done"
        }
    }

    private var hint: HTML {
        guard let hint = problem.hint else { return "" }
        return "<p>\(hint)</p>"
    }
}

/// The page on which somebody signs in.
struct SignInView {
    /// What the form has to bring back.
    var token: String
    /// What was wrong with the last try.
    var problem: String?

    var page: HTML {
        PageFrame.document(
            "Sign in",
            for: nil,
            """
            <h1>Sign in</h1>
            \(alert)
            <form method="post" action="/approvals/login">
            <input type="hidden" name="token" value="\(token)">
            <label for="key">Your API key</label>
            <input id="key" name="key" type="password" required autofocus autocomplete="off" maxlength="200" aria-describedby="where">
            <p id="where" class="note">The text in <code>secrets/key-operator</code> of the lab's directory. It opens these pages for
            fifteen minutes.</p>
            <button>Sign in</button>
            </form>
            """
        )
    }

    private var alert: HTML {
        guard let problem else { return "" }
        return #"<p class="alert" role="alert">\#(problem)</p>"#
    }
}

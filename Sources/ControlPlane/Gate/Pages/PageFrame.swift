import OpsHTTP

/// What stands around every page.
enum PageFrame {
    static let style = "/approvals/style.css"

    /// A whole page; whoever is signed in can leave from it.
    static func document(_ title: String, for signIn: SignIn?, _ content: HTML) -> HTML {
        let leave = signIn.map(leaving) ?? ""
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>\(title) · OpsLab</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="stylesheet" href="\(style)">
            </head>
            <body>
            <header><p><a href="/approvals">OpsLab approvals</a></p>\(leave)</header>
            <main>
            \(content)
            </main>
            </body>
            </html>

            """
    }

    private static func leaving(_ signIn: SignIn) -> HTML {
        """
        <form method="post" action="/approvals/logout">
        <p>Signed in as <bdi>\(signIn.person.root)</bdi></p>
        <input type="hidden" name="token" value="\(signIn.seal.token(["logout"]))">
        <button>Sign out</button>
        </form>
        """
    }
}

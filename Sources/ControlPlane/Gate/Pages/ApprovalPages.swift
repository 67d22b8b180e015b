import OpsHTTP
import OpsModel

/// The pages of people who decide: what waits, one card for each, a no with its reason, and a yes where that may be attested.
///
/// They work without scripts. Routes are open to everybody without a key, because a browser sends none: who asks is known by a
/// sign-in, and what changes something needs the token of the form that it was shown.
struct ApprovalPages: Sendable {
    /// Characters of a reason; the field itself stops earlier.
    static let longestReason = 2_000

    var desk: PeopleDesk
    var door: SignInDesk

    func register(in router: inout Router) {
        registerDoor(in: &router)
        router.get(
            "/approvals",
            summary: "Page: what waits for a person",
            access: .open,
            handler: signedIn { _, signIn in
                .page(ApprovalList(approvals: try await desk.approvals(nil), signIn: signIn, now: .now()).page)
            }
        )
        router.get(
            "/approvals/{id}",
            summary: "Page: one approval as it was asked",
            access: .open,
            handler: signedIn { request, signIn in
                let detail = try await desk.approval(try request.parameter("id"))
                return .page(try card(detail, signIn).page)
            }
        )
        router.post(
            "/approvals/{id}/approve",
            summary: "Form: approve one option, where ActionPlane takes the gate's word for a person",
            access: .open,
            form: Self.form("digest", "token", "option"),
            successStatus: 303,
            handler: signedIn { try await approve($0, $1) }
        )
        router.post(
            "/approvals/{id}/reject",
            summary: "Form: deny, with a reason for the agent",
            access: .open,
            form: Self.form("digest", "token", "reason"),
            successStatus: 303,
            handler: signedIn { try await reject($0, $1) }
        )
    }

    private func registerDoor(in router: inout Router) {
        let style = HTTPResponse.text(PageStyle.text, type: "text/css; charset=utf-8")
        router.get(PageFrame.style, summary: "How the pages look", access: .open) { _ in style }
        router.get(
            "/approvals/login",
            summary: "Page: sign in",
            access: .open,
            handler: page { request in door.person(request) == nil ? welcome() : .seeOther("/approvals") }
        )
        router.post(
            "/approvals/login",
            summary: "Form: sign in with an operator's key",
            access: .open,
            form: Self.form("token", "key"),
            successStatus: 303,
            handler: page { try enter($0) }
        )
        router.post(
            "/approvals/logout",
            summary: "Form: sign out",
            access: .open,
            form: Self.form("token"),
            successStatus: 303,
            handler: signedIn { try leave($0, $1) }
        )
    }

    private static func form(_ members: String...) -> JSONValue {
        let texts = members.map { ($0, ["type": "string"] as JSONValue) }
        return ["type": "object", "properties": .object(Dictionary(texts) { first, _ in first })]
    }
}

// MARK: what the routes do

extension ApprovalPages {
    private func welcome(_ refusal: HTTPError? = nil) -> HTTPResponse {
        let (token, field) = door.welcome()
        let view = SignInView(token: token, problem: refusal?.message)
        var response = HTTPResponse.page(view.page, status: refusal?.status ?? 200)
        response.headers["Set-Cookie"] = field
        if let wait = refusal?.retryAfter { response.headers["Retry-After"] = String(wait) }
        return response
    }

    private func enter(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
        let form = try PageForm(request)
        guard door.knows(form, of: request) else {
            return welcome(.forbidden("form_stale", "This form was too old. Here is a new one."))
        }
        do throws(HTTPError) {
            var response = HTTPResponse.seeOther("/approvals")
            for field in try door.open(form["key"], instead: request) { response.headers.add("Set-Cookie", field) }
            return response
        } catch {
            return welcome(error)
        }
    }

    private func leave(_ request: HTTPRequest, _ signIn: SignIn) throws(HTTPError) -> HTTPResponse {
        try check(try PageForm(request), ["logout"], signIn)
        var response = HTTPResponse.seeOther("/approvals/login")
        response.headers["Set-Cookie"] = door.close(request)
        return response
    }

    private func approve(_ request: HTTPRequest, _ signIn: SignIn) async throws -> HTTPResponse {
        let (form, detail) = try await shown(request)
        guard let option = Int(form["option"]) else {
            throw HTTPError.badRequest("option_invalid", "The form names no option.", hint: "Open the page again.")
        }
        try check(form, DecisionForm.sealed(detail, "approve \(option)"), signIn)
        _ = try await desk.attest(detail.approval.id, option: option, by: signIn.person.root)
        return back(to: detail)
    }

    private func reject(_ request: HTTPRequest, _ signIn: SignIn) async throws -> HTTPResponse {
        let (form, detail) = try await shown(request)
        try check(form, DecisionForm.sealed(detail, "reject"), signIn)
        let reason = form["reason"]
        guard !reason.allSatisfy(\.isWhitespace), reason.unicodeScalars.count <= Self.longestReason else {
            var card = try card(detail, signIn)
            card.problem = "Say why, in at most \(Self.longestReason) characters: the agent plans again with it."
            card.typed = String(reason.prefix(Self.longestReason))
            return .page(card.page, status: 422)
        }
        _ = try await desk.deny(detail.approval.id, ApprovalDecision(reason: reason), by: signIn.person.root)
        return back(to: detail)
    }

    /// What a form decides, if that is still what its person was shown.
    private func shown(_ request: HTTPRequest) async throws -> (form: PageForm, detail: ApprovalDetail) {
        let form = try PageForm(request)
        let detail = try await desk.approval(try request.parameter("id"))
        guard form["digest"] == detail.shownDigest else {
            throw HTTPError.conflict("approval_changed", "It has changed since you looked at it.", hint: "Look again.")
        }
        return (form, detail)
    }

    private func card(_ detail: ApprovalDetail, _ signIn: SignIn) throws -> ApprovalCard {
        ApprovalCard(detail: detail, attestable: try desk.attestable(detail), signIn: signIn, now: .now())
    }

    private func back(to detail: ApprovalDetail) -> HTTPResponse {
        .seeOther("/approvals/\(PercentEncoding.encode(detail.approval.id))")
    }

    private func check(_ form: PageForm, _ parts: [String], _ signIn: SignIn) throws(HTTPError) {
        guard signIn.seal.accepts(form["token"], parts) else {
            throw .forbidden("form_foreign", "This form was not shown to you.", hint: "Open the page again.")
        }
    }
}

// MARK: what all of them have in common

extension ApprovalPages {
    /// A handler whose refusals are pages.
    private func page(_ body: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse) -> Route.Handler {
        { request in
            do {
                return try await answered { try await body(request) }
            } catch let problem as HTTPError {
                return refusal(problem, of: request)
            }
        }
    }

    /// A handler for people who are signed in; others are led to the door.
    private func signedIn(
        _ body: @escaping @Sendable (HTTPRequest, SignIn) async throws -> HTTPResponse
    ) -> Route.Handler {
        page { request in
            if let signIn = door.person(request) {
                try door.pace(signIn)
                return try await body(request, signIn)
            }
            guard request.method == .post else { return .seeOther("/approvals/login") }
            throw HTTPError(
                status: 401,
                code: "signed_out",
                message: "Nothing was done.",
                hint: "Sign in, and look again."
            )
        }
    }

    private func refusal(_ problem: HTTPError, of request: HTTPRequest) -> HTTPResponse {
        let id = problem.status == 409 ? request.parameters["id"] : nil
        let back = id.map { "/approvals/\(PercentEncoding.encode($0))" } ?? "/approvals"
        let view = ProblemView(problem: problem, signIn: door.person(request), back: back)
        var response = HTTPResponse.page(view.page, status: problem.status)
        response.headers["X-Error-Code"] = problem.code
        if let wait = problem.retryAfter { response.headers["Retry-After"] = String(wait) }
        return response
    }
}

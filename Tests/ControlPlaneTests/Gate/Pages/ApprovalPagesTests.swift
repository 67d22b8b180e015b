import GateClient
import OpsHTTP
import OpsModel
import Testing

@testable import ControlPlane

/// The pages over a real socket and a real PostgreSQL: a person says no, once, with a reason.
@Suite struct ApprovalPagesTests {
    private static let words = "\u{1B}[2J\u{202E}empty <script>x()</script> the cache"

    /// Lends a gate in which an agent has asked for something.
    private func asking(
        _ body:
            @Sendable (GateBench, _ approval: String, _ outcome: @Sendable () async throws -> ProposalOutcome)
            async throws -> Void
    ) async throws {
        try await GateBench.with { bench, incident in
            let claim = try await bench.claim(incident, as: "one")
            var proposal = PlayedWorld.proposal()
            proposal.summary = Self.words
            let receipt = try await bench.agent(claim).propose(proposal)
            let approval = try #require(receipt.approval)
            try await body(bench, approval) { try await bench.agent(claim).outcome(of: receipt.proposal, waiting: 0) }
        }
    }

    @Test func aPersonSaysNoAndTheAgentHearsWhy() async throws {
        try await asking { bench, approval, outcome in
            let ann = try await PageVisitor.inside(bench)
            let list = try await ann.get("/approvals").text
            #expect(list.contains("/approvals/\(approval)") && !list.contains("<script"))
            let card = try await ann.get("/approvals/\(approval)")
            #expect(card.status == 200 && card.text.contains("␛[2J⟨202E⟩empty &lt;script&gt;x()"))
            #expect(card.text.contains("opslab approve \(approval) --option 1"))
            let form = try await ann.rejection(of: approval, "the sale is on\u{202E}")
            let done = try await ann.post("/approvals/\(approval)/reject", form)
            #expect(done.status == 303 && done.headers["Location"] == "/approvals/\(approval)")
            let after = try await ann.get("/approvals/\(approval)").text
            #expect(after.contains("denied by operator") && after.contains("the sale is on⟨202E⟩"))
            #expect(!after.contains("/reject"))
            let told = try await outcome()
            #expect(told.state == .denied && told.reason == "the sale is on\u{202E}")
            #expect(bench.world.requests == 0)
        }
    }

    @Test func aDecisionIsFinal() async throws {
        try await asking { bench, approval, _ in
            let (ann, bob) = (try await PageVisitor.inside(bench), try await PageVisitor.inside(bench))
            let second = try await bob.rejection(of: approval, "no, too")
            let first = try await ann.rejection(of: approval, "no")
            #expect(try await ann.post("/approvals/\(approval)/reject", first).status == 303)
            let again = try await ann.post("/approvals/\(approval)/reject", first)
            #expect(again.status == 409 && again.text.contains("is denied already"))
            #expect(try await ann.post("/approvals/\(approval)/reject", second).status == 403, "another's form is none")
            let late = try await bob.post("/approvals/\(approval)/reject", second)
            #expect(late.status == 409 && late.text.contains("is denied already"))
            #expect(late.text.contains("href=\"/approvals/\(approval)\""))
            #expect(try await bench.person.approval(approval).approval.reason == "no")
        }
    }

    @Test func withoutAReasonNothingIsDecided() async throws {
        try await asking { bench, approval, outcome in
            let ann = try await PageVisitor.inside(bench)
            for reason in ["", " \n\t", String(repeating: "x", count: 2_001)] {
                let form = try await ann.rejection(of: approval, reason)
                let refused = try await ann.post("/approvals/\(approval)/reject", form)
                #expect(refused.status == 422 && refused.text.contains("Say why"))
            }
            #expect(try await outcome().state == .pending)
        }
    }

    @Test func onlyTheFormThatWasShownCounts() async throws {
        try await asking { bench, approval, outcome in
            let ann = try await PageVisitor.inside(bench)
            let form = try await ann.rejection(of: approval, "no")
            let path = "/approvals/\(approval)/reject"
            for (field, value, status) in [
                ("token", "", 403), ("token", String(repeating: "0", count: 64), 403), ("digest", "", 409),
                ("digest", String(repeating: "0", count: 64), 409),
            ] {
                let changed = form.merging([field: value]) { _, new in new }
                #expect(try await ann.post(path, changed).status == status, "\(field) \(value)")
            }
            #expect(try await ann.post("/approvals/apr-none/reject", form).status == 404)
            #expect(try await ann.post(path, [:], headers: ["Content-Type": "application/json"]).status == 415)
            #expect(try await ann.post(path, [:]).status == 400)
            let long = form.merging(["reason": String(repeating: "x", count: 17_000)]) { _, new in new }
            #expect(try await ann.post(path, long).status == 413)
            let many = (0...8).reduce(into: form) { $0["more\($1)"] = "x" }
            #expect(try await ann.post(path, many).status == 400)
            #expect(try await outcome().state == .pending)
        }
    }

    @Test func pagesOfOthersChangeNothing() async throws {
        try await asking { bench, approval, outcome in
            let ann = try await PageVisitor.inside(bench)
            let form = try await ann.rejection(of: approval, "no")
            let path = "/approvals/\(approval)/reject"
            let foreign = ["http://evil.example", "null", "http://127.0.0.1:1", "https\(bench.base.dropFirst(4))"]
            for origin in foreign + [""] {
                #expect(try await ann.post(path, form, origin: origin).status == 403, "\(origin)")
            }
            let framed = try await ann.post(path, form, headers: ["Sec-Fetch-Site": "cross-site"])
            #expect(framed.status == 403)
            #expect(try await ann.get("/approvals", headers: ["Host": "evil.example"]).status == 421)
            #expect(try await ann.post(path, form, headers: ["Host": "evil.example"]).status == 421)
            #expect(try await outcome().state == .pending)
        }
    }

    @Test func nobodyIsLedToTheDoor() async throws {
        try await asking { bench, approval, outcome in
            let ann = try await PageVisitor.inside(bench)
            let form = try await ann.rejection(of: approval, "no")
            let nobody = PageVisitor(bench)
            for path in ["/approvals", "/approvals/\(approval)", "/approvals/apr-none"] {
                let turned = try await nobody.get(path)
                #expect(turned.status == 303 && turned.headers["Location"] == "/approvals/login")
                #expect(!turned.text.contains("cache"))
            }
            let refused = try await nobody.post("/approvals/\(approval)/reject", form)
            #expect(refused.status == 401 && refused.text.contains("signed out"))
            let key: HTTPHeaders = ["Authorization": "Bearer \(bench.personKey)"]
            #expect(try await nobody.get("/approvals", headers: key).status == 303, "a key in a header opens no page")
            #expect(try await outcome().state == .pending)
        }
    }

    @Test func everyPageIsKeptToItself() async throws {
        try await asking { bench, approval, _ in
            let ann = PageVisitor(bench)
            let door = try await ann.get("/approvals/login")
            _ = try await ann.signIn(with: bench.personKey)
            let pages = [
                door, try await ann.get("/approvals"), try await ann.get("/approvals/\(approval)"),
                try await ann.get("/approvals/apr-none"), try await ann.post("/approvals/logout", ["token": "x"]),
            ]
            for page in pages {
                let policy = page.headers["Content-Security-Policy"] ?? ""
                #expect(policy.hasPrefix("default-src 'none'; style-src 'self';") && !policy.contains("unsafe"))
                #expect(policy.contains("frame-ancestors 'none'") && page.headers["X-Frame-Options"] == "DENY")
                #expect(page.headers.all("Cache-Control") == ["no-store"])
                #expect(page.headers.all("Referrer-Policy") == ["same-origin"])
                #expect(page.headers["X-Content-Type-Options"] == "nosniff")
                #expect(page.text.contains("<html lang=\"en\">") && !page.text.contains("<script"))
            }
            let style = try await ann.get("/approvals/style.css")
            #expect(style.status == 200 && style.headers["Content-Type"] == "text/css; charset=utf-8")
        }
    }
}

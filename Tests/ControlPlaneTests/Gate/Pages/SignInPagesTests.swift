import OpsHTTP
import Testing

@testable import ControlPlane

/// The door of the pages over a real socket: in with an operator's key, out at any time, and never for long.
@Suite struct SignInPagesTests {
    @Test func aKeyOpensADoorForOneBrowser() async throws {
        try await GateBench.with { bench, _ in
            let ann = PageVisitor(bench)
            let opened = try await ann.signIn(with: bench.personKey)
            #expect(opened.status == 303 && opened.headers["Location"] == "/approvals")
            let cookie = try #require(opened.headers.all("Set-Cookie").first { $0.contains("signin") })
            #expect(cookie.hasSuffix("; Path=/approvals; Max-Age=900; HttpOnly; SameSite=Strict"))
            #expect(!cookie.contains(bench.personKey))
            let page = try await ann.get("/approvals")
            #expect(page.status == 200 && page.text.contains("Signed in as <bdi>operator</bdi>"))
            #expect(try await ann.get("/approvals/login").status == 303, "whoever is in need not knock")
        }
    }

    @Test func otherKeysOpenNothing() async throws {
        try await GateBench.with { bench, _ in
            let ann = PageVisitor(bench)
            for key in ["", "opl_x", bench.hostKey, bench.personKey + "x", String(bench.personKey.dropLast()) + "_"] {
                let refused = try await ann.signIn(with: key)
                #expect(refused.status == 403 && refused.text.contains("This key is not known"))
                #expect(key.isEmpty || !refused.text.contains(key))
            }
            #expect(try await ann.get("/approvals").status == 303)
        }
    }

    @Test func theDoorKnowsItsOwnForms() async throws {
        try await GateBench.with { bench, _ in
            let (ann, bob) = (PageVisitor(bench), PageVisitor(bench))
            let token = PageVisitor.hidden("token", in: try await ann.get("/approvals/login").text)
            _ = try await bob.get("/approvals/login")
            let fields = ["token": token, "key": bench.personKey]
            #expect(try await bob.post("/approvals/login", fields).status == 403, "a form of another browser")
            let blank = PageVisitor(bench)
            #expect(try await blank.post("/approvals/login", fields).status == 403, "a browser that never was here")
            #expect(try await ann.post("/approvals/login", fields, origin: "http://evil.example").status == 403)
            #expect(try await ann.post("/approvals/login", fields, origin: "").status == 403)
            #expect(try await ann.post("/approvals/login", fields).status == 303)
        }
    }

    @Test func whoLeavesIsOutWhateverTheBrowserKeeps() async throws {
        try await GateBench.with { bench, _ in
            let ann = try await PageVisitor.inside(bench)
            let kept = ann.cookies
            #expect(try await ann.post("/approvals/logout", ["token": "x"]).status == 403)
            let token = PageVisitor.hidden("token", in: try await ann.get("/approvals").text)
            let left = try await ann.post("/approvals/logout", ["token": token])
            #expect(left.status == 303 && ann.cookies.isEmpty)
            let thief = PageVisitor(bench)
            let words = kept.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
            #expect(try await thief.get("/approvals", headers: ["Cookie": words]).status == 303)
        }
    }

    @Test func aKeyThatIsTakenAwayTakesItsSignInsAlong() async throws {
        try await GateBench.with { bench, _ in
            let ann = try await PageVisitor.inside(bench)
            #expect(try await ann.get("/approvals").status == 200)
            try bench.takeAway(keyOf: "operator")
            #expect(try await ann.get("/approvals").status == 303)
        }
    }

    @Test func whoeverTriesTooOftenHasToWait() async throws {
        try await GateBench.with { bench, _ in
            let ann = PageVisitor(bench)
            var last = try await ann.signIn(with: "opl_x")
            for _ in 0..<20 where last.status == 403 { last = try await ann.signIn(with: "opl_x") }
            #expect(last.status == 429 && (last.headers["Retry-After"].flatMap { Int($0) } ?? 0) > 0)
            #expect(last.text.contains("Too many tries"))
        }
    }
}

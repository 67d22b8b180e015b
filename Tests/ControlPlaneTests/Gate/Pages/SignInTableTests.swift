import OpsHTTP
import OpsTrust
import Testing

@testable import ControlPlane

/// Who is signed in, without a clock.
@Suite struct SignInTableTests {
    private let start = ContinuousClock.now

    private func signIn(_ name: String, for life: Duration = SignIn.life) -> SignIn {
        SignIn(
            person: Principal(name: name, scopes: ["operator"], root: name),
            keyPrefix: "00000000",
            keyHash: Digest.sha256(name),
            endsAt: start + life
        )
    }

    @Test func itEndsByItselfHoweverOftenItIsUsed() {
        var table = SignInTable()
        let secret = table.open(signIn("ann"), at: start)
        #expect(table.find(secret, at: start + .seconds(899))?.person.name == "ann")
        #expect(table.find(secret, at: start + .seconds(900)) == nil)
        #expect(table.find("", at: start) == nil && table.find(secret + "x", at: start) == nil)
    }

    @Test func whoLeavesIsGone() {
        var table = SignInTable()
        let (ann, bob) = (table.open(signIn("ann"), at: start), table.open(signIn("bob"), at: start))
        table.close(ann)
        #expect(table.find(ann, at: start) == nil && table.find(bob, at: start)?.person.name == "bob")
    }

    @Test func aFullTableLetsTheFirstToEndGo() {
        var table = SignInTable()
        table.limit = 2
        let short = table.open(signIn("short", for: .seconds(10)), at: start)
        let long = table.open(signIn("long"), at: start)
        let new = table.open(signIn("new"), at: start)
        #expect(table.find(short, at: start) == nil)
        #expect(table.find(long, at: start) != nil && table.find(new, at: start) != nil)
    }

    @Test func noTwoBrowsersHaveTheSameForms() {
        let (one, other) = (signIn("ann"), signIn("ann"))
        let token = one.seal.token(["reject", "apr-1", "d"])
        #expect(one.seal.accepts(token, ["reject", "apr-1", "d"]))
        #expect(!other.seal.accepts(token, ["reject", "apr-1", "d"]))
        for parts in [["reject", "apr-2", "d"], ["reject", "apr-1", "e"], ["reject", "apr-1d", ""], ["logout"], []] {
            #expect(!one.seal.accepts(token, parts), "\(parts)")
        }
        #expect(!one.seal.accepts("", ["logout"]) && !one.seal.accepts("zz", ["logout"]))
    }
}

import OpsHTTP
import Testing

@testable import ControlPlane

@Suite struct CookiesTests {
    @Test func theyAreReadByName() {
        let cookies = Cookies(["Cookie": "a=1; b=x=y;c=", "cookie": " d=4 "])
        #expect(cookies["a"] == "1" && cookies["b"] == "x=y" && cookies["d"] == "4")
        #expect(cookies["e"] == nil && cookies["c"] == nil)
    }

    @Test func twoValuesOfOneNameAreNone() {
        #expect(Cookies(["Cookie": "a=1; a=2"])["a"] == nil)
        #expect(Cookies(["Cookie": "a=1; a=1"])["a"] == "1")
    }

    @Test func scriptsAndOtherSitesDoNotReachThem() {
        let field = Cookies.keeping("a", "1", seconds: 9)
        #expect(field == "a=1; Path=/approvals; Max-Age=9; HttpOnly; SameSite=Strict")
    }
}

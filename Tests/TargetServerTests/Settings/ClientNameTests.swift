import OpsModel
import OpsPostgres
import OpsTrust
import Testing

@testable import TargetServer

@Suite("Names of sessions")
struct ClientNameTests {
    /// Each character by its kind: what can be learnt from a name without knowing a key.
    private func form(_ name: String) -> String {
        name.map { $0.isHexDigit && !$0.isUppercase ? "x" : "\($0)" }.joined()
    }

    @Test("a stranger's session under a tag has the form of the shop's own, leading zeros included")
    func oneForm() {
        let real = ShopEnvironment.Database().configuration(for: "report").applicationName
        #expect(ClientName(parsing: real)?.base == "shop-report")
        let tag = DisguiseTag(key: Array(0..<32))
        let tagged = (0..<2_000).map { tag.name("shop-report", token: "fault\($0)").description }
        #expect(Set(tagged.map(form)) == [form(real)])
        #expect(tagged.contains { $0.hasPrefix("shop-report-0") }, "zeros in front are as likely as any digit")
        #expect(Set(tagged).count == tagged.count)
    }
}

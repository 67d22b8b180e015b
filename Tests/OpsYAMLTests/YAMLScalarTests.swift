import OpsModel
import OpsYAML
import Testing

@Suite struct YAMLScalarTests {
    @Test(arguments: [
        "on", "off", "yes", "no", "Yes", "NO", "y", "n", "12:30:00", "2026-11-21", "0b11", "1_000", "tRue",
    ])
    func staysText(_ text: String) {
        #expect(YAMLScalar(text, isPlain: true).json == .string(text))
    }

    @Test(arguments: [
        ("true", JSONValue.bool(true)), ("False", .bool(false)), ("~", .null), ("", .null), ("null", .null),
        ("12", .int(12)), ("-7", .int(-7)), ("+3", .int(3)), ("0x1F", .int(31)), ("0o17", .int(15)), ("017", .int(17)),
        ("1.5", .double(1.5)), (".5", .double(0.5)), ("1e3", .double(1_000)), (".inf", .string(".inf")),
        ("99999999999999999999", .double(1e20)), ("-", .string("-")), ("1e", .string("1e")), ("0x", .string("0x")),
    ])
    func readsCoreSchema(_ text: String, _ value: JSONValue) {
        #expect(YAMLScalar(text, isPlain: true).json == value)
    }

    @Test func quotingMakesText() {
        #expect(YAMLScalar("12", isPlain: false).json == .string("12"))
        #expect(!YAMLScalar("~", isPlain: false).isNull)
    }
}

import OpsCommand
import OpsModel
import Testing

@testable import ControlPlane

@Suite struct HandicapOptionsTests {
    private func handicap(_ values: [String: [String]]) throws -> Handicap {
        try HandicapOptions.handicap(ParsedArguments(values: values))
    }

    @Test func wordsOfPeopleAreFamiliesOfReads() throws {
        #expect(try handicap(["withhold": ["logs,pg"]]).withheldReads == ["log", "pg"])
        let both = try handicap(["withhold": ["runbooks"], "without-runbook": ["a", "b"], "stale-runbooks": [""]])
        #expect(both.withheldRunbooks == ["a", "b", "*"] && both.hasStaleRunbooks)
        #expect(both.withholds(runbook: "any"))
    }

    @Test func nothingIsKeptBackUnlessAsked() throws { #expect(try handicap([:]).isNone) }

    @Test func unknownReadsAreRefused() {
        #expect(throws: CommandError.self) { try handicap(["withhold": ["weather"]]) }
    }
}

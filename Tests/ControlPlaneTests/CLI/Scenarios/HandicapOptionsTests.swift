import OpsCommand
import OpsModel
import Testing

@testable import ControlPlane

@Suite struct HandicapOptionsTests {
    private func handicap(_ values: [String: [String]]) throws -> Handicap {
        try HandicapOptions.conditions(ParsedArguments(values: values)).handicap(seed: 7)
    }

    @Test func wordsOfPeopleAreFamiliesOfReads() throws {
        #expect(try handicap(["withhold": ["logs,pg"]]).withheldReads == ["log", "pg"])
        let both = try handicap(["withhold": ["runbooks"], "without-runbook": ["a", "b"], "stale-runbooks": [""]])
        #expect(both.withheldRunbooks == ["a", "b", "*"] && both.hasStaleRunbooks)
        #expect(both.withholds(runbook: "any"))
    }

    @Test func nothingIsKeptBackUnlessAsked() throws { #expect(try handicap([:]).isNone) }

    @Test func namesAndPlantsComeFromTheRunsSeed() throws {
        #expect(try handicap(["rename": [""], "injected-runbooks": [""]]).renameSeed == 7)
        #expect(try handicap(["injected-runbooks": [""]]).plantSeed == 7)
        #expect(try handicap(["rename-seed": ["3"]]).renameSeed == 3)
    }

    @Test func memoryIsColdUnlessAskedFor() throws {
        #expect(try handicap(["memory": ["cold"]]).isNone)
        #expect(try handicap(["memory": ["warm"]]).memoryBefore != nil)
    }

    @Test func whatIsTooLateIsRefused() throws {
        #expect(try handicap(["telemetry-delay": ["5s"]]).telemetryDelayS == 5)
        #expect(throws: CommandError.self) { try handicap(["telemetry-delay": ["61s"]]) }
        #expect(throws: CommandError.self) { try handicap(["telemetry-delay": ["soon"]]) }
    }

    @Test func unknownReadsAreRefused() {
        #expect(throws: CommandError.self) { try handicap(["withhold": ["weather"]]) }
    }
}
